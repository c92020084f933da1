"""Fields of a candidature: they take words as people write them, and refuse in plain French."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, Value

from places.models import Commune
from rallynov.numbers import number
from rallynov.sorting import SortKey
from trophies.consent import ALWAYS, PUBLISHABLE, in_order

MAX_CHOICES = 8


class TextField(forms.CharField):
    """A text with a limit, said in its help and counted the same in the browser and here.

    There is no `maxlength`: browsers count otherwise than people, and cut without a word.
    """

    def __init__(self, *, limit, help_text="", **options):
        said = f"{number(limit)} signes au plus."
        super().__init__(required=False, help_text=f"{help_text} {said}".strip(), **options)
        self.limit = limit
        self.widget.attrs["data-limit"] = limit

    def to_python(self, value):
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value):
        super().validate(value)
        if (excess := len(value) - self.limit) > 0:
            raise ValidationError(
                f"{number(len(value))} signes, pour {number(self.limit)} au plus : "
                f"il y en a {number(excess)} de trop."
            )


class LineField(TextField):
    """A text on one line."""

    def __init__(self, **options):
        super().__init__(**options)
        self.widget.attrs["data-line"] = ""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class CommuneField(forms.CharField):
    """A commune as people write it: « Dole », « Champagney (70) », « Vadans, Jura », « 25000 »."""

    def __init__(self, **options):
        super().__init__(required=False, **options)
        self.communes = Commune.objects.all()

    def limit_to(self, departments):
        """Ask for a commune of these departments; of any when there are none."""
        self.territory = ", ".join(str(department) for department in departments)
        if departments:
            self.communes = Commune.objects.filter(department__in=departments)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        exact = exact_communes(self.communes, text)[: MAX_CHOICES + 1]
        if len(exact) == 1:
            return exact[0]
        close = exact or close_communes(self.communes, text)[: MAX_CHOICES + 1]
        raise ValidationError(self.refusal(close))

    def refusal(self, close):
        if not close:
            where = f" parmi celles de l’appel : {self.territory}" if self.territory else ""
            return f"Nous ne trouvons pas cette commune{where}. Vérifiez son nom."
        names = ", ".join(str(commune) for commune in close[:MAX_CHOICES])
        more = "…" if len(close) > MAX_CHOICES else "."
        return f"Précisez laquelle, en recopiant son nom et son département : {names}{more}"


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


def exact_communes(rows, text):
    """The communes of that name, « name (department) », or INSEE or postal code."""
    if re.fullmatch(r"\d[\dAB]\d{3}", text):
        return rows.filter(Q(code=text) | Q(postal_codes__contains=[text]))
    name, *rest = re.split(r"[,()]", text)
    department = " ".join(rest).strip()
    rows = rows.filter(sort_key=SortKey(Value(name)))
    if not department:
        return rows
    return rows.alias(department_key=SortKey("department__name")).filter(
        Q(department=department) | Q(department_key=SortKey(Value(department)))
    )


def close_communes(rows, text):
    """The communes whose name holds what was written, if it holds a letter."""
    name = re.split(r"[,()]", text)[0]
    if not any(character.isalpha() for character in name):
        return rows.none()
    return rows.filter(sort_key__contains=SortKey(Value(name)))
