"""The pages where a candidature is written, a step each, saved as it is typed."""

import secrets

from django.contrib import messages
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from rallynov.dates import time_text
from trophies import services
from trophies.forms import StepForm, data_of
from trophies.holder import REFUSED, CandidatureView, HolderMixin
from trophies.models import Candidature, SetAside
from trophies.services.drafts import Page, version_of
from trophies.steps import WRITTEN, after, first_to_write, route

LONGEST_TAB = 40
CLOSED = "L’appel est clos, ou cette candidature ne se modifie plus : rien n’a été enregistré."


def wants_json(request):
    return request.headers.get("Accept") == "application/json"


class WritingMixin(HolderMixin):
    """Answers a script that saves in the background with words, not with a page to sign in."""

    def handle_no_permission(self):
        if not wants_json(self.request):
            return super().handle_no_permission()
        return JsonResponse({"message": "Votre session est finie."}, status=401)


class CandidatureEditView(CandidatureView):
    """« Continuer »: the step where something is left to write."""

    def get(self, request, uuid):
        if not self.is_editable:
            return redirect(self.candidature)
        return redirect(first_to_write(self.candidature).url(self.candidature))


class StepView(WritingMixin, CandidatureView):
    template_name = "candidatures/step.html"

    @cached_property
    def step(self):
        if self.kwargs["slug"] not in WRITTEN:
            raise Http404("no such step")
        return WRITTEN[self.kwargs["slug"]]

    def get(self, request, uuid, slug):
        if not self.is_editable:
            return redirect(self.candidature)
        return self.show_step(StepForm.of(self.step, self.candidature))

    @transaction.atomic
    def post(self, request, uuid, slug):
        rows = Candidature.objects.held_by(request.user).locked()
        self.candidature = get_object_or_404(rows, uuid=uuid)
        if not self.is_editable:
            return self.refuse()
        form = StepForm(self.step, request.POST, instance=self.candidature)
        form.is_valid()
        saved = services.save_step(
            self.candidature,
            self.page,
            values=form.values,
            typed=form.typed,
            raw=form.raw,
            by=request.user,
        )
        if isinstance(saved, SetAside):
            return self.disagree()
        return self.answer(form, saved)

    @property
    def page(self):
        version = self.request.POST.get("version", "")
        tab = self.request.POST.get("tab", "")[:LONGEST_TAB]
        return Page(self.step.slug, int(version) if version.isdecimal() else 0, tab)

    # What is answered ---------------------------------------------------------------------------

    def refuse(self):
        if wants_json(self.request):
            return JsonResponse({"message": CLOSED, "closed": True}, status=REFUSED)
        messages.error(self.request, CLOSED)
        return redirect(self.candidature)

    def disagree(self):
        url = reverse("candidatures:choose", args=[self.candidature.uuid, self.step.slug])
        if wants_json(self.request):
            message = "Cette étape a changé ailleurs. Votre texte est gardé à côté de l’autre."
            return JsonResponse({"message": message, "choose": url}, status=REFUSED)
        return redirect(url)

    def answer(self, form, version):
        if wants_json(self.request):
            return JsonResponse(
                {
                    "version": version,
                    "saved": f"Enregistré à {time_text(timezone.now())}",
                    "errors": {name: list(errors) for name, errors in form.errors.items()},
                    "filled": self.filled(form),
                }
            )
        if form.errors and "save" not in self.request.POST:
            return redirect(self.step.url(self.candidature))
        if "save" in self.request.POST:
            messages.success(self.request, "Votre texte est enregistré.")
            return redirect(self.step.url(self.candidature))
        following = after(self.step)
        if following:
            return redirect(following.url(self.candidature))
        return redirect("candidatures:deposit", self.candidature.uuid)

    def filled(self, form):
        """What the directory knew: fields that were sent empty, and no longer are."""
        if form.raw.get("commune") or not self.candidature.commune or "commune" not in form.raw:
            return {}
        return {
            "commune": str(self.candidature.commune),
            "organisation_kind": self.candidature.organisation_kind,
        }

    def show_step(self, form):
        return self.show(
            form=form,
            step=self.step,
            following=after(self.step),
            route=route(self.candidature, self.step),
            version=version_of(self.candidature, self.step.slug),
            tab=secrets.token_urlsafe(12),
            set_aside=self.candidature.set_aside.filter(step=self.step.slug).exists(),
        )


class ChooseView(CandidatureView):
    """The same step, written twice: both are shown, and one of the two is chosen."""

    template_name = "candidatures/choose.html"

    @cached_property
    def step(self):
        if self.kwargs["slug"] not in WRITTEN:
            raise Http404("no such step")
        return WRITTEN[self.kwargs["slug"]]

    def rows(self):
        return self.candidature.set_aside.filter(step=self.step.slug).select_related("by")

    def get(self, request, uuid, slug):
        row = self.rows().first()
        if row is None or not self.is_editable:
            return redirect(self.step.url(self.candidature))
        return self.show(step=self.step, row=row, pairs=self.pairs(row))

    def pairs(self, row):
        """Each field that differs: its label, what is kept, what was set aside."""
        kept = StepForm.of(self.step, self.candidature)
        other = StepForm(self.step, data_of(row.values), instance=self.candidature)
        texts = [
            (kept[name].label, text_of(kept[name]), text_of(other[name])) for name in kept.fields
        ]
        return [(label, ours, theirs) for label, ours, theirs in texts if ours != theirs]

    @transaction.atomic
    def post(self, request, uuid, slug):
        rows = Candidature.objects.held_by(request.user).locked()
        self.candidature = get_object_or_404(rows, uuid=uuid)
        if not self.is_editable:
            return redirect(self.candidature)
        pk = request.POST.get("row", "")
        row = self.rows().filter(pk=pk if pk.isdecimal() else None).first()
        if row is None:
            return redirect(self.step.url(self.candidature))
        if request.POST.get("choice") == "other":
            form = StepForm(self.step, data_of(row.values), instance=self.candidature)
            form.is_valid()
            services.choose(self.candidature, row, values=form.values, typed=form.typed)
        else:
            services.choose(self.candidature, row)
        messages.success(request, "Votre choix est enregistré.")
        return redirect(self.step.url(self.candidature))


def text_of(field):
    """The value of a bound field, as people read it."""
    value = field.value()
    if isinstance(value, list | tuple):
        chosen = {str(item) for item in value}
        return ", ".join(label for key, label in field.field.choices if str(key) in chosen)
    if value in (True, "on"):
        return "oui"
    if not value:
        return ""
    return dict(getattr(field.field, "choices", [])).get(value, str(value))
