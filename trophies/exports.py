"""What the team takes away of an edition as tables: what a person may see, and nothing more.

Each export has its columns in one list: a header, and what it reads of a row.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.crypto import salted_hmac

from initiatives.transfer.cells import join_list
from places.models import Department
from rallynov.spreadsheets import batches, harmless
from trophies.follow_up import laureates_of, row_of
from trophies.models import Candidature, Decision, Deposit, Evaluation
from trophies.models.aftermath import WORDS
from trophies.workflow import Status


@dataclass(frozen=True)
class Export:
    slug: str  # in its address, and in the name of its file
    name: str
    label: str
    help: str
    columns: Callable  # (edition) -> [(header, row -> value)]
    rows: Callable  # (edition, user) -> rows, some at a time
    count: Callable  # (edition, user) -> how many rows
    is_open: Callable = lambda edition: True


def lines(export, edition, user):
    """The lines of a file, headers first; no cell of them runs in a spreadsheet."""
    columns = export.columns(edition)
    yield [harmless(header) for header, _ in columns]
    for row in export.rows(edition, user):
        yield [harmless(read(row)) for _, read in columns]


def instant(value):
    """« 2026-03-12 09:30 », in Paris: a spreadsheet reads it as a date."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


def with_deposited(rows, candidature):
    """With `deposited_title` and `deposited_structure`, as they were last deposited.

    `candidature`: the name, in `rows`, of the key of the file.
    """
    last = Deposit.objects.filter(candidature=OuterRef(candidature)).order_by("-number")
    return rows.annotate(
        deposited_title=Subquery(last.values("payload__title")[:1]),
        deposited_structure=Subquery(last.values("payload__organisation__name")[:1]),
    )


# Candidatures: what was last deposited, and never the text being typed ---------------------------


def deposited(edition, user):
    """The deposited files that `user` may see."""
    return Candidature.objects.visible_to(user).filter(edition=edition).exclude(status=Status.DRAFT)


def candidature_rows(edition, user):
    last = Deposit.objects.filter(candidature=OuterRef("pk")).order_by("-number")
    rows = deposited(edition, user).only(
        "reference", "status", "reason", "submitted_at", "screened_at"
    )
    rows = rows.annotate(
        payload=Subquery(last.values("payload")[:1]),
        last_received_at=Subquery(last.values("received_at")[:1]),
    )
    departments = dict(Department.objects.values_list("code", "name"))
    for some in batches(rows):
        people = holders_of(some)
        for candidature in some:
            place = candidature.payload["commune"]
            candidature.deposited_department = departments.get(place["department"]) if place else ""
            candidature.people = people[candidature.pk]
            yield candidature


def holders_of(candidatures):
    """`{candidature's key: [(name, address)]}`.

    Not prefetched: rows that hold one another stay in memory until the collector comes.
    """
    links = Candidature.holders.through.objects.filter(candidature__in=candidatures)
    people = defaultdict(list)
    for key, *person in links.order_by("user__email").values_list(
        "candidature", "user__name", "user__email"
    ):
        people[key].append(person)
    return people


def of_holders(place):
    def read(candidature):
        parts = [person[place] for person in candidature.people]
        return join_list(parts) if any(parts) else ""

    return read


def commune_of(candidature):
    place = candidature.payload["commune"]
    return place["name"] if place else ""


CANDIDATURES = [
    ("Référence", lambda row: row.reference),
    ("Projet", lambda row: row.payload["title"]),
    ("Statut", lambda row: row.get_status_display()),
    ("En une phrase", lambda row: row.payload["summary"]),
    ("Structure", lambda row: row.payload["organisation"]["name"]),
    ("Forme", lambda row: row.payload["organisation"]["kind_name"]),
    ("Commune", commune_of),
    ("Département", lambda row: row.deposited_department),
    ("Thèmes", lambda row: join_list(theme["name"] for theme in row.payload["themes"])),
    ("Porteurs", of_holders(0)),
    ("Adresses des porteurs", of_holders(1)),
    ("Déposée le", lambda row: instant(row.submitted_at)),
    ("Dernier dépôt le", lambda row: instant(row.last_received_at)),
    ("Examinée le", lambda row: instant(row.screened_at)),
    ("Motif", lambda row: row.reason),
]


# Readings: without names, once they are closed --------------------------------------------------


@dataclass(frozen=True)
class Reading:
    file: Candidature
    juror: str
    round: int
    is_last: bool  # of this juror and file: the one that counts
    levels: dict
    mean: float | None


def readings(edition, user):
    """The signed readings of the files that `user` may see, of both rounds."""
    seen = Candidature.objects.visible_to(user).eligible().filter(edition=edition)
    return Evaluation.objects.signed(edition).filter(assignment__candidature__in=seen)


def anonymous_numbers(edition, user):
    """`{juror's key: number}`: in an order that only the server knows, without a gap.

    Only those whose readings are shown have a number: another would tell of a hidden file.
    """
    members = set(readings(edition, user).values_list("assignment__jury_member", flat=True))

    def place(member):
        return salted_hmac("trophies.exports", f"{edition.pk}:{member}").hexdigest()

    return {member: n for n, member in enumerate(sorted(members, key=place), start=1)}


def reading_rows(edition, user):
    """File by file: the order in which they were signed would tell who signed."""
    numbers, criteria = anonymous_numbers(edition, user), list(edition.criteria.all())
    files = Candidature.objects.visible_to(user).eligible().filter(edition=edition)

    def place(evaluation):
        reading = evaluation.assignment
        return reading.candidature_id, numbers[reading.jury_member_id], reading.round

    for some in batches(with_deposited(files.only("reference"), "pk")):
        by_key = {file.pk: file for file in some}
        kept = readings(edition, user).filter(assignment__candidature__in=some)
        kept = sorted(kept, key=place)
        last = {place(evaluation)[:2]: evaluation.pk for evaluation in kept}
        for evaluation in kept:
            file, number, turn = place(evaluation)
            is_last = last[file, number] == evaluation.pk
            mean = evaluation.mean(criteria)
            levels = evaluation.levels
            yield Reading(by_key[file], f"J{number}", turn, is_last, levels, mean)


def level_of(criterion):
    def read(reading):
        level = reading.levels.get(criterion.pk)
        return "sans objet" if level is None else level

    return read


ROUNDS = [
    ("Tour", lambda row: row.round),
    ("Compte", lambda row: "oui" if row.is_last else "non"),
]


def reading_columns(edition):
    return [
        ("Référence", lambda row: row.file.reference),
        ("Projet", lambda row: row.file.deposited_title),
        ("Juré", lambda row: row.juror),
        *(ROUNDS if edition.has_second_round else []),
        *((criterion.label, level_of(criterion)) for criterion in edition.criteria.all()),
        ("Moyenne sur 4", lambda row: None if row.mean is None else round(row.mean, 4)),
    ]


# Decisions --------------------------------------------------------------------------------------


def decisions(edition, user):
    return Decision.objects.visible_to(user).filter(candidature__edition=edition)


def decision_rows(edition, user):
    """Without the letter, which is between the jury and the holders."""
    rows = decisions(edition, user).defer("letter").select_related("candidature__laureate__prize")
    return chain.from_iterable(batches(with_deposited(rows, "candidature")))


def of_laureate(read):
    def read_decision(decision):
        laureate = getattr(decision.candidature, "laureate", None)
        return read(laureate) if laureate else None

    return read_decision


DECISIONS = [
    ("Référence", lambda row: row.candidature.reference),
    ("Projet", lambda row: row.deposited_title),
    ("Structure", lambda row: row.deposited_structure),
    ("Décision", lambda row: row.get_outcome_display()),
    ("Prix", of_laureate(lambda laureate: laureate.prize.name)),
    ("Montant en euros", of_laureate(lambda laureate: laureate.prize.amount)),
    ("Pourquoi ce prix", of_laureate(lambda laureate: laureate.citation)),
]


# Follow-up --------------------------------------------------------------------------------------


def follow_up_rows(edition, user):
    return map(row_of, chain.from_iterable(batches(laureates_of(edition, user))))


def news_after(place):
    def read(row):
        step = row.news[place]
        return f"{step.label} ({instant(step.at)})" if step.at else step.label

    return read


CAME = {True: "oui", False: "non", None: ""}
FOLLOW_UP = [
    ("Lauréat", lambda row: row.laureate.initiative.title),
    ("Prix", lambda row: row.prize.name),
    ("Financeur", lambda row: row.prize.funder),
    ("Montant en euros", lambda row: row.given),
    ("Convention signée le", lambda row: row.convention_signed_on),
    ("Versé en euros", lambda row: row.paid),
    ("Versé le", lambda row: row.paid_on),
    ("Référence du versement", lambda row: row.payment_reference),
    ("Reste à verser", lambda row: row.left),
    ("À la remise des prix", lambda row: CAME[row.ceremony]),
    *((f"Nouvelles après {words}", news_after(n)) for n, words in enumerate(WORDS.values())),
]


EXPORTS = [
    Export(
        "candidatures",
        "candidatures",
        "Candidatures",
        "Ce qui a été déposé en dernier, où en est chaque candidature, et qui la porte.",
        lambda edition: CANDIDATURES,
        candidature_rows,
        lambda edition, user: deposited(edition, user).count(),
    ),
    Export(
        "lectures",
        "readings",
        "Lectures",
        "Les lectures signées, critère par critère, sans le nom des jurés. "
        "Qui connaît le plan peut pourtant en deviner.",
        reading_columns,
        reading_rows,
        lambda edition, user: readings(edition, user).count(),
        lambda edition: edition.has_been_read,
    ),
    Export(
        "decisions",
        "decisions",
        "Décisions",
        "Ce que le jury a décidé, les prix et leurs raisons. Les lettres n’y sont pas.",
        lambda edition: DECISIONS,
        decision_rows,
        lambda edition, user: decisions(edition, user).count(),
    ),
    Export(
        "suivi",
        "follow_up",
        "Suivi des prix",
        "Conventions, versements, remise des prix, nouvelles des lauréats.",
        lambda edition: FOLLOW_UP,
        follow_up_rows,
        lambda edition, user: laureates_of(edition, user).count(),
    ),
]
