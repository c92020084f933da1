"""A new edition made out of another: its year, its dates, then a draft to be mended."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst

from partners.models import YEAR_BOUNDS
from rallynov.dates import instant_text
from rallynov.editing import TIME_FORMATS, DateTimeWidget
from trophies import services
from trophies.models import Edition
from trophies.services.editions import DATES, moved_dates
from trophies.workflow import NotAllowed


def date_field(name):
    label = Edition._meta.get_field(name).verbose_name
    return forms.SplitDateTimeField(
        label=capfirst(label),
        required=False,
        widget=DateTimeWidget(label),
        input_time_formats=TIME_FORMATS,
    )


DatesForm = type("DatesForm", (forms.ModelForm,), {name: date_field(name) for name in DATES})


class CloneForm(DatesForm):
    year = forms.IntegerField(label="Année", min_value=YEAR_BOUNDS[0], max_value=YEAR_BOUNDS[1])

    class Meta:
        model = Edition
        fields = ["year", *DATES]

    def __init__(self, *args, source, **kwargs):
        super().__init__(*args, **kwargs)
        for name in DATES:
            instant = getattr(source, name)
            known = instant_text(instant) if instant else "pas de date"
            self.fields[name].help_text = f"En {source.year} : {known}."

    @property
    def date_fields(self):
        return [self[name] for name in DATES]

    @property
    def dates(self):
        return {name: self.cleaned_data[name] for name in DATES}


def proposal(edition, year):
    """An unbound form with the dates of `edition` carried to that year."""
    return CloneForm(initial={"year": year, **moved_dates(edition, year)}, source=edition)


def next_free_year(edition):
    taken = set(Edition.objects.values_list("year", flat=True))
    year = edition.year + 1
    while year in taken:
        year += 1
    return year


class CloningMixin:
    """The page of `EditionAdmin` that makes the next edition."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.clone_view)
        own = path("<int:pk>/cloner/", view, name="trophies_edition_clone")
        return [own, *super().get_urls()]

    def clone_view(self, request, pk):
        """Propose dates for the year that is typed, and make the draft once they are confirmed."""
        edition = self.get_object(request, str(pk))
        if not self.has_add_permission(request):
            raise PermissionDenied
        if edition is None:
            raise Http404("no such edition")
        if request.method != "POST":
            return self.show_clone(request, edition, proposal(edition, next_free_year(edition)))
        form = CloneForm(request.POST, source=edition)
        if "preview" in request.POST:
            return self.show_clone(request, edition, self.preview(edition, form))
        if form.is_valid():
            try:
                made = services.clone_edition(
                    edition, year=form.cleaned_data["year"], dates=form.dates
                )
            except NotAllowed as refusal:
                form.add_error("year", str(refusal))
            else:
                return self.after_clone(request, edition, made)
        return self.show_clone(request, edition, form)

    def preview(self, edition, form):
        """The dates of the year that is typed, if it is one; else what is wrong with it."""
        try:
            return proposal(edition, form.fields["year"].clean(form["year"].data))
        except ValidationError:
            return form

    def after_clone(self, request, edition, made):
        self.log_addition(request, made, f"À partir de {edition.year}")
        text = f"L’édition {made.year} est créée, en brouillon : relisez-la avant de la publier."
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:trophies_edition_change", made.pk)

    def show_clone(self, request, edition, form):
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": f"Cloner l’édition {edition.year}",
            "edition": edition,
            "form": form,
            "regulation": edition.regulations.first(),
        }
        return TemplateResponse(request, "admin/trophies/edition/clone.html", context)
