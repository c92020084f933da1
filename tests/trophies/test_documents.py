"""The receipt and the questions as PDF: what they say, for whoever reads or hears them."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from rallynov import typesetting
from rallynov.dates import instant_text
from tests.factories import ago, ahead, make_archive, make_criterion, make_edition, make_regulation
from tests.trophies.takeaways import HOSTILE, make_deposit, read, tags_of, words_of
from trophies import documents
from trophies.questions import QUESTIONS

pytestmark = pytest.mark.django_db


def joined(text):
    return re.sub(r"\s", "", text)


def plain(text):
    """`text` with plain spaces, whatever holds its words together."""
    return re.sub(r"\s+", " ", text)


# The receipt ------------------------------------------------------------------------------------


def test_receipt_says_everything_that_was_sent():
    deposit = make_deposit(files=["bilan.pdf", "plan.pdf"], started_year=2021)
    payload = deposit.payload
    words = words_of(documents.receipt_pdf(deposit))
    said = [
        deposit.candidature.reference,
        f"n° {deposit.number}",
        f"{instant_text(deposit.received_at)}, heure de Paris",
        "Ana Petit",
        deposit.by.email,
        "version 3",
        payload["title"],
        payload["summary"],
        payload["organisation"]["name"],
        payload["commune"]["name"],
        payload["themes"][0]["name"],
        "2021",
        "L’année où il a commencé, le besoin, la réponse",
        "les effets, si le projet est primé",
        *payload["answers"].values(),
        *(question.title for question in QUESTIONS),
        *(file["name"] for file in payload["files"]),
    ]
    assert [each for each in said if plain(each) not in plain(words)] == []
    digests = [deposit.sha256, *(file["sha256"] for file in payload["files"])]
    assert [each for each in digests if each not in joined(words)] == []


def test_receipt_tells_the_additions_asked_by_the_team():
    deposit = make_deposit()
    deposit.payload["answers_to_requests"] = [
        {
            "request": "1",
            "asked": "Le budget de l’an dernier.",
            "text": "Le voici.",
            "files": [deposit.payload["files"][0]["uuid"]],
        }
    ]
    words = words_of(documents.receipt_pdf(deposit))
    assert "Demande de l’équipe : Le budget de l’an dernier. Le voici." in words
    assert "Pièce jointe : bilan.pdf" in words


def test_equal_receipts_are_equal_bytes():
    deposit = make_deposit()
    first, second = documents.receipt_pdf(deposit), documents.receipt_pdf(deposit)
    assert first == second
    deposit.received_at += timedelta(minutes=1)
    assert documents.receipt_pdf(deposit) != first


def test_receipt_is_made_for_whoever_hears_it():
    deposit = make_deposit()
    content = documents.receipt_pdf(deposit)
    root = read(content).trailer["/Root"]
    shown = root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], shown) == ("fr-FR", True, True)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert deposit.candidature.reference in read(content).metadata.title
    tags = tags_of(content)
    assert tags[0] == "/Document"
    assert tags.count("/H1") == 1
    assert tags.count("/H3") == len(QUESTIONS)
    assert {"/H2", "/P", "/L", "/LI", "/Lbl", "/LBody"} <= set(tags)


def test_receipt_pages_are_numbered():
    deposit = make_deposit(**{question.name: "Une phrase. " * 200 for question in QUESTIONS})
    pages = read(documents.receipt_pdf(deposit)).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"page {number} sur {len(pages)}" in " ".join(page.extract_text().split())


def test_hostile_words_are_words():
    deposit = make_deposit(**HOSTILE, files=["x" * 116 + ".pdf"])
    content = documents.receipt_pdf(deposit)
    words = words_of(content)
    assert "#panic() $x$ *gras* @moi <a> `code`" in words
    assert "#set page(fill: red)" in words
    assert "\u202e" not in words
    assert "[U+1F600] [U+65E5][U+672C]" in words
    assert "x" * 116 + ".pdf" in joined(words)
    assert HOSTILE["effects"] in joined(words)
    assert "#panic" not in read(content).metadata.title


def test_long_words_stay_on_the_page():
    deposit = make_deposit(**HOSTILE, files=["x" * 116 + ".pdf"])
    pages = read(documents.receipt_pdf(deposit)).pages
    lines = [line for page in pages for line in page.extract_text().split("\n")]
    # A line of our columns holds about 75 letters, 115 where it takes the whole page.
    assert [line for line in lines if len(line.replace("\u200b", "")) > 120] == []
    assert [line for line in lines if re.search(r"[aWx\u200b]{240}", line)] == []


def test_letters_of_no_font_are_named_in_one_pass_or_two():
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 300))) + "é\u20e3"
    deposit = make_deposit(need=letters)
    words = joined(words_of(documents.receipt_pdf(deposit)))
    assert "[U+4E00][U+4E01]" in words
    assert "é" in words


def test_template_that_fails_says_so():
    with pytest.raises(typesetting.typst.TypstError):
        typesetting.pdf("receipt", {"title": "Rien d’autre"}, at=ago(days=1))


# The questions ----------------------------------------------------------------------------------


def address(edition):
    return reverse("trophies:questions", args=[edition.year])


def test_questions_can_be_prepared_on_paper(client):
    edition = make_edition()
    make_regulation(edition=edition)
    criterion = make_criterion(edition=edition, help="Ce que le jury regarde vraiment.")
    response = client.get(address(edition))
    assert response["Content-Type"] == "application/pdf"
    assert f"questions-trophees-{edition.year}.pdf" in response["Content-Disposition"]
    words = plain(words_of(response.content))
    said = [
        *(question.title for question in QUESTIONS),
        *(question.help for question in QUESTIONS),
        "2 500 signes au plus",
        f"{instant_text(edition.closes_at)}, heure de Paris",
        reverse("trophies:regulation", args=[edition.year]),
        criterion.label,
        criterion.help,
        "association",
    ]
    assert [each for each in said if plain(each) not in words] == []
    links = [
        note.get_object()["/A"]["/URI"]
        for page in read(response.content).pages
        for note in page.get("/Annots", [])
    ]
    assert f"http://testserver{reverse('trophies:regulation', args=[edition.year])}" in links


def test_questions_are_made_for_whoever_hears_them(client):
    content = client.get(address(make_edition())).content
    root = read(content).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr-FR", True)
    assert tags_of(content).count("/H1") == 1
    assert "/StructTreeRoot" in root


def test_questions_are_the_same_for_everyone_and_kept(client, django_user_model):
    edition = make_edition()
    first = client.get(address(edition))
    client.force_login(django_user_model.objects.create_user("qui@rallynov.example"))
    documents.questions_pdf.cache_clear()
    second = client.get(address(edition))
    assert first.content == second.content
    assert "Cookie" not in second.get("Vary", "")
    assert "public" in second["Cache-Control"]
    kept = client.get(address(edition), headers={"If-None-Match": first["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    edition.closes_at += timedelta(days=1)
    edition.save()
    moved = client.get(address(edition), headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200


def test_questions_of_no_call_are_absent(client):
    assert client.get(address(make_archive())).status_code == 404
    assert client.get(address(make_edition(published_at=None))).status_code == 404
    assert client.get(address(make_edition(published_at=ahead(days=1)))).status_code == 404


def test_questions_without_criteria_or_regulation_leave_them_out():
    content = json.loads(documents.questions_content(make_edition()))
    assert content["criteria"] == []
    assert "Règlement" not in [name for name, _, _ in content["facts"]]
