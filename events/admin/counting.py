"""The head-count from a telephone: one page, a button for each person, and two for who walks in."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Value
from django.shortcuts import redirect
from django.urls import path, reverse

from events import door
from events.models import Registration
from rallynov.numbers import counted
from rallynov.sorting import SortKey

CHANGE = "events.change_registration"
Status = Registration.Status
PERSON = {"tick": door.tick, "untick": door.untick}
WALK_IN = {"more": door.one_more, "less": door.one_less}


def looked_for(rows, words):
    """Those whose name or organisation holds each of the words, however they are accented."""
    rows = rows.annotate(key=SortKey("name"), structure_key=SortKey("organisation"))
    for word in words.split():
        key = SortKey(Value(word))
        rows = rows.filter(key__contains=key) | rows.filter(structure_key__contains=key)
    return rows.order_by("key", "pk")


class CountingPagesMixin:
    """The page of `EventAdmin` that is held at the door, for who may change registrations."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.door_view)
        return [path("<int:pk>/accueil/", view, name="events_event_door"), *super().get_urls()]

    def door_view(self, request, pk):
        event = self.event_with_people(request, pk, CHANGE)
        reason = door.why_closed(event)
        if request.method != "POST":
            return self.show_door(request, event, reason)
        anchor = ""
        if reason:
            self.message_user(request, reason, messages.ERROR)
        else:
            anchor = self.count(request, event)
        words = request.POST.get("q", "")
        query = f"?{urlencode({'q': words})}" if words else ""
        return redirect(f"{reverse('admin:events_event_door', args=[pk])}{query}{anchor}")

    def count(self, request, event):
        """Do what a button says; return the place of the page to come back to."""
        gesture, number = request.POST.get("gesture"), request.POST.get("person", "")
        if gesture in PERSON and number.isdecimal():
            PERSON[gesture](event, int(number))
            return f"#personne-{number}"
        if gesture in WALK_IN:
            WALK_IN[gesture](event)
            return "#compte"
        if gesture == "close":
            count = counted(door.close(event), "personne", "personnes")
            self.log_change(request, event, f"Comptage clos\u202f: {count}.")
            self.message_user(request, f"C’est noté\u202f: {count}.", messages.SUCCESS)
        return ""

    def show_door(self, request, event, reason):
        words = request.GET.get("q", "").replace("\0", "").strip()
        active = event.registrations.visible_to(request.user).active()
        came = door.who_came(event)
        return self.respond(
            request,
            "admin/events/door.html",
            event,
            title="L’accueil",
            reason=reason,
            words=words,
            people=looked_for(active, words),
            came=came,
            expected=active.filter(status=Status.CONFIRMED).count(),
            total=came + event.walk_ins,
        )
