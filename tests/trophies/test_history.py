"""Who wrote what of the jury's work: kept by the database, for good, and shown on no page."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import InternalError, connection, transaction
from django.urls import reverse

from accounts.roles import Role
from tests.factories import (
    end_readings,
    make_criterion,
    make_deposited,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_laureate,
    make_prize,
    make_reading_edition,
    make_user,
)
from tests.trophies.meeting import make_ballot, make_session
from trophies.models import (
    Assignment,
    ConflictOfInterest,
    Decision,
    Evaluation,
    JuryMember,
    Laureate,
    Score,
)

pytestmark = pytest.mark.django_db

TRACKED = {
    "edition", "prize", "criterion", "conflictofinterest", "assignment", "evaluation", "score",
    "decision", "laureate", "jurysession", "presence", "ballot", "ballotchoice",
}  # fmt: skip
EVENT_MODELS = [
    model for model in apps.get_app_config("trophies").get_models() if hasattr(model, "pgh_label")
]


def events(model, **filters):
    return apps.get_model("trophies", f"{model}event").objects.order_by("pgh_id").filter(**filters)


def labels(model, pk):
    return list(events(model, pgh_obj_id=pk).values_list("pgh_label", flat=True))


@pytest.fixture
def edition():
    return make_reading_edition()


@pytest.fixture
def file(edition):
    return make_eligible(edition=edition)


@pytest.fixture
def member(edition, file):
    return make_jury_member(edition=edition)


@pytest.fixture
def rows(edition, file, member):
    """One row of each model, and a change of it."""
    criterion = make_criterion(edition=edition)
    prize = make_prize(edition=edition)
    reading = member.assignments.get()
    evaluation = make_evaluation(reading, [2])
    fresh = make_jury_member(edition=edition)
    conflict = ConflictOfInterest.objects.create(
        user=fresh.user, candidature=file, reason="Une amie."
    )
    return {
        "edition": (edition, {"summary": "Autre."}),
        "prize": (prize, {"amount": 1}),
        "criterion": (criterion, {"help": "Autre."}),
        "conflictofinterest": (conflict, {"reason": "Un ami."}),
        "assignment": (reading, {"position": 7}),
        "evaluation": (evaluation, {"comment_for_jury": "Autre."}),
        "score": (evaluation.scores.get(), {"level": 4}),
        "decision": (Decision.objects.create(candidature=file, outcome="reserve"), {"letter": "A"}),
        "laureate": (make_laureate(prize=prize, candidature=file), {"citation": "Autre."}),
        **rows_of_a_session(edition, file),
    }


def rows_of_a_session(edition, file):
    end_readings(edition)
    session = make_session(edition, quorum=1)
    ballot = make_ballot(session, files=[file])
    return {
        "jurysession": (session, {"place": "Ailleurs."}),
        "presence": (session.presences.first(), {"state": "absent"}),
        "ballot": (ballot, {"question": "Autre\u202f?"}),
        "ballotchoice": (ballot.choices.get(), {"votes": 3}),
    }


def test_history_is_of_these_models_and_no_other():
    assert {model._meta.model_name.removesuffix("event") for model in EVENT_MODELS} == TRACKED


@pytest.mark.parametrize("model", sorted(TRACKED))
def test_every_write_leaves_an_event(rows, model):
    row, change = rows[model]
    before = labels(model, row.pk)
    assert before[0] == "insert"
    type(row).objects.filter(pk=row.pk).update(**change)
    assert labels(model, row.pk) == [*before, "update"]
    ((name, value),) = change.items()
    assert getattr(events(model, pgh_obj_id=row.pk).last(), name) == value


@pytest.mark.parametrize("model", ["laureate", "decision", "score", "conflictofinterest"])
def test_deletion_leaves_an_event_with_what_was_there(rows, model):
    row, change = rows[model]
    key = row.pk
    row.delete()
    assert labels(model, key)[-1] == "delete"
    last = events(model, pgh_obj_id=key).last()
    assert all(getattr(last, name) == getattr(row, name) for name in change)


def test_deletion_of_a_reading_and_of_a_criterion_leave_events(rows):
    reading, criterion = rows["assignment"][0], rows["criterion"][0]
    keys = (reading.pk, reading.evaluation.pk, criterion.pk)
    for row in (reading.evaluation, reading, criterion):
        row.delete()
    found = zip(["assignment", "evaluation", "criterion"], keys, strict=True)
    assert {labels(model, key)[-1] for model, key in found} == {"delete"}


@pytest.mark.parametrize("model", sorted(TRACKED))
@pytest.mark.parametrize("sql", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
@pytest.mark.usefixtures("rows")
def test_events_are_immutable(model, sql):
    table = events(model).model._meta.db_table
    assert events(model).exists()
    with (
        pytest.raises(InternalError, match="pgtrigger: Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table))


def test_no_page_of_the_admin_shows_events():
    context = apps.get_app_config("pghistory").get_models()
    assert EVENT_MODELS
    assert [model for model in [*EVENT_MODELS, *context] if admin.site.is_registered(model)] == []


# With whom --------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def authors(model, label):
    """Who made the events of that kind."""
    found = events(model, pgh_label=label).select_related("pgh_context")
    return {event.pgh_context and event.pgh_context.metadata.get("user") for event in found}


def version(client, reading):
    """That of the page that a juror has before their eyes."""
    return {"version": client.get(reading.get_absolute_url()).context["version"]}


def test_juror_s_reading_is_theirs_in_the_history(client, edition, file, member):
    criterion = make_criterion(edition=edition)
    reading = member.assignments.get()
    client.force_login(member.user)
    comments = {"comment_for_jury": "Bien.", "comment_for_candidate": ""}
    for level in "23":
        data = {f"criterion_{criterion.pk}": level, "action": "sign"} | comments
        client.post(
            reading.get_absolute_url(), data | {"action": "save"} | version(client, reading)
        )
    client.post(reading.get_absolute_url(), data | version(client, reading))
    assert Evaluation.objects.get().signed_at
    assert Score.objects.get().level == 3
    for model in ["evaluation", "score"]:
        assert authors(model, "insert") == authors(model, "update") == {member.user.pk}


def test_juror_s_conflict_is_theirs_in_the_history(client, member):
    reading = member.assignments.get()
    client.force_login(member.user)
    address = reverse("admin:trophies_reading_conflict", args=[reading.uuid])
    client.post(address, {"reason": "Ma sœur y travaille."})
    assert ConflictOfInterest.objects.get().reason == "Ma sœur y travaille."
    assert authors("conflictofinterest", "insert") == {member.user.pk}


def test_team_s_screening_is_theirs_in_the_history(client, edition):
    staff, file = make_user(roles=[Role.TEAM]), make_deposited(edition=edition)
    JuryMember.objects.create(edition=edition, user=make_user())
    client.force_login(staff)
    client.post(reverse("admin:trophies_candidature_transition", args=[file.pk, "accept"]))
    assert Assignment.objects.count() == 1
    assert authors("assignment", "insert") == {staff.pk}


def test_team_s_decisions_are_theirs_in_the_history(client, edition, file):
    first, second = (make_user(roles=[Role.TEAM]) for _ in range(2))
    prize = make_prize(edition=edition)
    end_readings(edition)
    address = reverse("admin:trophies_decide", args=[edition.pk, file.pk])
    client.force_login(first)
    client.post(address, {"outcome": "laureate", "prize": prize.pk, "citation": "Oui."})
    assert Laureate.objects.count() == 1
    client.force_login(second)
    client.post(address, {"outcome": "reserve", "citation": ""})
    assert Decision.objects.get().outcome == "reserve"
    for model, last in [("decision", "update"), ("laureate", "delete")]:
        assert authors(model, "insert") == {first.pk}
        assert authors(model, last) == {second.pk}
