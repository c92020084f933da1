from django.contrib import admin

from partners.models import Membership, Organisation, Partnership
from rallynov.editing import ContentAdmin, SlugForm, SortKeySearchMixin, TabularInline


class OrganisationForm(SlugForm):
    slug_source = "name"


class PartnershipInline(TabularInline):
    model = Partnership
    add_text = "Ajouter un partenariat"


class MembershipInline(TabularInline):
    model = Membership
    add_text = "Ajouter une personne"
    autocomplete_fields = ["user"]


@admin.register(Organisation)
class OrganisationAdmin(SortKeySearchMixin, ContentAdmin):
    new_title = "Nouvelle organisation"
    form = OrganisationForm
    list_display = ["name", "short_name", "kind", "place_name"]
    list_filter = ["kind", "partnerships__year", "department", "is_example"]
    list_select_related = ["commune", "department"]
    search_fields = ["sort_key"]
    search_help_text = "Un mot du nom."
    autocomplete_fields = ["commune"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [PartnershipInline, MembershipInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "kind", "description", "website"]}),
        ("Où", {"fields": ["commune", "department"]}),
        (
            "Adresse et identifiants",
            {"fields": ["slug", "siren", "is_example"], "classes": ["collapse"]},
        ),
    ]

    @admin.display(description="lieu", ordering="commune__sort_key")
    def place_name(self, organisation):
        return organisation.place

    def get_view_on_site_url(self, obj=None):
        """Only partners have a page of their own."""
        if obj and Organisation.objects.published().filter(pk=obj.pk).exists():
            return super().get_view_on_site_url(obj)
        return None


@admin.register(Partnership)
class PartnershipAdmin(ContentAdmin):
    new_title = "Nouveau partenariat"
    list_display = ["organisation", "year", "kind"]
    list_filter = ["year", "kind"]
    list_select_related = ["organisation"]
    autocomplete_fields = ["organisation"]
    fields = ["organisation", "year", "kind", "role"]
