"""The columns of an import and of an export: one list, read and written by the same hand.

`read` (readers.py) takes a cell that says something; `write` gives what `read` reads back.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from initiatives.transfer import readers
from initiatives.transfer.cells import instant_text, join_list
from initiatives.transfer.matching import is_slip

UNSAID = object()  # an empty cell says nothing


@dataclass(frozen=True)
class Column:
    name: str
    header: str
    read: Callable  # (text, line, known) -> value; may raise Misread
    write: Callable  # (sheet, known) -> text
    help: str
    example: str = ""
    aliases: str = ""
    blank: object = ""  # what an empty cell means


# Writing -----------------------------------------------------------------------------------------


def attribute(name):
    def write(sheet, known):
        value = getattr(sheet, name)
        return "" if value is None else str(value)

    return write


def write_commune(sheet, known):
    return str(sheet.commune) if sheet.commune else ""


def write_department(sheet, known):
    return known.departments.name_of(sheet.department_id) if sheet.department_id else ""


def write_themes(sheet, known):
    return join_list(known.themes.name_of(link.theme.slug) for link in sheet.theme_links.all())


def write_conditions(sheet, known):
    return join_list(known.conditions.name_of(row.slug) for row in sheet.conditions.all())


def organisations(role):
    def write(sheet, known):
        rows = sheet.organisations_as(role)
        return join_list(known.organisations.name_of(row.organisation) for row in rows)

    return write


def of_holders(attribute):
    def write(sheet, known):
        parts = [attribute(support.organisation) for support in sheet.holders]
        return join_list(parts) if any(parts) else ""

    return write


def write_publication(sheet, known):
    return instant_text(sheet.published_at) if sheet.published_at else "brouillon"


def write_example(sheet, known):
    return "oui" if sheet.is_example else ""


# The list ----------------------------------------------------------------------------------------

LISTED = "Plusieurs : séparez-les par une barre, A | B."

COLUMNS = [
    Column(
        "slug",
        "Fiche",
        readers.read_slug,
        attribute("slug"),
        "L’adresse de la fiche à mettre à jour. Vide : une nouvelle initiative.",
        aliases="adresse de la fiche, adresse, slug, identifiant",
        blank=UNSAID,
    ),
    Column(
        "title",
        "Titre",
        readers.on_one_line("title"),
        attribute("title"),
        "Obligatoire. 160 caractères au plus.",
        "La cantine d’à côté",
        aliases="nom, nom de l’initiative, initiative, intitulé",
    ),
    Column(
        "summary",
        "En une phrase",
        readers.on_one_line("summary"),
        attribute("summary"),
        "Obligatoire. Ce que c’est, pour qui ; 300 caractères au plus.",
        "Le surplus des maraîchers devient un repas à prix libre.",
        aliases="résumé, description, chapeau",
    ),
    Column(
        "need",
        "Le besoin",
        readers.as_written,
        attribute("need"),
        "D’où part l’initiative.",
        aliases="besoin",
    ),
    Column(
        "response",
        "La réponse",
        readers.as_written,
        attribute("response"),
        "Ce qu’elle fait.",
        aliases="réponse",
    ),
    Column(
        "people",
        "Les personnes associées",
        readers.as_written,
        attribute("people"),
        "Qui y prend part.",
        aliases="personnes, personnes associées",
    ),
    Column(
        "effects",
        "Les effets",
        readers.as_written,
        attribute("effects"),
        "Ce qui a changé.",
        aliases="effets",
    ),
    # Read before the commune, which it makes clear.
    Column(
        "department",
        "Département",
        readers.read_department,
        write_department,
        "Un nom ou un numéro. Inutile quand la commune est dite.",
        "Doubs",
        blank=None,
    ),
    Column(
        "commune",
        "Commune",
        readers.read_commune,
        write_commune,
        "Un nom, seul ou avec son département, ou un code INSEE.",
        "Besançon (25)",
        aliases="ville, lieu, code INSEE",
        blank=None,
    ),
    Column(
        "started_year",
        "Depuis",
        readers.read_year,
        attribute("started_year"),
        "Une année.",
        "2023",
        aliases="année, année de création, créée en",
        blank=None,
    ),
    Column(
        "website",
        "Site",
        readers.read_website,
        attribute("website"),
        "L’adresse d’un site.",
        "https://www.exemple.fr",
        aliases="site internet, site web, url, web",
    ),
    Column(
        "themes",
        "Thèmes",
        readers.from_list("themes", "Thèmes"),
        write_themes,
        f"Ceux de l’annuaire, le principal d’abord. {LISTED}",
        "Alimentation | Solidarité",
        aliases="thème, thématique, thématiques",
        blank=(),
    ),
    Column(
        "conditions",
        "Conditions favorables",
        readers.from_list("conditions", "Conditions favorables"),
        write_conditions,
        f"Celles de l’annuaire. {LISTED}",
        aliases="conditions, condition favorable",
        blank=(),
    ),
    Column(
        "holders",
        "Porteurs",
        readers.read_organisations,
        organisations("holder"),
        f"Les organisations qui portent l’initiative ; une inconnue est ajoutée. {LISTED}",
        "Association La Louche",
        aliases="porteur, organisation, structure, structure porteuse, organisme",
        blank=(),
    ),
    Column(
        "kinds",
        "Forme du porteur",
        readers.read_kinds,
        of_holders(lambda row: row.get_kind_display()),
        "Pour un porteur inconnu : association, entreprise, coopérative…",
        "association",
        aliases="forme, forme des porteurs, statut juridique",
        blank=(),
    ),
    Column(
        "sirens",
        "SIREN du porteur",
        readers.read_sirens,
        of_holders(lambda row: row.siren),
        "Neuf chiffres : le plus sûr moyen de désigner une organisation.",
        aliases="siren, siret",
        blank=(),
    ),
    Column(
        "partners",
        "Partenaires",
        readers.read_organisations,
        organisations("partner"),
        f"Les organisations qui aident. {LISTED}",
        aliases="partenaire",
        blank=(),
    ),
    Column(
        "funders",
        "Financeurs",
        readers.read_organisations,
        organisations("funder"),
        f"Les organisations qui financent. {LISTED}",
        aliases="financeur",
        blank=(),
    ),
    Column(
        "verified_on",
        "Vérifiée le",
        readers.read_day,
        attribute("verified_on"),
        "Le jour où la fiche a été relue.",
        "12/03/2026",
        aliases="vérifié le, date de vérification",
        blank=None,
    ),
    Column(
        "published_at",
        "Publication",
        readers.read_publication,
        write_publication,
        "« brouillon », « publiée », ou le jour où elle paraît. Vide : brouillon pour une nouvelle "
        "fiche, inchangée pour une autre.",
        "brouillon",
        aliases="état, date de publication, publiée le",
        blank=UNSAID,
    ),
    Column(
        "embargo_year",
        "Résultats de",
        readers.read_embargo,
        attribute("embargo_year"),
        "L’année de l’édition dont la fiche attend les résultats. L’export la remplit.",
        blank=UNSAID,
    ),
    Column(
        "is_example",
        "Exemple",
        readers.read_yes_or_no,
        write_example,
        "« oui » pour un contenu fictif.",
        blank=False,
    ),
]
BY_NAME = {column.name: column for column in COLUMNS}


# Headers -----------------------------------------------------------------------------------------


def plain(header):
    """Without accents, case, spaces, punctuation: « Thème(s) » → « themes »."""
    letters = unicodedata.normalize("NFKD", header.casefold().replace("œ", "oe"))
    return "".join(c for c in letters if c.isascii() and c.isalnum())


HEADERS = {
    plain(header): column.name
    for column in COLUMNS
    for header in (column.name, column.header, *filter(None, column.aliases.split(", ")))
}


def match_headers(headers):
    """`[(header, name of our column or "")]`; one typing error is forgiven."""
    return [(header, column_of(plain(header))) for header in headers]


def column_of(header):
    if header in HEADERS:
        return HEADERS[header]
    close = {name for known, name in HEADERS.items() if is_slip(header, known)}
    return close.pop() if len(close) == 1 else ""
