"""The sheets of the directory: what their public pages say, under the directory's own filters."""

from django.db.models import Prefetch

from initiatives.models import Condition, Initiative, InitiativeTheme, Support, Theme
from partners.models import Organisation
from places.models import Commune, Epci
from rallynov.opendata.columns import (
    ADDRESS,
    BOOLEAN,
    DAY,
    INSTANT,
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
from trophies.models import Edition, Laureate, Prize

DIGITS = 5  # of a degree: about one metre


def coordinate(name):
    """A coordinate of the commune's own position, or of its surroundings."""

    def read(sheet):
        value = getattr(sheet.commune, name) if sheet.commune else None
        return None if value is None else round(value, DIGITS)

    return read


def precision(sheet):
    source = sheet.commune.coordinate_source if sheet.commune else ""
    return PRECISIONS[source]


PRECISIONS = {
    Commune.CoordinateSource.GEONAMES: "commune",
    Commune.CoordinateSource.POSTAL_AREA: "approchée",
    Commune.CoordinateSource.UNKNOWN: None,
}


def organisations(role):
    return names(lambda sheet: sheet.organisations_as(role))


def kinds(sheet):
    return [support.organisation.get_kind_display() for support in sheet.holders]


def whole(rows):
    """With all that a line reads."""
    return (
        rows.select_related("department", "commune__epci")
        .prefetch_related(
            Prefetch("theme_links", InitiativeTheme.objects.select_related("theme")),
            Prefetch("supports", Support.objects.select_related("organisation")),
            "conditions",
        )
        .with_laureates()
    )


def sources():
    """The rows that the file is made of, those that the public may see and no other."""
    sheets = Initiative.objects.published()
    supports = Support.objects.filter(initiative__in=sheets.values("pk"))
    conditions = Initiative.conditions.through.objects
    return [
        sheets,
        InitiativeTheme.objects.filter(initiative__in=sheets.values("pk")),
        conditions.filter(initiative__in=sheets.values("pk")),
        supports,
        Organisation.objects.filter(pk__in=supports.values("organisation")),
        Theme.objects.all(),
        Condition.objects.all(),
        Commune.objects.all(),
        Epci.objects.all(),
        *laureate_sources(),
    ]


def laureate_sources():
    laureates = Laureate.objects.published()
    prizes = Prize.objects.filter(pk__in=laureates.values("prize"))
    return [laureates, prizes, Edition.objects.filter(pk__in=prizes.values("edition"))]


COLUMNS = [
    Column("identifiant", "Identifiant", TEXT,
           "La fin de l’adresse de la fiche ; unique, et stable.", "cantine-d-a-cote",
           attribute("slug"), is_required=True),
    Column("adresse", "Adresse", ADDRESS, "La page de la fiche.",
           "https://exemple.fr/initiatives/cantine-d-a-cote/", address, is_required=True),
    Column("titre", "Titre", TEXT, "Le nom de l’initiative.", "La cantine d’à côté",
           attribute("title"), is_required=True),
    Column("resume", "Résumé", TEXT, "Ce que c’est, pour qui, en une phrase.",
           "Le surplus des maraîchers devient un repas à prix libre.", attribute("summary")),
    Column("besoin", "Le besoin", TEXT, "D’où part l’initiative.",
           "Des légumes se perdent, des voisins mangent mal.", attribute("need")),
    Column("reponse", "La réponse", TEXT, "Ce qu’elle fait.",
           "Trois midis par semaine, une cuisine ouverte.", attribute("response")),
    Column("personnes_associees", "Les personnes associées", TEXT, "Celles et ceux qui la font.",
           "Douze bénévoles, deux salariées.", attribute("people")),
    Column("effets", "Les effets", TEXT, "Ce que cela change.", "Cent repas servis chaque semaine.",
           attribute("effects")),
    Column("themes", "Thèmes", LIST, "Ceux de l’annuaire, le principal d’abord.",
           "Alimentation | Solidarité", names(lambda s: s.theme_links.all(), "theme.name")),
    Column("conditions", "Conditions favorables", LIST, "Ce qui l’a rendue possible.",
           "Oser faire différemment", names(lambda s: s.conditions.all(), "title")),
    *place_columns(),
    Column("intercommunalite_code", "Intercommunalité, SIREN", TEXT,
           "Le SIREN de l’établissement public de coopération intercommunale.", "242500361",
           attribute("commune.epci_id")),
    Column("intercommunalite", "Intercommunalité", TEXT, "Son nom.",
           "CU Grand Besançon Métropole", attribute("commune.epci.name")),
    Column("latitude", "Latitude", NUMBER, "Celle de la commune, en degrés (WGS 84).", "47.24878",
           coordinate("latitude")),
    Column("longitude", "Longitude", NUMBER, "Celle de la commune, en degrés (WGS 84).", "6.01815",
           coordinate("longitude")),
    Column("position", "Origine de la position", TEXT,
           "« commune », ou « approchée » : alors celle des environs (même code postal).",
           "commune", precision, choices=("commune", "approchée")),
    Column("depuis", "Depuis", INTEGER, "L’année où elle a commencé.", "2023",
           attribute("started_year")),
    Column("arretee_le", "Arrêtée le", DAY,
           "Le jour où elle a pris fin : la fiche reste, comme expérience.", "2025-06-30",
           attribute("ended_on")),
    Column("site", "Site", ADDRESS, "Son propre site.", "https://www.exemple.fr/",
           attribute("website")),
    Column("porteurs", "Porteurs", LIST, "Les organisations qui la portent.",
           "Association La Louche", organisations(Support.Role.HOLDER)),
    Column("formes", "Formes des porteurs", LIST, "La forme de chacune, dans le même ordre.",
           "association", kinds),
    Column("partenaires", "Partenaires", LIST, "Les organisations qui aident.",
           "Les Jardins du Plateau", organisations(Support.Role.PARTNER)),
    Column("financeurs", "Financeurs", LIST, "Les organisations qui financent.",
           "Fondation du Val", organisations(Support.Role.FUNDER)),
    Column("laureate", "Lauréate", LIST, "Les années où les trophées l’ont récompensée.", "2014",
           lambda sheet: [str(year) for year in sheet.laureate_years]),
    Column("verifiee_le", "Vérifiée le", DAY, "Le jour où la fiche a été relue.", "2026-03-12",
           attribute("verified_on")),
    Column("modifiee_le", "Modifiée le", INSTANT, "La dernière modification de la fiche.",
           "2026-03-12T09:30:00+01:00", attribute("updated_at"), is_required=True),
    Column("exemple", "Exemple", BOOLEAN, "« oui » pour une fiche fictive, écrite pour montrer.",
           "non", attribute("is_example"), is_required=True),
]  # fmt: skip
