"""What a juror fills in: the grid and two comments; and the tie that takes a file away."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from trophies.models import ConflictOfInterest, Criterion, Evaluation
from trophies.models.jury import LEVELS
from trophies.ranking import weighted_mean

PREFIX = "criterion_"
NOT_APPLICABLE = "na"
STALE = "Cette grille n’est pas celle de ce dossier\u202f: rechargez la page. Rien n’a été changé."


@dataclass(frozen=True)
class Option:
    value: str
    name: str
    sentence: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """One criterion as the grid draws it."""

    criterion: Criterion
    name: str  # of the form's field, and root of the ids
    options: list[Option]

    @property
    def chosen(self):
        return next((option for option in self.options if option.is_chosen), None)


class CommentField(forms.CharField):
    """Browsers count a line's end as one character and send two."""

    widget = forms.Textarea

    def __init__(self, name):
        limit = Evaluation._meta.get_field(name).max_length
        too_long = f"Un commentaire tient en {limit} caractères."
        super().__init__(required=False, max_length=limit, error_messages={"max_length": too_long})

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class ReadingForm(forms.Form):
    comment_for_jury = CommentField("comment_for_jury")
    comment_for_candidate = CommentField("comment_for_candidate")

    def __init__(self, reading, data=None):
        self.reading = reading
        self.criteria = reading.candidature.edition.criteria.all()
        super().__init__(data, initial=initial(reading))
        for criterion in self.criteria:
            self.fields[field_name(criterion)] = forms.ChoiceField(
                choices=choices(criterion),
                required=False,
                error_messages={"invalid_choice": STALE},
            )

    def clean(self):
        sent = {name for name in self.data if name.startswith(PREFIX)}
        is_whole = self.is_filled or self.data.get("action") == "unsign"
        if not is_whole or sent - set(self.fields):
            raise ValidationError(STALE)

    @property
    def is_filled(self):
        """Whether the grid came with the request: « Reprendre ma lecture » sends it or not."""
        return "comment_for_jury" in self.data

    @property
    def values(self):
        """What is chosen, as typed or as kept, by criterion; nothing for the others."""
        names = {criterion: self[field_name(criterion)].value() for criterion in self.criteria}
        return {criterion: value for criterion, value in names.items() if value}

    @property
    def levels(self):
        """Criterion → level, None for « sans objet », of a valid form."""
        return {
            criterion: None if value == NOT_APPLICABLE else int(value)
            for criterion, value in self.values.items()
        }

    @property
    def missing(self):
        return [criterion for criterion in self.criteria if criterion not in self.values]

    @property
    def mean(self):
        return weighted_mean(self.levels, {row: row.weight for row in self.criteria})

    @property
    def rows(self):
        return [
            Row(criterion, field_name(criterion), options(criterion, self.values.get(criterion)))
            for criterion in self.criteria
        ]

    @property
    def comments(self):
        return {name: self.cleaned_data[name] for name in self.base_fields}

    @property
    def faults(self):
        """Each thing that is wrong, said once."""
        return list(dict.fromkeys(text for texts in self.errors.values() for text in texts))


def initial(reading):
    evaluation = getattr(reading, "evaluation", None)
    if evaluation is None:
        return {}
    levels = {
        f"{PREFIX}{key}": NOT_APPLICABLE if level is None else str(level)
        for key, level in evaluation.levels.items()
    }
    return levels | {name: getattr(evaluation, name) for name in ReadingForm.base_fields}


def field_name(criterion):
    return f"{PREFIX}{criterion.pk}"


def choices(criterion):
    """(value, what is written on the button, the sentence that describes it)"""
    return [(option.value, option.name) for option in options(criterion)]


def options(criterion, chosen=None):
    rows = [(str(level), str(level), criterion.levels[level]) for level in LEVELS]
    if criterion.allows_not_applicable:
        rows.append((NOT_APPLICABLE, "sans objet", "Ce critère ne s’applique pas à ce dossier."))
    return [Option(*row, is_chosen=row[0] == chosen) for row in rows]


class ConflictForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True

    class Meta:
        model = ConflictOfInterest
        fields = ["reason"]
        widgets = {"reason": forms.Textarea({"rows": 4})}
        error_messages = {"reason": {"required": "Dites en quelques mots quel est ce lien."}}
