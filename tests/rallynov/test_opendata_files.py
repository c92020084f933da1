"""What open data keeps silent, how it is asked again, and how a file is written as it goes."""

import json
from threading import Thread

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.urls import reverse

from initiatives.models import Condition, Initiative, Theme
from partners.models import Organisation
from rallynov.opendata import formats, stream
from rallynov.opendata.datasets import DATASETS
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_commune,
    make_condition,
    make_event,
    make_initiative,
    make_laureate,
    make_organisation,
    make_prize,
    make_theme,
)
from tests.rallynov.open_files import fetch, read_csv, rows_of
from trophies.models import Edition, Laureate, Prize

pytestmark = pytest.mark.django_db
FILES = [dataset.address(kind) for dataset in DATASETS.values() for kind in dataset.kinds]
SHEETS = "/donnees/initiatives.json"


# What is not there -------------------------------------------------------------------------------


def everything(client):
    return b"".join(client.get(address).getvalue() for address in FILES).decode()


def test_drafts_and_what_is_to_come_are_in_no_file(client):
    for make in (make_initiative, make_event):
        make(title="Le brouillon", published_at=None)
        make(title="Celle de demain", published_at=ahead(hours=1))
        make(title="Celle d’hier")
    make_laureate(initiative=make_initiative(title="Le brouillon primé", published_at=None))
    found = everything(client)
    assert found.count("Celle d’hier") == 5
    assert "brouillon" not in found
    assert "Celle de demain" not in found


def test_prizes_are_told_at_their_instant(client):
    edition = make_archive(year=2031, results_published_at=ahead(hours=1))
    prize = make_prize(edition=edition, name="Le prix secret")
    make_laureate(prize=prize, initiative=make_initiative(), citation="Pour la lune")
    make_initiative(title="Sous embargo", embargo_year=2031)
    before, tags = everything(client), tags_of(client)
    assert not [mark for mark in ("secret", "2031", "lune", "embargo") if mark in before]
    Edition.objects.filter(pk=edition.pk).update(results_published_at=ago(seconds=1))
    after = everything(client)
    assert not [mark for mark in ("secret", "2031", "lune", "embargo") if mark not in after]
    changed = {address for address, tag in tags_of(client).items() if tag != tags[address]}
    assert changed == {address for address in FILES if "evenements" not in address}


def test_a_prize_decided_before_its_instant_changes_no_tag(client):
    edition = make_archive(results_published_at=ahead(hours=1))
    sheet = make_initiative()
    before = tags_of(client)
    make_laureate(prize=make_prize(edition=edition), initiative=sheet)
    make_initiative(published_at=None, title="Une fiche qui attend")
    assert tags_of(client) == before


# Asking again ------------------------------------------------------------------------------------


def tags_of(client):
    return {address: client.get(address).headers["ETag"] for address in FILES}


def written(change):
    """In a transaction of its own, as anything is: rows are told apart by what wrote them."""
    with transaction.atomic():
        change()


@pytest.mark.parametrize("address", FILES)
def test_nothing_is_sent_again_while_nothing_has_changed(client, address):
    make_laureate()
    make_event()
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    other = client.get(address, headers={"If-None-Match": 'W/"autre"'})
    assert other.status_code == 200


def test_each_question_has_its_tag(client):
    tags = [client.get(f"{SHEETS}{q}").headers["ETag"] for q in ("", "?theme=a", "?q=a", "?tri=a")]
    assert len(set(tags)) == 3
    assert tags[0] == tags[3]


def test_every_table_that_a_line_is_made_of_changes_the_tag(client):
    theme, condition = make_theme(), make_condition()
    holder, commune = make_organisation(), make_commune()
    sheet = make_initiative(themes=[theme], holder=holder, commune=commune)
    sheet.conditions.add(condition)
    laureate = make_laureate(initiative=sheet)
    changes = [
        lambda: Initiative.objects.filter(pk=sheet.pk).update(title="Autre"),
        lambda: Theme.objects.filter(pk=theme.pk).update(name="Autre"),
        lambda: Condition.objects.filter(pk=condition.pk).update(title="Autre"),
        lambda: Organisation.objects.filter(pk=holder.pk).update(name="Autre"),
        lambda: sheet.theme_links.all().delete(),
        lambda: sheet.supports.all().delete(),
        lambda: sheet.conditions.clear(),
        lambda: Edition.objects.filter(pk=laureate.prize.edition_id).update(year=2077),
        lambda: laureate.delete(),
        lambda: sheet.delete(),
    ]
    for number, change in enumerate(changes):
        before = client.get(SHEETS)
        tag, content = before.headers["ETag"], before.getvalue()
        written(change)
        after = client.get(SHEETS)
        assert after.getvalue() != content, number
        assert after.headers["ETag"] != tag, number


def test_laureates_tag_follows_the_prize_and_its_funder(client):
    funder = make_organisation()
    laureate = make_laureate(prize=make_prize(funder=funder))
    address = "/donnees/laureats.json"
    for change in (
        lambda: Prize.objects.filter(pk=laureate.prize_id).update(name="Autre"),
        lambda: Laureate.objects.filter(pk=laureate.pk).update(citation="Autre"),
        lambda: Organisation.objects.filter(pk=funder.pk).update(name="Autre"),
        lambda: Initiative.objects.filter(pk=laureate.initiative_id).update(title="Autre"),
    ):
        tag = client.get(address).headers["ETag"]
        written(change)
        assert client.get(address).headers["ETag"] != tag


# Headers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", FILES)
def test_any_site_may_read_a_file_which_knows_nobody(client, address):
    response = client.get(address)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.cookies == {}
    assert 'rel="license"' in response.headers["Link"]
    assert client.head(address).headers["ETag"] == response.headers["ETag"]


def test_no_other_address_is_open_to_other_sites(client):
    for address in ["/", "/donnees/", "/initiatives/", "/initiatives/integrer/cadre/",
                    "/recherche/suggestions/?q=a", "/donnees/rien.csv"]:  # fmt: skip
        assert "Access-Control-Allow-Origin" not in client.get(address).headers, address


def test_unknown_files_do_not_exist(client):
    for name, kind in [("rien", "csv"), ("initiatives", "exe"), ("laureats", "geojson")]:
        assert client.get(reverse("data-file", args=[name, kind])).status_code == 404


def test_question_that_the_directory_refuses_is_refused(client):
    response = client.get(SHEETS, {"q": "a" * 1000})
    assert response.status_code == 400
    assert response.content


# Cells -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "'="])
def test_no_cell_of_csv_is_a_formula(client, start):
    text = f'{start}HYPERLINK("http://x")'
    make_initiative(
        title=text, summary=text, need=text, holder=make_organisation(name=text),
        themes=[make_theme(name=text)],
    )  # fmt: skip
    make_event(title=text, summary=text, venue=text)
    make_laureate(citation=text, prize=make_prize(name=text))
    for name in DATASETS:
        for row in read_csv(fetch(client, name, "csv")):
            assert not [cell for cell in row.values() if cell.lstrip()[:1] in "=+-@" and cell]
    plain = rows_of(client, "initiatives", "json")[0]["titre"]
    assert plain == text.strip()  # JSON runs nothing: it says what is


def test_cells_keep_quotes_separators_and_lines(client):
    text = 'Un « ; », des "guillemets"\nune ligne, une, virgule'
    make_initiative(need=text)
    assert read_csv(fetch(client, "initiatives", "csv"))[0]["besoin"] == text


# As it goes --------------------------------------------------------------------------------------

committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one_by_one(monkeypatch):
    monkeypatch.setattr(stream, "BATCH", 1)
    monkeypatch.setattr(formats, "CHUNK", 1)


def elsewhere(call):
    """By another connection, committed."""

    def run():
        call()
        connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()


@committed
def test_file_is_of_one_instant_whatever_is_written_meanwhile(client, one_by_one):
    for number in range(4):
        make_initiative(title=f"Fiche {number}", slug=f"fiche-{number}")
    chunks = iter(client.get(SHEETS).streaming_content)
    head = [next(chunks) for _ in range(2)]

    def write():
        make_initiative(title="Arrivée après")
        Initiative.objects.filter(slug="fiche-3").update(title="Changée")
        Initiative.objects.filter(slug="fiche-2").delete()

    elsewhere(write)
    whole = json.loads(b"".join([*head, *chunks]))
    assert [row["titre"] for row in whole["lignes"]] == [f"Fiche {n}" for n in range(4)]
    assert whole["nombre"] == 4
    assert [row["titre"] for row in rows_of(client, "initiatives", "json")] == [
        "Fiche 0", "Fiche 1", "Changée", "Arrivée après",
    ]  # fmt: skip


@committed
@pytest.mark.parametrize("kind", ["csv", "json", "geojson"])
def test_client_that_leaves_gives_the_connection_back(client, one_by_one, kind):
    for _ in range(4):
        make_initiative()
    response = client.get(f"/donnees/initiatives.{kind}")
    chunks = iter(response.streaming_content)
    for _ in range(3):
        next(chunks)
    assert connection.in_atomic_block
    del chunks
    response.close()
    assert not connection.in_atomic_block
    assert Initiative.objects.count() == 4


@committed
def test_snapshot_writes_nothing(client, one_by_one):
    make_initiative()
    with stream.snapshot(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)


@pytest.mark.parametrize("name", DATASETS)
def test_an_index_finds_a_batch(name):
    """By the key, so that the hundredth costs what the first does."""
    rows = DATASETS[name].ask(QueryDict()).rows.order_by("pk").filter(pk__gt=1000)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = rows[: stream.BATCH].explain()
    table = rows.model._meta.db_table
    assert f"using {table}_pkey" in plan, plan
    assert "Index Cond" in plan


def test_queries_do_not_grow_with_rows(client, django_assert_max_num_queries):
    for _ in range(20):
        make_laureate(initiative=make_initiative(holder=make_organisation(), themes=[make_theme()]))
    for address in FILES:
        with django_assert_max_num_queries(26):
            client.get(address).getvalue()
