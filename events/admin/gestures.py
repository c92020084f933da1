"""The team's gestures on an event that people are registered for: a page each, read, then sent."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from accounts.mail_kinds import KINDS
from accounts.mails import wording_of
from events import announcing
from events.models import Registration
from events.telling import FIELDS
from rallynov.editing import TIME_FORMATS, DateTimeWidget
from rallynov.numbers import counted

NOTHING_YET = "[votre mot]"


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Votre mot",
        max_length=600,
        widget=forms.Textarea({"rows": 4}),
        help_text="Pourquoi, et la suite si vous la connaissez. Il part tel quel par courriel, et "
        "se lit sur la page de l’événement.",
    )


class MoveForm(NoteForm):
    starts_at = forms.SplitDateTimeField(
        label="Début", widget=DateTimeWidget("début"), input_time_formats=TIME_FORMATS
    )
    ends_at = forms.SplitDateTimeField(
        label="Fin",
        required=False,
        widget=DateTimeWidget("fin"),
        input_time_formats=TIME_FORMATS,
        help_text="Vide\u202f: on ne la connaît pas.",
    )
    field_order = ["starts_at", "ends_at", "note"]


@dataclass(frozen=True)
class Gesture:
    """What may become of an event, its page, and the mail that tells of it."""

    name: str
    address: str
    label: str
    lead: str
    mail: str
    form: type
    make: Callable  # (*, event, **cleaned_data)
    why_not: Callable  # (event) -> str
    done: str


GESTURES = {
    gesture.name: gesture
    for gesture in [
        Gesture(
            "move",
            "changer-de-date",
            "Changer de date",
            "La nouvelle date est connue. Les inscriptions suivent\u202f: chacun peut y renoncer.",
            "event_moved",
            MoveForm,
            announcing.move,
            announcing.why_not_move,
            "La date est changée.",
        ),
        Gesture(
            "postpone",
            "reporter",
            "Reporter sans date",
            "La nouvelle date n’est pas connue. Les inscriptions sont gardées, et l’on n’en prend "
            "plus.",
            "event_postponed",
            NoteForm,
            announcing.postpone,
            announcing.why_not_postpone,
            "L’événement est reporté.",
        ),
        Gesture(
            "cancel",
            "annuler",
            "Annuler l’événement",
            "Il n’aura pas lieu. Sa page reste, et le dit.",
            "event_cancelled",
            NoteForm,
            announcing.cancel,
            announcing.why_not_cancel,
            "L’événement est annulé.",
        ),
        Gesture(
            "maintain",
            "maintenir",
            "Maintenir à sa date",
            "Il a lieu malgré tout, à la date dite. Les inscriptions reprennent.",
            "event_maintained",
            NoteForm,
            announcing.maintain,
            announcing.why_not_maintain,
            "L’événement est maintenu.",
        ),
    ]
}


def offered(event):
    """The gestures that make sense now."""
    return [gesture for gesture in GESTURES.values() if not gesture.why_not(event)]


class GesturePagesMixin:
    """The pages of `EventAdmin` where an event is moved, put off, called off, taken up again."""

    def get_urls(self):
        own = [
            path(
                f"<int:pk>/{gesture.address}/",
                self.admin_site.admin_view(self.gesture_view),
                {"name": gesture.name},
                name=f"events_event_{gesture.name}",
            )
            for gesture in GESTURES.values()
        ]
        return own + super().get_urls()

    def respond(self, request, template, event, **context):
        context |= {"opts": self.opts, "event": event}
        return TemplateResponse(
            request,
            template,
            self.admin_site.each_context(request) | context,
        )

    def gesture_view(self, request, pk, name):
        event, gesture = self.get_object(request, str(pk)), GESTURES[name]
        if event is None or not self.has_change_permission(request, event):
            raise Http404("no such event")
        form = gesture.form(request.POST or None)
        if form.is_valid() and "starts_at" in form.cleaned_data:
            say_why_not(form, event)
        is_sent = form.is_valid() and "preview" not in request.POST
        if is_sent and self.carry_out(request, event, gesture, form):
            return redirect("admin:events_event_change", pk)
        return self.respond(
            request,
            "admin/events/gesture.html",
            event,
            title=gesture.label,
            gesture=gesture,
            form=form,
            refusal=gesture.why_not(event),
            count=event.registrations.active().count(),
            preview=preview(gesture, event, form),
        )

    def carry_out(self, request, event, gesture, form):
        try:
            count = gesture.make(event=event, **form.cleaned_data)
        except announcing.NotPossibleError as refusal:
            form.add_error(None, str(refusal))
            return False
        self.log_change(request, event, f"{gesture.label}\u202f: {told(count)}.")
        sent = f"{gesture.done} {told(count).capitalize()}."
        self.message_user(request, sent, messages.SUCCESS)
        return True


def say_why_not(form, event):
    """A date that makes no sense is told before the mail is sent, too."""
    dates = [form.cleaned_data[name] for name in ("starts_at", "ends_at")]
    if refusal := announcing.why_not_on(event, *dates):
        form.add_error("starts_at", refusal)


def told(count):
    if not count:
        return "personne à prévenir"
    return counted(count, "personne prévenue", "personnes prévenues")


def preview(gesture, event, form):
    """(subject, text) of the mail, with what was typed; of somebody who has a place."""
    cleaned = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if starts_at := cleaned.get("starts_at"):
        after = announcing.as_moved(event, starts_at, cleaned["ends_at"])
    else:
        after = event
    row = Registration(event=after, status=Registration.Status.CONFIRMED)
    kind = KINDS[gesture.mail]
    known = {name: FIELDS[name](row) for name in kind.names if name in FIELDS and name != "lien"}
    said = {"mot": cleaned.get("note") or NOTHING_YET, "avant": event.date_text}
    values = kind.examples | known | said
    if gesture.form is MoveForm and after is event:
        values["quand"] = "[la nouvelle date]"
    subject, text, _ = kind.compose(values, wording_of(kind))
    return subject, text
