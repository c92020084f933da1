"""The others' readings of a file: when they are shown, to whom, and that nothing tells before."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    ago,
    end_readings,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_reading_edition,
    make_user,
    publish_results,
)
from tests.html import Html
from trophies import services
from trophies.models import Assignment, Edition, Evaluation, JuryMember
from trophies.models.edition import OthersShown
from trophies.others import others_of
from trophies.services.readings import FINAL
from trophies.workflow import NotAllowed

SECRET = "Ce que pense un autre juré"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def edition():
    edition = make_reading_edition(year=2051, others_shown=OthersShown.SIGNED)
    make_criterion(edition=edition, label="Besoin", position=1)
    make_criterion(edition=edition, label="Effets", position=2)
    return edition


@pytest.fixture
def reading(client, edition):
    """The only reading of the juror who is signed in: theirs is signed."""
    make_eligible(edition=edition, title="Alpha")
    member = make_jury_member(edition=edition)
    client.force_login(member.user)
    reading = member.assignments.get()
    make_evaluation(reading, [4, 4], comment_for_jury="Le mien")
    return reading


def other_of(reading, levels=(0, 1), **options):
    """The evaluation of another juror of the same file."""
    member = make_jury_member(edition=reading.candidature.edition)
    other = member.assignments.get(candidature=reading.candidature)
    return make_evaluation(other, levels, **{"comment_for_jury": SECRET} | options)


def others_address(reading):
    return reverse("admin:trophies_reading_others", args=[reading.uuid])


def screen(client, reading):
    return Html(client.get(reading.get_absolute_url()).content.decode())


def ask(client, reading):
    return client.post(others_address(reading), follow=True)


def show_when(edition, shown):
    Edition.objects.filter(pk=edition.pk).update(others_shown=shown)


# Before they may be seen ------------------------------------------------------------------------


PAGES = [lambda r: "/admin/trophies/assignment/", lambda r: r.get_absolute_url(), others_address]


def everything_told(client, reading):
    """Status, body without its token, number of queries of each page; never a first time."""
    told = []
    for page in [address(reading) for address in PAGES]:
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(page)
        told.append((response.status_code, TOKEN.sub(b"", response.content), len(captured)))
    return told


@pytest.mark.parametrize("shown", OthersShown.values)
@pytest.mark.parametrize("is_signed", [True, False])
def test_nothing_tells_whether_others_have_signed(client, reading, edition, shown, is_signed):
    show_when(edition, shown)
    if not is_signed:
        services.unsign(reading)
    before = everything_told(client, reading)
    other_of(reading)
    other_of(reading, is_signed=False)
    assert everything_told(client, reading) == before


def test_unsigned_reading_is_offered_nothing(client, reading):
    services.unsign(reading)
    other_of(reading)
    assert "autres lectures" not in screen(client, reading).text("main")
    assert client.get(others_address(reading)).status_code == 404
    assert "ne se montrent pas" in Html(ask(client, reading).content.decode()).text("main")
    assert Evaluation.objects.get(assignment=reading).others_seen_at is None


def test_never_is_never(client, reading, edition):
    show_when(edition, OthersShown.NEVER)
    other_of(reading)
    end_readings(Edition.objects.get(pk=edition.pk))
    assert "autres lectures" not in screen(client, reading).text("main")
    assert client.get(others_address(reading)).status_code == 404
    ask(client, reading)
    assert SECRET not in screen(client, reading).text("main")


def test_what_is_not_mine_answers_as_what_does_not_exist(client, reading):
    other = other_of(reading)
    for method in [client.get, client.post]:
        assert method(others_address(other.assignment)).status_code == 404
    assert not Evaluation.objects.filter(others_seen_at__isnull=False).exists()


def test_superuser_and_president_are_jurors_like_the_others(client, reading):
    other = other_of(reading)
    member = reading.jury_member
    JuryMember.objects.filter(pk=member.pk).update(role=JuryMember.Role.PRESIDENT)
    member.user.is_superuser = True
    member.user.save()
    assert SECRET not in screen(client, reading).text("main")
    assert client.get(other.assignment.get_absolute_url()).status_code == 404


# Seeing them ------------------------------------------------------------------------------------


def test_signed_reading_may_ask_for_the_others(client, reading):
    other = other_of(reading, (0, 1), confidence=2, comment_for_candidate="Pour eux seuls")
    offered = screen(client, reading)
    assert "Voir les autres lectures de ce dossier" in offered.text("main")
    assert SECRET not in offered.text("main")
    page = Html(client.get(others_address(reading)).content.decode())
    assert "votre signature est définitive" in page.text("main")
    assert Evaluation.objects.get(assignment=reading).others_seen_at is None  # a GET writes nothing
    shown = Html(ask(client, reading).content.decode()).text("article")
    assert f"Un autre juré Besoin 0 Effets 1 Assurance assez sûr {SECRET}" in shown
    assert Evaluation.objects.get(assignment=reading).others_seen_at is not None
    told = screen(client, reading).text("main")
    user = other.assignment.jury_member.user
    for hidden in [user.email, "Pour eux seuls", "moyenne 0,5", "moyenne 2,3"]:
        assert hidden not in told


def test_once_seen_the_signature_is_final(client, reading):
    ask(client, reading)
    first = Evaluation.objects.get(assignment=reading).others_seen_at
    page = screen(client, reading)
    assert "Reprendre ma lecture" not in page.text("main")
    assert "Personne d’autre n’a signé" in page.text("main")
    refused = client.post(reading.get_absolute_url(), {"action": "unsign"})
    assert refused.status_code == 409
    assert FINAL in refused.content.decode()
    with pytest.raises(NotAllowed):
        services.unsign(reading)
    ask(client, reading)
    evaluation = Evaluation.objects.get(assignment=reading)
    assert evaluation.signed_at is not None
    assert evaluation.others_seen_at == first


def test_what_others_sign_later_shows_too_and_drafts_do_not(client, reading):
    ask(client, reading)
    draft = other_of(reading, is_signed=False)
    assert SECRET not in screen(client, reading).text("main")
    services.sign(draft.assignment)
    assert SECRET in screen(client, reading).text("main")


def test_nothing_of_who_has_a_tie_with_the_file(client, reading):
    other = other_of(reading)
    ask(client, reading)
    services.declare_conflict(other.assignment, reason="Un ami")
    assert SECRET not in screen(client, reading).text("main")


def test_only_of_this_file(client, reading, edition):
    make_eligible(edition=edition, title="Bêta")
    other = make_jury_member(edition=edition)
    elsewhere = other.assignments.exclude(candidature=reading.candidature).get()
    make_evaluation(elsewhere, [0, 0], comment_for_jury=SECRET)
    ask(client, reading)
    assert SECRET not in screen(client, reading).text("main")


def test_hidden_again_when_the_edition_changes_its_mind(client, reading, edition):
    other_of(reading)
    ask(client, reading)
    show_when(edition, OthersShown.NEVER)
    assert SECRET not in screen(client, reading).text("main")
    with pytest.raises(NotAllowed):
        services.unsign(reading)


def test_closed_readings_show_them_to_who_signed(client, reading, edition):
    show_when(edition, OthersShown.CLOSED)
    other_of(reading)
    assert "autres lectures" not in screen(client, reading).text("main")
    ask(client, reading)
    assert SECRET not in screen(client, reading).text("main")
    end_readings(Edition.objects.get(pk=edition.pk))
    ask(client, reading)
    assert SECRET in screen(client, reading).text("main")


def test_readings_opened_again_hide_them_and_stay_signed(client, reading, edition):
    show_when(edition, OthersShown.CLOSED)
    other_of(reading)
    jury_closes_at = edition.jury_closes_at
    end_readings(Edition.objects.get(pk=edition.pk))
    ask(client, reading)
    Edition.objects.filter(pk=edition.pk).update(jury_closes_at=jury_closes_at)
    assert SECRET not in screen(client, reading).text("main")
    with pytest.raises(NotAllowed):
        services.unsign(reading)


def test_unsigned_reading_sees_nothing_once_closed(client, reading, edition):
    show_when(edition, OthersShown.CLOSED)
    services.unsign(reading)
    other_of(reading)
    end_readings(Edition.objects.get(pk=edition.pk))
    assert client.get(others_address(reading)).status_code == 404
    publish_results(Edition.objects.get(pk=edition.pk), at=ago(seconds=1))
    assert SECRET not in screen(client, reading).text("main")


def test_order_of_the_others_is_not_that_of_their_signatures(client, reading):
    others = [other_of(reading) for _ in range(4)]
    ask(client, reading)
    shown = list(others_of(Assignment.objects.get(pk=reading.pk)))
    assert shown == sorted(others, key=lambda other: other.assignment.uuid)


def test_lists_and_booklets_never_hold_them(client, reading, edition):
    other_of(reading, (0, 0))
    ask(client, reading)
    assert SECRET not in client.get("/admin/trophies/assignment/").content.decode()
    client.force_login(make_user(is_superuser=True))
    assert SECRET not in client.get("/admin/").content.decode()


def test_queries_do_not_grow_with_the_others(client, reading):
    other_of(reading)
    ask(client, reading)
    one = everything_told(client, reading)[1][2]
    for _ in range(3):
        other_of(reading)
    assert everything_told(client, reading)[1][2] == one <= 15
