"""The mails of a candidature that a tie hides are hidden with it."""

from post_office.models import Email

from accounts.roles import Role
from rallynov import outbox
from tests.factories import make_candidature, make_deposited
from tests.html import Html
from trophies import services
from trophies.models import Candidature, ConflictOfInterest

LIST = "/admin/post_office/email/"


def told_of(candidature):
    holder = candidature.holders.get()
    services.deposit(candidature=candidature, by=holder, received_at=candidature.edition.opens_at)
    return Email.objects.get(to=[holder.email], subject__contains=candidature.title)


def subjects(page):
    return Html(page.content.decode()).text("table")


def test_mail_of_a_hidden_candidature_is_hidden(client, sign_in):
    hidden, seen = make_candidature(title="Le moulin"), make_candidature(title="La forge")
    mails = [told_of(file) for file in (hidden, seen)]
    outbox.queue(to="code@rallynov.example", subject="Votre code", text="123456")
    team = sign_in(Role.TEAM)
    assert "Le moulin" in subjects(client.get(LIST))
    ConflictOfInterest.objects.create(user=team, candidature=hidden, reason="Un ami.")
    found = subjects(client.get(LIST))
    assert "Le moulin" not in found
    assert "La forge" in found
    assert "Votre code" in found
    assert client.get(f"{LIST}{mails[1].pk}/change/").status_code == 200
    gone, never = client.get(f"{LIST}{mails[0].pk}/change/"), client.get(f"{LIST}0/change/")
    assert (gone.status_code, gone.url) == (never.status_code, never.url)
    assert "Le moulin" not in subjects(client.get(f"{LIST}?q=moulin"))


def test_mail_keeps_what_it_is_about_once_it_has_left(db):
    mail = told_of(make_candidature())
    outbox.erase(Email.objects.filter(pk=mail.pk))
    candidature = Candidature.objects.get()
    assert outbox.with_about(Email.objects.filter(pk=mail.pk)).get().about == candidature.uuid


def test_mails_of_the_same_candidature_have_identifiers_of_their_own(db):
    told_of(make_candidature())
    make_deposited()
    identifiers = list(Email.objects.values_list("message_id", flat=True))
    assert len(identifiers) == len(set(identifiers)) > 1
