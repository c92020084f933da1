"""The forms of the holder's space. A draft may be saved unfinished: it demands nothing."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.datastructures import MultiValueDict

from initiatives.models import FOUNDED_BOUNDS, Theme
from places.fields import CommuneField
from rallynov.fields import LineField, TextField
from trophies import eligibility
from trophies.fields import ConsentField
from trophies.models import Candidature
from trophies.questions import QUESTIONS


def answer_field(question):
    return TextField(
        label=question.title,
        help_text=question.help,
        limit=question.limit,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


# A form with a field for each question.
AnswersForm = type(
    "AnswersForm",
    (forms.ModelForm,),
    {question.name: answer_field(question) for question in QUESTIONS},
)


class CandidatureForm(AnswersForm):
    """Every field of a candidature; a page shows those of its step (`StepForm`)."""

    use_required_attribute = False

    organisation_name = LineField(label="Nom de la structure", limit=200)
    commune = CommuneField(
        label="Commune",
        help_text="Son nom, avec le département s’il y en a plusieurs : « Champagney (70) ». "
        "Ou son code postal.",
    )
    title = LineField(label="Nom du projet", limit=120)
    summary = LineField(
        label="Votre projet en une phrase",
        help_text="Ce que vous diriez à un voisin qui n’en a jamais entendu parler.",
        limit=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    started_year = forms.IntegerField(
        label="Depuis quelle année",
        help_text="Quatre chiffres. Laissez vide si rien n’a encore commencé.",
        required=False,
        validators=[
            MinValueValidator(FOUNDED_BOUNDS[0], "Cette année est trop ancienne."),
            MaxValueValidator(FOUNDED_BOUNDS[1], "Cette année est trop lointaine."),
        ],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Écrivez une année en quatre chiffres, comme 2021."},
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Thèmes",
        help_text="Un ou plusieurs.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    publishable = ConsentField()

    class Meta:
        model = Candidature
        fields = [
            "organisation_name",
            "organisation_kind",
            "commune",
            "title",
            "summary",
            "started_year",
            "themes",
            *(question.name for question in QUESTIONS),
            "publishable",
        ]
        labels = {"organisation_kind": "Sa forme"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.commune:
            self.initial["commune"] = str(self.instance.commune)


LABELS = {name: field.label for name, field in CandidatureForm.base_fields.items()}


class StepForm(CandidatureForm):
    """One step: what can be understood is kept as columns (`values`), the rest as typed."""

    def __init__(self, step, data=None, *, instance):
        super().__init__(data, instance=instance)
        for name in set(self.fields) - set(step.fields):
            del self.fields[name]
        if "commune" in self.fields:
            self.fields["commune"].limit_to(instance.edition.departments.all())

    @classmethod
    def of(cls, step, candidature):
        """The step as it was left: with its remarks, where something was not understood."""
        form = cls(step, instance=candidature)
        typed = {name: raw for name, raw in candidature.typed.items() if name in form.fields}
        if not typed:
            return form
        shown = {name: form[name].value() for name in form.fields}
        return cls(step, data_of(shown | typed), instance=candidature)

    def _post_clean(self):
        """Leave the instance as it is: `services.save_step` compares with what it holds."""

    @property
    def raw(self):
        """What was typed, field by field, as JSON can keep it."""
        return {name: self[name].data for name in self.fields}

    @property
    def typed(self):
        """What was typed and cannot be understood."""
        return {name: raw for name, raw in self.raw.items() if name in self.errors}

    @property
    def values(self):
        """What was understood: a column, or the list of themes, by field."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}


def data_of(values):
    """`values`, by field, as a form receives them."""
    lists = {}
    for name, value in values.items():
        if value is True:
            lists[name] = ["on"]
        elif isinstance(value, list | tuple):
            lists[name] = [str(item) for item in value]
        elif value is not False and value is not None:
            lists[name] = [str(value)]
    return MultiValueDict(lists)


class EligibilityForm(forms.Form):
    """A question for each rule of the edition; « non » stops nobody."""

    use_required_attribute = False

    def __init__(self, rules, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules = rules
        for rule in rules:
            self.fields[rule.kind] = forms.TypedChoiceField(
                label=eligibility.question(rule),
                choices=[("oui", "Oui"), ("non", "Non")],
                coerce=lambda answer: answer == "oui",
                widget=forms.RadioSelect,
                error_messages={"required": "Répondez par oui ou par non."},
            )

    def refused(self):
        """The rules to which the answer is « non »."""
        return [rule for rule in self.rules if self.cleaned_data[rule.kind] is False]


class InvitationForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(
        label="Son adresse électronique",
        help_text="Cette personne pourra tout lire, écrire et déposer, comme vous.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez son adresse."},
    )

    def clean_email(self):
        return self.cleaned_data["email"].lower()
