from django.contrib import admin

from places.models import Commune, Department, Epci
from rallynov.editing import ContentAdmin, SortKeySearchMixin


class ReadOnlyAdmin(ContentAdmin):
    """Places come from official files, by a command: they are looked up here, not edited."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Department)
class DepartmentAdmin(ReadOnlyAdmin):
    list_display = ["code", "name"]


@admin.register(Epci)
class EpciAdmin(SortKeySearchMixin, ReadOnlyAdmin):
    list_display = ["name", "code"]
    search_fields = ["sort_key"]
    fields = ["code", "name"]


@admin.register(Commune)
class CommuneAdmin(SortKeySearchMixin, ReadOnlyAdmin):
    list_display = ["name", "department", "epci", "population"]
    list_filter = ["department"]
    list_select_related = ["department", "epci"]
    search_help_text = "Un nom, ou un code postal."
    search_fields = ["sort_key"]
    fields = [
        "code",
        "name",
        "department",
        "epci",
        "postal_codes",
        "population",
        "latitude",
        "longitude",
        "coordinate_source",
    ]

    def get_search_results(self, request, queryset, search_term):
        code = search_term.strip()
        if code.isdecimal():
            # A postal code is shared by many: the largest first.
            found = queryset.filter(postal_codes__contains=[code])
            return found.order_by("-population", "pk"), False
        return super().get_search_results(request, queryset, search_term)
