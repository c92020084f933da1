"""The local mailbox shows the files that Django's own backend wrote."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from django.test import RequestFactory

from rallynov.mailbox import MailboxView


@pytest.fixture
def write(tmp_path, settings):
    settings.EMAIL_FILE_PATH = tmp_path

    def write(*messages):
        EmailBackend().send_messages(messages)

    return write


def shown():
    response = MailboxView.as_view()(RequestFactory().get("/courrier/"))
    return response.render().content.decode(), response.context_data["mails"]


def mail(**headers):
    return EmailMultiAlternatives(
        "Candidature reçue", "L’été « dernier ».", "a@exemple.invalid", ["lea@exemple.invalid"],
        headers=headers,
    )  # fmt: skip


def test_date_is_local(write):
    write(mail(Date="Tue, 24 Nov 2026 22:30:00 -0000"))
    page, [first] = shown()
    assert first["date"].isoformat() == "2026-11-24T23:30:00+01:00"
    assert "lea@exemple.invalid" in page
    assert "L’été « dernier »." in page


def test_mails_of_one_file_come_newest_first(write):
    first, second = mail(), mail()
    second.subject = "Relance"
    write(first, second)
    assert [mail["subject"] for mail in shown()[1]] == ["Relance", "Candidature reçue"]


def test_empty_mailbox(write):
    assert shown()[1] == []
