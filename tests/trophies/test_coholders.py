"""Several holders: invited by mail, each with their own address."""

import pytest
from django.urls import reverse
from post_office.models import Email

from tests.factories import (
    make_candidature,
    make_eligible,
    make_jury_member,
    make_reading_edition,
    make_user,
)
from tests.html import Html
from trophies import services
from trophies.models import Assignment, ConflictOfInterest, HolderChange, Invitation
from trophies.services.holders import MOST_INVITED

pytestmark = pytest.mark.django_db

FRIEND = "amie@rallynov.example"


@pytest.fixture
def holder(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture
def candidature(holder):
    return make_candidature(holder=holder)


def url(candidature, name="holders", *args):
    return reverse(f"candidatures:{name}", args=[candidature.uuid, *args])


def text_of(response):
    return Html(response.content.decode()).text("main")


def invited(client, candidature, email=FRIEND):
    client.post(url(candidature), {"email": email})
    return Invitation.objects.get(email=email.lower())


def test_invitation_leaves_by_mail_with_its_link(client, candidature):
    invitation = invited(client, candidature, "Amie@Rallynov.example")
    mail = Email.objects.get(to=FRIEND)
    assert invitation.get_absolute_url() in mail.message
    assert FRIEND in text_of(client.get(url(candidature)))


def test_invitation_is_sent_once(client, candidature):
    for _ in range(2):
        invited(client, candidature)
    assert Email.objects.filter(to=FRIEND).count() == 1


@pytest.mark.parametrize("email", ["", "pas une adresse"])
def test_invitation_of_nobody_is_refused(client, candidature, email):
    page = client.post(url(candidature), {"email": email})
    assert Html(page.content.decode()).all("ul")
    assert page.context["form"].errors["email"]
    assert not Invitation.objects.exists()


def test_holder_is_not_invited_again(client, holder, candidature):
    assert client.post(url(candidature), {"email": holder.email}).status_code == 409


def test_invitations_are_few(client, candidature):
    for number in range(MOST_INVITED):
        invited(client, candidature, f"personne{number}@rallynov.example")
    assert client.post(url(candidature), {"email": FRIEND}).status_code == 409


def test_invited_person_accepts_and_writes(client, holder, candidature):
    invitation = invited(client, candidature)
    friend = make_user(email=FRIEND)
    client.force_login(friend)
    assert client.get(url(candidature, "detail")).status_code == 404
    assert "vous propose de porter" in text_of(client.get(reverse("candidatures:list")))
    assert "Accepter" in text_of(client.get(invitation.get_absolute_url()))
    page = client.post(invitation.get_absolute_url(), follow=True)
    assert candidature.title in text_of(page)
    step = url(candidature, "step", "besoin")
    client.post(step, {"need": "Écrit à deux."}, headers={"Accept": "application/json"})
    candidature.refresh_from_db()
    assert candidature.need == "Écrit à deux."
    change = HolderChange.objects.get()
    assert (change.user, change.by, change.action) == (friend, holder, "added")
    assert Email.objects.filter(to=holder.email, message__contains=FRIEND).exists()
    client.post(invitation.get_absolute_url())
    assert HolderChange.objects.count() == 1


def test_invitation_exists_for_its_address_alone(client, candidature):
    address = invited(client, candidature).get_absolute_url()
    unknown = Invitation(candidature=candidature).get_absolute_url()
    client.force_login(make_user())
    for method in [client.get, client.post]:
        assert method(address).status_code == method(unknown).status_code == 404
        assert method(address).content == method(unknown).content
    assert candidature.holders.count() == 1


def test_cancelled_invitation_is_gone(client, candidature):
    invitation = invited(client, candidature)
    other = Invitation.objects.create(candidature=make_candidature(), email=FRIEND, by=make_user())
    cancel = url(candidature, "cancel-invitation", other.uuid)
    assert client.post(cancel).status_code == 404
    cancel = url(candidature, "cancel-invitation", invitation.uuid)
    assert client.get(cancel).status_code == 405
    client.post(cancel)
    assert list(Invitation.objects.all()) == [other]


def test_holder_leaves_but_never_the_last_one(client, holder, candidature):
    assert "seul" in text_of(client.get(url(candidature, "leave")))
    page = client.post(url(candidature, "leave"), follow=True)
    assert "invitez quelqu’un d’abord" in text_of(page)
    candidature.holders.add(make_user())
    page = client.post(url(candidature, "leave"), follow=True)
    assert "Vous ne portez plus" in text_of(page)
    assert client.get(url(candidature)).status_code == 404
    assert HolderChange.objects.get().action == "removed"


def test_juror_who_becomes_a_holder_reads_the_file_no_more(client, holder):
    edition = make_reading_edition()
    candidature = make_eligible(edition=edition, holder=holder)
    member = make_jury_member(edition=edition)
    assert Assignment.objects.visible_to(member.user).exists()
    invitation = services.invite(candidature=candidature, email=member.user.email, by=holder)
    services.accept_invitation(invitation, by=member.user)
    assert not Assignment.objects.visible_to(member.user).exists()
    assert ConflictOfInterest.objects.get().user == member.user
