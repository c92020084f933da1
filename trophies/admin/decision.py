"""The team's pages on what the jury of an edition decides."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from trophies import services
from trophies.admin.letters import reader, shown, state_of
from trophies.board import board_of
from trophies.models import Candidature, Decision, Edition, Evaluation, Prize
from trophies.models.edition import IS_SEALED
from trophies.progress import FileRow
from trophies.workflow import NotAllowed

NEW_LETTER = "La décision a changé\u202f: une autre lettre est écrite, et reste à relire."


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label="La décision du jury",
        choices=[(outcome.value, capfirst(outcome.label)) for outcome in Decision.Outcome],
        widget=forms.RadioSelect,
    )
    prize = forms.ModelChoiceField(
        label="Le prix", queryset=Prize.objects.none(), required=False, empty_label="Aucun prix"
    )
    citation = forms.CharField(
        label="Pourquoi ce prix",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Une phrase, publiée avec les lauréats.",
    )
    letter = forms.CharField(
        label="La lettre au porteur",
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 14}),
        help_text="Une autre décision en écrit une autre. Elle part à l’instant des résultats, si "
        "quelqu’un de l’équipe l’a relue telle qu’elle est.",
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, candidature, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["prize"].queryset = candidature.edition.prizes.select_related("edition")
        if not candidature.is_decided:
            del self.fields["letter"], self.fields["version"]

    def clean(self):
        cleaned = super().clean()
        is_laureate = cleaned.get("outcome") == Decision.Outcome.LAUREATE
        if is_laureate and not cleaned.get("prize"):
            self.add_error("prize", "Choisissez le prix de cette candidature lauréate.")
        return cleaned


def initial_of(candidature, prize=None):
    """What the form shows of a decision that stands already, else of the prize that a vote gave."""
    if not candidature.is_decided:
        return {"outcome": Decision.Outcome.LAUREATE, "prize": prize} if prize else {}
    laureate = getattr(candidature, "laureate", None)
    return {
        "outcome": candidature.decision.outcome,
        **shown(candidature.decision),
        "prize": laureate and laureate.prize,
        "citation": laureate.citation if laureate else "",
    }


def board_for(progress, user):
    """The `Board` that `user` may see, each of its files with how far it was read."""
    board = board_of(progress.edition, by=user)
    steps = {row.file.pk: row for row in progress.files}
    for row in board.all_rows:
        step = steps.get(row.candidature.pk, FileRow())
        row.candidature.signed, row.candidature.expected = step.signed, step.total
    return board


def may_announce(user, edition):
    """Before the results, who has a tie with a file may not know whether there are laureates."""
    return edition.has_published_results or not edition.hides_from(user)


class JuryPagesMixin:
    """The pages of `EditionAdmin` where decisions are noted; what its other jury pages share."""

    def get_urls(self):
        pages = [
            ("<int:pk>/jury/annoncer/", require_POST(self.announce_view), "trophies_announce"),
            ("<int:pk>/jury/<int:candidature>/", self.decide_view, "trophies_decide"),
        ]
        own = [path(a, self.admin_site.admin_view(view), name=name) for a, view, name in pages]
        return own + super().get_urls()

    def edition_for(self, request, pk):
        if not request.user.has_perm("trophies.change_decision"):
            raise PermissionDenied
        return get_object_or_404(Edition.objects.prefetch_related("criteria"), pk=pk)

    def respond(self, request, template, **context):
        return TemplateResponse(
            request,
            template,
            self.admin_site.each_context(request) | {"opts": self.opts} | context,
        )

    def decide_view(self, request, pk, candidature):
        edition = self.edition_for(request, pk)
        files = Candidature.objects.visible_to(request.user).eligible().for_detail()
        file = get_object_or_404(files, edition=edition, pk=candidature)
        if not edition.is_deliberating and not file.is_decided:
            raise Http404("the jury does not decide yet")
        initial = initial_of(file, request.GET.get("prix"))
        form = DecisionForm(request.POST or None, candidature=file, initial=initial)
        if form.is_valid():
            try:
                decision = services.decide(file, read_by=reader(request), **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                self.message_user(request, f"Décision notée pour « {file} ».", messages.SUCCESS)
                if reader(request) and not decision.letter_read_at:
                    self.message_user(request, NEW_LETTER, messages.WARNING)
                return redirect("admin:trophies_decide", pk, file.pk)
        sealed = IS_SEALED if edition.is_sealed else ""
        return self.respond(
            request,
            "admin/trophies/edition/decide.html",
            title=str(file),
            edition=edition,
            candidature=file,
            form=form,
            readings=self.readings_of(file),
            may_decide=edition.is_deliberating and not sealed,
            sealed_text=sealed,
            letter_state=state_of(getattr(file, "decision", None)),
        )

    def readings_of(self, file):
        """The signed readings of a file, without their jurors' names, and their means."""
        criteria = list(file.edition.criteria.all())
        rows = Evaluation.objects.counting(file.edition).filter(assignment__candidature=file)
        return [{"evaluation": row, "mean": row.mean(criteria)} for row in rows]

    def announce_view(self, request, pk):
        edition = self.edition_for(request, pk)
        if not may_announce(request.user, edition):
            raise PermissionDenied
        try:
            item = services.announce(edition)
        except NotAllowed as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:trophies_edition_jury", pk)
        return redirect("admin:news_newsitem_change", item.pk)
