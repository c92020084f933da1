"""The jurors' pages."""

from django.contrib import admin
from django.http import Http404
from django.urls import path

from trophies.models import Assignment


@admin.register(Assignment)
class ReadingAdmin(admin.ModelAdmin):
    def get_urls(self):
        return [
            path("", self.admin_site.admin_view(self.todo), name="trophies_readings"),
            path("<uuid:uuid>/", self.admin_site.admin_view(self.todo), name="trophies_reading"),
        ]

    def todo(self, request, uuid=None):
        raise Http404

    def has_module_permission(self, request):
        return False
