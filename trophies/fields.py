"""The field of a candidature where its holders choose what may appear."""

from django import forms

from trophies.consent import ALWAYS, PUBLISHABLE, in_order


class ConsentField(forms.MultipleChoiceField):
    """What may appear on the public sheet: a box for each, and none is ticked for anyone."""

    def __init__(
        self,
        *,
        label="Si mon projet est primé, ce qui peut aussi paraître sur sa fiche publique",
        help_text=f"La fiche d’un projet primé dit toujours {ALWAYS}. Pour chaque autre réponse, "
        "c’est vous qui choisissez.",
    ):
        super().__init__(
            label=label,
            help_text=help_text,
            choices=list(PUBLISHABLE.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "« %(value)s » ne peut pas paraître sur la fiche."},
        )

    def clean(self, value):
        return in_order(super().clean(value))
