"""A reading that is sent once the session has ended, without JavaScript, comes back to be saved."""

import pytest
from django.urls import reverse

from tests.factories import (
    PASSWORD,
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_reading_edition,
)
from tests.html import Html
from trophies.admin.lost import KEY, LONGEST
from trophies.models import Evaluation
from trophies.services.readings import version_of

pytestmark = pytest.mark.django_db

TEXT = "Trois pages écrites à la main, et l’été derrière la vitre."


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def reading():
    edition = make_reading_edition()
    make_criterion(edition=edition)
    make_eligible(edition=edition)
    return make_jury_member(edition=edition).assignments.get()


def typed(reading, **changes):
    criterion = reading.candidature.edition.criteria.get()
    evaluation = Evaluation.objects.filter(assignment=reading).first()
    fields = {"comment_for_jury": TEXT, "comment_for_candidate": "", "confidence": ""}
    fields |= {f"criterion_{criterion.pk}": "3", "version": version_of(evaluation)}
    return fields | {"action": "save"} | changes


def sign_in(client, user, after):
    fields = {"login": user.email, "password": PASSWORD}
    answer = client.post(f"{reverse('account_login')}?next={after}", fields)
    assert answer.url == after


def test_what_was_typed_comes_back_after_signing_in(client, reading):
    address = reading.get_absolute_url()
    assert reverse("account_login") in client.post(address, typed(reading)).url
    assert not Evaluation.objects.exists()
    sign_in(client, reading.jury_member.user, address)
    page = client.get(address)
    assert "rien n’en est encore enregistré" in Html(page.content.decode()).text("main")
    assert TEXT in page.content.decode()
    assert page.context["form"].levels
    assert not Evaluation.objects.exists()
    assert TEXT not in client.get(address).content.decode()
    assert client.post(address, typed(reading)).status_code == 302
    assert Evaluation.objects.get().comment_for_jury == TEXT


def test_what_was_kept_meanwhile_elsewhere_is_not_overwritten(client, reading):
    address = reading.get_absolute_url()
    sent = typed(reading)
    client.post(address, sent)
    make_evaluation(reading, [1], is_signed=False, comment_for_jury="Depuis la tablette.")
    sign_in(client, reading.jury_member.user, address)
    shown = client.get(address).context
    assert shown["version"] == sent["version"] == ""
    assert client.post(address, sent).status_code == 409
    assert Evaluation.objects.get().comment_for_jury == "Depuis la tablette."


def test_another_juror_finds_nothing_of_it(client, reading):
    client.post(reading.get_absolute_url(), typed(reading))
    another = make_jury_member()
    client.force_login(another.user)
    assert client.get(reading.get_absolute_url()).status_code == 404
    for own in another.assignments.all():
        assert TEXT not in client.get(own.get_absolute_url()).content.decode()


@pytest.mark.parametrize("changes", [{"comment_for_jury": "é" * LONGEST}, {"criterion_0": "3"}])
def test_what_no_grid_sends_is_left(client, reading, changes):
    address = reading.get_absolute_url()
    client.post(address, typed(reading, **changes))
    sign_in(client, reading.jury_member.user, address)
    page = client.get(address)
    assert page.status_code == 200
    assert TEXT not in page.content.decode()


def test_other_addresses_keep_nothing(client, reading):
    client.post(reverse("admin:trophies_readings"), typed(reading))
    assert KEY not in client.session
