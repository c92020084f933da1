"""One person, on request: a copy of what is held of them, and its erasure."""

import base64
import io
import json
import re
import time
import zipfile

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from post_office.models import STATUS, Email

from accounts import consents
from accounts.models import Consent, User
from accounts.roles import Role
from events.models import Registration
from initiatives.models import Contribution
from partners.models import Membership
from rallynov.privacy.erasure import erase, kept_of
from rallynov.privacy.link import LIFE, cipher
from rallynov.privacy.nobody import is_nobody
from rallynov.privacy.person import Person
from rallynov.privacy.views import send_link
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_candidature,
    make_contribution,
    make_eligible,
    make_event,
    make_initiative,
    make_jury_member,
    make_organisation,
    make_prize,
    make_reading_edition,
    make_registration,
    make_sheet_holder,
    make_user,
    publish_results,
)
from tests.html import Html
from tests.rallynov.kept_too_long import add_file
from tests.rallynov.whole_database import where
from trophies import services
from trophies.models import Attachment, Candidature, ConflictOfInterest, Decision, Deposit
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

NAME, EMAIL = "Ondine Qzpersonneqz", "ondine@qzpersonneqz.example"
WORDS = consents.Wording("letter", "Je veux la lettre.")


@pytest.fixture
def ondine():
    return make_user(name=NAME, email=EMAIL, last_login=ago(days=1))


def leave_traces(user):
    """What one person may leave in all corners of the site, but the trophies."""
    make_registration(
        make_event(starts_at=ago(days=9)), name=NAME, email=EMAIL, needs="Qzpersonneqz"
    )
    make_contribution(name=NAME, email=EMAIL, message="Je suis Qzpersonneqz.", by=user)
    make_sheet_holder(make_initiative(), user=user)
    services.ask_alert(email=EMAIL)
    consents.give(WORDS, email=EMAIL)


def leave_act(row):
    """As the admin notes what its team does."""
    LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        object_repr="Qzpersonneqz",
        action_flag=CHANGE,
        change_message="Qzpersonneqz",
    )


def zip_of(response):
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def link_in_mail():
    found = re.search(r"/donnees-personnelles/copie/[^\s<>]+", Email.objects.latest("pk").message)
    return found[0]


def decided(**changes):
    edition = make_reading_edition()
    file = make_eligible(edition=edition, **changes)
    end_readings(edition)
    services.decide(file, outcome="not_selected", prize=None)
    return file


# The copy ---------------------------------------------------------------------------------------


def test_copy_holds_all_that_is_kept_of_an_address(client, ondine):
    leave_traces(ondine)
    file = make_candidature(holder=ondine, title="Le four Qzpersonneqz")
    add_file(file, name="plan.pdf", text="plan")
    make_candidature(title="Le projet d’une autre")
    send_link(EMAIL)
    link = link_in_mail()
    assert "Qzpersonneqz" not in client.get(link).content.decode()
    copy = zip_of(client.post(link))
    assert set(copy.namelist()) == {"donnees.json", "pieces/001-plan.pdf", "LISEZ-MOI.txt"}
    told = copy.read("donnees.json").decode()
    parts = json.loads(told)["registre"]
    assert {
        "Les comptes", "Les brouillons de candidature", "Les inscriptions aux rencontres",
        "Ce que l’on propose à l’annuaire", "Les consentements",
    } <= set(parts)  # fmt: skip
    for words in (NAME, "Le four Qzpersonneqz", "Je suis Qzpersonneqz.", "Je veux la lettre."):
        assert words in told
    assert "pbkdf2" not in told
    assert "d’une autre" not in told
    assert EMAIL in copy.read("LISEZ-MOI.txt").decode()


def test_copy_of_an_address_without_account(client):
    make_registration(make_event(), name="Zoé", email="zoe@rallynov.example")
    send_link("Zoe@Rallynov.Example")
    assert "Zoé" in zip_of(client.post(link_in_mail())).read("donnees.json").decode()


def test_link_that_is_forged_or_old_is_not_there(client):
    send_link(EMAIL)
    link = link_in_mail()
    assert client.get(link).status_code == 200
    assert client.get(link[:-4] + "xxx/").status_code == 404
    for made_up in ("n-importe", "é", "gAAAAA", "a" * 200):
        assert client.post(f"/donnees-personnelles/copie/{made_up}/").status_code == 404
    old = cipher().encrypt_at_time(EMAIL.encode(), int(time.time()) - LIFE - 60).decode()
    assert client.get(f"/donnees-personnelles/copie/{old}/").status_code == 404


def test_link_shows_its_address_to_no_log():
    send_link(EMAIL)
    token = link_in_mail().split("/")[-2]
    read = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert EMAIL.encode() not in read


def test_decision_is_in_no_copy_before_the_results(client, ondine):
    file = decided(holder=ondine)
    Decision.objects.filter(candidature=file).update(letter="Qzlettreqz")
    send_link(EMAIL)
    link = link_in_mail()
    assert "Qzlettreqz" not in zip_of(client.post(link)).read("donnees.json").decode()
    publish_results(file.edition)
    assert "Qzlettreqz" in zip_of(client.post(link)).read("donnees.json").decode()


def test_juror_reads_their_own_scores_and_nobody_elses(client):
    ondine = make_user(name=NAME, email=EMAIL)
    seat = make_jury_member(user=ondine)
    make_jury_member(edition=seat.edition, user=make_user(name="Autre jurée"))
    send_link(EMAIL)
    told = zip_of(client.post(link_in_mail())).read("donnees.json").decode()
    assert "Le travail du jury" in told
    assert "Autre jurée" not in told


# Erasure ----------------------------------------------------------------------------------------


def test_nothing_of_an_erased_person_stays(ondine, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        leave_traces(ondine)
        file = decided(holder=ondine, title="Le four Qzpersonneqz", need="Qzpersonneqz")
        add_file(file, name="qzpersonneqz.pdf", text="qzpersonneqz")
        publish_results(file.edition)
        draft = make_candidature(holder=ondine, need="Qzpersonneqz")
        add_file(draft, name="qzpersonneqz.pdf", text="qzpersonneqz")
        seat = Membership.objects.create(user=ondine, organisation=make_organisation())
        for row in (file, seat, ondine, Registration.objects.get(), Contribution.objects.get()):
            leave_act(row)
    assert {name for name, _ in where("qzpersonneqz")} > {"trophies_deposit", "accounts_user"}
    with django_capture_on_commit_callbacks(execute=True):
        kept = erase(EMAIL)
    assert where("qzpersonneqz") == set()
    assert len(kept) == 1
    assert "empreinte" in kept[0]
    assert Deposit.objects.count() == 1
    assert not Attachment.objects.exists()
    assert Registration.objects.get().name == "Personne effacée"
    assert erase(EMAIL) == []


def test_running_candidature_stays_until_the_results(ondine):
    file = make_eligible(holder=ondine, title="Le four")
    assert "jusqu’aux résultats" in erase(EMAIL)[0]
    assert Candidature.objects.get(pk=file.pk).title == "Le four"
    assert User.objects.filter(email=EMAIL).exists()
    assert Consent.objects.filter(about=file.uuid, email=EMAIL).exists()


def test_shared_candidature_is_left_to_the_others(ondine):
    other = make_user()
    file = make_candidature(holder=ondine, title="Le four")
    file.holders.add(other)
    assert "tenues à plusieurs" in erase(EMAIL)[0]
    assert list(Candidature.objects.get(pk=file.pk).holders.all()) == [other]
    assert not User.objects.filter(email=EMAIL).exists()


def test_deposit_of_a_shared_candidature_is_nobodys(ondine):
    file = make_eligible(holder=ondine)
    file.holders.add(make_user())
    erase(EMAIL)
    assert User.objects.get(deposits=file.last_deposit).name == "Personne effacée"


def test_juror_stays_as_long_as_the_decision_is_proved(ondine):
    make_jury_member(user=ondine)
    leave_traces(ondine)
    assert "procès-verbal" in erase(EMAIL)[0]
    assert User.objects.get(email=EMAIL).name == NAME
    assert not Contribution.objects.exists()


def test_place_that_is_given_up_goes_to_the_next(ondine):
    event = make_event(starts_at=ahead(days=20), takes_registrations=True, capacity=1)
    make_registration(event, email=EMAIL, name=NAME)
    waiting = make_registration(event, status="waiting")
    erase(EMAIL)
    waiting.refresh_from_db()
    assert waiting.status == "offered"
    assert not Registration.objects.filter(name=NAME).exists()
    assert not Email.objects.filter(to=EMAIL).exists()


def test_who_works_in_the_admin_is_not_erased(ondine):
    User.objects.filter(pk=ondine.pk).update(roles=[Role.TEAM])
    with pytest.raises(NotAllowed, match="rôles"):
        erase(EMAIL)


def test_laureate_keeps_what_is_public(ondine):
    edition = make_reading_edition()
    file = make_eligible(edition=edition, holder=ondine, title="Le four")
    end_readings(edition)
    services.decide(file, outcome="laureate", prize=make_prize(edition=edition))
    publish_results(edition)
    said = kept_of(Person.of(EMAIL))
    assert any("projet lauréat" in sentence for sentence in said)
    assert erase(EMAIL) == said
    assert Candidature.objects.get(pk=file.pk).title == "Le four"


# The page of the team ---------------------------------------------------------------------------


@pytest.fixture
def team(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    team = make_user(roles=[Role.TEAM])
    client.force_login(team)
    return team


def text_of(response):
    return Html(response.content.decode()).text("main")


@pytest.mark.usefixtures("team")
def test_team_finds_a_person_and_what_is_held(client, ondine):
    leave_traces(ondine)
    page = client.post(reverse("admin:person"), {"email": " Ondine@qzpersonneqz.example "})
    assert NAME in text_of(page)
    assert "Les inscriptions aux rencontres inscriptions : 1" in text_of(page)
    assert "Effacer cette personne" in page.content.decode()


@pytest.mark.usefixtures("team")
def test_address_that_nobody_has_is_said(client):
    page = client.post(reverse("admin:person"), {"email": "qui@rallynov.example"})
    assert "ne garde rien" in text_of(page)
    assert "complète" in text_of(client.post(reverse("admin:person"), {"email": "qui"}))


@pytest.mark.usefixtures("team")
def test_copy_leaves_for_the_person_alone(client, ondine):
    client.post(reverse("admin:person-copy"), {"email": EMAIL})
    mail = Email.objects.get()
    assert (mail.to, mail.status) == ([EMAIL], STATUS.queued)


def test_erasure_is_confirmed_then_noted_without_a_name(client, team, ondine):
    address = reverse("admin:person-erase")
    page = text_of(client.post(address, {"email": EMAIL}))
    assert "Ce qui restera" in page
    assert User.objects.filter(email=EMAIL).exists()
    done = client.post(address, {"email": EMAIL, "confirme": "oui"}, follow=True)
    assert "C’est effacé" in done.content.decode()
    assert where("qzpersonneqz") == set()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (team, "Personne effacée")


def test_nobody_erases_oneself(client, team):
    page = client.post(reverse("admin:person-erase"), {"email": team.email, "confirme": "oui"})
    assert page.status_code == 302
    assert User.objects.filter(pk=team.pk).exclude(**is_nobody()).exists()


def test_who_has_a_tie_does_none_of_this(client, team, ondine):
    file = make_eligible(holder=ondine)
    ConflictOfInterest.objects.create(candidature=file, user=team, origin="declared", reason="x")
    assert "lien d’intérêts" in text_of(client.get(reverse("admin:person")))
    for name in ("person", "person-copy", "person-erase"):
        response = client.post(reverse(f"admin:{name}"), {"email": EMAIL, "confirme": "oui"})
        assert response.status_code == 403
    assert User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize("roles", [[], [Role.JURY], [Role.EDITOR]])
def test_page_is_the_teams(client, settings, roles):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(roles=roles))
    for name in ("person", "person-copy", "person-erase"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
        assert client.post(reverse(f"admin:{name}"), {"email": EMAIL}).status_code == 403
