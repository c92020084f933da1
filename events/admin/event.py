from django.contrib import admin
from django.db.models import F
from django.urls import reverse

from events import announcing
from events.admin.counting import CountingPagesMixin
from events.admin.gestures import GesturePagesMixin, offered
from events.admin.parts import (
    EventDocumentInline,
    EventOrganisationInline,
    EventPhotoInline,
    SpeakerInline,
)
from events.admin.registrations import RegistrationPagesMixin
from events.models import Event
from events.models.registration import VIEW
from rallynov.editing import (
    PUBLICATION,
    PublicationForm,
    PublishableAdmin,
    SortKeySearchMixin,
    StateFilter,
)

# What those who follow the agenda have in their calendar.
IN_CALENDARS = {"title", "starts_at", "ends_at", "date_precision", "venue", "commune"}
# What the people at the door count, and what gestures announce, while somebody has the form open.
WRITTEN_ELSEWHERE = {
    *("walk_ins", "attendance", "status", "status_note", "moved_from"),
    *("starts_at", "ends_at", "date_precision", "registration_closes_at", "sequence"),
}
TOLD_BY_GESTURE = (
    "Des personnes y sont inscrites\u202f: changez sa date par «\u202fChanger de date\u202f», qui "
    "les prévient."
)
PEOPLE = [("registrations", "Les inscriptions"), ("door", "L’accueil, le jour même")]


class FollowUpFilter(admin.SimpleListFilter):
    title = "suivi"
    parameter_name = "suivi"

    def lookups(self, request, model_admin):
        return [("a-clore", "à clore : présents à compter")]

    def queryset(self, request, queryset):
        return queryset.to_close() if self.value() == "a-clore" else queryset


class EventForm(PublicationForm):
    def clean(self):
        cleaned = super().clean()
        if "starts_at" in self.changed_data and awaits_people(self.instance):
            self.add_error("starts_at", TOLD_BY_GESTURE)
        return cleaned


def awaits_people(event):
    """Whether somebody is registered for a day to come, and reads its page."""
    if event.pk is None or announcing.why_not_move(event):
        return False
    return event.registrations.active().exists()


@admin.register(Event)
class EventAdmin(
    GesturePagesMixin,
    RegistrationPagesMixin,
    CountingPagesMixin,
    SortKeySearchMixin,
    PublishableAdmin,
):
    form = EventForm
    new_title = "Nouvel événement"
    rich_fields = ["description"]
    list_display = ["title", "kind", "date", "place_name", "state"]
    list_filter = [StateFilter, FollowUpFilter, "kind", "status", "edition_year", "is_example"]
    list_select_related = ["commune", "department"]
    search_fields = ["sort_key"]
    autocomplete_fields = ["commune"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [EventOrganisationInline, SpeakerInline, EventDocumentInline, EventPhotoInline]
    fieldsets = [
        (None, {"fields": ["title", "kind", "summary", "description"]}),
        ("Quand", {"fields": ["starts_at", "ends_at", "date_precision"]}),
        ("Où", {"fields": ["venue", "commune", "department"]}),
        PUBLICATION,
        ("Inscriptions", {"fields": ["takes_registrations", "capacity", "registration_closes_at"]}),
        (
            "Notre part, et après",
            {"fields": ["presence", "attendance", "edition_year"], "classes": ["collapse"]},
        ),
        ("Adresse et options", {"fields": ["slug", "is_example"], "classes": ["collapse"]}),
    ]

    @admin.display(description="date", ordering="starts_at")
    def date(self, event):
        if event.status == Event.Status.PLANNED:
            return event.date_text
        return f"{event.date_text}, {event.get_status_display()}"

    @admin.display(description="lieu", ordering="commune__sort_key")
    def place_name(self, event):
        return event.place

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
            return
        left = WRITTEN_ELSEWHERE - set(form.changed_data)
        if IN_CALENDARS & set(form.changed_data):
            obj.sequence = F("sequence") + 1
            left.remove("sequence")
        fields = [f for f in obj._meta.concrete_fields if not (f.primary_key or f.generated)]
        obj.save(update_fields=[f.name for f in fields if f.name not in left])
        obj.refresh_from_db(fields=["sequence"])

    def change_view(self, request, object_id, form_url="", extra_context=None):
        event = self.get_object(request, object_id)
        context = self.tools(request, event) if event else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def tools(self, request, event):
        """The pages of this event that the person may open, and the gestures they may make."""
        may_see = request.user.has_perm(VIEW) and has_registrations(event)
        may_act = self.has_change_permission(request, event)
        return {
            "pages": links(event, PEOPLE) if may_see else [],
            "gestures": links(
                event, [(g.name, g.label) for g in offered(event)] if may_act else []
            ),
        }


def links(event, pages):
    """(address, label) of each."""
    return [
        (reverse(f"admin:events_event_{name}", args=[event.pk]), label) for name, label in pages
    ]


def has_registrations(event):
    return event.takes_registrations or event.registrations.exists()
