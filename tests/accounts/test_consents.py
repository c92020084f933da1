"""Consents: the words that were read, their version, the instant; and taking them back."""

import pytest
from django.db import InternalError, transaction

from accounts import consents
from accounts.consents import Wording
from accounts.models import Consent, ConsentText
from tests.factories import ago, make_candidature, make_edition, make_user
from trophies import services
from trophies.models import CallAlert
from trophies.services.consents import CALL_ALERT, LAUREATE_SHEET

pytestmark = pytest.mark.django_db

YES = Wording("letter", "Je veux la lettre.")
EMAIL = "ana@rallynov.example"


def standing():
    rows = Consent.objects.filter(withdrawn_at=None).order_by("pk")
    return [(row.email, row.text.key, row.text.version) for row in rows.select_related("text")]


def test_words_and_instant_are_kept():
    consents.give(YES, email="Ana@Rallynov.Example")
    given = Consent.objects.get()
    assert given.text.text == "Je veux la lettre."
    assert given.given_at is not None
    assert standing() == [(EMAIL, "letter", 1)]


def test_second_yes_changes_nothing():
    for _ in range(2):
        consents.give(YES, email=EMAIL)
    assert Consent.objects.count() == ConsentText.objects.count() == 1


def test_new_words_make_a_version_and_the_former_stay():
    consents.give(YES, email=EMAIL)
    consents.give(YES, email="leo@rallynov.example")
    consents.give(Wording("letter", "Je veux la lettre du mois."), email=EMAIL)
    assert standing() == [("leo@rallynov.example", "letter", 1), (EMAIL, "letter", 2)]
    assert Consent.objects.filter(email=EMAIL).count() == 2


def test_words_that_were_read_never_change():
    consents.give(YES, email=EMAIL)
    with pytest.raises(InternalError), transaction.atomic():
        ConsentText.objects.update(text="Autre chose.")


def test_withdrawal_keeps_what_was_given():
    consents.give(YES, email=EMAIL)
    consents.withdraw("letter", email=EMAIL)
    assert standing() == []
    assert Consent.objects.get().withdrawn_at is not None
    consents.give(YES, email=EMAIL)
    assert standing() == [(EMAIL, "letter", 1)]


def test_what_is_left_empty_is_taken_back():
    other = Wording("photo", "Ma photo peut paraître.")
    consents.choose([YES, other], [YES, other], email=EMAIL)
    consents.choose([YES, other], [other], email=EMAIL)
    assert standing() == [(EMAIL, "photo", 1)]


def test_alert_is_a_consent_from_its_confirmation_to_its_end():
    services.ask_alert(email=EMAIL)
    assert standing() == []
    alert = CallAlert.objects.get()
    services.confirm_alert(alert)
    assert standing() == [(EMAIL, "call_alert", 1)]
    assert Consent.objects.get().text.text == CALL_ALERT.words
    services.stop_alert(alert.token)
    assert standing() == []


def test_deposit_notes_what_may_appear_and_the_next_one_takes_back():
    edition = make_edition()
    file = make_candidature(
        edition=edition, publishable=["need", "effects"], holder=make_user(email=EMAIL)
    )
    services.deposit(candidature=file, by=file.holders.get(), received_at=ago(minutes=2))
    assert {key for _, key, _ in standing()} == {"laureate_sheet_need", "laureate_sheet_effects"}
    assert set(Consent.objects.values_list("about", flat=True)) == {file.uuid}
    file.refresh_from_db()
    file.publishable = ["effects"]
    file.save()
    services.deposit(candidature=file, by=file.holders.get(), received_at=ago(minutes=1))
    assert standing() == [(EMAIL, LAUREATE_SHEET["effects"].key, 1)]
