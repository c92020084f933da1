"""Jurors are invited, seated and reminded: what leaves, to whom, how many times."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core.management import call_command
from django.urls import reverse
from post_office.models import STATUS, Email

from accounts.models import User
from accounts.roles import Role
from places import loader
from places.models import Commune, Department, Epci
from rallynov.periodic import EVERY_MINUTE
from tests.factories import (
    PASSWORD,
    ago,
    ahead,
    end_readings,
    make_criterion,
    make_edition,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_organisation,
    make_page,
    make_reading_edition,
    make_theme,
    make_user,
)
from tests.html import Html
from tests.smtp import html_of, text_of
from tests.threads import in_parallel
from trophies import services
from trophies.models import ConflictOfInterest, JuryMember
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

ADDRESS = "lea@rallynov.example"
LINK = re.compile(r"http://\S+/compte/mot-de-passe/oublie/\w+-\S+/")


@pytest.fixture(autouse=True)
def _contact(request):
    if "transactional_db" not in request.fixturenames:
        make_page(key="contact")


@pytest.fixture
def edition():
    edition = make_reading_edition()
    make_criterion(edition=edition)
    return edition


def invite(edition, **changes):
    fields = {
        "email": ADDRESS,
        "name": "Léa Exemple",
        "role": JuryMember.Role.MEMBER,
        "organisation": None,
        "ceiling": None,
        "themes": [],
    }
    if "by" not in changes:
        fields["by"] = make_user(name="Camille Exemple", roles=[Role.TEAM])
    return services.invite_juror(edition, **fields | changes)


def later(member, **delta):
    """As if the last invitation had left some time ago."""
    JuryMember.objects.filter(pk=member.pk).update(invited_at=ago(**delta or {"hours": 1}))


def mails_to(address=ADDRESS):
    return [mail for mail in Email.objects.order_by("pk") if mail.to == [address]]


# Invited ----------------------------------------------------------------------------------------


def test_invited_person_is_seated_with_an_account_and_told(edition):
    make_eligible(edition=edition)
    organisation, theme = make_organisation(), make_theme()
    member, is_new = invite(edition, organisation=organisation, ceiling=5, themes=[theme])
    user = User.objects.get(email=ADDRESS)
    assert is_new
    assert (user.name, user.roles) == ("Léa Exemple", [Role.JURY])
    assert not user.has_usable_password()
    assert (member.user, member.organisation, member.ceiling) == (user, organisation, 5)
    assert list(member.themes.all()) == [theme]
    assert member.assignments.count() == 1
    member.refresh_from_db()
    assert member.invited_at is not None
    (mail,) = mails_to()
    assert "Camille Exemple, de l’équipe de Rally’nov" in mail.message
    assert len(LINK.findall(mail.message)) == 1
    assert mail.expires_at - mail.created <= timedelta(days=3, seconds=1)


def test_mail_is_received_whole_then_forgotten(edition, inbox):
    invite(edition, role=JuryMember.Role.PRESIDENT)
    call_command("worker", once=True)
    (mail,) = [mail for mail in inbox.mails if mail["To"] == ADDRESS]
    assert f"Le jury des trophées {edition.year}" in mail["Subject"]
    assert "pour le présider." in text_of(mail)
    assert "Les lectures vont du" in text_of(mail)
    (link,) = LINK.findall(text_of(mail))
    button = next(tag for tag in Html(html_of(mail)).all("a") if tag["class"] == "button")
    assert button["href"] == link
    (sent,) = mails_to()
    assert (sent.status, sent.message, sent.html_message) == (STATUS.sent, "", "")


def test_link_sets_the_password_once(client, settings, edition):
    settings.SECOND_FACTOR_REQUIRED = True
    invite(edition)
    (link,) = LINK.findall(mails_to()[0].message)
    page = client.get(link, follow=True)
    words = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(page.request["PATH_INFO"], words).status_code == 302
    client.logout()
    assert "n’est plus valable" in client.get(link, follow=True).content.decode()
    client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
    assert get_user(client).email == ADDRESS
    # A juror comes in with a second factor, and not before.
    first = client.get("/admin/", follow=True)
    assert first.redirect_chain[-1][0].startswith(reverse("mfa_activate_totp"))


def test_who_has_a_password_is_led_to_the_sign_in_page(edition):
    user = make_user(email=ADDRESS, name="Léa B.")
    invite(edition)
    user.refresh_from_db()
    assert user.name == "Léa B."
    (mail,) = mails_to()
    assert not LINK.search(mail.message)
    assert "/compte/connexion/?next=%2Fadmin%2Ftrophies%2Fassignment%2F" in mail.message
    assert user.check_password(PASSWORD)


def test_invitation_without_dates_says_that_they_will_come():
    edition = make_edition(
        jury_opens_at=None, jury_closes_at=None, results_published_at=None, closes_at=ahead(days=9)
    )
    invite(edition)
    assert "Nous vous dirons bientôt" in mails_to()[0].message


def test_inviting_again_writes_again_and_changes_nothing_else(edition):
    member, _ = invite(edition)
    later(member)
    again, is_new = invite(edition, email=ADDRESS.upper(), role="president", ceiling=3)
    assert (again, is_new) == (member, False)
    assert (again.role, again.ceiling) == ("member", None)
    assert len(mails_to()) == 2
    links = {LINK.findall(mail.message)[0] for mail in mails_to()}
    assert all(links)


def test_second_click_within_a_minute_is_the_same_gesture(edition):
    member, _ = invite(edition)
    invite(edition)
    assert not services.send_invitation(member, by=member.user)
    assert len(mails_to()) == 1


def test_closed_account_is_not_invited(edition):
    make_user(email=ADDRESS, is_active=False)
    with pytest.raises(NotAllowed, match="fermé"):
        invite(edition)
    assert not edition.jury_members.exists()
    assert not mails_to()


def test_who_left_is_not_invited(edition):
    member, _ = invite(edition)
    JuryMember.objects.update(left_at=ago(days=1), invited_at=ago(days=2))
    with pytest.raises(NotAllowed, match="a quitté ce jury"):
        invite(edition)
    with pytest.raises(NotAllowed, match="a quitté ce jury"):
        services.send_invitation(member, by=member.user)
    assert len(mails_to()) == 1


def test_jury_has_one_president(edition):
    first, _ = invite(edition, role="president")
    with pytest.raises(NotAllowed, match="Léa Exemple préside déjà ce jury"):
        invite(edition, email="noe@rallynov.example", role="president")
    assert not User.objects.filter(email="noe@rallynov.example").exists()
    second, _ = invite(edition, email="noe@rallynov.example", role="deputy")
    seat = {"organisation": None, "ceiling": None, "themes": []}
    with pytest.raises(NotAllowed, match="préside déjà"):
        services.change_seat(second, role="president", **seat)
    services.change_seat(first, role="president", **seat | {"ceiling": 4})
    services.change_seat(first, role="member", **seat)
    services.change_seat(second, role="president", **seat)
    assert edition.jury_members.get(role="president") == second


def test_organisation_of_a_seat_is_looked_for_in_the_files(edition):
    organisation = make_organisation(name="Le Fournil")
    file = make_eligible(edition=edition, organisation_name="Le Fournil")
    member, _ = invite(edition)
    assert member.assignments.counting().count() == 1
    seat = {"role": "member", "ceiling": None, "themes": []}
    services.change_seat(member, organisation=organisation, **seat)
    assert ConflictOfInterest.objects.filter(user=member.user, candidature=file).exists()
    assert member.assignments.counting().count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_make_one_seat():
    loader.load(Department, Epci, Commune)
    edition, by = make_reading_edition(), make_user(roles=[Role.TEAM])
    make_page(key="contact")
    made = in_parallel(*[lambda: invite(edition, by=by)] * 3, behind=edition)
    assert sorted(is_new for _, is_new in made) == [False, False, True]
    assert JuryMember.objects.count() == 1
    assert len(mails_to()) == 1


# Reminded by the team ---------------------------------------------------------------------------


@pytest.fixture
def reading(edition):
    """Two files and three jurors: one signed everything, one began, one did nothing."""
    files = [make_eligible(edition=edition, title=f"Secret {rank}") for rank in range(2)]
    done, begun, new = [make_jury_member(edition=edition) for _ in range(3)]
    for assignment in done.assignments.all():
        make_evaluation(assignment, [3])
    make_evaluation(begun.assignments.get(candidature=files[0]), [2])
    make_evaluation(begun.assignments.get(candidature=files[1]), [2], is_signed=False)
    Email.objects.all().delete()
    return files, done, begun, new


@pytest.fixture
def by():
    return make_user(roles=[Role.TEAM])


def told(kind_words):
    return {mail.to[0] for mail in Email.objects.all() if kind_words in mail.subject}


def test_those_with_readings_left_are_reminded_once_a_day(edition, reading, by):
    files, done, begun, new = reading
    assert services.remind_jurors(edition, by=by) == (2, 0)
    assert services.remind_jurors(edition, by=by) == (0, 2)
    assert told("il vous reste") == {begun.user.email, new.user.email}
    (mail,) = mails_to(begun.user.email)
    assert "il vous reste une lecture à signer" in mail.subject
    assert "2 lectures à signer" in mails_to(new.user.email)[0].message
    for mail in Email.objects.all():
        assert "Secret" not in mail.subject + mail.message
        assert files[0].organisation_name not in mail.message


def test_one_juror_alone_is_reminded(edition, reading, by):
    _, done, begun, new = reading
    assert services.remind_jurors(edition, by=by, member=done) == (0, 0)
    assert services.remind_jurors(edition, by=by, member=new) == (1, 0)
    assert services.remind_jurors(edition, by=by) == (1, 1)


def test_who_left_or_is_closed_is_not_reminded(edition, reading, by):
    _, done, begun, new = reading
    JuryMember.objects.filter(pk=new.pk).update(left_at=ago(days=1))
    User.objects.filter(pk=begun.user.pk).update(is_active=False)
    assert services.remind_jurors(edition, by=by) == (0, 0)


def test_nobody_is_reminded_out_of_the_readings(edition, reading, by):
    end_readings(edition)
    with pytest.raises(NotAllowed, match="pas ouvertes"):
        services.remind_jurors(edition, by=by)
    assert not Email.objects.exists()


def test_reminder_tells_nothing_of_a_file_hidden_from_who_asks(edition, reading, by):
    """All that `by` sees of this juror is signed: to remind them would tell of the other file."""
    files, done, begun, new = reading
    ConflictOfInterest.objects.create(user=by, candidature=files[1], reason="Un ami.")
    assert services.remind_jurors(edition, by=by, member=begun) == (0, 0)
    assert services.remind_jurors(edition, by=by) == (1, 0)
    assert told("il vous reste") == {new.user.email}
    # What the juror reads of their own readings is whole.
    assert "2 lectures à signer" in mails_to(new.user.email)[0].message


def test_juror_is_told_nothing_of_a_file_that_a_tie_hides(edition, reading, by):
    files, done, begun, new = reading
    ConflictOfInterest.objects.create(user=new.user, candidature=files[0], reason="Un ami.")
    services.remind_jurors(edition, by=by, member=new)
    assert "une lecture à signer" in mails_to(new.user.email)[0].message


# Told by the worker -----------------------------------------------------------------------------


def move(edition, **dates):
    for name, at in dates.items():
        setattr(edition, name, at)
    edition.save()


@pytest.mark.parametrize(
    ("opened", "count"),
    [
        ({"minutes": -5}, 0),
        ({"minutes": 1}, 2),
        ({"hours": 47}, 2),
        ({"hours": 49}, 0),
    ],
)
def test_opening_is_told_once_to_each_with_readings(edition, reading, opened, count):
    move(edition, jury_opens_at=ago(**opened))
    for _ in range(2):
        services.send_jury_opened()
    assert len(told("sont ouvertes")) == Email.objects.count() == count


def test_who_was_invited_since_the_opening_is_not_told_of_it(edition, reading):
    _, _, begun, new = reading
    move(edition, jury_opens_at=ago(hours=2))
    JuryMember.objects.filter(pk=new.pk).update(invited_at=ago(hours=1))
    services.send_jury_opened()
    assert told("sont ouvertes") == {begun.user.email}


@pytest.mark.parametrize(
    ("opened", "left", "count"),
    [
        ({"days": 10}, {"days": 3, "minutes": 1}, 0),
        ({"days": 10}, {"days": 3, "minutes": -1}, 2),
        ({"days": 10}, {"minutes": 5}, 2),
        ({"days": 10}, {"minutes": -5}, 0),
        ({"hours": 20}, {"days": 2}, 0),
    ],
)
def test_last_days_are_told_to_who_has_not_signed_everything(edition, reading, opened, left, count):
    _, done, _, _ = reading
    move(edition, jury_opens_at=ago(**opened), jury_closes_at=ahead(**left))
    for _ in range(2):
        services.send_jury_last_days()
    assert len(told("Derniers jours")) == Email.objects.count() == count
    assert done.user.email not in told("Derniers jours")


def test_end_that_moved_to_another_day_is_told_again(edition, reading):
    move(edition, jury_closes_at=ahead(days=1))
    services.send_jury_last_days()
    move(edition, jury_closes_at=ahead(days=2))
    services.send_jury_last_days()
    assert Email.objects.count() == 4


def test_worker_does_both(edition, reading):
    assert services.send_jury_opened in EVERY_MINUTE
    assert services.send_jury_last_days in EVERY_MINUTE
