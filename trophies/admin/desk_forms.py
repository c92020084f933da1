"""What the team writes down when it acts for a candidature."""

from django import forms

from accounts.models import User
from rallynov.editing import TIME_FORMATS, DateTimeWidget


def text(label, help_text, rows=4):
    return forms.CharField(label=label, help_text=help_text, widget=forms.Textarea({"rows": rows}))


class ExtendForm(forms.Form):
    until = forms.SplitDateTimeField(
        label="Jusqu’à quand",
        help_text="Heure de Paris.",
        widget=DateTimeWidget("délai"),
        input_time_formats=TIME_FORMATS,
    )
    reason = text("Le motif", "Gardé avec le délai ; ses porteurs le liront.")


class DepositForForm(forms.Form):
    reason = text(
        "Le motif",
        "Pourquoi l’équipe dépose à la place du porteur. Gardé avec le dépôt ; ses porteurs le "
        "liront.",
    )


class AskPieceForm(forms.Form):
    message = text(
        "Ce qui manque",
        "Le porteur le lira tel quel. Dites quelle pièce, à quoi elle sert, et pour quand.",
        rows=6,
    )


class HandOverForm(forms.Form):
    to_email = forms.EmailField(
        label="Adresse électronique de la nouvelle personne",
        max_length=User._meta.get_field("email").max_length,
        help_text="Elle entre avec un code reçu à cette adresse. Sans compte, elle en reçoit un.",
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    keep_former = forms.BooleanField(
        label="Les porteurs d’aujourd’hui gardent aussi la candidature", required=False
    )
    reason = text("Le motif", "Gardé dans l’historique ; les personnes concernées le liront.")
