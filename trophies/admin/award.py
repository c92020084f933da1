from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html

from rallynov.dates import day_text
from rallynov.editing import ContentAdmin, StackedInline
from rallynov.numbers import euros
from trophies.models import AwardFollowUp, Laureate


class AwardFollowUpInline(StackedInline):
    model = AwardFollowUp
    can_delete = False
    extra = max_num = 1
    fields = [
        "convention_signed_on",
        ("paid_on", "paid_amount", "payment_reference"),
        "notes",
    ]


class FollowUpFilter(admin.SimpleListFilter):
    title = "suivi"
    parameter_name = "suivi"

    def lookups(self, request, model_admin):
        return [("convention", "Convention à signer"), ("versement", "Prix à verser")]

    def queryset(self, request, queryset):
        waiting = {
            "convention": Q(follow_up=None) | Q(follow_up__convention_signed_on=None),
            "versement": Q(follow_up=None) | Q(follow_up__paid_on=None),
        }
        return queryset.filter(waiting.get(self.value(), Q()))


def chip(is_done, text):
    return format_html(
        '<span class="state state--{}">{}</span>', "published" if is_done else "scheduled", text
    )


@admin.register(Laureate)
class LaureateAdmin(ContentAdmin):
    """What the jury decided here is changed on the pages of the jury; the rest, here."""

    new_title = "Nouveau lauréat"
    list_display = ["initiative", "prize", "year", "convention", "payment"]
    list_filter = [FollowUpFilter, "prize__edition__year"]
    list_select_related = ["initiative", "prize__edition", "follow_up"]
    search_fields = ["initiative__title", "prize__name"]
    autocomplete_fields = ["initiative", "prize"]
    fields = ["prize", "initiative", "place", "citation"]
    inlines = [AwardFollowUpInline]
    actions = None

    def get_readonly_fields(self, request, obj=None):
        return ["prize", "initiative", "place"] if obj and obj.candidature_id else []

    def has_delete_permission(self, request, obj=None):
        if obj and obj.candidature_id:
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description="édition", ordering="prize__edition__year")
    def year(self, laureate):
        return laureate.prize.edition.year

    @admin.display(description="convention", ordering="follow_up__convention_signed_on")
    def convention(self, laureate):
        day = hasattr(laureate, "follow_up") and laureate.follow_up.convention_signed_on
        return chip(day, f"signée le {day_text(day)}" if day else "à signer")

    @admin.display(description="versement", ordering="follow_up__paid_on")
    def payment(self, laureate):
        follow_up = getattr(laureate, "follow_up", None)
        if follow_up is None or follow_up.paid_on is None:
            return chip(False, "à verser")
        return chip(True, f"{euros(follow_up.paid_amount)} le {day_text(follow_up.paid_on)}")
