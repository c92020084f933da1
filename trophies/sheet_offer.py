"""After the results: the sheet of a project in the directory, as its holder lets it be."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from initiatives.models import Initiative
from trophies import consent, services
from trophies.fields import ConsentField
from trophies.holder import REFUSED, CandidatureView
from trophies.models import Decision, Laureate
from trophies.workflow import NotAllowed, Status

PROPOSED = "Votre fiche est proposée\u202f: l’équipe la relit, puis la publie."


class OfferForm(forms.Form):
    use_required_attribute = False

    publishable = ConsentField(
        label="Ce qui peut paraître aussi",
        help_text="Cochez ce que l’annuaire peut montrer\u202f; le reste n’y sera pas.",
    )


class SheetView(CandidatureView):
    """What its holder reads of the sheet, once the results are out; nothing is there before."""

    template_name = "candidatures/sheet.html"

    @cached_property
    def candidature(self):
        rows = self.candidatures().filter(status=Status.ELIGIBLE)
        rows = rows.filter(decision__in=Decision.objects.published())
        return get_object_or_404(rows, uuid=self.kwargs["uuid"])

    @cached_property
    def payload(self):
        return self.candidature.last_deposit.payload

    def get(self, request, uuid):
        if self.candidature.initiative is None and services.may_have_sheet(self.candidature):
            chosen = self.candidature.publishable
            return self.show_offer(OfferForm(initial={"publishable": chosen}))
        return self.show_sheet()

    def post(self, request, uuid):
        form = OfferForm(request.POST)
        if not form.is_valid():
            return self.show_offer(form, status=REFUSED)
        try:
            is_made = services.propose_sheet(
                self.candidature, names=form.cleaned_data["publishable"], by=self.request.user
            )
        except NotAllowed as refusal:
            raise Http404("no sheet to propose") from refusal
        if is_made:
            messages.success(request, PROPOSED)
        return redirect("candidatures:sheet", uuid)

    def show_offer(self, form, status=200):
        choices = [
            (box, consent.value_of(self.payload, box.data["value"])) for box in form["publishable"]
        ]
        return self.show(status=status, form=form, choices=choices, deposit=self.deposit)

    def show_sheet(self):
        """The sheet that there is, and what of the deposit stands on it, word for word."""
        laureates = Laureate.objects.published().select_related("initiative")
        laureate = laureates.filter(candidature=self.candidature).first()
        sheet = laureate.initiative if laureate else self.candidature.initiative
        if sheet is None:
            raise Http404("neither a sheet nor the offer of one")
        names = {"summary": "La phrase de présentation"} | consent.PUBLISHABLE
        rows = [
            (label, getattr(sheet, name), getattr(sheet, name) == self.said(name))
            for name, label in names.items()
        ]
        return self.show(
            form=None,
            sheet=sheet,
            is_public=Initiative.objects.published().filter(pk=sheet.pk).exists(),
            laureate=laureate,
            kept=[label for label, value, is_same in rows if value and is_same],
            other=[label for label, value, is_same in rows if value and not is_same],
            absent=[label for label, value, _ in rows if not value],
        )

    def said(self, name):
        return consent.value_of(self.payload, name)

    @property
    def deposit(self):
        return self.candidature.last_deposit
