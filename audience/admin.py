from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path

from audience import dashboard
from audience.models import DayCount


@admin.register(DayCount)
class AudienceAdmin(admin.ModelAdmin):
    """One page, to be read: what is counted is written by the site alone."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.dashboard_view)
        return [path("", view, name="audience_daycount_changelist")]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def dashboard_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | dashboard.context()
        context["title"] = "La mesure d’audience"
        return render(request, "admin/audience/dashboard.html", context)
