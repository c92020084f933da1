"""The page that a mail leads to. Opening it, as mail scanners do, answers nothing."""

from django import forms
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from initiatives.contributing.models import SheetHolder
from initiatives.freshness.models import FreshnessQuestion
from initiatives.freshness.services import answer
from initiatives.models import Initiative

Answer = FreshnessQuestion.Answer


class AnswerForm(forms.Form):
    reponse = forms.ChoiceField(
        choices=Answer.choices,
        error_messages={
            "required": "Choisissez une des trois réponses.",
            "invalid_choice": "Choisissez une des trois réponses.",
        },
    )


def open_questions():
    """Those of who still holds the sheet, while the public can read it."""
    held = SheetHolder.objects.filter(initiative=OuterRef("initiative"), user=OuterRef("user"))
    public = Initiative.objects.published()
    return FreshnessQuestion.objects.filter(Exists(held), initiative__in=public)


@method_decorator(never_cache, name="dispatch")
class FreshnessView(FormView):
    form_class = AnswerForm
    template_name = "initiatives/freshness.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        questions = open_questions().select_related("initiative")
        self.question = get_object_or_404(questions, uuid=kwargs["uuid"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            question=self.question, initiative=self.question.initiative, **kwargs
        )

    def form_valid(self, form):
        answer(self.question, given=form.cleaned_data["reponse"])
        return redirect(self.question)
