"""The pages that import and export, and the worker's passes behind them."""

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from accounts.roles import Role
from initiatives.models import Initiative
from initiatives.transfer import passes
from initiatives.transfer.aside import Aside
from initiatives.transfer.models import ImportLine, InitiativeImport
from initiatives.transfer.reading import open_table
from places import loader
from places.models import Commune, Department, Epci
from rallynov.locks import take_lock
from tests.factories import ago, make_initiative, make_organisation, make_theme
from tests.html import Html
from tests.initiatives.transfers import csv_bytes, xlsx_bytes
from tests.results import SHEET, World

LIST, PAGE = "/admin/initiatives/initiative/", "/admin/initiatives/initiative/importer/"
HEADER = ["Titre", "En une phrase", "Commune", "Couleur"]
GOOD = [["La cantine", "Un repas.", "", "bleu"], ["Le garage", "On répare.", "", ""]]
BAD = ["Sans phrase", "", "", ""]

# Seen by several connections; every table is emptied afterwards, communes too.
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places(transactional_db):
    loader.load(Department, Epci, Commune)


def send(client, *rows, content=None, name="liste.csv"):
    content = csv_bytes(HEADER, *rows) if content is None else content
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def sent(client, *rows):
    response = send(client, *rows)
    an_import = InitiativeImport.objects.get()
    assert response["Location"] == an_import.get_absolute_url()
    return an_import


def work():
    call_command("worker", once=True)


def shown(client, an_import, query=""):
    return Html(client.get(f"{an_import.get_absolute_url()}{query}").content.decode())


def headline(client, an_import):
    return next(text for names, text in shown(client, an_import).texts if "h2" in names)


def rows_shown(html):
    return html.all("tr")[1:]


# From a file to the directory ---------------------------------------------------------------------


@committed
@pytest.mark.usefixtures("places")
def test_file_is_checked_then_written_by_the_worker(client, sign_in):
    editor = sign_in(Role.EDITOR)
    an_import = sent(client, GOOD[0], ["Le garage", "On répare.", "Bezancon", ""])
    assert headline(client, an_import) == "Le site lit votre fichier"
    assert shown(client, an_import).first("progress")
    work()
    assert not Initiative.objects.exists()
    response = client.get(an_import.get_absolute_url())
    text = response.content.decode()
    assert "Prêt à importer" in text
    assert "2 nouvelles, 1 corrigée." in text
    assert "«\u202fBezancon\u202f» compris comme «\u202fBesançon (25)\u202f»" in text
    assert "laissée de côté" in text
    client.post(f"{an_import.get_absolute_url()}ecrire/")
    assert headline(client, an_import) == "Le site écrit"
    work()
    assert set(Initiative.objects.values_list("slug", flat=True)) == {"la-cantine", "le-garage"}
    assert headline(client, an_import) == "C’est importé"
    assert (
        "/initiatives/la-cantine/apercu/"
        in client.get(an_import.get_absolute_url()).content.decode()
    )
    entry = LogEntry.objects.get(object_id=str(Initiative.objects.get(slug="la-cantine").pk))
    assert (entry.user, entry.change_message) == (
        editor,
        "Import de «\u202fliste.csv\u202f», ligne 2.",
    )


@committed
def test_file_goes_once_it_is_written_or_given_up(client, sign_in):
    sign_in(Role.TEAM)
    given_up = sent(client, *GOOD)
    storage, name = given_up.file.storage, given_up.file.name
    assert storage.exists(name)
    client.post(f"{given_up.get_absolute_url()}abandonner/")
    assert not storage.exists(name)
    given_up.refresh_from_db()
    assert (given_up.state, bool(given_up.file)) == ("cancelled", False)
    work()
    assert not ImportLine.objects.exists()
    written = InitiativeImport.objects.exclude(pk=given_up.pk)
    send(client, *GOOD)
    name = written.get().file.name
    work()
    assert storage.exists(name)
    client.post(f"{written.get().get_absolute_url()}ecrire/")
    work()
    assert (written.get().state, storage.exists(name)) == ("written", False)


@committed
def test_refused_line_stands_in_the_way(client, sign_in):
    sign_in(Role.TEAM)
    an_import = sent(client, *GOOD, BAD)
    work()
    assert headline(client, an_import) == "À corriger"
    text = client.get(f"{an_import.get_absolute_url()}?verdict=refused").content.decode()
    assert "il est obligatoire pour une nouvelle fiche" in text
    assert "La cantine" not in text
    assert "Importer pour de bon" not in text
    client.post(f"{an_import.get_absolute_url()}ecrire/")
    work()
    assert not Initiative.objects.exists()
    an_import.refresh_from_db()
    assert an_import.state == "checked"


@committed
def test_duplicates_are_written_only_when_ticked(client, sign_in):
    make_initiative(title="La cantine", holder=make_organisation(name="La Louche"))
    sign_in(Role.TEAM)
    send(
        client, content=csv_bytes([*HEADER, "Porteur"], ["Les cantines", *GOOD[0][1:], "la louche"])
    )
    an_import = InitiativeImport.objects.get()
    work()
    assert (
        "Importer aussi les doublons probables (1)"
        in client.get(an_import.get_absolute_url()).content.decode()
    )
    client.post(f"{an_import.get_absolute_url()}ecrire/", {"doublons": "on"})
    work()
    assert Initiative.objects.count() == 2


@committed
def test_what_changed_since_the_check_is_judged_again(client, sign_in):
    """All or nothing, on the day of the writing."""
    sign_in(Role.TEAM)
    theme = make_theme(name="Emploi")
    send(client, content=csv_bytes([*HEADER, "Thèmes"], [*GOOD[0], "Emploi"]))
    an_import = InitiativeImport.objects.get()
    work()
    theme.delete()
    client.post(f"{an_import.get_absolute_url()}ecrire/")
    work()
    an_import.refresh_from_db()
    assert (an_import.state, an_import.counts["refused"]) == ("checked", 1)
    assert not Initiative.objects.exists()


@committed
def test_progress_is_seen_while_the_transaction_runs(client, sign_in):
    """Read by this connection, while the pass's own transaction is open on another."""
    sign_in(Role.TEAM)
    rows = [[f"Projet {n}", "Une.", "", ""] for n in range(450)]
    an_import = sent(client, *rows)
    seen = []

    def look():
        row = InitiativeImport.objects.get()
        seen.append((row.state, row.done, row.total, row.lines.count(), Initiative.objects.count()))
        return False

    with Aside() as worker:
        worker(passes.run_next, look_from(look))
    assert seen == [("to_check", done, 450, done, 0) for done in (200, 400, 450)]
    assert headline(client, an_import) == "Prêt à importer"
    assert len(rows_shown(shown(client, an_import, "?page=2"))) == 50


def look_from(look):
    """`look`, on a third connection: neither the worker's nor the one that it reports by."""

    def called():
        with Aside() as other:
            return other(look)

    return called


@committed
def test_interrupted_pass_is_taken_up_again(client, sign_in):
    sign_in(Role.TEAM)
    an_import = sent(client, *GOOD)
    assert passes.run_next(is_stopping=lambda: True) is False
    an_import.refresh_from_db()
    assert (an_import.state, an_import.lines.count()) == ("to_check", 2)
    assert passes.run_next() is True
    an_import.refresh_from_db()
    assert (an_import.state, an_import.lines.count()) == ("checked", 2)
    assert passes.run_next() is False


@committed
def test_one_import_at_a_time(client, sign_in):
    sign_in(Role.TEAM)
    an_import = sent(client, *GOOD)
    with Aside() as other:
        other(hold_lock)
        assert passes.run_next() is False
        other(lambda: connection.rollback())
    an_import.refresh_from_db()
    assert an_import.state == "to_check"
    assert passes.run_next() is True


def hold_lock():
    connection.set_autocommit(False)
    assert take_lock("import_initiatives")


@committed
def test_person_who_may_no_more_imports_nothing(client, sign_in):
    user = sign_in(Role.TEAM)
    an_import = sent(client, *GOOD)
    user.roles = []
    user.save()
    work()
    an_import.refresh_from_db()
    assert (an_import.state, an_import.failure) == ("failed", passes.FORBIDDEN)


@committed
def test_unreadable_line_fails_the_import_and_not_the_worker(client, sign_in):
    sign_in(Role.TEAM)
    send(client, content=csv_bytes(HEADER, GOOD[0]) + b'"' + b"x" * 200_000)
    work()
    an_import = InitiativeImport.objects.get()
    assert an_import.state == "failed"
    assert "guillemet" in client.get(an_import.get_absolute_url()).content.decode()


@committed
def test_old_files_and_reports_are_forgotten(client, sign_in):
    sign_in(Role.TEAM)
    an_import = sent(client, *GOOD)
    work()
    storage, name = an_import.file.storage, an_import.file.name
    passes.forget_old_imports()
    assert storage.exists(name)
    InitiativeImport.objects.update(created_at=ago(days=8))
    passes.forget_old_imports()
    assert not storage.exists(name)
    assert (InitiativeImport.objects.get().state, ImportLine.objects.count()) == ("cancelled", 0)
    assert "sept jours" in client.get(an_import.get_absolute_url()).content.decode()


# Uploading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "vide"),
        (b"%PDF-1.7 \0", "ni un CSV ni un classeur .xlsx"),
        (csv_bytes(["Couleur"], ["bleu"]), "partez du modèle"),
    ],
)
def test_unreadable_file_is_refused_at_once(client, team, content, told):
    page = send(client, content=content).content.decode()
    assert told in page
    assert not InitiativeImport.objects.exists()


@pytest.mark.parametrize("size", [10, 4_000])
def test_workbook_is_taken_in_memory_or_on_disk(client, team, size, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000
    rows = [[f"Titre {n}", f"Phrase {n} {n * 7919}", "", ""] for n in range(size)]
    content = xlsx_bytes(HEADER, *rows)
    assert send(client, content=content, name="liste.xlsx").status_code == 302
    with InitiativeImport.objects.get().file.open() as kept:
        assert kept.read() == content


# Who may ------------------------------------------------------------------------------------------


def addresses(an_import):
    own = an_import.get_absolute_url()
    return [
        PAGE,
        f"{PAGE}modele.csv",
        f"{PAGE}modele.xlsx",
        f"{LIST}exporter.csv",
        f"{LIST}exporter.xlsx",
        own,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"), [(Role.EDITOR, 200), (Role.TEAM, 200), (Role.JURY, 403), (None, 403)]
)
def test_pages_open_to_those_who_edit_sheets(client, sign_in, role, status):
    user = sign_in(*([role] if role else []))
    an_import = InitiativeImport.objects.create(by=user, name="x", state="written")
    for address in addresses(an_import):
        response = client.get(address)
        assert b"".join(response)  # to its end, where files are closed
        assert response.status_code == status, address
    assert send(client, *GOOD).status_code == (302 if status == 200 else 403)


@pytest.mark.django_db
def test_import_is_its_sender_s_alone(client, sign_in):
    sign_in(Role.TEAM)
    an_import = sent(client, *GOOD)
    sign_in(Role.TEAM)
    own = an_import.get_absolute_url()
    answers = [client.get(own), client.post(f"{own}ecrire/"), client.post(f"{own}abandonner/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "liste.csv" not in client.get(PAGE).content.decode()


@pytest.mark.django_db
def test_writing_wants_a_post(client, team):
    an_import = sent(client, *GOOD)
    own = an_import.get_absolute_url()
    statuses = [client.get(f"{own}{gesture}/").status_code for gesture in ("ecrire", "abandonner")]
    assert statuses == [405, 405]


# Exporting ----------------------------------------------------------------------------------------


def exported(response):
    content = b"".join(response.streaming_content)
    return [cells["title"] for _, cells in open_table(io.BytesIO(content)).rows()]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_gives_what_the_list_shows(client, team, kind):
    theme = make_theme()
    make_initiative(title="Une", themes=[theme], published_at=None)
    make_initiative(title="Deux")
    page = client.get(f"{LIST}?themes__id__exact={theme.pk}").content.decode()
    link = f"{LIST}exporter.{kind}?themes__id__exact={theme.pk}"
    assert link in page
    assert exported(client.get(link)) == ["Une"]
    assert exported(client.get(f"{LIST}exporter.{kind}?p=9")) == ["Une", "Deux"]
    assert client.get(f"{LIST}exporter.{kind}?nothing=1").status_code == 302


@pytest.mark.django_db
def test_export_and_report_hide_what_awaits_results(client, sign_in):
    world = World()
    world.decide()
    sign_in(Role.TEAM)
    assert SHEET in exported(client.get(f"{LIST}exporter.csv"))
    sign_in(Role.EDITOR)
    assert SHEET not in exported(client.get(f"{LIST}exporter.csv"))
    world.move(ago(seconds=1))
    assert SHEET in exported(client.get(f"{LIST}exporter.csv"))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_model_has_the_columns_of_an_import(client, team, kind):
    response = client.get(f"{PAGE}modele.{kind}")
    content = b"".join(response.streaming_content)
    table = open_table(io.BytesIO(content))
    assert all(name for header, name in table.columns if header)
    assert (table.columns[1], list(table.rows())) == (("Titre", "title"), [])


@pytest.mark.django_db
def test_list_of_who_may_not_transfer_offers_nothing(client, sign_in, monkeypatch):
    sign_in(Role.EDITOR)
    assert "Exporter en CSV" in client.get(LIST).content.decode()
    monkeypatch.setattr(passes, "may_transfer", lambda user: False)
    assert "Exporter en CSV" not in client.get(LIST).content.decode()
