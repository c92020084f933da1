"""Writing to the team, without an account. Nothing typed is lost, whatever is refused.

The person gets no copy: a form that mails to any address is a relay.
"""

from hashlib import sha256

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from accounts import mails
from rallynov.fields import AddressField
from rallynov.formguard import GuardedForm, GuardedView

MESSAGE_LENGTH = 5000
TOO_LONG = "Votre message dépasse 5 000 caractères : raccourcissez-le un peu."

SUBJECTS = {
    "initiative": "une initiative à signaler",
    "fiche": "une fiche à corriger",
    "trophees": "les trophées",
    "presse": "la presse",
    "accessibilite": "l’accessibilité du site",
    "donnees": "mes données personnelles",
    "autre": "autre chose",
}


class ContactForm(GuardedForm):
    sujet = forms.ChoiceField(
        label="De quoi s’agit-il ?",
        choices=[("", "Choisissez un sujet"), *SUBJECTS.items()],
        error_messages={
            "required": "Choisissez un sujet.",
            "invalid_choice": "Choisissez un sujet de la liste.",
        },
    )
    nom = forms.CharField(
        label="Votre nom",
        required=False,
        max_length=120,
        help_text="Si vous voulez.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label="Votre adresse électronique",
        missing="Écrivez votre adresse : sans elle, nous ne pourrions pas répondre.",
        help_text="Pour vous répondre, et rien d’autre.",
    )
    message = forms.CharField(
        label="Votre message",
        # By a validator: `max_length` would have browsers cut what is pasted, without a word.
        validators=[MaxLengthValidator(MESSAGE_LENGTH, TOO_LONG)],
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Écrivez votre message."},
    )

    @property
    def told(self):
        """What the mail says; a person without a name is « Quelqu’un »."""
        asked = self.cleaned_data
        return {
            "sujet": SUBJECTS[asked["sujet"]],
            "personne": asked["nom"] or "Quelqu’un",
            "adresse": asked["email"],
            "message": asked["message"],
        }


@method_decorator(never_cache, name="dispatch")
class ContactView(GuardedView, FormView):
    template_name = "pages/contact_form.html"
    form_class = ContactForm
    rate_action = "contact"

    def get_initial(self):
        return {"sujet": self.request.GET.get("sujet", "")}

    def send(self, form):
        tell_team(form)
        return redirect("contact-sent")


def tell_team(form):
    """Tell the team, once for a page that was sent twice."""
    seen = sha256(f"{form.opened} {form.told}".encode()).hexdigest()[:32]
    mails.send(
        "contact",
        to=settings.CONTACT_EMAIL,
        fields=form.told,
        event=f"contact:{seen}",
        headers={"Reply-To": form.told["adresse"]},
    )


class ContactSentView(TemplateView):
    template_name = "pages/contact_sent.html"
