"""An anonymous reading: who the structure is, and its people, appear nowhere for a juror."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_criterion,
    make_deposited,
    make_jury_member,
    make_organisation,
    make_reading_edition,
    make_user,
)
from tests.html import Html
from tests.trophies.takeaways import make_piece, words_of
from trophies import services
from trophies.models import Candidature, Edition

STRUCTURE, HOLDER = "Association Répit 70 (exemple)", "Ana Quélennec"
LIST = "/admin/trophies/assignment/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings, tmp_path):
    settings.SECOND_FACTOR_REQUIRED = False
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def edition():
    edition = make_reading_edition(year=2051, is_anonymous=True)
    make_criterion(edition=edition, label="Besoin")
    return edition


@pytest.fixture
def file(edition):
    file = make_deposited(
        edition=edition,
        holder=make_user(name=HOLDER),
        title="Le bus des aidants",
        summary="Répit 70 va au-devant des aidants.",
        organisation_name=STRUCTURE,
        need="L’ASSOCIATION REPIT 70, présidée par Mme Quélennec, a compté 40 aidants.",
        effects="Écrire à ana@repit70.example. ANA QUELENNEC répond.",
    )
    piece = make_piece(file, "statuts-repit.pdf")
    file = Candidature.objects.get(pk=file.pk)
    services.deposit(candidature=file, by=file.holders.get(), received_at=edition.opens_at)
    services.change_status(file, "accept", by=make_user(roles=["team"]))
    file = Candidature.objects.get(pk=file.pk)
    assert piece.name in str(file.last_deposit.payload)
    return file


@pytest.fixture
def reading(client, file):
    member = make_jury_member(edition=file.edition)
    client.force_login(member.user)
    return member.assignments.get()


def pages(reading):
    address = reading.get_absolute_url()
    return [LIST, address, f"{address}lien/"]


SECRETS = [
    STRUCTURE, "Répit", "REPIT", "repit", HOLDER, "Quélennec", "QUELENNEC", "statuts",
]  # fmt: skip


def test_names_appear_on_no_page(client, reading, file):
    for page in pages(reading):
        source = client.get(page).content.decode()
        assert file.title in source
        assert [secret for secret in SECRETS if secret in source] == [], page
        assert file.commune.name not in source


def test_title_that_names_the_structure_hides_it_everywhere(client, file):
    file = Candidature.objects.get(pk=file.pk)
    file.title = "Répit 70, le bus"
    file.save()
    last = file.last_deposit
    file.deposits.create(
        number=last.number + 1, payload=file.payload(), by=last.by, received_at=last.received_at
    )
    member = make_jury_member(edition=file.edition)
    client.force_login(member.user)
    for page in pages(member.assignments.get()):
        source = client.get(page).content.decode()
        assert "[structure], le bus" in source
        assert "Répit" not in source


def test_the_same_pages_tell_them_otherwise(client, reading, file):
    Edition.objects.filter(pk=file.edition_id).update(is_anonymous=False)
    screen = client.get(reading.get_absolute_url()).content.decode()
    assert [secret for secret in SECRETS if secret not in screen] == [
        HOLDER
    ]  # in none of the texts
    assert STRUCTURE in client.get(LIST).content.decode()
    assert "Lecture anonyme" not in screen


def test_screen_says_that_it_is_anonymous_and_what_stands_for_names(client, reading, file):
    text = Html(client.get(reading.get_absolute_url()).content.decode()).text("article")
    assert "Lecture anonyme" in text
    assert "L’[structure], présidée par Mme [personne], a compté 40 aidants." in text
    assert "Écrire à [adresse]. [personne] répond." in text
    assert "[structure] va au-devant des aidants." in text
    assert file.commune.department.name in text
    assert "Pièces" not in text


def test_name_in_the_directory_is_hidden_too(client, reading, file):
    Candidature.objects.filter(pk=file.pk).update(
        organisation=make_organisation(name="Va au-devant")
    )
    text = Html(client.get(reading.get_absolute_url()).content.decode()).text("article")
    assert "[structure] [structure] des aidants." in text


def test_pieces_open_for_the_team_and_not_for_jurors(client, reading, file):
    address = reverse("attachment", args=[file.attachments.get().uuid])
    for query in ["", "?en-place"]:
        assert client.get(address + query).status_code == 404
    client.force_login(make_user(roles=["team"]))
    assert opens(client, address)
    client.force_login(reading.jury_member.user)
    Edition.objects.filter(pk=file.edition_id).update(is_anonymous=False)
    assert opens(client, address)


def opens(client, address):
    """Read to its end, which closes the file."""
    return b"".join(client.get(address)).startswith(b"%PDF")


def test_booklet_is_anonymous(client, reading, file):
    words = words_of(client.get(reverse("admin:trophies_booklet", args=[2051])).content)
    assert "Le bus des aidants" in words
    assert "La lecture est anonyme" in words
    assert "L’[structure], présidée par Mme [personne], a compté 40 aidants." in words
    assert [secret for secret in SECRETS if secret in words] == []
    assert file.commune.name not in words
