from django import forms

from events.services import NEEDS
from rallynov.fields import AddressField
from rallynov.formguard import GuardedForm


class RegistrationForm(GuardedForm):
    name = forms.CharField(
        label="Votre nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": "Écrivez votre nom\u202f: il sera sur la liste à l’entrée.",
            "max_length": "Ce nom est trop long.",
        },
    )
    email = AddressField(
        label="Votre adresse électronique",
        missing="Écrivez votre adresse\u202f: c’est là que part la confirmation.",
        help_text="Pour la confirmation, le rappel, et un changement s’il y en a un.",
    )
    organisation = forms.CharField(
        label="Votre structure",
        required=False,
        max_length=160,
        help_text="Facultatif\u202f: l’association, l’entreprise, la commune qui vous envoie.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"max_length": "Ce nom est trop long."},
    )
    needs = forms.CharField(
        label="Pour bien vous accueillir",
        required=False,
        max_length=600,
        help_text="Facultatif\u202f: accès en fauteuil, boucle magnétique, interprète, place près "
        f"de la scène… {NEEDS.words}",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": ""}),
        error_messages={"max_length": "C’est un peu long\u202f: 600 caractères au plus."},
    )
