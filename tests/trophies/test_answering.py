"""The holder's page that answers a request: files, words, or both."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from post_office.models import Email

from tests.factories import (
    ago,
    end_readings,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_reading_edition,
    make_user,
    picture_file,
)
from trophies import services
from trophies.attachments import Prepared
from trophies.models import Attachment, Candidature, Deposit

pytestmark = pytest.mark.django_db

MESSAGE = "Le budget, <b>même</b> sur une page."


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def asked(client):
    """A request on a candidature whose call is closed, its holder signed in."""
    candidature = make_deposited(edition=make_edition(closes_at=ago(hours=1)))
    client.force_login(candidature.holders.get())
    return ask(candidature)


def ask(candidature):
    return services.ask_piece(candidature, message=MESSAGE, by=make_user(roles=["team"]))


def send(client, asked, *files, text=""):
    return client.post(asked.get_absolute_url(), {"text": text, "files": list(files)})


def pdf_of(text):
    return f"%PDF-1.7\n% {text}\n%%EOF\n".encode()


def pdf(name="budget.pdf", text="budget"):
    return SimpleUploadedFile(name, pdf_of(text))


def page_of(client, asked):
    return client.get(asked.get_absolute_url()).content.decode()


def test_request_is_shown_as_text_and_answered_after_the_closing(client, asked):
    page = page_of(client, asked)
    assert "Le budget, &lt;b&gt;même&lt;/b&gt; sur une page." in page
    Email.objects.all().delete()
    picture = SimpleUploadedFile("plan.png", picture_file())
    response = send(client, asked, pdf(), picture, text="Voici\r\nle budget.")
    assert response.url.endswith("/depots/2/")
    deposit = asked.candidature.deposits.first()
    assert [file["name"] for file in deposit.payload["files"]] == ["budget.pdf", "plan.webp"]
    assert deposit.answers_to_requests[0]["text"] == "Voici\nle budget."
    assert Email.objects.count() == 1
    receipt = client.get(response.url).content.decode()
    assert "budget.pdf" in receipt
    assert "le budget." in receipt
    page = page_of(client, asked)
    assert "la réponse est partie" in page
    assert "<form class" not in page.split("la réponse est partie")[1]


def test_request_cannot_be_missed_on_the_page_of_the_candidature(client, asked):
    page = client.get(asked.candidature.get_absolute_url()).content.decode()
    assert asked.get_absolute_url() in page
    assert "L’équipe vous demande une pièce" in page


def test_words_alone_answer(client, asked):
    assert send(client, asked, text="Il n’y en a pas.").status_code == 302
    assert Attachment.objects.count() == 0


def test_nothing_is_no_answer(client, asked):
    response = send(client, asked, text="  ")
    assert "quelques mots" in response.content.decode()
    assert Deposit.objects.count() == 1


def test_failed_file_never_costs_the_text(client, asked):
    bad = SimpleUploadedFile("virus.exe", b"MZ")
    response = send(client, asked, pdf(), bad, text="Mon explication.")
    page = response.content.decode()
    assert "virus.exe" in page
    assert "Mon explication." in page
    assert "Choisissez aussi vos fichiers de nouveau" in page
    assert (Deposit.objects.count(), Attachment.objects.count()) == (1, 0)


@pytest.mark.parametrize("count", [4, 40])
def test_more_files_than_the_edition_takes_are_refused(client, asked, count):
    asked.candidature.edition.most_files = 3
    asked.candidature.edition.save()
    response = send(client, asked, *(pdf(f"{n}.pdf", str(n)) for n in range(count)))
    assert "3 fichiers au plus" in response.content.decode()
    assert Attachment.objects.count() == 0


def test_file_over_the_edition_s_size_is_refused(client, asked):
    asked.candidature.edition.largest_file = 1
    asked.candidature.edition.save()
    response = send(client, asked, pdf(text="x" * 1_100_000))
    assert "dépasse 1 Mo" in response.content.decode()
    heavy = send(client, asked, *(pdf(text=str(n) * 2_000_000) for n in range(4)))
    assert heavy.status_code == 413
    assert Attachment.objects.count() == 0


def test_text_over_its_limit_is_refused_and_shown_again(client, asked):
    page = send(client, asked, text="é" * 2501).content.decode()
    assert "2 501 signes" in page.replace("\u202f", " ")
    assert "é" * 2501 in page


def test_files_of_a_full_draft_do_not_stand_in_the_way(client):
    edition = make_edition(most_files=1)
    candidature = make_candidature(edition=edition)
    client.force_login(candidature.holders.get())
    content = ContentFile(pdf_of("plan"), "plan.pdf")
    services.attach(candidature, Prepared("plan.pdf", Attachment.Kind.PDF, content))
    services.deposit(
        candidature=candidature, by=candidature.holders.get(), received_at=ago(seconds=1)
    )
    assert send(client, ask(candidature), pdf()).status_code == 302


def test_same_answer_twice_leads_to_the_same_receipt(client, asked):
    urls = [send(client, asked, pdf(), text="Voici.").url for _ in range(2)]
    assert urls[0] == urls[1]
    assert Deposit.objects.count() == 2


def test_second_holder_s_other_answer_is_refused_and_kept_on_the_page(client, asked):
    send(client, asked, text="La première.")
    response = send(client, asked, text="La seconde.")
    assert response.status_code == 409
    assert "déjà sa réponse" in response.content.decode()
    assert Deposit.objects.count() == 2


@pytest.mark.parametrize("state", ["read", "withdrawn", "ineligible"])
def test_too_late_is_said(client, state):
    candidature = make_eligible(edition=make_reading_edition())
    asked = ask(candidature)
    client.force_login(candidature.holders.get())
    if state == "read":
        end_readings(candidature.edition)
    else:
        name = {"withdrawn": "withdraw", "ineligible": "refuse"}[state]
        by = make_user(roles=["team"])
        services.change_status(candidature, name, by=by, reason="Motif.")
    page = page_of(client, asked)
    assert "Il n’est plus possible de répondre ici." in page
    response = send(client, asked, text="Trop tard.")
    assert response.status_code == 409
    assert Deposit.objects.count() == 1


def test_not_theirs_and_none_are_told_alike(client, asked):
    other = ask(make_deposited())
    own_uuid = asked.candidature.uuid
    addresses = [
        other.get_absolute_url(),
        f"/mes-candidatures/{other.uuid}/demandes/{other.uuid}/",
        f"/mes-candidatures/{own_uuid}/demandes/{other.uuid}/",
    ]
    for method in (client.get, client.post):
        answers = [method(address, {"text": "Moi."}) for address in addresses]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    assert Deposit.objects.count() == 2


def test_answer_needs_its_token(asked):
    client = Client(enforce_csrf_checks=True)
    client.force_login(asked.candidature.holders.get())
    assert send(client, asked, text="Forgée.").status_code == 403
    assert Candidature.objects.get().deposits.count() == 1


def test_jury_reads_the_answer_with_the_file(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    candidature = make_eligible(edition=make_reading_edition())
    member = make_jury_member(edition=candidature.edition)
    client.force_login(candidature.holders.get())
    send(client, ask(candidature), pdf(), text="Qui paie quoi, sur une page.")
    client.force_login(member.user)
    page = client.get(member.assignments.get().get_absolute_url()).content.decode()
    assert "Ajouté à la demande de l’équipe" in page
    assert "Qui paie quoi, sur une page." in page
    assert "Le budget, &lt;b&gt;même&lt;/b&gt;" in page
    piece = Attachment.objects.get()
    assert piece.get_absolute_url() in page
    response = client.get(piece.get_absolute_url())
    assert b"".join(response) == pdf_of("budget")
