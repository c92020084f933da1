"""What a juror fills in: the grid, their confidence, two comments; the tie that hides a file."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from trophies.models import ConflictOfInterest, Criterion, Evaluation
from trophies.models.jury import LEVELS
from trophies.ranking import weighted_mean

PREFIX = "criterion_"
NOT_APPLICABLE = "na"
NO_OPINION = ""
# Gestures whose form does not send the grid.
WITHOUT_A_GRID = ["unsign", "take_first"]
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


class Verdict:
    """A signed reading as another juror is shown it: without a name, a date or an average."""

    def __init__(self, evaluation, criteria):
        self.comment = evaluation.comment_for_jury
        self.confidence = evaluation.get_confidence_display()
        self.rows = [
            Row(criterion, "", options(criterion, value_of(evaluation.levels[criterion.pk])))
            for criterion in criteria
        ]


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
    confidence = forms.TypedChoiceField(
        choices=Evaluation.Confidence.choices,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": STALE},
    )
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
        is_whole = self.is_filled or self.data.get("action") in WITHOUT_A_GRID
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
    def confidences(self):
        """How sure a juror is, as the grid draws it; the last one takes the answer back."""
        chosen = str(self["confidence"].value() or NO_OPINION)
        known = [(str(value), label) for value, label in Evaluation.Confidence.choices]
        return [
            Option(value, label, "", is_chosen=value == chosen)
            for value, label in [*known, (NO_OPINION, "je ne le dis pas")]
        ]

    @property
    def confidence_chosen(self):
        return next(option for option in self.confidences if option.is_chosen)

    @property
    def written(self):
        """What goes with the levels, of a valid form."""
        return {name: self.cleaned_data[name] for name in self.base_fields}

    @property
    def version(self):
        """Of the evaluation that the page showed when it was sent."""
        return self.data.get("version", "")

    def differences(self, kept):
        """(name, what is kept) of all that the form `kept` says otherwise than this one."""
        pairs = zip(told(self), told(kept), strict=True)
        return [(name, there) for (name, here), (_, there) in pairs if here != there]

    @property
    def faults(self):
        """Each thing that is wrong, said once."""
        return list(dict.fromkeys(text for texts in self.errors.values() for text in texts))


def initial(reading):
    evaluation = getattr(reading, "evaluation", None)
    if evaluation is None:
        return {}
    levels = {f"{PREFIX}{key}": value_of(level) for key, level in evaluation.levels.items()}
    return levels | {name: getattr(evaluation, name) for name in ReadingForm.base_fields}


def value_of(level):
    return NOT_APPLICABLE if level is None else str(level)


def told(form):
    """(name, value) of all that a form holds, as people read it."""
    rows = [(row.criterion.label, row.chosen.name if row.chosen else "rien") for row in form.rows]
    comments = [
        (name, form[field].value() or "rien")
        for field, name in [
            ("comment_for_jury", "Pour le jury"),
            ("comment_for_candidate", "Pour le candidat"),
        ]
    ]
    return [*rows, ("Votre assurance", form.confidence_chosen.name), *comments]


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
    class Meta:
        model = ConflictOfInterest
        fields = ["reason"]
        widgets = {"reason": forms.Textarea({"rows": 4})}
        error_messages = {"reason": {"required": "Dites en quelques mots quel est ce lien."}}

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["reason"].required = True  # but of what was detected
