"""The yearly letter: composed from what is published, in the team's words, until it is frozen."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.db.utils import IntegrityError, InternalError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from events.models import Event
from initiatives.models import Initiative
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_commune,
    make_edition,
    make_eligible,
    make_event,
    make_figure,
    make_initiative,
    make_laureate,
    make_partnership,
    make_prize,
    make_report,
    make_theme,
    make_user,
)
from tests.html import Html
from tests.trophies.takeaways import HOSTILE, read, words_of
from trophies import services
from trophies.models import AnnualReport, ConflictOfInterest, Edition, Laureate, ReportParagraph
from trophies.report import as_json, letter_from
from trophies.report_letter import Composition, compose, for_letter
from trophies.workflow import NotAllowed

pytestmark = pytest.mark.django_db

YEAR = 2031
PAGE, PDF, PREVIEW = (f"/trophees/{YEAR}/bilan{end}" for end in ["/", ".pdf", "/apercu/"])


@pytest.fixture
def edition():
    return make_archive(year=YEAR, published_at=ago(days=90), results_published_at=ago(days=30))


@pytest.fixture
def report(edition):
    return make_report(edition=edition)


@pytest.fixture
def laureate(edition):
    prize = make_prize(edition=edition, name="Prix du village", amount=2500, quantity=20)
    sheet = make_initiative(title="Le four commun", themes=[make_theme()])
    return make_laureate(prize=prize, initiative=sheet, citation="Pour le pain.")


def make_met(**changes):
    fields = {"kind": "meeting", "attendance": 41, "edition_year": YEAR, "starts_at": ago(days=60)}
    return make_event(**fields | changes)


def text_of(client, address=PAGE):
    answer = client.get(address)
    assert answer.status_code == 200
    return Html(answer.content.decode()).text("main")


def write(report, key, text):
    own = report.paragraphs.filter(key=key).values_list("text", flat=True).first()
    seen = services.version_of_paragraph(own)
    services.write_paragraph(report, key, text=text, seen=seen)


# What it says -----------------------------------------------------------------------------------


def test_figures_follow_what_they_count(client, report, laureate):
    make_met()
    assert "Une rencontre dans l’année a réuni 41 participants." in text_of(client)
    make_met(attendance=9)
    assert "Deux rencontres dans l’année ont réuni 50 participants." in text_of(client)
    Event.objects.update(status=Event.Status.CANCELLED)
    assert "participants" not in text_of(client)


def test_written_paragraph_is_kept_and_its_figures_move(client, report, laureate):
    make_met()
    write(report, "rencontres", "Salle comble\u202f: {participants}, et {rencontres}\u202f!")
    assert "Salle comble : 41 participants, et une rencontre !" in text_of(client)
    make_met(attendance=1)
    assert "Salle comble : 42 participants, et deux rencontres !" in text_of(client)
    assert "Salle comble" in words_of(client.get(PDF).content)


def test_written_paragraph_waits_while_there_is_nothing_to_count(client, report, laureate):
    write(report, "salons", "Vus sur {salons}.\n\nEt l’on reviendra.")
    text = text_of(client)
    assert "Et l’on reviendra." in text
    assert "Vus sur" not in text
    make_met(kind="fair", attendance=None)
    assert "Vus sur un salon." in text_of(client)


def test_empty_words_leave_a_section_out_and_composing_comes_back(client, report, laureate):
    make_met()
    write(report, "rencontres", "")
    assert "On s’est rencontrés" not in text_of(client)
    services.restore_paragraph(report, "rencontres")
    assert "On s’est rencontrés" in text_of(client)


def test_quotation_tells_whose_it_is(client, report, laureate):
    write(report, "perspectives", "«\u202fOn recommence.\u202f» — Claire Exemple")
    page = Html(client.get(PAGE).content.decode())
    assert "« On recommence. »" in page.text("blockquote")
    assert "Claire Exemple" in page.text("figcaption")
    assert "« Pour le pain. »" in page.text("blockquote")  # what the jury said of the laureate


def test_two_persons_do_not_undo_each_other(report):
    services.write_paragraph(report, "edition", text="La première.", seen="")
    with pytest.raises(NotAllowed, match="pendant que vous"):
        services.write_paragraph(report, "edition", text="La seconde.", seen="")
    assert report.paragraphs.get().text == "La première."


def test_partners_fairs_directory_and_growth_are_told(client, report, laureate):
    make_partnership(year=YEAR, kind="pilot")
    make_met(kind="fair", attendance=None, title="La foire des idées")
    link = reverse("pages:europe")
    make_met(title="Un atelier à Sofia", description=f'<p><a href="{link}">Le fil</a></p>')
    make_initiative(published_at=timezone.now().replace(year=2024))
    text = text_of(client)
    for words in ["Un partenaire s’y est attelé.", "La foire des idées", "une étape européenne"]:
        assert words in text
    assert "Le four commun" in text


def test_plot_compares_editions_once_there_are_two(client, report, laureate):
    make_figure(edition=report.edition, key="candidatures", value=14)
    assert "D’une édition à l’autre" not in text_of(client)
    past = make_archive(year=YEAR - 1, results_published_at=ago(days=400))
    make_figure(edition=past, key="candidatures", value=7)
    page = client.get(PAGE).content.decode()
    assert "D’une édition à l’autre" in page
    assert '<rect width="50.00%"' in page


def test_map_names_in_its_legend_what_it_shows(client, report, laureate):
    commune = make_commune()
    Initiative.objects.update(commune=commune, department=commune.department)
    make_met(title="La veillée", commune=commune)
    page = Html(client.get(PAGE).content.decode())
    assert f"La veillée ({commune.name})" in page.text("figcaption")
    assert f"Le four commun ({commune.name})" in page.text("figcaption")


def test_letter_without_anything_still_stands(client, report):
    text = text_of(client)
    assert "Aucun lauréat n’est annoncé." in text
    assert " 0 " not in text
    assert client.get(PDF).status_code == 200


def test_letter_of_what_is_real_counts_no_example(client, report, laureate):
    make_initiative(is_example=True)
    (figure,) = (f for f in compose(kept(report)).figures if f.name == "fiches")
    assert figure.value == Initiative.objects.filter(is_example=False).count()


def test_sheets_that_are_counted_are_those_of_the_link(client):
    """On either side of midnight in Paris, alone or with results; the others are of later."""
    edition = make_archive(year=2021, results_published_at=ago(days=30))
    report = AnnualReport.objects.create(edition=edition, published_at=ago(days=20))
    last = datetime(2021, 12, 31, 23, 30, tzinfo=timezone.get_default_timezone())
    make_initiative(published_at=last)
    make_initiative(published_at=last - timedelta(days=400))
    make_initiative(published_at=last + timedelta(hours=1))
    make_archive(year=2019, results_published_at=last - timedelta(days=9))
    make_initiative(published_at=last - timedelta(days=900), embargo_year=2019)
    figures = Composition(kept(report)).figures
    for name in ["fiches", "nouvelles_fiches"]:
        page = client.get(figures[name].url)
        assert page.context["directory"].count == figures[name].value
    assert (figures["fiches"].value, figures["nouvelles_fiches"].value) == (3, 2)


def kept(report):
    return for_letter(AnnualReport.objects.filter(pk=report.pk)).get()


def test_json_gives_the_same_letter_back(report, laureate):
    make_met(commune=make_commune())
    letter = compose(kept(report))
    assert letter_from(json.loads(json.dumps(as_json(letter)))) == letter


# Its PDF ----------------------------------------------------------------------------------------


def test_pdf_has_four_pages_with_little_and_with_much(client, report, laureate):
    assert len(read(client.get(PDF).content).pages) == 4
    for number in range(5):
        make_laureate(prize=laureate.prize, initiative=make_initiative(title=f"Projet {number}"))
        make_met(title=f"Une rencontre avec beaucoup de monde, numéro {number}")
        make_met(kind="fair", title=f"Un salon, numéro {number}")
    write(report, "perspectives", "Encore bien des choses à faire ensemble. " * 60)
    assert len(read(client.get(PDF).content).pages) == 4


def test_pdf_draws_whatever_people_typed(client, report, laureate):
    write(report, "edition", HOSTILE["summary"] + "\n\n" + HOSTILE["need"])
    Initiative.objects.update(title=HOSTILE["organisation_name"][:100])
    assert "#panic()" in words_of(client.get(PDF).content)
    assert client.get(PAGE).status_code == 200


def test_equal_letters_give_equal_bytes(client, report, laureate):
    assert client.get(PDF).content == client.get(PDF).content
    assert client.get(PDF)["Cache-Control"] == "public, no-cache"


# Frozen -----------------------------------------------------------------------------------------


def test_frozen_letter_never_changes(client, report, laureate):
    make_met(commune=make_commune())
    write(report, "edition", "Une année à {laureats}.")
    services.freeze_report(report)
    before = client.get(PAGE).content, client.get(PDF).content
    assert b"Une ann\xc3\xa9e \xc3\xa0 " in before[0]
    assert "Figé le" in words_of(before[1])
    make_met(attendance=500)
    make_laureate(prize=laureate.prize)
    Laureate.objects.filter(pk=laureate.pk).update(citation="Autre chose.")
    Initiative.objects.update(title="Un autre nom", summary="Un autre résumé.")
    Edition.objects.filter(year=YEAR).update(summary="Un autre chapeau.", credits="D’autres.")
    assert (client.get(PAGE).content, client.get(PDF).content) == before


def test_frozen_letter_refuses_every_write(report, laureate):
    frozen = services.freeze_report(report)
    for gesture in [
        lambda: write(frozen, "edition", "Non."),
        lambda: services.restore_paragraph(frozen, "edition"),
        lambda: services.freeze_report(frozen),
    ]:
        with pytest.raises(NotAllowed, match="figé"):
            gesture()


@pytest.mark.parametrize("changes", [{"content": {}}, {"pdf": b"x"}, {"frozen_at": Now()}])
def test_database_keeps_a_frozen_letter(report, laureate, changes):
    services.freeze_report(report)
    with pytest.raises(InternalError):
        AnnualReport.objects.update(**changes)


def test_database_refuses_words_in_a_frozen_letter(report, laureate):
    services.freeze_report(report)
    with pytest.raises(IntegrityError):
        ReportParagraph.objects.create(report=report, key="edition", text="Non.")


def test_frozen_letter_may_be_withdrawn(client, report, laureate):
    services.freeze_report(report)
    services.publish_report(report, at=None)
    assert client.get(PAGE).status_code == 404


def test_nothing_is_frozen_before_the_results():
    edition = make_edition(year=YEAR)
    with pytest.raises(NotAllowed, match="résultats"):
        services.freeze_report(AnnualReport(edition=edition))
    assert not AnnualReport.objects.exists()


# Who sees it, and when --------------------------------------------------------------------------


@pytest.mark.parametrize("published_at", [None, ahead(days=1)])
def test_letter_waits_for_its_publication(client, edition, laureate, published_at):
    make_report(edition=edition, published_at=published_at)
    assert [client.get(a).status_code for a in (PAGE, PDF)] == [404, 404]
    assert PAGE not in client.get("/sitemap.xml").content.decode()


def test_letter_is_in_the_sitemap(client, report, laureate):
    assert PAGE in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"results_published_at": Now() + timedelta(minutes=1)},
        {"results_published_at": None},
        {"published_at": None},
    ],
)
def test_nothing_is_told_before_the_results(client, report, laureate, changes):
    assert client.get(PAGE).status_code == 200
    Edition.objects.filter(year=YEAR).update(**changes)
    assert [client.get(a).status_code for a in (PAGE, PDF)] == [404, 404]
    assert PAGE not in client.get("/sitemap.xml").content.decode()


def test_results_that_move_back_hide_a_frozen_letter(client, report, laureate):
    services.freeze_report(report)
    Edition.objects.filter(year=YEAR).update(results_published_at=Now() + timedelta(minutes=1))
    assert [client.get(a).status_code for a in (PAGE, PDF)] == [404, 404]


@pytest.fixture
def waiting(settings):
    """A letter that tells a laureate in its own words, before the results."""
    settings.SECOND_FACTOR_REQUIRED = False
    edition = make_edition(year=YEAR)
    report = make_report(edition=edition)
    write(report, "edition", "Le four commun l’emporte.")
    return report


def test_preview_is_the_team_s(client, waiting):
    assert client.get(PREVIEW).status_code == 302
    for role, status in [(Role.EDITOR, 403), (Role.JURY, 403), (Role.TEAM, 200)]:
        client.force_login(make_user(roles=[role]))
        answer = client.get(PREVIEW)
        assert answer.status_code == status
    assert "Le four commun l’emporte." in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_tie_hides_the_preview_until_the_results(client, waiting):
    team = make_user(roles=[Role.TEAM])
    client.force_login(team)
    file = make_eligible(edition=waiting.edition)
    ConflictOfInterest.objects.create(user=team, candidature=file, reason="Un ami.")
    assert client.get(PREVIEW).status_code == 404
    assert client.get("/trophees/2055/bilan/apercu/").status_code == 404


def test_page_is_the_same_for_everyone(client, report, laureate):
    before = client.get(PAGE)
    client.force_login(make_user(roles=[Role.TEAM]))
    assert client.get(PAGE).content == before.content
    assert "Set-Cookie" not in before.headers


# Its cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [PAGE, PDF])
def test_letter_costs_the_same_whatever_it_tells(client, report, laureate, address):
    counts = []
    for more in (1, 3):
        for _ in range(more):
            make_met(commune=make_commune())
            make_met(kind="fair")
            make_partnership(year=YEAR)
            make_laureate(prize=laureate.prize, initiative=make_initiative(themes=[make_theme()]))
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 28
