"""The bilan of 2014, page and PDF, holds every fact of the letter of January 2015: its test."""

import re
import shutil
import subprocess
from urllib.parse import urldefrag, urljoin

import pytest
from django.conf import settings

from rallynov.seed import archive
from tests.html import Html
from tests.rallynov.letter_facts import FACTS
from tests.tools import require
from tests.trophies.report_facts import REPORT_FACTS, SAID_OTHERWISE
from tests.trophies.takeaways import read, tags_of, words_of
from trophies.models import AnnualReport, ReportParagraph

PAGE, PDF = "/trophees/2014/bilan/", "/trophees/2014/bilan.pdf"


@pytest.fixture(autouse=True)
def _archive(db):
    archive.load(say=lambda line: None)


def letters(text):
    """The letters and digits alone: a PDF breaks words at the ends of its lines."""
    return re.sub(r"[\W_]", "", text.lower())


def missing_from(text):
    text = letters(text)
    return [(fact, words) for fact, words in REPORT_FACTS if letters(words) not in text]


def page_of(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return Html(answer.content.decode())


def pdf_of(client):
    answer = client.get(PDF)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer.content


def test_every_fact_of_the_letter_is_on_the_page(client):
    assert missing_from(page_of(client).text("main")) == []


def test_every_fact_of_the_letter_is_in_the_pdf(client):
    assert missing_from(words_of(pdf_of(client))) == []


def test_every_fact_of_the_letter_is_read_by_another_reader(client, tmp_path):
    require(shutil.which("pdftotext"), "pdftotext (Debian: poppler-utils)")
    file = tmp_path / "bilan.pdf"
    file.write_bytes(pdf_of(client))
    told = subprocess.run(
        ["pdftotext", "-raw", file, "-"], capture_output=True, check=True, text=True
    )
    assert missing_from(told.stdout) == []


def test_facts_are_those_of_the_letter():
    assert len(REPORT_FACTS) == len(FACTS) >= 200
    assert SAID_OTHERWISE.keys() <= {fact for fact, _, _ in FACTS}


def test_a_fact_that_is_left_out_is_missed(client):
    ReportParagraph.objects.filter(key="perspectives").delete()
    left_out = [fact for fact, _ in missing_from(page_of(client).text("main"))]
    assert "saying of Jean Ribeil" in left_out


def test_pdf_has_four_tagged_pages(client):
    content = pdf_of(client)
    document = read(content)
    assert len(document.pages) == 4
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"] == "fr-FR"
    assert document.metadata.title == "Le bilan 2014 — Rally’nov"
    assert b"pdfuaid" in content
    tags = tags_of(content)
    assert tags.count("/H1") == 1
    assert {"/Table", "/TH", "/L", "/Figure", "/Link"} <= set(tags)


def test_pdf_links_to_whole_addresses(client):
    found = {
        note.get_object()["/A"]["/URI"]
        for page in read(pdf_of(client)).pages
        for note in page.get("/Annots", [])
    }
    assert len(found) > 20
    assert all(address.startswith(settings.SITE_URL) for address in found)


def test_every_link_leads_to_what_it_counts(client):
    """Each page answers; where a link names a part of it, the part is there."""
    addresses = {tag["href"] for tag in page_of(client).all("a") if tag.get("href")}
    own = {urljoin(PAGE, a) for a in addresses if not a.startswith(("http", "mailto"))}
    assert len(own) > 40
    for address in own:
        whole, part = urldefrag(address)
        answer = client.get(whole, follow=True)
        assert answer.status_code == 200, address
        if part:
            assert f'id="{part}"' in answer.content.decode(), address


def test_each_figure_set_large_leads_somewhere(client):
    page = client.get(PAGE)
    figures = page.context["letter"].figures
    assert {f.name: f.value for f in figures} == {
        "candidatures": 14, "laureats": 4, "montant": 2000, "departements": 3, "rencontres": 2,
        "participants": 130, "salons": 4, "partenaires": 17, "initiatives": 80,
        "visiteurs": 3000, "pages": 13000,
    }  # fmt: skip
    assert all(figure.url for figure in figures)


def test_loading_again_leaves_what_the_team_wrote_once_frozen(client):
    from trophies import services

    services.freeze_report(AnnualReport.objects.get())
    kept = AnnualReport.objects.values().get()
    archive.load(say=lambda line: None)
    assert AnnualReport.objects.values().get() == kept
