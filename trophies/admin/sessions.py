"""The secretary's pages on the meetings of the jury: call one, then hold it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from trophies import services
from trophies.admin import sessions_forms as gestures
from trophies.admin.room import RoomPagesMixin
from trophies.board import board_of
from trophies.models import JurySession, Presence
from trophies.room import room_of
from trophies.votes import GONE, results_of
from trophies.workflow import NotAllowed

State = Presence.State

FORMS = {
    "open": gestures.OpenForm,
    "close": gestures.CloseForm,
    "move": gestures.MoveForm,
    "add": gestures.AddForm,
    "drop": gestures.DropForm,
    "change": gestures.ChangeForm,
}


class SessionPagesMixin(RoomPagesMixin):
    """The pages of `EditionAdmin` on the sessions, for whom `JuryPagesMixin` lets in.

    Never for whom a tie hides a file of the edition: who holds a session sees every file.
    """

    def get_urls(self):
        pages = [
            ("<int:pk>/jury/seances/", self.sessions_view, "trophies_sessions"),
            ("<int:pk>/jury/seances/<int:number>/", self.session_view, "trophies_session"),
        ]
        own = [path(a, self.admin_site.admin_view(view), name=name) for a, view, name in pages]
        return own + super().get_urls()

    def edition_of_jury(self, request, pk):
        edition = self.edition_for(request, pk)
        if edition.hides_from(request.user):
            raise PermissionDenied
        return edition

    def session_for(self, request, pk, number):
        edition = self.edition_of_jury(request, pk)
        session = get_object_or_404(JurySession, edition=edition, number=number)
        session.edition = edition
        return session

    def sessions_view(self, request, pk):
        edition = self.edition_of_jury(request, pk)
        sitting = edition.jury_members.sitting().count()
        form = gestures.PlanForm(request.POST or None, initial={"quorum": sitting // 2 + 1})
        if form.is_valid():
            try:
                session = services.call_session(edition, **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                text = f"La séance {session.number} est convoquée."
                self.message_user(request, text, messages.SUCCESS)
                return redirect("admin:trophies_session", pk, session.number)
        votes = Count("ballots", Q(ballots__closed_at__isnull=False))
        return self.respond(
            request,
            "admin/trophies/edition/sessions.html",
            title=f"La délibération de {edition.year}",
            edition=edition,
            sitting=sitting,
            sessions=edition.jury_sessions.annotate(votes=votes).order_by("-number"),
            form=form,
        )

    def session_view(self, request, pk, number):
        session = self.session_for(request, pk, number)
        if request.method == "POST":
            return self.carry_out(request, session)
        return self.show_session(request, session)

    def carry_out(self, request, session):
        """A gesture of the page: done, told, and back; refused, shown again with what was typed."""
        page = SessionPage(session, request.user)
        name = request.POST.get("gesture")
        form = page.form(name, request.POST)
        if form is None:
            self.message_user(request, OVERTAKEN, messages.ERROR)
            return redirect("admin:trophies_session", session.edition_id, session.number)
        if text := form.try_out():
            self.message_user(request, text, messages.SUCCESS)
        elif form.is_typed:
            return self.show_session(request, session, page, {name: form})
        else:
            self.message_user(request, form.fault, messages.ERROR)
        address = reverse("admin:trophies_session", args=[session.edition_id, session.number])
        return redirect(f"{address}#{form.part}" if form.part else address)

    def show_session(self, request, session, page=None, typed=None):
        page = page or SessionPage(session, request.user)
        names = ("add", "change", "ballot", "count")
        forms = {f"{name}_form": (typed or {}).get(name) or page.form(name) for name in names}
        return self.respond(
            request,
            "admin/trophies/edition/session.html",
            title=f"Séance {session.number} du jury {session.edition.year}",
            edition=session.edition,
            session=session,
            room=page.room,
            states=WHERE,
            open_ballot=page.open_ballot,
            results=results_of(session, page.titles),
            **forms,
        )


WHERE = [(State.PRESENT, "Dans la salle"), (State.OUT, "Sorti"), (State.ABSENT, "Absent")]
OVERTAKEN = "La séance a changé entre-temps\u202f: ce geste n’est plus possible."


class SessionPage:
    """What the page of a session shows, and the forms that its state allows."""

    def __init__(self, session, user):
        self.session = session
        self.room = room_of(session)
        is_shown = session.edition.has_been_read and session.opened_at
        self.board = board_of(session.edition, by=user) if is_shown else None
        rows = self.board.all_rows if self.board else []
        self.titles = {row.candidature.pk: row.title for row in rows}
        self.open_ballot = session.ballots.filter(closed_at=None).first()

    def form(self, name, data=None):
        """The form of a gesture, or None where it has no place."""
        if name == "ballot":
            may_vote = self.session.is_open and self.board and not self.open_ballot
            return gestures.BallotForm(self.session, self.board, data) if may_vote else None
        if name == "count":
            return self.count_form(data) if self.open_ballot else None
        if name == "change" and self.session.opened_at:
            return None
        return FORMS[name](self.session, data) if name in FORMS else None

    def count_form(self, data):
        keys = self.open_ballot.choices.order_by("pk").values_list("candidature", flat=True)
        titles = {key: self.titles.get(key, GONE) for key in keys}
        return gestures.CountForm(self.session, self.open_ballot, titles, data)
