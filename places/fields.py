"""A commune in a form: it takes words as people write them, and refuses in plain French."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, Value

from places.models import Commune
from rallynov.sorting import SortKey

MAX_CHOICES = 8


class CommuneField(forms.CharField):
    """A commune as people write it: « Dole », « Champagney (70) », « Vadans, Jura », « 25000 »."""

    territory = ""

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
