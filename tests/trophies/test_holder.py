"""The project holder's space, page by page."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from accounts.roles import Role
from rallynov.settings import MIDDLEWARE
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_prize,
    make_reading_edition,
    make_regulation,
    make_theme,
    make_user,
    picture_file,
    publish_results,
)
from tests.html import Html
from trophies import services
from trophies.models import Candidature, ConflictOfInterest, Decision

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CODE = "/compte/code/demander/"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def holder(client):
    user = make_user()
    client.force_login(user)
    return user


def url(name, candidature, *args):
    return reverse(f"candidatures:{name}", args=[candidature.uuid, *args])


def step_url(candidature, slug):
    return url("step", candidature, slug)


def type_in(candidature, **changes):
    Candidature.objects.filter(pk=candidature.pk).update(**changes)


def text_of(response):
    return Html(response.content.decode()).text("main")


def upload(content, name):
    return SimpleUploadedFile(name, content)


# Doors ------------------------------------------------------------------------------------------


def test_sign_in_leads_a_holder_to_their_candidatures(client):
    client.post(CODE, {"email": "camille@rallynov.example"})
    code = re.search(r"^ +(\d{6})$", Email.objects.get().message, re.MULTILINE)[1]
    assert client.post("/compte/code/", {"code": code}).url == reverse("candidatures:list")


NAMES = ["detail", "edit", "deposit", "withdraw", "holders", "leave"]


@pytest.mark.parametrize("fields", [{}, {"roles": [Role.TEAM]}, {"is_superuser": True}])
def test_candidature_of_another_is_as_absent_as_an_unknown_one(client, settings, fields):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(make_user(**fields))
    other = make_deposited()
    unknown = Candidature(edition=other.edition)
    for name, args in [*((name, []) for name in NAMES), ("receipt", [1]), ("step", ["besoin"])]:
        for method in [client.get, client.post]:
            theirs, nobodys = (method(url(name, row, *args)) for row in (other, unknown))
            assert theirs.status_code == nobodys.status_code
            assert theirs.content == nobodys.content
        assert client.get(url(name, other, *args)).status_code == 404
    other.refresh_from_db()
    assert other.status == "submitted"


def test_pages_are_never_kept(client, holder):
    candidature = make_candidature(holder=holder)
    for address in [reverse("candidatures:list"), step_url(candidature, "projet")]:
        assert "no-store" in client.get(address)["Cache-Control"]


# List and start ---------------------------------------------------------------------------------


def test_list_says_where_each_candidature_stands(client, holder):
    edition = make_edition()
    make_candidature(holder=holder, edition=edition, title="Commencée")
    make_deposited(holder=holder, edition=edition, title="Partie")
    changed = make_deposited(holder=holder, edition=edition, title="Reprise")
    Candidature.objects.filter(pk=changed.pk).update(need="Autre chose.")
    make_candidature(title="Celle d’un autre", edition=edition)
    text = text_of(client.get(reverse("candidatures:list")))
    assert "Brouillon : rien n’est déposé" in text
    assert len(re.findall("Déposée le", text)) == 2
    assert len(re.findall("avec des modifications non déposées", text)) == 1
    assert "Celle d’un autre" not in text


def test_empty_list_points_to_the_call(client, holder):
    page = client.get(reverse("candidatures:list"))
    assert "Aucune candidature" in text_of(page)
    links = [a["href"] for a in Html(page.content.decode()).all("a")]
    assert links.count(reverse("trophies:apply-now")) == 2


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_list_makes_the_same_queries_for_many(client, holder):
    address = reverse("candidatures:list")
    make_deposited(holder=holder)
    one = queries_of(client, address)
    for _ in range(3):
        make_deposited(holder=holder, themes=[make_theme(), make_theme()])
    assert queries_of(client, address) == one <= 12


def test_detail_makes_the_same_queries_for_many_deposits(client, holder):
    candidature = make_deposited(holder=holder)
    one = queries_of(client, url("detail", candidature))
    for number in range(3):
        type_in(candidature, need=f"Réponse {number}.")
        client.post(url("deposit", candidature))
    assert candidature.deposits.count() == 4
    assert queries_of(client, url("detail", candidature)) == one <= 12


# Files ------------------------------------------------------------------------------------------


def make_piece(candidature, name="projet.pdf", content=PDF, at=None):
    from trophies import attachments

    return services.attach(candidature, attachments.prepare(upload(content, name)), at=at).piece


def test_holder_opens_their_file(client, holder):
    candidature = make_candidature(holder=holder)
    response = client.get(make_piece(candidature, "Été 2026.pdf").get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    picture = make_piece(candidature, "photo.png", picture_file())
    response = client.get(picture.get_absolute_url())
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"].startswith("inline")
    assert io.BytesIO(b"".join(response.streaming_content)).getvalue()[8:12] == b"WEBP"
    picture.file.storage.delete(picture.file.name)
    assert client.get(picture.get_absolute_url()).status_code == 404


def status_for(client, user, piece):
    client.force_login(user)
    response = client.get(piece.get_absolute_url())
    b"".join(response)  # which closes the file
    return response.status_code


def test_file_is_closed_to_others(client):
    piece = make_piece(make_candidature())
    address = piece.get_absolute_url()
    assert client.get(address).url == f"{CODE}?next={address}"
    assert status_for(client, make_user(), piece) == 404


def test_file_opens_to_staff_from_the_draft_on(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    team = make_user(roles=[Role.TEAM])
    piece = make_piece(make_candidature())
    assert status_for(client, team, piece) == 200
    assert status_for(client, make_user(roles=[Role.EDITOR]), piece) == 404
    settings.SECOND_FACTOR_REQUIRED = True
    assert status_for(client, team, piece) == 404


def deposited_twice(edition):
    """A candidature in front of its jury: its first file was replaced, then deposited again."""
    holder = make_user()
    candidature = make_candidature(holder=holder, edition=edition)
    pieces = []
    for name in ["un.pdf", "deux.pdf"]:
        for former in pieces:
            services.detach(former, at=ago(days=50))
        pieces.append(make_piece(candidature, name, PDF + name.encode(), at=ago(days=50)))
        fresh = Candidature.objects.get(pk=candidature.pk)
        services.deposit(candidature=fresh, by=holder, received_at=ago(days=50))
    services.change_status(fresh, "accept", by=make_user(roles=[Role.TEAM]))
    return candidature, *pieces


def test_file_of_the_last_deposit_opens_to_its_jurors(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    edition = make_reading_edition()
    candidature, first, last = deposited_twice(edition)
    member = make_jury_member(edition=edition)
    stranger = make_jury_member(edition=make_reading_edition())
    assert status_for(client, member.user, last) == 200
    assert status_for(client, member.user, first) == 404
    assert status_for(client, make_user(roles=[Role.TEAM]), first) == 200
    assert status_for(client, stranger.user, last) == 404
    ConflictOfInterest.objects.create(
        user=member.user, candidature=candidature, reason="Ma sœur y travaille."
    )
    assert status_for(client, member.user, last) == 404


# Deposit and receipt ----------------------------------------------------------------------------


def test_deposit_page_lists_what_is_missing(client, holder):
    candidature = make_candidature(holder=holder, need=" ", commune=None)
    page = client.get(url("deposit", candidature))
    hrefs = [a["href"] for a in Html(page.content.decode()).all("a")]
    assert f"{step_url(candidature, 'besoin')}#id_need" in hrefs
    assert f"{step_url(candidature, 'structure')}#id_commune" in hrefs
    assert "Déposer" not in Html(page.content.decode()).text("button")


def test_deposit_page_lists_what_is_not_understood(client, holder):
    candidature = make_candidature(holder=holder)
    type_in(candidature, typed={"started_year": "l’an passé"})
    page = client.get(url("deposit", candidature))
    assert "Depuis quelle année , à reprendre" in text_of(page)
    response = client.post(url("deposit", candidature))
    assert response.status_code == 409
    assert not candidature.deposits.exists()


def test_deposit_is_dated_before_anything_waits(client, holder):
    """The instant of the request, and not the one when the lock was obtained."""
    candidature = make_candidature(holder=holder)
    before = ago(seconds=0)
    client.post(url("deposit", candidature))
    request = client.get(url("detail", candidature)).wsgi_request
    received_at = candidature.deposits.get().received_at
    assert before <= received_at <= request.received_at
    assert MIDDLEWARE[0] == "rallynov.received.received_at"


def test_deposit_leads_to_its_receipt(client, holder):
    edition = make_edition()
    make_regulation(edition=edition, version=3)
    candidature = make_candidature(holder=holder, edition=edition)
    piece = make_piece(candidature)
    page = client.get(url("deposit", candidature))
    assert "Déposer" in Html(page.content.decode()).text("button")
    response = client.post(url("deposit", candidature))
    assert response.url == url("receipt", candidature, 1)
    candidature.refresh_from_db()
    deposit = candidature.deposits.get()
    Candidature.objects.filter(pk=candidature.pk).update(need="Changé depuis.")
    text = text_of(client.get(response.url))
    for said in [
        candidature.reference, deposit.sha256, piece.sha256, "version 3", candidature.need,
        candidature.spread, piece.name,
    ]:  # fmt: skip
        assert said in text
    assert "Changé depuis." not in text
    assert Email.objects.get(to=holder.email)


def test_second_click_leads_to_the_same_receipt(client, holder):
    candidature = make_candidature(holder=holder)
    first, second = (client.post(url("deposit", candidature)) for _ in range(2))
    assert first.url == second.url
    assert candidature.deposits.count() == 1
    assert "Tout est déposé" in text_of(client.get(url("deposit", candidature)))


def test_deposit_again_after_a_change(client, holder):
    candidature = make_deposited(holder=holder)
    type_in(candidature, need="Mieux dit.")
    page = client.get(url("deposit", candidature))
    assert "Déposer de nouveau" in Html(page.content.decode()).text("button")
    assert client.post(url("deposit", candidature)).url == url("receipt", candidature, 2)
    assert "Un dépôt plus récent existe" in text_of(client.get(url("receipt", candidature, 1)))


@pytest.mark.parametrize("changes", [{"need": ""}, {"late": True}])
def test_refused_deposit_says_why_and_loses_nothing(client, holder, changes):
    edition = make_edition()
    candidature = make_candidature(holder=holder, edition=edition, need=changes.get("need", "Oui."))
    if "late" in changes:
        edition.closes_at = ago(seconds=1)
        edition.save()
    response = client.post(url("deposit", candidature))
    assert response.status_code == 409
    said = "L’appel est clos." if "late" in changes else "Il reste des réponses"
    assert said in text_of(response)
    candidature.refresh_from_db()
    assert candidature.status == "draft"
    assert candidature.effects in text_of(response)


def test_receipt_of_no_deposit_is_absent(client, holder):
    assert client.get(url("receipt", make_candidature(holder=holder), 1)).status_code == 404


# Following it -----------------------------------------------------------------------------------


def test_detail_tells_the_screening(client, holder):
    team = make_user(roles=[Role.TEAM])
    candidature = make_deposited(holder=holder)
    services.change_status(candidature, "refuse", by=team, reason="Hors du territoire.")
    text = text_of(client.get(url("detail", candidature)))
    assert "Non recevable" in text
    assert "Hors du territoire." in text


def test_withdrawal_asks_first(client, holder):
    candidature = make_deposited(holder=holder)
    hrefs = [
        a["href"] for a in Html(client.get(url("detail", candidature)).content.decode()).all("a")
    ]
    assert url("withdraw", candidature) in hrefs
    client.get(url("withdraw", candidature))
    candidature.refresh_from_db()
    assert candidature.status == "submitted"
    page = client.post(url("withdraw", candidature), follow=True)
    assert "Retirée le" in text_of(page)
    candidature.refresh_from_db()
    assert candidature.status == "withdrawn"


def test_draft_is_not_withdrawn(client, holder):
    candidature = make_candidature(holder=holder)
    assert client.get(url("withdraw", candidature)).url == url("detail", candidature)
    page = client.post(url("withdraw", candidature), follow=True)
    assert "La candidature est « brouillon »" in text_of(page)


def decided(holder):
    """Two files of one edition that deliberates: one will be laureate, the other is not decided."""
    edition = make_reading_edition()
    chosen, waiting = (make_eligible(holder=holder, edition=edition) for _ in range(2))
    end_readings(edition)
    chosen = Candidature.objects.get(pk=chosen.pk)
    prize = make_prize(edition=edition, name="Prix de l’audace")
    services.decide(chosen, outcome="laureate", prize=prize, citation="Pour l’élan.")
    Decision.objects.filter(candidature=chosen).update(
        letter="Bravo à vous.", letter_read_at=ago(days=1), letter_read_by=make_user()
    )
    return chosen, waiting


def neutral(response, candidature):
    """The page without what tells one file from another: its names, and the session's token."""
    page = response.content.decode()
    for own in [candidature.title, candidature.reference, str(candidature.uuid)]:
        page = page.replace(own, "…")
    return page


def test_nothing_of_a_decision_shows_before_its_instant(client, holder):
    chosen, waiting = decided(holder)
    for name in ["detail", "withdraw"]:
        pages = [client.get(url(name, row), follow=True) for row in (chosen, waiting)]
        assert neutral(pages[0], chosen) == neutral(pages[1], waiting)
    answers = [client.post(url("withdraw", row), follow=True) for row in (chosen, waiting)]
    assert neutral(answers[0], chosen) == neutral(answers[1], waiting)
    chosen.refresh_from_db()
    assert chosen.status == "eligible"


def test_decision_shows_at_its_instant(client, holder):
    chosen, _ = decided(holder)
    publish_results(chosen.edition, ahead(seconds=60))
    assert "Bravo à vous." not in text_of(client.get(url("detail", chosen)))
    publish_results(chosen.edition)
    page = client.get(url("detail", chosen))
    assert "lauréate" in text_of(page)
    assert "Bravo à vous." in text_of(page)
    hrefs = [a["href"] for a in Html(page.content.decode()).all("a")]
    assert chosen.laureate.initiative.get_absolute_url() in hrefs
    assert reverse("trophies:laureates", args=[chosen.edition.year]) in hrefs


def test_call_leads_to_the_form_while_it_is_open(client):
    edition = make_edition()
    address = reverse("trophies:apply", args=[edition.year])
    start = reverse("candidatures:start", args=[edition.year])
    assert start in [a["href"] for a in Html(client.get(address).content.decode()).all("a")]
    edition.closes_at = ago(seconds=1)
    edition.save()
    assert start not in [a["href"] for a in Html(client.get(address).content.decode()).all("a")]
