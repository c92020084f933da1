"""The booklet: a juror's own readings as a PDF, with the grid to tick by pen."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from rallynov.dates import instant_text
from tests.factories import (
    make_criterion,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_reading_edition,
    make_user,
)
from tests.trophies.takeaways import HOSTILE, read, tags_of, words_of
from trophies import booklet, services
from trophies.models import Candidature, JuryMember

YEAR = 2051

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def edition():
    edition = make_reading_edition(year=YEAR)
    make_criterion(edition=edition, label="Besoin", help="Ce que l’on regarde.", position=1)
    make_criterion(edition=edition, label="Durée", position=2, allows_not_applicable=True)
    return edition


@pytest.fixture
def member(client, edition):
    for name in ["Alpha", "Bêta", "Gamma"]:
        make_eligible(edition=edition, title=name)
    member = make_jury_member(edition=edition, user=make_user(roles=[Role.JURY], name="Ana Petit"))
    client.force_login(member.user)
    return member


def address(year=YEAR):
    return reverse("admin:trophies_booklet", args=[year])


def joined(text):
    """`text` wherever its lines and words are broken."""
    return re.sub(r"[-\s\u2010\u00ad]", "", text)


def in_order(member):
    return [reading.candidature for reading in member.assignments.order_by("position", "pk")]


def test_booklet_is_a_private_pdf(client, member):
    response = client.get(address())
    assert response["Content-Type"] == "application/pdf"
    assert f"lectures-jury-{YEAR}.pdf" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert client.get(address()).content == response.content


def test_booklet_follows_the_order_of_the_juror(client, member):
    words = words_of(client.get(address()).content)
    places = [words.index(f"Votre lecture : {file.title}") for file in in_order(member)]
    assert places == sorted(places)
    assert "De Ana Petit. 3 dossiers à lire." in words
    until = " ".join(instant_text(member.edition.jury_closes_at).split())
    assert f"À signer avant {until}, heure de Paris" in words


def test_booklet_holds_the_last_deposit_and_the_grid(client, member):
    file = in_order(member)[0]
    Candidature.objects.filter(pk=file.pk).update(need="Ce qui est encore tapé.")
    words = words_of(client.get(address()).content)
    payload = file.last_deposit.payload
    said = [
        payload["summary"],
        payload["organisation"]["name"],
        payload["commune"]["name"],
        *payload["answers"].values(),
        "Besoin poids 20",
        "Ce que l’on regarde.",
        *(f"{level} · niveau {level}" for level in range(5)),
        "peu sûr assez sûr sûr",
        "Pour le jury",
        "Pour le candidat",
    ]
    assert [each for each in said if joined(each) not in joined(words)] == []
    assert words.count("sans objet") == 3
    assert "Ce qui est encore tapé." not in words


def test_booklet_tells_no_number_no_tie_and_nothing_of_the_others(client, member):
    tied = in_order(member)[1]
    other = make_jury_member(edition=member.edition)
    for reading in other.assignments.all():
        make_evaluation(reading, [0, 0], comment_for_jury="Ce que pense un autre juré")
    services.declare_conflict(member.assignments.get(candidature=tied), reason="Un ami")
    words = words_of(client.get(address()).content)
    assert tied.title not in words
    assert "2 dossiers à lire" in words
    assert "2e lecture" in words
    assert "3e lecture" not in words
    assert "autre juré" not in words.replace("autres jurés", "")
    assert other.user.email not in words
    for file in Candidature.objects.all():
        assert file.reference
        assert file.reference not in words


@pytest.mark.parametrize("roles", [[Role.JURY], [Role.TEAM], [Role.JURY, Role.TEAM]])
def test_nobody_else_gets_a_booklet(client, member, roles):
    client.force_login(make_user(roles=roles))
    assert client.get(address()).status_code == (404 if Role.JURY in roles else 403)


def test_no_reading_no_booklet(client, member):
    assert client.get(address(2052)).status_code == 404
    JuryMember.objects.filter(pk=member.pk).update(declared_at=None)
    assert client.get(address()).status_code == 404


def test_booklet_is_made_for_whoever_hears_it(client, member):
    content = client.get(address()).content
    root = read(content).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr-FR", True)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    tags = tags_of(content)
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 2 + 3
    assert {"/H3", "/H4", "/P", "/L", "/LI"} <= set(tags)


def test_hostile_words_are_words(client, member):
    file = make_eligible(edition=member.edition, **HOSTILE)
    services.distribute(member.edition)
    words = words_of(client.get(address()).content)
    assert "#panic() $x$ *gras* @moi <a> `code`" in words
    assert "\u202e" not in words
    assert file.reference not in words


def test_queries_do_not_grow_with_the_files(client, member):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert booklet.booklet_content(member.user, YEAR)
        return len(captured)

    few = queries()
    for _ in range(3):
        make_eligible(edition=member.edition)
    services.distribute(member.edition)
    assert queries() == few
