"""The laureates of every edition whose results are out."""

from django.db.models import Exists, OuterRef, Prefetch

from initiatives.models import Initiative, Support
from partners.models import Organisation
from rallynov.opendata.columns import (
    ADDRESS,
    BOOLEAN,
    INTEGER,
    LIST,
    NUMBER,
    TEXT,
    Column,
    address,
    attribute,
    names,
    place_columns,
)
from rallynov.opendata.initiatives import laureate_sources
from trophies.models import Laureate


def published():
    """Those whose sheet the public may open."""
    sheets = Initiative.objects.published()
    return Laureate.objects.published().filter(Exists(sheets.filter(pk=OuterRef("initiative"))))


def whole(rows):
    supports = Support.objects.select_related("organisation")
    return rows.select_related(
        "prize__edition", "prize__funder", "initiative__department", "initiative__commune"
    ).prefetch_related(Prefetch("initiative__supports", supports))


def sources():
    laureates = published()
    sheets = Initiative.objects.filter(pk__in=laureates.values("initiative"))
    supports = Support.objects.filter(initiative__in=sheets.values("pk"))
    prizes = laureates.values("prize__funder")
    return [
        *laureate_sources(),
        sheets,
        supports,
        Organisation.objects.filter(pk__in=supports.values("organisation")),
        Organisation.objects.filter(pk__in=prizes),
    ]


COLUMNS = [
    Column("annee", "Année", INTEGER, "L’année de l’édition.", "2014",
           attribute("prize.edition.year"), is_required=True),
    Column("prix", "Prix", TEXT, "Le nom du prix. L’ordre des lignes n’est pas un classement.",
           "Prix de l’innovation sociale", attribute("prize.name"), is_required=True),
    Column("montant", "Montant", NUMBER, "En euros.", "2000", attribute("prize.amount")),
    Column("financeur", "Financeur", TEXT, "L’organisation qui finance le prix.",
           "Fondation du Val", attribute("prize.funder.name")),
    Column("pourquoi", "Pourquoi ce prix", TEXT, "Ce que le jury en a dit.",
           "Pour avoir ouvert sa cuisine à tout un quartier.", attribute("citation")),
    Column("initiative", "Initiative", TEXT, "L’identifiant de sa fiche, dans les initiatives.",
           "cantine-d-a-cote", attribute("initiative.slug"), is_required=True),
    Column("adresse", "Adresse", ADDRESS, "La page de sa fiche.",
           "https://exemple.fr/initiatives/cantine-d-a-cote/",
           lambda laureate: address(laureate.initiative), is_required=True),
    Column("titre", "Titre", TEXT, "Le nom de l’initiative.", "La cantine d’à côté",
           attribute("initiative.title"), is_required=True),
    *place_columns("initiative."),
    Column("porteurs", "Porteurs", LIST, "Les organisations qui la portent.",
           "Association La Louche", names(lambda laureate: laureate.initiative.holders)),
    Column("exemple", "Exemple", BOOLEAN, "« oui » pour une fiche fictive, écrite pour montrer.",
           "non", attribute("initiative.is_example"), is_required=True),
]  # fmt: skip
