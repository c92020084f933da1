"""The team reads the minutes of a session, seals them, checks them; nobody with a tie sees any."""

import pgtrigger
import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.admin.forms import page_values, values_of
from tests.factories import make_initiative, make_laureate
from tests.html import Html
from tests.trophies.deliberation import NAMES, PLACE, QUESTIONS, REMARKS, make_deliberated, seal
from tests.trophies.takeaways import read, tags_of, words_of
from trophies import services
from trophies.minutes_pdf import minutes_pdf
from trophies.models import ConflictOfInterest, Laureate, Minutes
from trophies.seals import seal_of

pytestmark = pytest.mark.django_db

PAGES = ["", "_pdf", "_verify", "_erase"]


@pytest.fixture
def world():
    return make_deliberated()


def address(world, page="", number=1):
    return reverse(f"admin:trophies_minutes{page}", args=[world.edition.pk, number])


def text_of(answer):
    assert answer.status_code == 200
    return Html(answer.content.decode()).text("main")


def tie(user, world):
    ConflictOfInterest.objects.create(user=user, candidature=world.files[4], reason="Un cousin.")


# Before the seal --------------------------------------------------------------------------------


def test_preview_shows_all_and_says_that_it_is_for_good(client, team, world):
    text = text_of(client.get(address(world)))
    questions = [question.replace("\u202f", " ") for question in QUESTIONS]
    for words in [*NAMES, *questions, PLACE, "C’est irréversible", "3,344643", "Prix du village"]:
        assert words in text, words
    assert not Minutes.objects.exists()


def test_seal_asks_to_be_sure(client, team, world):
    page = client.get(address(world))
    posted = values_of(page.context["form"]) | {"remarks": REMARKS}
    answer = client.post(address(world), posted)
    assert "Cochez cette case pour sceller" in text_of(answer)
    assert not Minutes.objects.exists()
    answer = client.post(address(world), posted | {"is_sure": "on"}, follow=True)
    assert "Le procès-verbal est scellé." in Html(answer.content.decode()).text("body")
    minutes = Minutes.objects.get()
    assert minutes.sealed_by == team
    assert REMARKS in text_of(client.get(address(world)))


def test_what_changed_meanwhile_is_to_be_read_again(client, team, world):
    posted = values_of(client.get(address(world)).context["form"]) | {"is_sure": "on"}
    services.decide(world.files[5], outcome="reserve")
    answer = client.post(address(world), posted)
    assert "Quelque chose a changé" in text_of(answer)
    assert not Minutes.objects.exists()
    # The page that says so holds the new version.
    client.post(address(world), values_of(answer.context["form"]) | {"is_sure": "on"})
    assert Minutes.objects.count() == 1


def test_session_that_is_not_over_has_no_minutes(client, team, world):
    call = {"starts_at": world.session.starts_at, "place": "", "quorum": 1}
    services.call_session(world.edition, **call)
    assert client.get(address(world, number=2)).status_code == 404
    assert client.get(address(world, number=3)).status_code == 404


def test_later_session_waits_for_the_earlier_one(client, team, world):
    call = {"starts_at": world.session.starts_at, "place": "", "quorum": 1}
    services.close_session(services.open_session(services.call_session(world.edition, **call)))
    page = client.get(address(world, number=2))
    assert "Scellez d’abord le procès-verbal de la séance 1." in text_of(page)
    assert "C’est irréversible" not in text_of(page)


# After the seal ---------------------------------------------------------------------------------


def test_sealed_page_shows_the_seal_and_checks_it(client, team, world):
    minutes = seal(world)
    text = text_of(client.get(address(world)))
    assert minutes.seal in text
    assert "Gaëlle Secrétaire" in text
    text = text_of(client.get(address(world, "_verify")))
    assert "Intact." in text
    assert "Une différence" not in text


def test_check_shows_the_first_difference(client, team, world):
    minutes = seal(world)
    with pgtrigger.ignore():
        Minutes.objects.filter(pk=minutes.pk).update(previous_seal="0" * 64)
    text = text_of(client.get(address(world, "_verify")))
    assert "Une différence. PV 2044-1" in text
    assert "le sceau précédent" in text


def test_pdf_is_downloaded(client, team, world):
    assert client.get(address(world, "_pdf")).status_code == 404
    seal(world)
    answer = client.get(address(world, "_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="pv-2044-1.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_superuser_alone_erases(client, team, world, sign_in):
    seal(world)
    posted = {"what": ["people", "texts"], "is_sure": "on"}
    assert client.post(address(world, "_erase"), posted).status_code == 403
    assert "Seule l’administration du site" in text_of(client.get(address(world)))
    sign_in(is_superuser=True)
    answer = client.post(address(world, "_erase"), {"what": ["people"]})
    assert "Cochez cette case pour effacer" in text_of(answer)
    assert Minutes.objects.get().seats.filter(name="").count() == 0
    client.post(address(world, "_erase"), posted)
    text = text_of(client.get(address(world)))
    assert "Farid" not in text
    assert "texte effacé" in text
    assert "Intact." in text_of(client.get(address(world, "_verify")))


# Who sees them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("is_superuser", [False, True])
def test_whoever_has_a_tie_sees_no_minutes(client, sign_in, world, page, is_superuser):
    user = sign_in(Role.TEAM, is_superuser=is_superuser)
    tie(user, world)
    for is_sealed in (False, True):
        if is_sealed:
            seal(world)
        ask = client.post if page == "_erase" else client.get
        assert ask(address(world, page)).status_code == 403


@pytest.mark.parametrize("role", [Role.JURY, Role.EDITOR])
def test_others_do_not_see_them(client, sign_in, world, role):
    seal(world)
    sign_in(role)
    assert [client.get(address(world, page)).status_code for page in PAGES[:3]] == [403] * 3


# What else could change a sealed decision ---------------------------------------------------------


def test_sealed_prizes_go_to_nobody_else(client, team, world):
    address = reverse("admin:trophies_laureate_add")
    posted = values_of(client.get(address).context["adminform"].form)
    for part in client.get(address).context["inline_admin_formsets"]:
        posted |= values_of(part.formset.management_form)
    posted |= {"prize": world.prizes[1].pk, "initiative": make_initiative().pk, "place": 1}
    seal(world)
    assert "ouvrez une autre séance" in text_of(client.post(address, posted))
    assert Laureate.objects.count() == 1
    another = make_laureate(prize=world.prizes[1])
    change = reverse("admin:trophies_laureate_delete", args=[another.pk])
    assert client.post(change, {"post": "yes"}).status_code == 403
    call = {"starts_at": world.session.starts_at, "place": "", "quorum": 1}
    services.open_session(services.call_session(world.edition, **call))
    client.post(address, posted | {"place": 2})
    assert Laureate.objects.count() == 3


def test_sealed_edition_keeps_its_number_of_prizes(client, team, world):
    address = reverse("admin:trophies_edition_change", args=[world.edition.pk])
    seal(world)
    values = page_values(client.get(address)) | {"prizes-0-quantity": "3"}
    assert "ouvrez une autre séance" in client.post(address, values).content.decode()
    assert world.edition.prizes.get(pk=values["prizes-0-id"]).quantity != 3
    assert client.post(address, values | {"prizes-0-quantity": "1"}).status_code == 302
    assert 'name="prizes-0-DELETE"' not in client.get(address).content.decode()
    key = world.edition.prizes.get(laureates=None).pk
    assert client.post(address, values | {"prizes-1-DELETE": "on"}).status_code in (200, 302)
    assert world.edition.prizes.filter(pk=key).exists()
    delete = reverse("admin:trophies_prize_delete", args=[key])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    change = reverse("admin:trophies_prize_change", args=[key])
    posted = values_of(client.get(change).context["adminform"].form) | {"quantity": "9"}
    assert "ouvrez une autre séance" in client.post(change, posted).content.decode()


def test_sealed_decision_is_shown_and_cannot_be_noted(client, team, world):
    address = reverse("admin:trophies_decide", args=[world.edition.pk, world.files[0].pk])
    assert "Noter la décision" in client.get(address).content.decode()
    seal(world)
    page = client.get(address).content.decode()
    assert "Noter la décision" not in page
    assert "ouvrez une autre séance" in page


# The PDF ----------------------------------------------------------------------------------------


def test_pdf_says_what_the_minutes_say(world):
    minutes = seal(world)
    words = words_of(minutes_pdf(minutes))
    said = [*NAMES, *QUESTIONS, PLACE, REMARKS, "PV 2044-1", "3,344643", "Annexe"]
    said += ["scrutin 1", "voix prépondérante", minutes.seal[:12]]
    plain = " ".join(words.split())
    assert [text for text in said if " ".join(text.split()) not in plain] == []
    assert minutes.seal in words.replace(" ", "")


def test_pdf_is_made_for_whoever_hears_it(world):
    content = minutes_pdf(seal(world))
    root = read(content).trailer["/Root"]
    shown = root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], shown) == ("fr-FR", True, True)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert "Procès-verbal de la séance 1" in read(content).metadata.title
    tags = tags_of(content)
    assert tags[0] == "/Document"
    assert tags.count("/H1") == 1
    assert {"/H2", "/H3", "/P", "/L", "/LI", "/Table", "/THead", "/TH", "/TD"} <= set(tags)


def test_pdf_is_the_same_twice_and_its_pages_are_numbered(world):
    minutes = seal(world)
    first, second = minutes_pdf(minutes), minutes_pdf(minutes)
    assert first == second
    pages = read(first).pages
    for number, page in enumerate(pages, 1):
        assert f"page {number} sur {len(pages)}" in " ".join(page.extract_text().split())


def test_pdf_of_an_example_says_so():
    assert "exemple" in words_of(minutes_pdf(seal(make_deliberated(is_example=True))))


def test_pdf_of_erased_minutes_keeps_the_seal(world):
    minutes = seal(world)
    services.erase_people(minutes)
    services.erase_texts(minutes)
    words = words_of(minutes_pdf(Minutes.objects.get()))
    assert [name for name in NAMES if name in words] == []
    assert "texte effacé" in words
    assert minutes.seal == seal_of(minutes.payload, "", minutes.journal)
