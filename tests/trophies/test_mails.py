"""What holders are told, from the gesture to the mail that they read."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from post_office.models import STATUS, Email

from accounts.mail_kinds import KINDS
from accounts.roles import Role
from rallynov import outbox
from rallynov.dates import instant_text
from tests.admin.forms import page_values
from tests.factories import (
    ago,
    ahead,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_page,
    make_regulation,
    make_user,
)
from tests.html import Html
from tests.smtp import html_of, text_of
from trophies import services
from trophies.mail_texts import TEXTS
from trophies.models import Invitation, PieceRequest
from trophies.services.mails import tell_address, tell_holders
from trophies.workflow import Status

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> & {{ x }} {% now 'Y' %} {lien} {contact.pk}"


@pytest.fixture(autouse=True)
def _contact():
    make_page(key="contact")


def deposit(candidature, **changes):
    fields = {"by": candidature.holders.first(), "received_at": timezone.now()}
    return services.deposit(candidature=candidature, **fields | changes)


# What a mail says -------------------------------------------------------------------------------


def test_receipt_is_received_whole(inbox):
    candidature = make_deposited(title="L’été à Besançon\u202f: « pain & roses »")
    call_command("worker", once=True)
    (mail,) = inbox.mails
    made = candidature.last_deposit
    expected = [
        candidature.title,
        candidature.reference,
        made.sha256,
        f"{instant_text(made.received_at)}, heure de Paris",
        f"jusqu’au {instant_text(candidature.closes_at)}, heure de Paris",
    ]
    url = f"http://testserver{candidature.get_absolute_url()}"
    assert mail.get_content_type() == "multipart/alternative"
    assert candidature.title in mail["Subject"]
    assert mail["To"] == candidature.holders.get().email
    html = Html(html_of(mail))
    for words in expected:
        assert words in text_of(mail)
        assert escape(words) in html_of(mail)
    assert url in text_of(mail)
    button = next(tag for tag in html.all("a") if tag["class"] == "button")
    assert button["href"] == url
    assert "prefers-color-scheme:dark" in html.text("style")


@pytest.mark.parametrize("name", ["receipt", "eligible", "withdrawn", "reminder_complete"])
def test_what_people_typed_is_never_run(inbox, name):
    title = HOSTILE[:120]
    candidature = make_deposited(title=title)
    Email.objects.all().delete()
    told = {"deposit": candidature.last_deposit, "left": "moins de 6 heures", "event": "e"}
    tell_holders(candidature, name, **told)
    assert title in Email.objects.get().subject
    call_command("worker", once=True)
    (mail,) = inbox.mails
    html = Html(html_of(mail))
    assert title in mail["Subject"]
    assert title in text_of(mail)
    assert title in html.text("body")
    assert not html.all("script")


def test_late_receipt_promises_no_correction():
    candidature = make_deposited()
    candidature.edition.closes_at = ago(minutes=1)
    Email.objects.all().delete()
    told = {"deposit": candidature.last_deposit, "reason": "Oui.", "event": "e"}
    tell_holders(candidature, "deposited_for_you", **told)
    assert "corriger" not in Email.objects.get().message


def test_eligible_says_when_results_are_known_only_if_it_is_fixed():
    for at, count in [(ahead(days=90), 1), (None, 0)]:
        candidature = make_deposited(edition=make_edition(results_published_at=at))
        Email.objects.all().delete()
        tell_holders(candidature, "eligible")
        assert Email.objects.get().message.count("Les résultats seront connus") == count


def told(candidature):
    """What the gestures tell beside the candidature, for any kind of mail."""
    person = make_user(name="Camille Exemple")
    asked = PieceRequest.objects.create(candidature=candidature, message="Le budget.", by=person)
    return {
        "deposit": candidature.last_deposit,
        "asked": asked,
        "person": person,
        "reason": "Un motif.",
        "letter": "Bonjour,\n\nBravo.",
        "left": "moins de 6 heures",
        "event": "e",
    }


ABOUT_CANDIDATURES = [
    key
    for key in KINDS
    if (TEXTS / f"{key}.txt").exists()
    and key not in {"regulation", "call_alert_confirm", "call_opened", "laureate_news"}
    and not key.startswith(("jury_", "second_round"))
]


@pytest.mark.parametrize("key", ABOUT_CANDIDATURES)
def test_every_kind_is_written_from_a_candidature(key):
    candidature = make_eligible(title="Pain & roses")
    Email.objects.all().delete()
    if key == "reminder_incomplete":
        candidature.need, candidature.typed = "", {"commune": "?"}
    assert tell_address(candidature, key, to="anne@rallynov.example", **told(candidature))
    assert not tell_address(candidature, key, to="anne@rallynov.example", **told(candidature))
    mail = Email.objects.get()
    assert "Pain & roses" in mail.subject or key == "started"
    assert "{" not in mail.subject + mail.message + Html(mail.html_message).text("body")
    assert ("– Le besoin\n– Commune (à reprendre)" in mail.message) == (
        key == "reminder_incomplete"
    )


def test_invitation_leads_to_its_own_page():
    candidature = make_candidature(holder=make_user(name="Camille Exemple"))
    holder = candidature.holders.get()
    services.invite(candidature=candidature, email="lea@rallynov.example", by=holder)
    mail = Email.objects.get()
    assert mail.to == ["lea@rallynov.example"]
    assert f"Camille Exemple ({holder.email})" in mail.message
    assert f"http://testserver{Invitation.objects.get().get_absolute_url()}" in mail.message


# The server is down -----------------------------------------------------------------------------


def test_deposit_stands_while_the_server_is_down_and_mails_leave_later_in_order(inbox):
    inbox.close()
    candidature = make_candidature()
    deposit(candidature)
    call_command("worker", once=True)
    first = Email.objects.get()
    candidature.refresh_from_db()
    assert candidature.status == Status.SUBMITTED
    assert (first.status, first.number_of_retries) == (STATUS.requeued, 1)
    assert first.scheduled_time > timezone.now()
    candidature.need = "Un autre besoin."
    candidature.save()
    deposit(candidature)
    call_command("worker", once=True)
    assert set(Email.objects.values_list("status", flat=True)) == {STATUS.requeued}

    inbox.open()
    call_command("worker", once=True)
    assert inbox.mails == []  # not before their time
    Email.objects.update(scheduled_time=ago(seconds=1))
    call_command("worker", once=True)
    call_command("worker", once=True)
    numbers = ["Dépôt n°\xa01,", "Dépôt n°\xa02,"]
    assert [number in text_of(mail) for number, mail in zip(numbers, inbox.mails, strict=True)] == [
        True,
        True,
    ]
    assert set(Email.objects.values_list("status", "message", "html_message")) == {
        (STATUS.sent, "", "")
    }


def test_staff_see_why_a_mail_does_not_leave_and_not_what_it_says(client, settings, inbox):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(roles=[Role.TEAM]))
    inbox.refuses = True
    candidature = make_deposited()
    outbox.send_next()
    for status, words in [(STATUS.requeued, "nouvel essai prévu"), (STATUS.failed, "en échec")]:
        Email.objects.update(status=status)
        mail = Email.objects.get()
        for address in ("", f"{mail.pk}/change/"):
            page = client.get(f"/admin/post_office/email/{address}")
            text = Html(page.content.decode()).text("main")
            assert words in text
            assert "451" in text
            assert candidature.last_deposit.sha256 not in page.content.decode()
    Email.objects.update(status=STATUS.sent)
    assert "451" not in client.get("/admin/post_office/email/").content.decode()


def test_staff_are_told_that_a_mail_was_too_late(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(roles=[Role.TEAM]))
    Client().post("/compte/code/demander/", {"email": "anne@rallynov.example"})
    Email.objects.update(expires_at=ago(seconds=1))
    call_command("worker", once=True)
    text = Html(client.get("/admin/post_office/email/").content.decode()).text("main")
    assert "en échec" in text
    assert "Trop tard" in text


# A new regulation -------------------------------------------------------------------------------


def test_new_regulation_is_announced_once_to_each_who_started():
    edition, twice = make_edition(), make_user()
    make_candidature(edition=edition, holder=twice)
    make_candidature(edition=edition, holder=twice)
    deposited = make_deposited(edition=edition)
    services.change_status(
        make_deposited(edition=edition), "withdraw", by=make_user(roles=[Role.TEAM])
    )
    make_candidature(edition=edition, holder=make_user(is_active=False))
    make_candidature()
    Email.objects.all().delete()
    regulation = make_regulation(edition=edition, version=2)
    for _ in range(2):
        services.announce_regulation(regulation)
    mails = {mail.to[0]: mail for mail in Email.objects.all()}
    assert Email.objects.count() == 2
    assert set(mails) == {twice.email, deposited.holders.get().email}
    for mail in mails.values():
        assert f"http://testserver/trophees/{edition.year}/reglement/" in mail.message
        assert "nouvelle version, la 2." in mail.message


@pytest.mark.parametrize(("opens_at", "count"), [(ago(days=1), 1), (ahead(days=1), 0)])
def test_regulation_saved_by_the_team_is_announced_after_the_opening(
    client, settings, opens_at, count
):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(roles=[Role.TEAM]))
    edition = make_edition(opens_at=opens_at)
    regulation = make_regulation(edition=edition)
    make_candidature(edition=edition)
    address = f"/admin/trophies/edition/{edition.pk}/change/"
    values = page_values(client.get(address))
    values |= {"regulations-0-text": "<p>Corrigé.</p>"}
    assert client.post(address, values).status_code == 302
    regulation.refresh_from_db()
    assert regulation.text == "<p>Corrigé.</p>"
    assert Email.objects.count() == 0  # a word mended is not a version
    values = page_values(client.get(address)) | {
        "regulations-TOTAL_FORMS": "2",
        "regulations-1-edition": edition.pk,
        "regulations-1-version": "2",
        "regulations-1-text": "<p>Article deux.</p>",
    }
    assert client.post(address, values).status_code == 302
    assert edition.regulations.count() == 2
    assert Email.objects.count() == count
