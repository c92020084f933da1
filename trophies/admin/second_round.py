"""The team's page on the second round: its shortlist is chosen, read by the jury, then closed."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from rallynov.editing import TIME_FORMATS, DateTimeWidget
from trophies import services
from trophies.board import BoardRow, board_of
from trophies.models import Candidature
from trophies.progress import progress_of
from trophies.rounds import SECOND
from trophies.services.second_round import fewest_files, is_begun, why_not_open
from trophies.workflow import NotAllowed

ADDRESS = "trophies_second_round"
MOST_PROPOSED = 12
WORTH_IT = 40  # files from which a second round gains more than any formula: measured
USUAL = timedelta(days=10)
OPENED = "Le second tour est ouvert\u202f: un courriel part à chaque juré."
EXTENDED = "La fin du second tour est repoussée."
CLOSED = "Le second tour est clos\u202f: le jury peut décider."
CANCELLED = "Le second tour est annulé, comme s’il n’avait pas été ouvert."
STALE = "Une candidature cochée n’est plus recevable\u202f: elle a quitté la liste."


@dataclass(frozen=True)
class Choice:
    """A file that may be chosen for the shortlist, as the board tells of it."""

    row: BoardRow
    is_chosen: bool


def until_field(label, help_text):
    return forms.SplitDateTimeField(
        label=label,
        help_text=help_text,
        widget=DateTimeWidget("fin du second tour"),
        input_time_formats=TIME_FORMATS,
        error_messages={"required": "Choisissez un jour et une heure."},
    )


class OpenForm(forms.Form):
    files = forms.ModelMultipleChoiceField(
        Candidature.objects.none(),
        error_messages={
            "required": "Cochez les candidatures à relire.",
            "invalid_choice": STALE,
            "invalid_pk_value": STALE,
        },
    )
    closes_at = until_field("Jusqu’à quand", "Heure de Paris. Avant la publication des résultats.")


class ExtendForm(forms.Form):
    closes_at = until_field("Nouvelle fin", "Heure de Paris, plus tard que la fin prévue.")


def proposed(board, fewest):
    """The keys of the files to propose: surely among the first, or perhaps; never very many."""
    read = [row for row in board.rows if row.place]
    likely = [row for row in read if row.rank_low and row.rank_low <= board.places]
    if not board.calibration_applies:
        likely = read[: 2 * fewest]
    return {row.candidature.pk for row in [*likely[:MOST_PROPOSED], *read[:fewest]]}


def choices_of(board, form, fewest):
    """The `Choice`s, best first: those that were ticked, or those to propose."""
    if form.is_bound:
        chosen = {int(key) for key in form["files"].value() if key.isdecimal()}
    else:
        chosen = proposed(board, fewest)
    return [Choice(row, row.candidature.pk in chosen) for row in board.rows]


def usual_end(edition):
    """Ten days from now, in the evening, if the results come later."""
    at = timezone.localtime() + USUAL
    at = at.replace(hour=18, minute=0, second=0, microsecond=0)
    return None if edition.results_published_at and edition.results_published_at <= at else at


class SecondRoundMixin:
    """The pages of `EditionAdmin` on the second round, for whom `JuryPagesMixin` lets in.

    Whoever has a tie with a file of the edition chooses no shortlist, and sees none.
    """

    def get_urls(self):
        pages = [
            ("<int:pk>/jury/second-tour/", self.second_round_view, ADDRESS),
            ("<int:pk>/jury/second-tour/clore/", self.close_round_view, f"{ADDRESS}_close"),
            ("<int:pk>/jury/second-tour/annuler/", self.cancel_round_view, f"{ADDRESS}_cancel"),
        ]
        own = [path(a, self.admin_site.admin_view(view), name=name) for a, view, name in pages]
        return own + super().get_urls()

    def whole_edition(self, request, pk):
        edition = self.edition_for(request, pk)
        if edition.hides_from(request.user):
            raise PermissionDenied
        return edition

    def second_round_view(self, request, pk):
        edition = self.whole_edition(request, pk)
        if edition.is_in_second_round:
            return self.read_round(request, edition)
        if edition.has_second_round:
            return self.show_round(
                request, edition, "admin/trophies/edition/second_round_done.html", number=SECOND
            )
        if refusal := why_not_open(edition):
            return self.show_round(
                request, edition, "admin/trophies/edition/second_round.html", refusal=refusal
            )
        return self.choose_shortlist(request, edition)

    def show_round(self, request, edition, template, *, number=None, **context):
        return self.respond(
            request,
            template,
            title=f"Le second tour de {edition.year}",
            edition=edition,
            progress=progress_of(edition, request.user, number=number),
            **context,
        )

    def done(self, request, edition, text):
        self.log_change(request, edition, text)
        self.message_user(request, text, messages.SUCCESS)
        return redirect(f"admin:{ADDRESS}", edition.pk)

    # Before

    def choose_shortlist(self, request, edition):
        form = OpenForm(request.POST or None, initial={"closes_at": usual_end(edition)})
        files = Candidature.objects.visible_to(request.user).eligible().filter(edition=edition)
        form.fields["files"].queryset = files
        if form.is_valid():
            try:
                services.open_second_round(edition, by=request.user, **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.done(request, edition, OPENED)
        board, fewest = board_of(edition, by=request.user), fewest_files(edition)
        return self.show_round(
            request,
            edition,
            "admin/trophies/edition/second_round.html",
            form=form,
            choices=choices_of(board, form, fewest),
            fewest=fewest,
            is_worth_it=len(board.rows) >= WORTH_IT,
        )

    # While it is read

    def read_round(self, request, edition):
        """POST gives the jury more time."""
        form = ExtendForm(request.POST or None, initial={"closes_at": edition.second_closes_at})
        if form.is_valid():
            try:
                services.extend_second_round(edition, **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.done(request, edition, EXTENDED)
        return self.show_round(
            request,
            edition,
            "admin/trophies/edition/second_round_open.html",
            form=form,
            may_cancel=not is_begun(edition),
        )

    def close_round_view(self, request, pk):
        edition = self.whole_edition(request, pk)
        return self.confirm(request, edition, services.close_second_round, CLOSED, is_end=True)

    def cancel_round_view(self, request, pk):
        edition = self.whole_edition(request, pk)
        return self.confirm(request, edition, services.cancel_second_round, CANCELLED)

    def confirm(self, request, edition, end, text, *, is_end=False):
        """Ask before the round ends by the service `end`; a second click does nothing more."""
        if request.method == "POST":
            try:
                end(edition)
            except NotAllowed as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                return redirect(f"admin:{ADDRESS}", edition.pk)
            return self.done(request, edition, text)
        if not edition.is_in_second_round:
            return redirect(f"admin:{ADDRESS}", edition.pk)
        return self.show_round(
            request, edition, "admin/trophies/edition/second_round_end.html", is_end=is_end
        )
