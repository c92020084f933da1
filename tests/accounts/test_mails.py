"""Mails of declared kinds: sent once, received whole, in the team's words when they are sound."""

import re

import pytest
from django.core.management import call_command
from django.db import transaction
from post_office.models import Email

from accounts import mails
from accounts.models import MailSent, MailText
from tests.factories import make_user
from tests.html import Html
from tests.smtp import html_of, text_of
from tests.threads import in_parallel

ADDRESS = "anne@rallynov.example"


def send(**changes):
    return mails.send("login_code", **{"to": ADDRESS, "fields": {"code": "271828"}} | changes)


@pytest.mark.django_db
def test_code_is_received_as_text_and_as_html(client, inbox):
    client.post("/compte/code/demander/", {"email": ADDRESS})
    call_command("worker", once=True)
    (mail,) = inbox.mails
    code = re.search(r"^ +(\d{6})$", text_of(mail), re.MULTILINE)[1]
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Subject"] == f"{code} est votre code Rally’nov"
    html = Html(html_of(mail))
    assert html.first("html")["lang"] == "fr"
    assert code in html.text("p")
    for form in (text_of(mail), html_of(mail)):
        assert "Vous n’avez rien demandé\u202f? Laissez ce message\u202f: sans le code" in form
    sent = Email.objects.get()
    assert (sent.message, sent.html_message) == ("", "")


@pytest.mark.django_db
def test_other_account_mails_have_both_forms(client, inbox):
    make_user(email=ADDRESS, roles=["team"])
    client.post("/compte/mot-de-passe/oublie/", {"email": ADDRESS})
    call_command("worker", once=True)
    (mail,) = inbox.mails
    link = re.search(r"http://\S+", text_of(mail))[0]
    assert link in [tag["href"] for tag in Html(html_of(mail)).all("a")]


@pytest.mark.django_db
def test_words_of_the_team_replace_the_default():
    MailText.objects.create(key="login_code", subject="Code {code}", text="Le code\n\n{code}\n")
    assert send()
    mail = Email.objects.get()
    assert (mail.subject, mail.message) == ("Code 271828", "Le code\n\n271828\n")
    assert "Le code" in mail.html_message


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Sans rien", "{code} {ancien}", "{code} {"])
def test_words_that_are_sound_no_more_give_way_to_the_default(text):
    MailText.objects.create(key="login_code", subject="Code", text=text)
    send()
    assert "Il vaut quinze minutes" in Email.objects.get().message


@pytest.mark.django_db
def test_wrong_fields_are_a_fault_of_ours():
    for fields in ({}, {"code": "1", "lien": "x"}):
        with pytest.raises(ValueError, match="login_code needs"):
            send(fields=fields)
    assert not Email.objects.exists()


@pytest.mark.django_db
def test_address_is_told_once_of_an_event():
    assert [send(event="e:1"), send(event="e:1"), send(event="e:1", to=ADDRESS.upper())] == [
        True, False, False,
    ]  # fmt: skip
    assert send(event="e:2")
    assert send(event="e:1", to="lea@rallynov.example")
    assert [send(), send()] == [True, True]
    assert Email.objects.count() == 5


@pytest.mark.django_db
def test_event_undone_may_be_told_again():
    with transaction.atomic():
        send(event="e:1")
        transaction.set_rollback(True)
    assert not MailSent.objects.exists()
    assert send(event="e:1")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_once():
    user = make_user()

    def tell():
        with transaction.atomic():
            type(user).objects.select_for_update(of=["self"]).get(pk=user.pk)
        return send(event="e:1")

    assert sorted(in_parallel(tell, tell, tell, behind=user)) == [False, False, True]
    assert Email.objects.count() == 1


@pytest.mark.django_db
def test_long_subject_is_cut_and_stays_on_one_line():
    MailText.objects.create(key="login_code", subject="{code}", text="{code}")
    send(fields={"code": "Bcc: x@y.example\r\n" + "é" * 2000})
    subject = Email.objects.get().subject
    assert subject.startswith("Bcc: x@y.example é")
    assert len(subject) == 250
