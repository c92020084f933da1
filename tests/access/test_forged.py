"""What is sent by hand: it changes nothing, and tells nothing, to whoever may not."""

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.roles import Role
from tests.access.chain import ADMIN, ROLES, cases
from tests.access.test_chain_access import (  # noqa: F401
    _one_factor,
    admin_address,
    sign_in,
    world,
)
from tests.factories import (
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_reading_edition,
    make_user,
)
from trophies.models import Assignment, Evaluation

pytestmark = pytest.mark.usefixtures("_one_factor")

# Something for every form there is.
SENT = {
    "reason": "Parce que.", "action": "sign", "outcome": "laureate", "citation": "Bravo.",
    "letter": "Bonjour.", "comment_for_jury": "Lu.", "comment_for_candidate": "Lu.",
    "ruling": "dismissed", "ruling_reason": "Rien de grave.", "message": "Une pièce ?",
    "year": "2091", "role": "president", "email": "moi@rallynov.example", "confirm": "on",
}  # fmt: skip
LOOKED_AT = {"", "draft", "reading", "deliberating", "published"}


def rows():
    """Every row of the trophies, and of what they write elsewhere."""
    models = [*apps.get_app_config("trophies").get_models(), *apps.get_models()]
    kept = {"trophies", "initiatives", "partners", "news", "post_office", "accounts"}
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in models
        if model._meta.app_label in kept and not model._meta.label.endswith("User")
    }


def test_post_to_an_address_that_one_may_not_open_changes_nothing(client, world):  # noqa: F811
    users, files = world
    before, wrong = rows(), []
    for role in ROLES:
        sign_in(client, users, role)
        for (name, state), codes in cases(ADMIN):
            code = codes[ROLES.index(role)]
            if code in (200, 405) or state not in LOOKED_AT:
                continue
            address = admin_address(name, files.get(state), users, role)
            status = client.post(address, SENT).status_code
            if status not in (302, 403, 404):
                wrong.append(f"{role}, {name}, {state}: {status}")
        client.logout()
    assert wrong == []
    assert rows() == before


@pytest.fixture
def jury(db):
    """Two editions in front of their juries; a reading of each juror, signed."""
    editions = [make_reading_edition() for _ in range(2)]
    members = []
    for edition in editions:
        make_criterion(edition=edition)
        make_eligible(edition=edition)
        members += [make_jury_member(edition=edition) for _ in range(2)]
    for member in members:
        for reading in member.assignments.all():
            make_evaluation(reading, [3], comment_for_jury="Très bien.")
    return members


def own(member):
    return member.assignments.get()


def grid(reading, **changes):
    names = {f"criterion_{row.pk}": "0" for row in reading.candidature.edition.criteria.all()}
    return {"comment_for_jury": "Non.", "comment_for_candidate": "", **names, **changes}


@pytest.mark.parametrize("action", ["save", "sign", "unsign"])
def test_reading_of_another_answers_as_what_is_not_there(client, jury, action):
    juror, other, stranger, _ = jury
    client.force_login(juror.user)
    before, answers = rows(), []
    for reading in [own(other), own(stranger), Assignment()]:
        for address in [
            reverse("admin:trophies_reading", args=[reading.uuid]),
            reverse("admin:trophies_reading_conflict", args=[reading.uuid]),
        ]:
            data = grid(own(juror), action=action, reason="Un ami.")
            answers.append(client.post(address, data))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert rows() == before


def test_hidden_keys_of_others_are_left_alone(client, jury):
    """Whose reading it is stands in the address, and in nothing that is sent."""
    juror, other, stranger, _ = jury
    Evaluation.objects.update(signed_at=None)
    client.force_login(juror.user)
    others = [own(member).evaluation for member in jury[1:]]
    keys = {"assignment": own(other).pk, "evaluation": others[0].pk, "id": others[0].pk}
    keys |= {"jury_member": other.pk, "user": other.user_id, "signed_at": "2026-01-01"}
    reading = own(juror)
    version = client.get(reading.get_absolute_url()).context["form"].initial.get("version", "")
    data = grid(reading, action="save", version=version, **keys)
    client.post(reading.get_absolute_url(), data)
    foreign = own(stranger).candidature.edition.criteria.get()
    sent = data | {f"criterion_{foreign.pk}": "0"}
    assert client.post(reading.get_absolute_url(), sent).status_code == 400
    for evaluation in others:
        evaluation.refresh_from_db()
        assert (evaluation.comment_for_jury, evaluation.scores.get().level) == ("Très bien.", 3)


@pytest.mark.parametrize("role", [Role.JURY, Role.EDITOR, Role.TEAM])
def test_actions_take_nobody_with_them(client, jury, role):
    user = jury[0].user if role == Role.JURY else make_user(roles=[role])
    client.force_login(user)
    before = rows()
    for model in ["candidature", "laureate", "conflictofinterest", "edition", "assignment"]:
        keys = apps.get_model("trophies", model)._base_manager.values_list("pk", flat=True)
        data = {"action": "delete_selected", "_selected_action": list(keys), "post": "yes"}
        client.post(f"/admin/trophies/{model}/", data)
    assert rows() == before


LOOKUPS = [
    "assignments__evaluation__scores__level=3",
    "assignments__evaluation__comment_for_jury__startswith=T",
    "candidature__assignments__evaluation__scores__level__gte=1",
    "candidatures__assignments__evaluation__scores__level=3",
    "jury_members__assignments__evaluation__signed_at__isnull=False",
    "decision__outcome=laureate",
    "candidature__decision__outcome=laureate",
]


@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize("role", [Role.JURY, Role.EDITOR, Role.TEAM])
def test_lookups_through_relations_are_refused(client, jury, lookup, role):
    """A list that could be narrowed by a score would tell the score."""
    client.force_login(jury[0].user if role == Role.JURY else make_user(roles=[role]))
    for model in ["candidature", "laureate", "conflictofinterest", "edition", "prize"]:
        answer = client.get(f"/admin/trophies/{model}/?{lookup}")
        assert answer.status_code in (302, 400, 403, 404), model
        assert "e=1" in answer.get("Location", "e=1")


PICKS = [
    ("trophies", "evaluation", "assignment"),
    ("trophies", "score", "evaluation"),
    ("trophies", "score", "criterion"),
]


@pytest.mark.parametrize("role", [Role.JURY, Role.EDITOR, Role.TEAM])
@pytest.mark.parametrize(("app", "model", "field"), PICKS)
def test_autocomplete_does_not_serve_the_jury_s_rows(client, jury, app, model, field, role):
    client.force_login(jury[0].user if role == Role.JURY else make_user(roles=[role]))
    query = f"app_label={app}&model_name={model}&field_name={field}&term="
    assert client.get(f"/admin/autocomplete/?{query}").status_code in (403, 404)


def test_file_of_another_edition_is_not_decided_on_here(client, jury):
    team = make_user(roles=[Role.TEAM])
    client.force_login(team)
    here, stranger = jury[0].edition, own(jury[2]).candidature
    before = rows()
    address = reverse("admin:trophies_decide", args=[here.pk, stranger.pk])
    assert client.post(address, SENT).status_code == 404
    for name in ["trophies_juror", "trophies_juror_leaves"]:
        address = reverse(f"admin:{name}", args=[here.pk, jury[2].pk])
        assert client.post(address, SENT).status_code == 404
    client.post(reverse("admin:trophies_remind_jurors", args=[here.pk]), {"member": jury[2].pk})
    assert rows() == before
