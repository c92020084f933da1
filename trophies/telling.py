"""The holder of a laureate tells what became of it, some years after the results."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from rallynov.fields import TextField
from trophies import services
from trophies.aftermath import news_of, version_of
from trophies.holder import REFUSED, CandidatureView
from trophies.models import LaureateNews
from trophies.workflow import NotAllowed


class NewsForm(forms.Form):
    use_required_attribute = False

    text = TextField(
        label="Ce que devient le projet",
        help_text="Ce qui a grandi, ce qui a changé, ce qui n’a pas marché aussi.",
        limit=LaureateNews._meta.get_field("text").max_length,
        widget=forms.Textarea({"rows": 10}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_text(self):
        if not (text := self.cleaned_data["text"]):
            raise ValidationError("Écrivez quelques mots.")
        return text


class NewsView(CandidatureView):
    template_name = "candidatures/news.html"

    @cached_property
    def news(self):
        return get_object_or_404(news_of(self.candidature), years=self.kwargs["years"])

    def get(self, request, uuid, years):
        return self.show_news()

    def post(self, request, uuid, years):
        news, form = self.news, NewsForm(request.POST)
        if not form.is_valid():
            return self.show_news(form)
        try:
            services.tell_news(news, **form.cleaned_data, by=request.user)
        except NotAllowed as refusal:
            return self.refuse(request, str(refusal))
        messages.success(request, "Merci ! L’équipe relira votre texte avant de le faire paraître.")
        return redirect("candidatures:news", uuid, years)

    def refuse(self, request, refusal):
        """What was typed stays; what was kept meanwhile is shown, and may be replaced."""
        self.news.refresh_from_db()
        typed = request.POST.copy()
        typed["seen"] = version_of(self.news)
        return self.show_news(NewsForm(typed), status=REFUSED, refusal=refusal)

    def show_news(self, form=None, status=200, refusal=""):
        initial = {"text": self.news.text, "seen": version_of(self.news)}
        return self.show(
            status=status,
            refusal=refusal,
            news=self.news,
            after=self.news.get_years_display(),
            form=form or NewsForm(initial=initial),
        )
