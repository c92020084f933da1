"""The team's pages on the letter of an edition: its words, when it comes out, when it stays."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from accounts import wording
from rallynov.editing import TIME_FORMATS, DateTimeWidget
from rallynov.typesetting import page_count
from trophies import services
from trophies.models import AnnualReport, Edition
from trophies.report import filled, missing_in
from trophies.report_letter import SHEETS, Composition, for_letter, hides_results, letter_of
from trophies.report_pdf import pdf_of
from trophies.workflow import NotAllowed

WRITES = "trophies.change_annualreport"
LONGEST = 6000


class ParagraphForm(forms.Form):
    """Refuses a text that could not be filled, says why, and gives it back as it was typed."""

    text = forms.CharField(
        label="Le texte",
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea({"class": "vLargeTextField", "rows": 14}),
        help_text="Une ligne vide sépare deux paragraphes. Un paragraphe qui s’ouvre par « est une "
        "citation\u202f; après un tiret — vient qui l’a dite. Vide\u202f: rien n’est dit ici.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, draft, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft = draft

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if faults := wording.faults(text, known=self.draft.fields):
            raise forms.ValidationError(faults)
        return text

    def show(self, version):
        """What is sent from now on was written before this version."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["seen"] = version


class PublishForm(forms.Form):
    published_at = forms.SplitDateTimeField(
        label="Publication",
        required=False,
        help_text="Heure de Paris. Vide\u202f: brouillon. À venir\u202f: programmé.",
        widget=DateTimeWidget("publication"),
        input_time_formats=TIME_FORMATS,
    )


class FreezeForm(forms.Form):
    is_sure = forms.BooleanField(
        label="J’ai relu ce bilan et son PDF. Une fois figé, il ne change plus.",
        error_messages={"required": "Cochez cette case pour figer\u202f: c’est sans retour."},
    )


def initial_of(draft):
    return {"text": draft.text, "seen": services.version_of_paragraph(draft.own)}


def fields_of(draft):
    """(name, words) of what the text may name; no words where there is nothing to tell."""
    return [(name, "".join(p.text for p in pieces)) for name, pieces in draft.fields.items()]


class ReportPagesMixin:
    """The pages of `EditionAdmin` on its letter."""

    def get_urls(self):
        pages = [
            ("", self.report_view, "report"),
            ("pdf/", self.report_pdf_view, "report_pdf"),
            ("publier/", require_POST(self.publish_view), "report_publish"),
            ("figer/", self.freeze_view, "report_freeze"),
            ("textes/<slug:key>/", self.text_view, "report_text"),
            ("textes/<slug:key>/origine/", require_POST(self.restore_view), "report_restore"),
        ]
        own = [
            path(
                f"<int:pk>/bilan/{address}",
                self.admin_site.admin_view(view),
                name=f"trophies_edition_{name}",
            )
            for address, view, name in pages
        ]
        return own + super().get_urls()

    def report_for(self, request, pk):
        """The letter, kept already or not; before the results, its words may tell of them."""
        if not request.user.has_perm(WRITES):
            raise PermissionDenied
        edition = get_object_or_404(Edition.objects.select_related("ceremony__commune"), pk=pk)
        if hides_results(edition, request.user):
            raise Http404("a tie hides it")
        kept = for_letter(AnnualReport.objects.filter(edition=edition)).first()
        return kept or AnnualReport(edition=edition)

    def report_view(self, request, pk):
        return self.show_report(request, self.report_for(request, pk))

    def show_report(self, request, report, form=None):
        composition = Composition(report)
        letter = letter_of(report) if report.is_frozen else composition.letter
        return self.respond(
            request,
            "admin/trophies/edition/report.html",
            title=f"Le bilan {report.edition.year}",
            edition=report.edition,
            report=report,
            drafts=[] if report.is_frozen else composition.drafts.values(),
            figures=letter.figures,
            sheets=page_count(pdf_of(report, letter)),
            most_sheets=len(SHEETS),
            page=report.get_preview_url() if report.pk else "",
            form=form or PublishForm(initial={"published_at": report.published_at}),
        )

    def report_pdf_view(self, request, pk):
        report = self.report_for(request, pk)
        name = f"bilan-{report.edition.year}.pdf"
        return HttpResponse(
            pdf_of(report, letter_of(report)),
            content_type="application/pdf",
            headers={"Content-Disposition": content_disposition_header(False, name)},
        )

    # When it comes out, when it stays

    def publish_view(self, request, pk):
        report = self.report_for(request, pk)
        form = PublishForm(request.POST)
        if not form.is_valid():
            return self.show_report(request, report, form)
        at = timezone.now() if "now" in request.POST else form.cleaned_data["published_at"]
        services.publish_report(report, at=at)
        text = "La publication du bilan est changée." if at else "Le bilan n’est plus en ligne."
        return self.after(request, report, text)

    def freeze_view(self, request, pk):
        report = self.report_for(request, pk)
        if report.is_frozen:
            raise Http404("frozen already")
        form = FreezeForm(request.POST or None)
        if form.is_valid():
            try:
                services.freeze_report(report)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.after(request, report, "Le bilan est figé.")
        return self.respond(
            request,
            "admin/trophies/edition/report_freeze.html",
            title=f"Figer le bilan {report.edition.year}",
            edition=report.edition,
            report=report,
            form=form,
        )

    def after(self, request, report, text):
        self.log_change(request, report.edition, text)
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:trophies_edition_report", report.edition_id)

    # Its words

    def draft_for(self, report, key):
        draft = None if report.is_frozen else Composition(report).drafts.get(key)
        if draft is None:
            raise Http404("no such paragraph to write")
        return draft

    def text_view(self, request, pk, key):
        report = self.report_for(request, pk)
        draft = self.draft_for(report, key)
        form = ParagraphForm(request.POST or None, draft=draft, initial=initial_of(draft))
        if form.is_valid() and "_preview" not in request.POST:
            try:
                services.write_paragraph(report, key, **form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error(None, str(refusal))
                form.show(services.version_of_paragraph(draft.own))
            else:
                return self.after_text(request, report, f"« {draft.title} » est enregistré.")
        return self.show_text(request, report, draft, form)

    def show_text(self, request, report, draft, form):
        is_sound = not form.is_bound or "text" in form.cleaned_data
        text = form.cleaned_data["text"] if form.is_bound and is_sound else draft.text
        return self.respond(
            request,
            "admin/trophies/edition/report_text.html",
            title=f"{draft.title}, dans le bilan {report.edition.year}",
            edition=report.edition,
            draft=draft,
            form=form,
            fields=fields_of(draft),
            is_sound=is_sound,
            paragraphs=filled(text, draft.fields),
            missing=missing_in(text, draft.fields),
        )

    def restore_view(self, request, pk, key):
        report = self.report_for(request, pk)
        draft = self.draft_for(report, key)
        services.restore_paragraph(report, key)
        return self.after_text(request, report, f"« {draft.title} » se compose de nouveau.")

    def after_text(self, request, report, text):
        self.log_change(request, report.edition, f"Bilan\u202f: {text}")
        self.message_user(request, text, messages.SUCCESS)
        address = reverse("admin:trophies_edition_report", args=[report.edition_id])
        return redirect(f"{address}#textes")
