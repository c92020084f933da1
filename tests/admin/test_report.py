"""The team words the letter of an edition, puts it on line, freezes it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_edition,
    make_eligible,
    make_event,
    make_initiative,
    make_laureate,
    make_prize,
)
from tests.html import Html
from tests.trophies.takeaways import read
from trophies import services
from trophies.models import AnnualReport, ConflictOfInterest, Edition

YEAR = 2031
PAGE = f"/trophees/{YEAR}/bilan/"


@pytest.fixture
def edition(db):
    return make_archive(year=YEAR, published_at=ago(days=90), results_published_at=ago(days=30))


@pytest.fixture
def laureate(edition):
    prize = make_prize(edition=edition, name="Prix du village", amount=2500, quantity=20)
    return make_laureate(prize=prize, initiative=make_initiative(title="Le four commun"))


def address(edition, name="", *key):
    return reverse(f"admin:trophies_edition_report{name}", args=[edition.pk, *key])


def text_of(answer):
    assert answer.status_code == 200
    return Html(answer.content.decode()).text("main")


def save(client, edition, key, text, seen="", **button):
    values = {"text": text, "seen": seen} | (button or {"_save": "x"})
    return client.post(address(edition, "_text", key), values)


def own(edition):
    return dict(edition.report.paragraphs.values_list("key", "text"))


# Words ------------------------------------------------------------------------------------------


def test_page_shows_each_text_and_each_figure(client, team, edition, laureate):
    text = text_of(client.get(address(edition)))
    for words in ["Le four commun", "Un lauréat repart avec un prix.", "composé", "brouillon"]:
        assert words in text
    assert not AnnualReport.objects.exists()
    tools = client.get(f"/admin/trophies/edition/{edition.pk}/change/").content.decode()
    assert address(edition) in tools


def test_words_are_kept_beside_the_figures(client, team, edition, laureate):
    shown = client.get(address(edition, "_text", "edition"))
    assert "{laureats} repart avec un prix." in shown.content.decode()
    answer = save(client, edition, "edition", "Bravo à {laureats}\u202f!\r\n\r\nVive {annee}.")
    assert answer.url == f"{address(edition)}#textes"
    assert own(edition) == {"edition": "Bravo à {laureats}\u202f!\n\nVive {annee}."}
    services.publish_report(edition.report, at=ago(days=1))
    assert "Bravo à un lauréat" in text_of(client.get(PAGE))
    make_laureate(prize=laureate.prize)
    assert "Bravo à deux lauréats" in text_of(client.get(PAGE))
    assert "vos mots" in text_of(client.get(address(edition)))


@pytest.mark.parametrize("button", ["_save", "_preview"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bravo à {laureat}.", "{laureat} n’existe pas dans ce texte"),
        ("Bravo à {laureats.", "Une accolade ouverte n’est pas fermée"),
        ("x" * 6001, "6001"),
    ],
)
def test_wrong_text_says_why_and_is_given_back(client, team, edition, text, words, button):
    answer = save(client, edition, "edition", text, **{button: "x"})
    assert words in text_of(answer)
    assert "L’aperçu revient" in text_of(answer)
    assert answer.context["form"]["text"].value() == text
    (area,) = Html(answer.content.decode()).all("textarea")
    assert area["aria-invalid"] == "true"
    assert "id_text_error" in area["aria-describedby"]
    assert not AnnualReport.objects.exists()


def test_preview_keeps_nothing(client, team, edition, laureate):
    answer = save(client, edition, "edition", "Voici {noms_laureats}.", _preview="x")
    assert "Voici Le four commun" in text_of(answer)
    assert not AnnualReport.objects.exists()


def test_name_that_counts_nothing_yet_is_told(client, team, edition, laureate):
    assert save(client, edition, "salons", "Vus sur {salons}.").status_code == 302
    assert "rien à compter pour {salons}" in text_of(client.get(address(edition)))
    assert "rien à compter pour {salons}" in text_of(
        client.get(address(edition, "_text", "salons"))
    )


def test_composing_comes_back(client, team, edition, laureate):
    save(client, edition, "edition", "Nos mots.")
    assert client.post(address(edition, "_restore", "edition")).status_code == 302
    assert own(edition) == {}
    assert client.get(address(edition, "_restore", "edition")).status_code == 405


def test_what_another_wrote_is_not_lost(client, team, edition):
    save(client, edition, "edition", "La première.")
    answer = save(client, edition, "edition", "La seconde.")
    assert "Quelqu’un a changé ce texte" in text_of(answer)
    assert answer.context["form"]["text"].value() == "La seconde."
    assert own(edition) == {"edition": "La première."}
    seen = answer.context["form"]["seen"].value()
    assert save(client, edition, "edition", "La seconde.", seen=seen).status_code == 302
    assert own(edition) == {"edition": "La seconde."}


def test_markup_is_words(client, team, edition):
    save(client, edition, "edition", "<script>alert(1)</script>")
    services.publish_report(edition.report, at=ago(days=1))
    assert b"<script>alert" not in client.get(PAGE).content
    assert b"<script>alert" not in client.get(address(edition)).content


@pytest.mark.parametrize("key", ["rien", "laureat-999"])
def test_unknown_text_is_not_found(client, team, edition, key):
    assert client.get(address(edition, "_text", key)).status_code == 404


# On line, and frozen ----------------------------------------------------------------------------


def test_letter_comes_out_later_now_and_no_more(client, team, edition, laureate):
    publish = address(edition, "_publish")
    later = {"published_at_0": "01/01/2050", "published_at_1": "09:00"}
    assert client.post(publish, later).status_code == 302
    assert "programmé pour le" in text_of(client.get(address(edition)))
    assert client.get(PAGE).status_code == 404
    client.post(publish, {"published_at_0": "", "published_at_1": "", "now": "x"})
    assert client.get(PAGE).status_code == 200
    client.post(publish, {"published_at_0": "", "published_at_1": ""})
    assert client.get(PAGE).status_code == 404
    assert client.get(publish).status_code == 405


def test_wrong_day_is_refused(client, team, edition):
    wrong = {"published_at_0": "32/01/2050", "published_at_1": "09:00"}
    answer = client.post(address(edition, "_publish"), wrong)
    assert "Rien n’est changé" in text_of(answer)
    assert not AnnualReport.objects.exists()


def test_letter_is_frozen_once_someone_is_sure(client, team, edition, laureate):
    freeze = address(edition, "_freeze")
    assert "c’est sans retour" in text_of(client.post(freeze, {"is_sure": ""}))
    assert client.post(freeze, {"is_sure": "on"}).status_code == 302
    assert edition.report.is_frozen
    text = text_of(client.get(address(edition)))
    assert "il ne change plus" in text
    assert "Les textes" not in text
    assert client.get(freeze).status_code == 404
    assert client.get(address(edition, "_text", "edition")).status_code == 404
    assert save(client, edition, "edition", "Non.").status_code == 404
    pdf = client.get(address(edition, "_pdf"))
    assert pdf.content == bytes(edition.report.pdf)


def test_team_reads_the_pdf_before_anyone(client, team, edition, laureate):
    answer = client.get(address(edition, "_pdf"))
    assert len(read(answer.content).pages) == 4
    assert "no-store" in answer["Cache-Control"]


def test_nothing_is_frozen_before_the_results(client, team):
    edition = make_edition(year=YEAR)
    answer = client.post(address(edition, "_freeze"), {"is_sure": "on"})
    assert "une fois les résultats publiés" in text_of(answer)
    assert not AnnualReport.objects.filter(frozen_at__isnull=False).exists()


# Who --------------------------------------------------------------------------------------------


def addresses(edition):
    return [
        address(edition),
        address(edition, "_pdf"),
        address(edition, "_freeze"),
        address(edition, "_text", "edition"),
    ]


def test_pages_are_the_team_s(client, edition, sign_in):
    for role, status in [(Role.EDITOR, 403), (Role.JURY, 403), (Role.TEAM, 200)]:
        sign_in(role)
        assert {client.get(a).status_code for a in addresses(edition)} == {status}
    missing = [a.replace(f"/{edition.pk}/", "/999999/") for a in addresses(edition)]
    assert {client.get(a).status_code for a in missing} == {404}


def test_tie_hides_the_letter_until_the_results(client, team):
    edition = make_edition(year=YEAR)
    assert {client.get(a).status_code for a in addresses(edition)} == {200}
    file = make_eligible(edition=edition)
    ConflictOfInterest.objects.create(user=team, candidature=file, reason="Un ami.")
    assert {client.get(a).status_code for a in addresses(edition)} == {404}
    assert save(client, edition, "edition", "Non.").status_code == 404
    assert client.post(address(edition, "_publish"), {"now": "x"}).status_code == 404
    assert not AnnualReport.objects.exists()


def test_page_tells_no_laureate_before_the_results(client, team, edition, laureate):
    assert "Le four commun" in text_of(client.get(address(edition)))
    Edition.objects.update(results_published_at=ahead(days=1))
    for where in addresses(edition)[:1] + addresses(edition)[3:]:
        assert "Le four commun" not in client.get(where).content.decode()


def test_page_costs_the_same_whatever_it_tells(client, team, edition, laureate):
    counts = []
    for more in (1, 3):
        for _ in range(more):
            make_event(edition_year=YEAR, starts_at=ago(days=60), attendance=4)
            make_laureate(prize=laureate.prize)
        client.get(address(edition))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(edition))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 34


def test_team_is_told_when_the_letter_overflows(client, team, edition):
    assert "malgré des lettres plus petites" not in text_of(client.get(address(edition)))
    for key in ("partenaires", "annuaire", "perspectives"):
        save(client, edition, key, "Une phrase qui revient pour prendre de la place. " * 110)
    page = text_of(client.get(address(edition)))
    assert "Imprimé, ce bilan prend 5 pages au lieu de 4" in page
    assert len(read(client.get(address(edition, "_pdf")).content).pages) == 5
