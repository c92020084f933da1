"""The team's pages on the minutes of a session: read them, seal them, check them, print them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from trophies import services
from trophies.minutes_pdf import minutes_pdf, seal_facts
from trophies.minutes_words import content_of, minuted, minuted_draft
from trophies.models import Minutes
from trophies.verification import first_difference
from trophies.workflow import NotAllowed

PEOPLE, TEXTS = "people", "texts"
ERASING = {PEOPLE: services.erase_people, TEXTS: services.erase_texts}


class SealForm(forms.Form):
    remarks = forms.CharField(
        label="Observations",
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Ce que le secrétariat veut noter. Ce texte est scellé avec le reste.",
    )
    is_sure = forms.BooleanField(
        label="J’ai relu ce procès-verbal avec la présidence. Une fois scellé, il ne change plus.",
        error_messages={"required": "Cochez cette case pour sceller\u202f: c’est sans retour."},
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def show(self, version):
        """Whatever was sent, what is read from now on is this version."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["seen"] = version


class EraseForm(forms.Form):
    what = forms.MultipleChoiceField(
        label="Effacer pour toujours",
        choices=[
            (PEOPLE, "les noms\u202f: il ne reste que J1, J2…"),
            (TEXTS, "les textes\u202f: titres, questions, lieu, observations"),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez ce qui doit être effacé."},
    )
    is_sure = forms.BooleanField(
        label="Personne ne pourra les retrouver, pas même nous.",
        error_messages={"required": "Cochez cette case pour effacer\u202f: c’est sans retour."},
    )


class MinutesPagesMixin:
    """The pages of `EditionAdmin` on minutes, for whom `SessionPagesMixin` lets in."""

    def get_urls(self):
        pages = [
            ("", self.minutes_view, "trophies_minutes"),
            ("pdf/", self.minutes_pdf_view, "trophies_minutes_pdf"),
            ("verifier/", self.verify_view, "trophies_minutes_verify"),
            ("effacer/", require_POST(self.erase_view), "trophies_minutes_erase"),
        ]
        own = [
            path(
                f"<int:pk>/jury/seances/<int:number>/pv/{a}",
                self.admin_site.admin_view(view),
                name=name,
            )
            for a, view, name in pages
        ]
        return own + super().get_urls()

    def sealed_for(self, request, session):
        """The minutes of a session, or None while they are not sealed."""
        rows = Minutes.objects.visible_to(request.user).filter(session=session)
        rows = rows.select_related("session__edition", "sealed_by")
        return rows.prefetch_related("seats", "texts").first()

    def minutes_for(self, request, pk, number):
        minutes = self.sealed_for(request, self.session_for(request, pk, number))
        if minutes is None:
            raise Http404("not sealed")
        return minutes

    def minutes_view(self, request, pk, number):
        session = self.session_for(request, pk, number)
        if minutes := self.sealed_for(request, session):
            return self.show_minutes(request, minutes)
        if not session.is_closed:
            raise Http404("the session is not over")
        return self.preview_minutes(request, session)

    # Before the seal

    def preview_minutes(self, request, session):
        try:
            draft = services.draft_minutes(session, by=request.user)
        except NotAllowed as refusal:
            return self.show_draft(request, session, refusal=str(refusal))
        form = SealForm(request.POST or None, initial={"seen": draft.version})
        if form.is_valid() and self.seal_session(request, session, form):
            return redirect("admin:trophies_minutes", session.edition_id, session.number)
        form.show(draft.version)
        return self.show_draft(
            request,
            session,
            form=form,
            refusal=services.why_not_sealed(session, by=request.user),
            content=content_of(minuted_draft(draft)),
        )

    def show_draft(self, request, session, *, refusal, form=None, content=None):
        return self.respond(
            request,
            "admin/trophies/edition/minutes_preview.html",
            title=f"Le procès-verbal de la séance {session.number}",
            edition=session.edition,
            session=session,
            refusal=refusal,
            form=form,
            content=content,
        )

    def seal_session(self, request, session, form):
        cleaned = form.cleaned_data
        try:
            services.seal_minutes(
                session, by=request.user, remarks=cleaned["remarks"], seen=cleaned["seen"]
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            return False
        self.log_change(request, session.edition, f"Procès-verbal {session.number} scellé.")
        self.message_user(request, "Le procès-verbal est scellé.", messages.SUCCESS)
        return True

    # After

    def show_minutes(self, request, minutes, *, difference=None, form=None):
        """`difference`: what a check just found, "" when all is intact; None without a check."""
        return self.respond(
            request,
            "admin/trophies/edition/minutes.html",
            title=f"Le procès-verbal de la séance {minutes.session.number}",
            edition=minutes.session.edition,
            session=minutes.session,
            minutes=minutes,
            content=content_of(minuted(minutes)),
            seal=seal_facts(minutes),
            is_checked=difference is not None,
            difference=difference,
            form=form or EraseForm(),
        )

    def verify_view(self, request, pk, number):
        minutes = self.minutes_for(request, pk, number)
        return self.show_minutes(request, minutes, difference=first_difference(minutes))

    def minutes_pdf_view(self, request, pk, number):
        minutes = self.minutes_for(request, pk, number)
        name = f"pv-{minutes.session.edition.year}-{minutes.session.number}.pdf"
        disposition = content_disposition_header(True, name)
        return HttpResponse(
            minutes_pdf(minutes),
            content_type="application/pdf",
            headers={"Content-Disposition": disposition},
        )

    def erase_view(self, request, pk, number):
        minutes = self.minutes_for(request, pk, number)
        if not request.user.is_superuser:
            raise PermissionDenied
        form = EraseForm(request.POST)
        if not form.is_valid():
            return self.show_minutes(request, minutes, form=form)
        for what in form.cleaned_data["what"]:
            ERASING[what](minutes)
            self.log_change(request, minutes.session.edition, f"{minutes}\u202f: {ERASED[what]}.")
        self.message_user(request, "C’est effacé. Le sceau tient toujours.", messages.SUCCESS)
        return redirect("admin:trophies_minutes", pk, number)


ERASED = {PEOPLE: "noms effacés", TEXTS: "textes effacés"}
