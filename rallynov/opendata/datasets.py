"""The sets of open data: each has one list of columns, one query, and what tells its state."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from events.models import Event
from initiatives.directory import Directory
from initiatives.models import Initiative
from rallynov.opendata import events, initiatives, laureates
from rallynov.opendata.columns import Column

LICENCE = {
    "nom": "Licence Ouverte / Open Licence, version 2.0",
    "adresse": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
SOURCE = "Rally’nov"
CREDITS = [
    "Communes et intercommunalités\u202f: Etalab, découpage administratif (Licence Ouverte).",
    "Positions des communes\u202f: GeoNames (CC BY 4.0).",
]


@dataclass(frozen=True)
class Dataset:
    name: str
    title: str
    description: str
    columns: list[Column]
    published: Callable  # () -> rows
    whole: Callable  # rows -> rows with what the columns read
    sources: Callable  # () -> the rows of every table that a line is made of
    key: tuple[str, ...]  # names of the columns that no two rows share
    has_positions: bool = False
    is_directory: bool = False  # whether it takes the directory's query

    @property
    def kinds(self):
        return ["csv", "json", "geojson"] if self.has_positions else ["csv", "json"]

    @property
    def files(self):
        """`[(CSV, its address), …]`."""
        return [(KINDS[kind], self.address(kind)) for kind in self.kinds]

    def address(self, kind):
        return reverse("data-file", args=[self.name, kind])

    def ask(self, data):
        return Asked(self, Directory(data) if self.is_directory else None)


@dataclass(frozen=True)
class Asked:
    """A set, as a query asks for it."""

    dataset: Dataset
    directory: Directory | None

    @cached_property
    def query(self):
        """The same for two queries that ask the same. Order and page are not asked of a file."""
        return self.directory.query() if self.directory else ""

    @property
    def errors(self):
        return self.directory.form.errors if self.directory else {}

    @property
    def rows(self):
        rows = self.directory.rows if self.directory else self.dataset.published()
        return self.dataset.whole(rows)

    @property
    def filters(self):
        return self.directory.in_words if self.directory else ""


KINDS = {"csv": "CSV", "json": "JSON", "geojson": "GeoJSON"}

DATASETS = {
    dataset.name: dataset
    for dataset in [
        Dataset(
            "initiatives",
            "Les initiatives",
            "Les fiches de l’annuaire des innovations sociales de Franche-Comté.",
            initiatives.COLUMNS,
            Initiative.objects.published,
            initiatives.whole,
            initiatives.sources,
            ("identifiant",),
            has_positions=True,
            is_directory=True,
        ),
        Dataset(
            "laureats",
            "Les lauréats",
            "Les initiatives que les trophées Rally’nov ont récompensées, édition après édition.",
            laureates.COLUMNS,
            laureates.published,
            laureates.whole,
            laureates.sources,
            ("annee", "prix", "initiative"),
        ),
        Dataset(
            "evenements",
            "Les événements",
            "L’agenda de Rally’nov\u202f: rencontres, ateliers, salons, remises de prix, "
            "passés et à venir.",
            events.COLUMNS,
            Event.objects.published,
            events.whole,
            events.sources,
            ("identifiant",),
        ),
    ]
}
