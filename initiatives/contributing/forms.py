"""The forms by which people bring something to the directory. Nothing typed is ever lost."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from initiatives.models import FOUNDED_BOUNDS, Theme
from places.fields import CommuneField
from rallynov.fields import AddressField, LineField, TextField
from rallynov.formguard import GuardedForm

LONG_TEXT = 6000


class WebsiteField(forms.URLField):
    """An address, with or without « https:// »."""

    def __init__(self, **options):
        super().__init__(
            required=False,
            max_length=200,
            assume_scheme="https",
            widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
            error_messages={
                "invalid": "Écrivez une adresse complète, comme exemple.fr.",
                "max_length": "Cette adresse est trop longue : 200 signes au plus.",
            },
            **options,
        )


def required(field, message):
    """A field of limited text that may not stay empty."""
    field.required = True
    field.error_messages["required"] = message
    return field


def title_field():
    return required(
        LineField(label="Son nom", limit=160, help_text="Comme on l’appelle sur place."),
        "Écrivez le nom de l’initiative.",
    )


def summary_field():
    return required(
        LineField(
            label="En une phrase",
            help_text="Ce que c’est, pour qui.",
            limit=300,
            widget=forms.Textarea(attrs={"rows": 3}),
        ),
        "Dites en une phrase ce que c’est, et pour qui.",
    )


def long_field(label, help_text=""):
    widget = forms.Textarea(attrs={"rows": 8})
    return TextField(label=label, help_text=help_text, limit=LONG_TEXT, widget=widget)


def themes_field():
    return forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Ses thèmes",
        help_text="Un ou plusieurs.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(
            ["invalid_choice", "invalid_pk_value"], "Choisissez des thèmes de la liste."
        ),
    )


def name_field():
    return forms.CharField(
        label="Votre nom",
        required=False,
        max_length=120,
        help_text="Si vous voulez.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": "Ce nom est trop long : 120 signes au plus."},
    )


WHERE = "Son nom, avec le département s’il y en a plusieurs : « Champagney (70) »."


class ProposalForm(GuardedForm):
    title = title_field()
    summary = summary_field()
    response = long_field("Ce qu’elle fait", "Concrètement, et pour qui.")
    commune = CommuneField(label="Où", help_text=f"La commune. {WHERE}")
    organisation = LineField(
        label="Qui la porte", help_text="Une association, une entreprise, une commune.", limit=200
    )
    themes = themes_field()
    website = WebsiteField(label="Son site")
    carries_it = forms.BooleanField(
        label="Je porte cette initiative, ou j’y travaille",
        required=False,
        help_text="Vous pourrez alors corriger sa fiche vous-même.",
    )
    name = name_field()
    email = AddressField(
        label="Votre adresse électronique",
        missing="Écrivez votre adresse : sans elle, nous ne pourrions pas répondre.",
        help_text="Pour vous dire ce que devient votre proposition, et rien d’autre.",
    )

    @property
    def parts(self):
        """`(heading, fields)`, as the page shows them."""
        about = ["title", "summary", "response", "commune", "organisation", "themes", "website"]
        return [
            ("L’initiative", [self[name] for name in about]),
            ("Vous", [self[name] for name in ("carries_it", "name", "email")]),
        ]


class FaultForm(GuardedForm):
    message = required(
        TextField(
            label="Ce qui ne va pas",
            help_text="Une adresse qui a changé, une date fausse, un lien mort…",
            limit=3000,
            widget=forms.Textarea(attrs={"rows": 6}),
        ),
        "Dites-nous ce qui ne va pas.",
    )
    name = name_field()
    email = AddressField(
        label="Votre adresse électronique",
        required=False,
        help_text="Si vous voulez une réponse. Elle ne sert à rien d’autre.",
    )


class ClaimForm(forms.Form):
    use_required_attribute = False

    name = required(name_field(), "Écrivez votre nom : l’équipe doit savoir à qui elle parle.")
    message = required(
        TextField(
            label="Qui êtes-vous pour cette initiative ?",
            help_text="Votre fonction, depuis quand, et comment l’équipe peut le vérifier.",
            limit=3000,
            widget=forms.Textarea(attrs={"rows": 5}),
        ),
        "Dites-nous qui vous êtes pour cette initiative.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "Prénom et nom."


class CorrectionForm(forms.Form):
    use_required_attribute = False

    title = title_field()
    summary = summary_field()
    need = long_field("Le besoin", "Ce qui manquait, à qui.")
    response = long_field("La réponse", "Ce que vous faites, concrètement.")
    people = long_field("Les personnes associées", "Celles et ceux qui la font.")
    effects = long_field("Les effets", "Ce que cela change.")
    commune = CommuneField(label="La commune", help_text=WHERE)
    started_year = forms.IntegerField(
        label="Depuis quelle année",
        required=False,
        validators=[
            MinValueValidator(FOUNDED_BOUNDS[0], "Cette année est trop ancienne."),
            MaxValueValidator(FOUNDED_BOUNDS[1], "Cette année est trop lointaine."),
        ],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Écrivez une année en quatre chiffres, comme 2021."},
    )
    themes = themes_field()
    website = WebsiteField(label="Son site")
    message = TextField(
        label="Un mot pour l’équipe",
        help_text="Ce que la fiche ne peut pas dire ici : les organisations, les photographies…",
        limit=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InvitationForm(forms.Form):
    use_required_attribute = False

    email = AddressField(
        label="Son adresse électronique",
        missing="Écrivez son adresse.",
        autocomplete="off",
        help_text="Une invitation y part. Cette personne verra qui tient la fiche.",
    )
    is_handover = forms.BooleanField(
        label="À ma place",
        required=False,
        help_text="Quand cette personne aura accepté, vous ne tiendrez plus la fiche.",
    )
