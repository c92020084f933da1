"""The moves of a candidature: one table, one writer, and a trace of each."""

import ast
from datetime import timedelta

import pytest
from django.db import InternalError, connection, transaction
from post_office.models import Email

from accounts.roles import Role
from tests.conftest import ROOT
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_user,
)
from trophies import services
from trophies.models import Candidature, Decision, StatusChange
from trophies.workflow import TRANSITIONS, NotAllowed, Status

pytestmark = pytest.mark.django_db

# For each status, who may make each transition: the holders (H), the team (T), or nobody.
TABLE = """
            submit  submit_for  accept  refuse  withdraw
draft       H       T           -       -       -
submitted   -       -           T       T       HT
eligible    -       -           -       T       HT
ineligible  -       -           T       -       -
withdrawn   -       -           -       -       -
"""
TARGETS = {
    "submit": "submitted",
    "submit_for": "submitted",
    "accept": "eligible",
    "refuse": "ineligible",
    "withdraw": "withdrawn",
}
# Each person, and the letter of the table whose moves are theirs.
PEOPLE = {
    "holder": "H",
    "closed holder": "-",
    "other holder": "-",
    "nobody": "-",
    "team": "T",
    "closed team": "-",
    "editor": "-",
    "juror": "-",
    "superuser": "T",
}


def expected():
    """The table, as {(status, transition): letters}."""
    head, *rows = TABLE.strip().splitlines()
    return {
        (status, name): letters
        for status, *cells in map(str.split, rows)
        for name, letters in zip(head.split(), cells, strict=True)
    }


def team():
    return make_user(roles=[Role.TEAM])


def make_person(kind, candidature):
    """A person of this kind, and whose relation to the candidature is that."""
    fields = {
        "closed holder": {"is_active": False},
        "team": {"roles": [Role.TEAM]},
        "closed team": {"roles": [Role.TEAM], "is_active": False},
        "editor": {"roles": [Role.EDITOR]},
        "juror": {"roles": [Role.JURY]},
        "superuser": {"is_superuser": True},
    }
    person = make_user(**fields.get(kind, {}))
    if kind in ("holder", "closed holder"):
        candidature.holders.add(person)
    if kind == "other holder":
        make_candidature(edition=candidature.edition, holder=person)
    return person


def make_with_status(status):
    if status == "draft":
        return make_candidature()
    candidature = make_deposited()
    if status == "submitted":
        return candidature
    move = {target: name for name, target in TARGETS.items()}[status]
    return services.change_status(candidature, move, by=team(), reason="Hors du territoire.")


def reached(candidature, name, person):
    """The status that the move leads to, undone at once; "" when it is refused."""
    try:
        with transaction.atomic():
            services.change_status(candidature, name, by=person, reason="Un motif.")
            status = Candidature.objects.get(pk=candidature.pk).status
            transaction.set_rollback(True)
    except NotAllowed:
        return ""
    return status


def test_table_names_every_status_and_transition():
    assert set(expected()) == {(status, name) for status in Status.values for name in TRANSITIONS}


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("status", Status.values)
def test_moves_are_those_of_the_table(status, kind):
    candidature = make_with_status(status)
    person = make_person(kind, candidature)
    allowed = [
        name
        for name in TRANSITIONS
        if PEOPLE[kind].strip("-") and PEOPLE[kind] in expected()[status, name]
    ]
    assert [row.name for row in candidature.available_transitions(person)] == allowed
    assert {name: reached(candidature, name, person) for name in TRANSITIONS} == {
        name: TARGETS[name] if name in allowed else "" for name in TRANSITIONS
    }


# Guards -----------------------------------------------------------------------------------------


def refusal(candidature, name, **options):
    """Why the move is refused; nothing of it remains."""
    before = (StatusChange.objects.count(), Email.objects.count())
    with pytest.raises(NotAllowed) as caught:
        services.change_status(candidature, name, **options)
    row = Candidature.objects.get(pk=candidature.pk)
    assert (row.status, row.reference) == (candidature.status, candidature.reference)
    assert (StatusChange.objects.count(), Email.objects.count()) == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("moment", "delta", "expected"),
    [
        ("opens_at", timedelta(microseconds=-1), "L’appel n’est pas encore ouvert."),
        ("opens_at", timedelta(0), ""),
        ("closes_at", timedelta(microseconds=-1), ""),
        ("closes_at", timedelta(0), "L’appel est clos."),
    ],
)
def test_submission_is_within_the_call(moment, delta, expected):
    candidature = make_candidature()
    options = {
        "by": candidature.holders.get(),
        "at": getattr(candidature.edition, moment) + delta,
    }
    if expected:
        assert refusal(candidature, "submit", **options) == expected
    else:
        assert services.change_status(candidature, "submit", **options).status == "submitted"


def test_submission_to_an_edition_without_call_is_refused():
    candidature = make_candidature(edition=make_archive())
    holder = candidature.holders.get()
    assert refusal(candidature, "submit", by=holder) == "L’appel n’est pas encore ouvert."


@pytest.mark.parametrize("name", ["title", "summary", "organisation_name", "need", "viability"])
def test_submission_without_an_answer_is_refused(name):
    candidature = make_candidature(**{name: " \n"})
    holder = candidature.holders.get()
    assert (
        refusal(candidature, "submit", by=holder)
        == "Il reste des réponses à écrire ou à reprendre."
    )


def test_submission_without_a_commune_or_a_theme_is_refused():
    nowhere = make_candidature(commune=None)
    assert refusal(nowhere, "submit", by=nowhere.holders.get())
    unthemed = make_candidature()
    unthemed.themes.clear()
    assert refusal(unthemed, "submit", by=unthemed.holders.get())


@pytest.mark.parametrize(
    ("name", "words"), [("refuse", "a déjà décidé"), ("withdraw", "a fini de lire")]
)
def test_decided_file_does_not_move(name, words):
    candidature = make_eligible()
    options = {"by": team(), "reason": "Trop tard."}
    assert reached(candidature, name, options["by"])
    Decision.objects.create(candidature=candidature, outcome=Decision.Outcome.NOT_SELECTED)
    assert words in refusal(candidature, name, **options)


def test_decided_file_is_not_accepted_again():
    candidature = make_with_status("ineligible")
    Decision.objects.create(candidature=candidature, outcome=Decision.Outcome.NOT_SELECTED)
    assert refusal(candidature, "accept", by=team()) == "Le jury a déjà décidé."


@pytest.mark.parametrize("reason", ["", " \n"])
def test_refusal_needs_a_reason(reason):
    candidature = make_deposited()
    assert "motif" in refusal(candidature, "refuse", by=team(), reason=reason)


def test_reason_is_kept_until_the_file_is_accepted():
    staff = team()
    candidature = services.change_status(make_deposited(), "refuse", by=staff, reason=" Loin. ")
    assert candidature.reason == "Loin."
    assert services.change_status(candidature, "accept", by=staff).reason == ""
    reasons = candidature.status_changes.values_list("name", "reason")
    assert list(reasons) == [("submit", ""), ("refuse", "Loin."), ("accept", "")]


def test_status_seen_is_the_status_of_now():
    """Someone else moved the file since this page was loaded."""
    seen, staff = make_deposited(), team()
    services.change_status(seen, "withdraw", by=staff)
    assert seen.status == Status.SUBMITTED
    with pytest.raises(NotAllowed, match="retirée"):
        services.change_status(seen, "accept", by=staff)


# What a move leaves -----------------------------------------------------------------------------


def test_move_is_dated_and_written_once():
    candidature, staff, at = make_deposited(), team(), ago(minutes=3)
    candidature = services.change_status(candidature, "refuse", by=staff, at=at, reason="Loin.")
    assert (candidature.status, candidature.screened_at) == (Status.INELIGIBLE, at)
    changes = candidature.status_changes.filter(name="refuse")
    assert list(changes.values_list("source", "target", "by", "at", "reason")) == [
        ("submitted", "ineligible", staff.pk, at, "Loin.")
    ]


@pytest.mark.parametrize("sql", ["UPDATE {} SET reason = 'Autre'", "DELETE FROM {}"])
def test_trace_is_immutable(sql):
    make_deposited()
    with (
        pytest.raises(InternalError, match="status_change_is_immutable|pgtrigger"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(StatusChange._meta.db_table))
    assert StatusChange.objects.get().reason == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("accept", "est recevable"),
        ("refuse", "n’est pas recevable"),
        ("withdraw", "est retirée"),
    ],
)
def test_move_tells_every_holder(name, words):
    candidature = make_deposited(title="Atelier & Cie")
    first, second = candidature.holders.get(), make_user()
    candidature.holders.add(second, make_user(is_active=False))
    Email.objects.all().delete()
    services.change_status(candidature, name, by=team(), reason="L’action est à Paris.")
    mails = {mail.to[0]: mail for mail in Email.objects.all()}
    assert set(mails) == {first.email, second.email}
    assert all("Atelier & Cie" in mail.subject for mail in mails.values())
    assert all(mail.subject.endswith(words) for mail in mails.values())
    assert ("L’action est à Paris." in mails[first.email].message) == (name == "refuse")


def test_move_undone_tells_nobody():
    candidature = make_deposited()
    before = Email.objects.count()
    with transaction.atomic():
        services.change_status(candidature, "accept", by=team())
        assert Email.objects.count() > before
        transaction.set_rollback(True)
    assert Email.objects.count() == before
    assert StatusChange.objects.count() == 1


def test_call_still_open_does_not_matter_to_screening():
    edition = make_edition(closes_at=ahead(days=1))
    assert make_eligible(edition=edition).status == Status.ELIGIBLE


# One writer -------------------------------------------------------------------------------------

WRITERS = {"update", "create", "get_or_create", "update_or_create", "bulk_update", "Candidature"}


def writes_status(node):
    """Whether the code sets an attribute `status`, or names it in a call that writes rows."""
    if isinstance(node, ast.Attribute):
        return node.attr == "status" and isinstance(node.ctx, ast.Store)
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return name in WRITERS and any(keyword.arg == "status" for keyword in node.keywords)


def test_nothing_else_writes_a_status():
    # Mails, events, registrations and links have a status too: these modules write theirs.
    of_others = {
        "rallynov/outbox.py",
        "rallynov/periodic.py",
        "events/announcing.py",
        "initiatives/freshness/links.py",
        "events/services.py",
    }
    apps = ["accounts", "events", "initiatives", "news", "partners", "places", "rallynov"]
    found = {
        str(path.relative_to(ROOT))
        for app in [*apps, "trophies"]
        for path in (ROOT / app).rglob("*.py")
        if any(writes_status(node) for node in ast.walk(ast.parse(path.read_text())))
    }
    assert found - of_others == {"trophies/services/candidatures.py"}
