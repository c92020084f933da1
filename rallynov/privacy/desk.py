"""The team's page on one person: what is held of an address, its copy, its erasure.

Addresses travel in the body of requests, never in the addresses of pages: those are logged. The
copy leaves for the person alone: the team would read scores and letters that are not theirs. Who
has a tie with a file does none of this: holders of hidden files would be told to them.
"""

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from rallynov.privacy.erasure import erase, kept_of, refusal
from rallynov.privacy.person import Person, held_by
from rallynov.privacy.views import send_link
from trophies.workflow import NotAllowed

PERMISSION = "accounts.change_user"


class PersonForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Celle d’où la demande est venue\u202f: c’est à elle que la copie part.",
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        error_messages={
            "required": "Écrivez l’adresse de la personne.",
            "invalid": "Écrivez une adresse complète, comme camille@exemple.fr.",
        },
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()


@method_decorator(never_cache, name="dispatch")
class PersonView(View):
    """The search, and what it finds; gestures are made from there."""

    template_name = "admin/privacy/person.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        self.is_tied = request.user.conflicts.in_force().exists()
        if self.is_tied and request.method == "POST":
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def page(self, template, **context):
        context |= admin.site.each_context(self.request) | {"is_tied": self.is_tied}
        return TemplateResponse(self.request, template, context)

    def get(self, request):
        return self.show(PersonForm())

    def post(self, request):
        form = PersonForm(request.POST)
        return self.act(form) if form.is_valid() else self.show(form)

    def act(self, form):
        person = Person.of(form.cleaned_data["email"])
        return self.show(form, person=person, found=found_of(person))

    def show(self, form, **found):
        title = "Une demande sur des données personnelles"
        return self.page(self.template_name, title=title, form=form, **found)


class SendView(PersonView):
    def get(self, request):
        return redirect("admin:person")

    def act(self, form):
        send_link(form.cleaned_data["email"])
        text = "Le lien part. Pendant sept jours, cette personne y télécharge ce que le site garde."
        messages.success(self.request, text)
        return redirect("admin:person")


class EraseView(SendView):
    """Says what goes and what stays; then, with « confirme », does it."""

    def act(self, form):
        person = Person.of(form.cleaned_data["email"])
        if "confirme" in self.request.POST:
            return self.erase(person)
        return self.page(
            "admin/privacy/erase.html",
            title="Effacer une personne",
            person=person,
            found=found_of(person),
            kept=kept_of(person),
            refusal=refusal(person, by=self.request.user),
        )

    def erase(self, person):
        try:
            kept = erase(person.email, by=self.request.user)
        except NotAllowed as refused:
            messages.error(self.request, str(refused))
        else:
            messages.success(self.request, "C’est effacé. Répondez à la personne.")
            for sentence in kept:
                messages.info(self.request, f"Reste\u202f: {sentence[0].lower()}{sentence[1:]}")
        return redirect("admin:person")


def found_of(person):
    """(part of the register, [(what, how many)]) of each that holds something of the person."""
    return [
        (treatment, [(plural(label), rows.count()) for label, rows in found])
        for treatment, found in held_by(person)
        if found
    ]


def plural(label):
    return apps.get_model(label)._meta.verbose_name_plural


def urls(site):
    views = [("", PersonView, "person"), ("copie/", SendView, "person-copy")]
    views.append(("effacer/", EraseView, "person-erase"))
    return [
        path(f"personne/{address}", site.admin_view(view.as_view()), name=name)
        for address, view, name in views
    ]
