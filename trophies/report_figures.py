"""The figures of a letter: each is counted once, and leads to what it counts.

What there is none of has no figure: « 0 salon » is said nowhere.
"""

from urllib.parse import urlencode

from django.urls import reverse

from partners.models import Partnership
from rallynov.dates import day_text
from rallynov.numbers import agreed, euros, number
from trophies.report import Figure
from trophies.report_rows import CANDIDATURES

Kind = Partnership.Kind
WORDS = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize",
]  # fmt: skip
NAMES = [
    "candidatures", "laureats", "departements", "montant", "dotation", "rencontres", "participants",
    "salons", "europe", "partenaires", "pilotes", "financeurs", "mobilises", "initiatives",
    "fiches", "nouvelles_fiches", "visiteurs", "visites", "pages",
]  # fmt: skip
# Under which keys a past edition noted them.
SHEETS, VISITORS, PAGES = "initiatives", "visiteurs", "pages-consultees"
OTHER_METHOD = (
    "Nous ne savons pas comment ces visiteurs ont été comptés\u202f: "
    "ils ne se comparent pas à nos visites."
)


def figures_of(rows):
    """{name: Figure} of what the `ReportRows` hold, in the order of the page."""
    if not rows.is_out:
        return {}
    made = [
        *jury_figures(rows),
        *prize_figures(rows),
        *event_figures(rows),
        *partner_figures(rows),
        *directory_figures(rows),
        *audience_figures(rows),
    ]
    return {figure.name: figure for figure in made if figure.value}


def spelled(value, *, feminine=False):
    """« quatre », « une »; in figures above seize."""
    if value == 1 and feminine:
        return "une"
    return WORDS[value] if value < len(WORDS) else number(value)


def figure(name, value, one, many="", *, url, label=None, feminine=False, **others):
    """`one` and `many` follow the number in a sentence, `label` (a pair) under it, set large."""
    return Figure(
        name=name,
        value=value,
        shown=number(value),
        label=agreed(value, *(label or (one, many))),
        words=f"{spelled(value, feminine=feminine)} {agreed(value, one, many)}",
        url=url,
        **others,
    )


def told(name, row, noun, *, url):
    """A figure that the edition published of itself, with its source."""
    words = f"{number(row.value)} {noun}"
    return Figure(
        name=name,
        value=row.value,
        shown=number(row.value),
        label=row.label,
        words=f"près de {words}" if row.is_approximate else words,
        url=url,
        is_approximate=row.is_approximate,
        source=f"Source\u202f: {row.source}.",
    )


def edition_address(rows):
    """Where the edition’s own figures are, with their source."""
    return f"{rows.edition.get_absolute_url()}#figures-title"


def laureates_address(rows):
    return reverse("trophies:laureates", args=[rows.year])


def jury_figures(rows):
    if row := rows.archive.get(CANDIDATURES):
        yield told("candidatures", row, "candidatures", url=edition_address(rows))
    else:
        yield figure(
            "candidatures",
            rows.candidatures,
            "candidature",
            label=("candidature déposée", "candidatures déposées"),
            feminine=True,
            url=rows.edition.get_absolute_url(),
        )
    yield figure("laureats", len(rows.laureates), "lauréat", url=laureates_address(rows))
    codes = [department.code for department in rows.departments]
    query = urlencode({"laureat": rows.year, "departement": codes}, doseq=True)
    yield figure(
        "departements",
        len(codes),
        "département",
        label=("département distingué", "départements distingués"),
        url=f"{reverse('initiatives:list')}?{query}",
    )


def prize_figures(rows):
    amounts = [row.prize.amount for row in rows.laureates if row.prize.amount]
    address = laureates_address(rows)
    if len(set(amounts)) == 1 and len(amounts) == len(rows.laureates):
        label = "pour chaque lauréat" if len(amounts) > 1 else "pour le lauréat"
        yield sum_of_money("montant", amounts[0], label, address)
    if len(amounts) > 1:
        yield sum_of_money("dotation", sum(amounts), "de prix en tout", address)


def sum_of_money(name, amount, label, url):
    words = euros(amount)
    return Figure(name, int(amount), words, label, words, url)


def event_figures(rows):
    met, meetings = rows.gatherings, "#rencontres"
    yield figure("rencontres", len(met), "rencontre", feminine=True, url=meetings)
    people = sum(event.attendance for event in met)
    yield figure("participants", people, "participant", url=meetings)
    yield figure("salons", len(rows.fairs), "salon", url="#salons")
    words = ("étape européenne", "étapes européennes")
    yield figure("europe", len(rows.european), *words, feminine=True, url="#europe")


def partner_figures(rows):
    address = f"{reverse('partners:list')}#year-{rows.year}"
    for name, kinds, words in [
        ("partenaires", [], ("partenaire", "partenaires")),
        ("pilotes", [Kind.PILOT], ("structure pilote", "structures pilotes")),
        ("financeurs", [Kind.FUNDER], ("financeur", "financeurs")),
        ("mobilises", [Kind.ALLY], ("partenaire mobilisé", "partenaires mobilisés")),
    ]:
        count = len(rows.partners_as(*kinds))
        yield figure(name, count, *words, feminine=name == "pilotes", url=address)


def directory_figures(rows):
    if row := rows.archive.get(SHEETS):
        yield told("initiatives", row, "initiatives", url=edition_address(rows))
    sheets = rows.sheets
    yield figure(
        "fiches",
        sum(sheets.values()),
        "fiche",
        label=("fiche dans l’annuaire", "fiches dans l’annuaire"),
        feminine=True,
        url=arrived_in(sheets),
    )
    new = sheets.get(rows.year, 0)
    words = ("nouvelle fiche", "nouvelles fiches")
    address = arrived_in([rows.year])
    yield figure("nouvelles_fiches", new, *words, feminine=True, url=address)


def arrived_in(years):
    """The directory's sheets that came out in these years."""
    return f"{reverse('initiatives:list')}?{urlencode({'arrivee': list(years)}, doseq=True)}"


def audience_figures(rows):
    address = f"{reverse('audience:method')}#figures-title"
    if VISITORS in rows.archive or PAGES in rows.archive:
        for name, key, noun in [("visiteurs", VISITORS, "visiteurs"), ("pages", PAGES, "pages")]:
            if row := rows.archive.get(key):
                yield told(name, row, noun, url=address)
        return
    counted = rows.audience
    since = (
        counted.since and f"Compté par ce site, sans cookie, depuis le {day_text(counted.since)}."
    )
    facts = {"url": address, "feminine": True, "source": since or ""}
    yield figure("visites", counted.visits, "visite", **facts)
    yield figure("pages", counted.pages, "page lue", "pages lues", **facts)
