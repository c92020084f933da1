"""What can be asked of the directory: words, facets, order. Facets count what they would give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import django_filters
from django import forms
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.timezone import get_default_timezone

from initiatives.models import Initiative, InitiativeTheme, Support
from partners.models import Organisation
from rallynov.publishing import ResultsInstant
from rallynov.search import LONGEST

MOST_VALUES = 30
EARLIEST, LATEST = 2000, 2199  # years that a sheet may have come out in
NOWHERE = "aucune"  # ?commune=aucune: the sheets whose commune is not known

SORTS = {
    "pertinence": "Pertinence",
    "titre": "Titre",
    "recentes": "Dernières fiches",
    "depuis": "Dernières nées",
}
ORDERS = {
    "titre": ["sort_key", "pk"],
    "recentes": ["-published_at", "pk"],
    "depuis": [F("started_year").desc(nulls_last=True), "sort_key", "pk"],
}


def laureates():
    """Published laureates, by the reverse name of their relation: trophies stand above."""
    return Initiative._meta.get_field("laureates").related_model.objects.published()


def linked(links, **conditions):
    return Exists(links.filter(initiative=OuterRef("pk"), **conditions))


def holder_links():
    return Support.objects.filter(role=Support.Role.HOLDER)


def years(values):
    return [int(value) for value in values if value.isascii() and value.isdigit()][:MOST_VALUES]


def in_communes(values):
    nowhere = Q(commune__isnull=True) if NOWHERE in values else Q(pk__in=[])
    return Q(commune__in=values) | nowhere


def arrived_in(values):
    """Sheets that came out in one of these years: on their own date, or with their results."""
    found = Q(pk__in=[])
    for year in years(values):
        if EARLIEST <= year <= LATEST:
            starts, ends = (
                datetime(y, 1, 1, tzinfo=get_default_timezone()) for y in (year, year + 1)
            )
            results = ResultsInstant(F("embargo_year"))
            alone = Q(embargo_year=None, published_at__gte=starts, published_at__lt=ends)
            awarded = Q(GreaterThanOrEqual(results, starts)) & Q(LessThan(results, ends))
            found |= alone | (Q(embargo_year__isnull=False) & awarded)
    return found


@dataclass(frozen=True)
class Facet:
    """Values to choose from: which rows have one of some values, and how many rows have each."""

    name: str
    title: str
    condition: Callable  # of values -> Q
    # Rows -> links to count, with the paths to their initiative, value and label.
    links: Callable
    initiative: str
    value: str
    label: str
    order: tuple = ("-count", "label")
    repeats: bool = False  # whether a row may be linked twice to one value
    labels: Mapping = field(default_factory=dict)  # what to say instead of a stored value

    def count(self, rows):
        """`[(value, label, count)]`, in one statement."""
        return [
            (str(row["chosen"]), self.labels.get(row["label"], str(row["label"])), row["count"])
            for row in self.counted(rows)
        ]

    def counted(self, rows):
        return (
            self.links(rows)
            .order_by()
            .filter(**{f"{self.value}__isnull": False})
            .values(chosen=F(self.value), label=F(self.label))
            .annotate(count=Count(self.initiative, distinct=self.repeats))
            .order_by(*self.order)
        )


FACETS = [
    Facet(
        "theme",
        "Thème",
        lambda values: linked(InitiativeTheme.objects, theme__slug__in=values),
        lambda rows: InitiativeTheme.objects.filter(initiative__in=rows.values("pk")),
        "initiative",
        "theme__slug",
        "theme__name",
    ),
    Facet(
        "departement",
        "Département",
        lambda values: Q(department__in=values),
        lambda rows: rows,
        "pk",
        "department_id",
        "department__name",
        ("chosen",),
    ),
    Facet(
        "intercommunalite",
        "Intercommunalité",
        lambda values: Q(commune__epci__in=values),
        lambda rows: rows,
        "pk",
        "commune__epci_id",
        "commune__epci__name",
    ),
    Facet(
        "structure",
        "Qui la porte",
        lambda values: linked(holder_links(), organisation__kind__in=values),
        lambda rows: holder_links().filter(initiative__in=rows.values("pk")),
        "initiative",
        "organisation__kind",
        "organisation__kind",
        repeats=True,
        labels=dict(Organisation.Kind.choices),
    ),
    Facet(
        "condition",
        "Ce qui l’a rendue possible",
        lambda values: linked(Initiative.conditions.through.objects, condition__slug__in=values),
        lambda rows: Initiative.conditions.through.objects.filter(initiative__in=rows.values("pk")),
        "initiative",
        "condition__slug",
        "condition__title",
    ),
    Facet(
        "laureat",
        "Lauréates des trophées",
        lambda values: linked(laureates(), prize__edition__year__in=years(values)),
        lambda rows: laureates().filter(initiative__in=rows.values("pk")),
        "initiative",
        "prize__edition__year",
        "prize__edition__year",
        ("-chosen",),
        repeats=True,
    ),
]


class ValuesField(forms.Field):
    """`?theme=a&theme=b` → `("a", "b")`. An unknown value is no error: nothing answers to it."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        values = [item.strip()[:120] for item in value or [] if item and "\0" not in item]
        return tuple(dict.fromkeys(item for item in values if item))[:MOST_VALUES]


class ValuesFilter(django_filters.Filter):
    field_class = ValuesField

    def __init__(self, condition):
        super().__init__(required=False)
        self.condition = condition

    def filter(self, rows, values):
        return rows.filter(self.condition(values)) if values else rows


class WordsFilter(django_filters.CharFilter):
    """The directory understands the words, and searches."""

    def filter(self, rows, value):
        return rows


class InitiativeFilter(django_filters.FilterSet):
    q = WordsFilter(
        label="Une initiative, une commune, un besoin…",
        max_length=LONGEST,
        error_messages={"max_length": f"Écrivez {LONGEST} caractères au plus."},
    )
    commune = ValuesFilter(in_communes)
    # No facet: the figures of the yearly letter lead to what they count.
    arrivee = ValuesFilter(arrived_in)

    class Meta:
        model = Initiative
        fields = []

    def restrict(self, rows, *, without=""):
        """`rows` under every filter, but the one named `without`."""
        for name, one in self.filters.items():
            if name != without:
                rows = one.filter(rows, self.form.cleaned_data.get(name))
        return rows


for facet in FACETS:
    InitiativeFilter.base_filters[facet.name] = ValuesFilter(facet.condition)
