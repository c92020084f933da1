"""The letter of a year, composed from what is published, in the team's own words where it has some.

`compose(report)` reads the database; `letter_of(report)` gives back what was kept once frozen.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.html import strip_tags
from django.utils.text import capfirst

from initiatives.models import Condition
from partners.models import Partnership
from rallynov.dates import date_text
from rallynov.numbers import euros
from trophies.report import (
    BLANKS,
    NARROW,
    Letter,
    Line,
    Piece,
    Section,
    Sheet,
    Winner,
    filled,
    letter_from,
    missing_in,
)
from trophies.report_drawn import (
    directory_plot,
    editions_plot,
    event_facts,
    gatherings_plot,
    marks_of,
    stops_of,
)
from trophies.report_figures import NAMES, OTHER_METHOD, figures_of
from trophies.report_rows import ReportRows
from trophies.report_words import SECTIONS, TEXTS, winner

Kind = Partnership.Kind
LARGE = [
    "candidatures", "laureats", "montant", "departements", "rencontres", "participants", "salons",
    "partenaires", "initiatives", "fiches", "visiteurs", "visites", "pages",
]  # fmt: skip
# Four pages, once printed.
SHEETS = [
    ["edition"],
    ["rencontres", "salons"],
    ["laureats"],
    ["partenaires", "europe", "audience", "annuaire", "perspectives"],
]
ORDINALS = [
    "", "première", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième",
    "huitième", "neuvième", "dixième", "onzième", "douzième",
]  # fmt: skip


def letter_of(report):
    return letter_from(report.content) if report.is_frozen else compose(report)


def compose(report):
    return Composition(report).letter


def for_letter(reports):
    """With what composing needs; a PDF is heavy, and loaded where it is served."""
    related = ["edition__departments", "edition__figures", "paragraphs"]
    rows = reports.select_related("edition__ceremony__commune")
    return rows.prefetch_related(*related).defer("pdf")


def hides_results(edition, user):
    """Before the results, the words of a letter may tell of them: not to who has a tie."""
    return not edition.has_published_results and edition.hides_from(user)


@dataclass(frozen=True)
class Draft:
    """A paragraph that the team may put in its own words: `composed` is what it says without."""

    key: str
    title: str
    composed: str
    own: str | None
    fields: dict

    @property
    def text(self):
        return self.composed if self.own is None else self.own

    @property
    def paragraphs(self):
        return filled(self.text, self.fields)

    @property
    def missing(self):
        """The names of its figures that have nothing to count any more."""
        return missing_in(self.text, self.fields)


class Composition:
    def __init__(self, report):
        self.report, self.edition = report, report.edition
        self.rows = ReportRows(report.edition)

    @cached_property
    def figures(self):
        return figures_of(self.rows)

    @cached_property
    def fields(self):
        return fields_of(self.rows, self.figures)

    @cached_property
    def own(self):
        """The team’s paragraphs; a letter that was never saved has none."""
        rows = self.report.paragraphs.all() if self.report.pk else ()
        return {paragraph.key: paragraph.text for paragraph in rows}

    @cached_property
    def drafts(self):
        """Every paragraph by its key, in the order of the page."""
        own = [self.draft(key, title, TEXTS[key], self.fields) for key, title in SECTIONS.items()]
        winners = [self.winner_draft(laureate) for laureate in self.rows.laureates]
        place = list(SECTIONS).index("laureats") + 1
        return {draft.key: draft for draft in own[:place] + winners + own[place:]}

    def draft(self, key, title, words, fields):
        def n(name):
            figure = self.figures.get(name)
            return figure.value if figure else len(fields.get(name, ()))

        return Draft(key, title, words(n) or "", self.own.get(key), fields)

    def winner_draft(self, laureate):
        fields = self.fields | winner_fields(laureate)
        return self.draft(winner_key(laureate), laureate.initiative.title, winner, fields)

    @property
    def shown(self):
        """The figures that are set large."""
        return tuple(self.figures[name] for name in LARGE if name in self.figures)

    # The letter ----------------------------------------------------------------------------------

    @property
    def letter(self):
        edition = self.edition
        return Letter(
            year=edition.year,
            kicker=ordinal_text(edition),
            lead=edition.summary,
            is_example=edition.is_example,
            figures=self.shown,
            stops=tuple(stops_of(self.rows)),
            marks=tuple(marks_of(self.rows)),
            sheets=tuple(self.sheets()),
            credits=edition.credits,
        )

    def sheets(self):
        """The cover, what has something to tell, the end; four wherever that can be.

        A year without meetings gives their page to the edition and to its surroundings.
        """
        cover, met, won, rest = (self.sections(keys) for keys in SHEETS)
        if not met:
            cover, met, rest = (), cover + rest[:-1], rest[-1:]
        winners = tuple(map(self.winner, self.rows.laureates))
        middle = [Sheet(met), Sheet(won, winners)]
        return [Sheet(cover), *(s for s in middle if s.sections or s.winners), Sheet(rest)]

    def sections(self, keys):
        """Those that have something to tell; an empty text of the team's leaves one out whole."""
        made = (self.section(self.drafts[key]) for key in keys)
        return tuple(section for section in made if section)

    def section(self, draft):
        if draft.own == "":
            return None
        lines, plots = self.lines(draft.key), self.plots(draft.key)
        paragraphs = tuple(without_links_to(f"#{draft.key}", draft.paragraphs))
        if not paragraphs and not lines and not plots:
            return None
        sources = tuple(self.sources(draft))
        return Section(draft.key, draft.title, paragraphs, lines, plots, sources)

    def winner(self, laureate):
        initiative, prize = laureate.initiative, laureate.prize
        theme = initiative.theme
        facts = [initiative.place, initiative.started_year and f"depuis {initiative.started_year}"]
        given = [prize.name, prize.amount and euros(prize.amount)]
        return Winner(
            title=initiative.title,
            url=initiative.get_absolute_url(),
            family=theme.pattern if theme else "rallynov",
            slug=initiative.slug,
            theme=theme.name if theme else "",
            facts=" · ".join(filter(None, facts)),
            prize=", ".join(filter(None, given)),
            paragraphs=self.drafts[winner_key(laureate)].paragraphs,
        )

    def lines(self, key):
        shown = {"salons": self.rows.fairs, "europe": self.rows.european}
        return tuple(
            Line(event.title, event.get_absolute_url(), event_facts(event))
            for event in shown.get(key, ())
        )

    def plots(self, key):
        makers = {
            "edition": editions_plot,
            "rencontres": gatherings_plot,
            "annuaire": directory_plot,
        }
        made = makers[key](self.rows) if key in makers else None
        return (made,) if made else ()

    def sources(self, draft):
        """Where the figures that the text names come from, once each."""
        named = [f for f in self.figures.values() if f"{{{f.name}}}" in draft.text and f.source]
        yield from dict.fromkeys(figure.source for figure in named)
        if any(figure.name == "visiteurs" for figure in named):
            yield OTHER_METHOD


def winner_key(laureate):
    return f"laureat-{laureate.pk}"


def without_links_to(address, paragraphs):
    """A section does not lead to itself."""
    for paragraph in paragraphs:
        pieces = (replace(p, url="") if p.url == address else p for p in paragraph.pieces)
        yield replace(paragraph, pieces=tuple(pieces))


# What is named between braces ---------------------------------------------------------------------


def fields_of(rows, figures):
    """{name: pieces}: the figures, then names and facts; empty where there is none."""
    own = dict.fromkeys(NAMES, ())
    own |= {name: (Piece(figure.words, figure.url),) for name, figure in figures.items()}
    conditions = {scope: [] for scope in Condition.Scope.values}
    for condition in rows.conditions:
        conditions[condition.scope].append(condition)
    edition = rows.edition
    return own | {
        "annee": (Piece(str(rows.year)),),
        "edition": (Piece(edition_text(edition), edition.get_absolute_url()),),
        "territoire": listed(Piece(each.name) for each in edition.departments.all()),
        "noms_laureats": linked(row.initiative for row in rows.laureates),
        "noms_pilotes": linked(rows.partners_as(Kind.PILOT)),
        "noms_financeurs": linked(rows.partners_as(Kind.FUNDER)),
        "noms_mobilises": linked(rows.partners_as(Kind.ALLY)),
        "conditions_entreprises": told_in_a_row(conditions[Condition.Scope.ENTERPRISE]),
        "conditions_territoires": told_in_a_row(conditions[Condition.Scope.TERRITORY]),
        "remise_des_prix": ceremony_pieces(rows.ceremony),
        "perspectives": text_pieces(plain(edition.perspectives)),
    }


def winner_fields(laureate):
    initiative = laureate.initiative
    texts = {
        "nom": initiative.title,
        "resume": initiative.summary,
        "besoin": initiative.need,
        "reponse": initiative.response,
        "personnes": initiative.people,
        "effets": initiative.effects,
        "citation": laureate.citation,
    }
    return {name: text_pieces(text) for name, text in texts.items()}


def text_pieces(text):
    words = BLANKS.sub(" ", text).strip()
    return (Piece(words),) if words else ()


def plain(html):
    return strip_tags(html.replace("<", " <"))


def linked(rows):
    return listed(Piece(str(row), row.get_absolute_url()) for row in rows)


def listed(pieces, *, last=" et ", between=", "):
    """« Doubs, Jura et Haute-Saône »"""
    pieces, made = list(pieces), []
    for rank, piece in enumerate(pieces):
        if rank:
            made.append(Piece(last if rank == len(pieces) - 1 else between))
        made.append(piece)
    return tuple(made)


def told_in_a_row(conditions):
    """Their titles hold commas and « et »: other signs part them."""
    own = [
        Piece(each.title[:1].lower() + each.title[1:], each.get_absolute_url())
        for each in conditions
    ]
    return listed(own, last=f"{NARROW}; ", between=f"{NARROW}; ")


def ordinal_text(edition):
    ordinal = edition.ordinal or 0
    if ordinal and ordinal < len(ORDINALS):
        return f"{capfirst(ORDINALS[ordinal])} édition"
    return f"Édition {edition.year}"


def edition_text(edition):
    """« la deuxième édition », « l’édition 2027 »"""
    text = ordinal_text(edition)
    return f"l’é{text[1:]}" if text.startswith("É") else f"la {text[0].lower()}{text[1:]}"


def ceremony_pieces(event):
    """« le 12 mai 2026, à Dole », « en 2014, à Besançon »"""
    if event is None:
        return ()
    when = f"le {date_text(event.starts_at, 'j F Y')}" if event.has_day else f"en {event.date_text}"
    where = f", à {event.commune.name}" if event.commune else ""
    return (Piece(when + where, event.get_absolute_url()),)
