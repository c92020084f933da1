"""What becomes of each line of an import, and that nothing is written unless asked."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.roles import Role
from initiatives.models import Initiative, Support
from initiatives.transfer import importing
from initiatives.transfer.columns import HEADERS, match_headers
from partners.models import Organisation
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_commune,
    make_condition,
    make_initiative,
    make_organisation,
    make_theme,
    make_user,
)
from tests.initiatives.transfers import csv_bytes, lines_of, play, verdicts, whole_rows, xlsx_bytes
from tests.results import SHEET, World

pytestmark = pytest.mark.django_db

SHORT = ["Titre", "En une phrase", "Commune", "Porteurs"]
CANTEEN = ["La cantine d’à côté", "Un repas à prix libre.", "Dole", "La Louche"]
GARAGE = ["Le garage ouvert", "On y répare ensemble.", "Vesoul (70)", "Les Cambouis"]


def one(header, *row, **options):
    """The only line of an import."""
    (line,) = lines_of(header, row, **options)
    return line


# Nothing unless asked, all or nothing, again and again --------------------------------------------


def test_trial_writes_nothing_and_tells_what_writing_does():
    trial, counts = play(csv_bytes(SHORT, CANTEEN, GARAGE), is_kept=False)
    assert (Initiative.objects.count(), Organisation.objects.count()) == (0, 0)
    written, _ = play(csv_bytes(SHORT, CANTEEN, GARAGE))
    assert verdicts(trial) == verdicts(written) == ["new", "new"]
    assert [line.notes for line in trial] == [line.notes for line in written]
    assert dict(counts) == {"new": 2, "corrected": 0}
    sheet = Initiative.objects.get(slug="la-cantine-da-cote")
    assert (sheet.title, sheet.summary, sheet.published_at) == (*CANTEEN[:2], None)
    assert (sheet.commune.name, sheet.department_id) == ("Dole", "39")
    assert [str(support.organisation) for support in sheet.holders] == ["La Louche"]


def test_one_refused_line_undoes_all():
    kept = make_initiative(title="Ancien titre", slug="ancien")
    header = ["Fiche", *SHORT]
    rows = [
        ["ancien", "Nouveau titre", "Une.", "", ""],
        ["", *CANTEEN],
        ["", "Sans phrase", "", "", ""],
    ]
    lines = lines_of(header, *rows)
    assert verdicts(lines) == ["updated", "new", "refused"]
    assert lines[2].notes == ["En une phrase\u202f: il est obligatoire pour une nouvelle fiche."]
    assert list(Initiative.objects.all()) == [kept]
    kept.refresh_from_db()
    assert kept.title == "Ancien titre"
    assert not Organisation.objects.exists()


def test_what_the_database_alone_refuses_is_told_line_by_line():
    """Rules that the reading does not know: their lines are named, the others are judged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE initiatives_initiative"
            " DROP CONSTRAINT initiative_slug_is_not_reserved,"
            " ADD CONSTRAINT initiative_slug_is_not_reserved CHECK (slug <> 'interdite'),"
            " ADD CONSTRAINT of_this_test CHECK (summary <> 'Impossible.')"
        )
    rows = [
        CANTEEN,
        ["Interdite", "Une.", "", "Neuve"],
        ["Autre", "Impossible.", "", "Neuve"],
        GARAGE,
    ]
    lines = lines_of(SHORT, *rows)
    assert verdicts(lines) == ["new", "refused", "refused", "new"]
    assert lines[1].reasons == ["Ce mot est déjà une adresse du site."]
    assert lines[2].reasons == ["La base de données refuse cette ligne."]
    assert not Initiative.objects.exists()


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_second_import_changes_nothing(make):
    content = make(SHORT, CANTEEN, GARAGE)
    play(content)
    before, organisations = whole_rows(), Organisation.objects.count()
    lines, _ = play(content)
    assert verdicts(lines) == ["unchanged", "unchanged"]
    assert (whole_rows(), Organisation.objects.count()) == (before, organisations)


def test_second_import_with_duplicates_changes_nothing():
    rows = [SHORT, CANTEEN, CANTEEN, ["La cantine d’à cotés", *CANTEEN[1:]]]
    lines = lines_of(*rows, with_duplicates=True)
    assert verdicts(lines) == ["new"] * 3
    before = whole_rows()
    assert len(before) == 3
    assert verdicts(lines_of(*rows, with_duplicates=True)) == ["unchanged"] * 3
    assert whole_rows() == before


def test_many_lines_are_written_by_batches(django_assert_max_num_queries):
    rows = [
        [f"Projet {n:03}", "Une.", "Dole", f"Structure {n // 2}"]
        for n in range(2 * importing.BATCH + 10)
    ]
    with django_assert_max_num_queries(150):
        lines = lines_of(SHORT, *rows)
    assert set(verdicts(lines)) == {"new"}
    assert Initiative.objects.count() == len(rows)
    assert Organisation.objects.count() == len(rows) / 2


# Which sheet --------------------------------------------------------------------------------------


def test_named_sheet_is_updated_and_an_empty_cell_erases():
    sheet = make_initiative(
        slug="ma-fiche", need="Un besoin.", effects="Des effets.", website="https://a.fr"
    )
    published_at = sheet.published_at
    line = one(
        ["Fiche", "Titre", "Le besoin", "Site", "Publication"],
        "/initiatives/ma-fiche/", "Un titre neuf", "", "https://a.fr", "",
    )  # fmt: skip
    assert line.verdict == "updated"
    assert line.notes == ["Change\u202f: Titre, Le besoin (effacé)."]
    sheet.refresh_from_db()
    assert (sheet.title, sheet.need, sheet.effects) == ("Un titre neuf", "", "Des effets.")
    assert sheet.published_at == published_at


def test_line_without_address_finds_its_sheet_and_erases_nothing():
    holder = make_organisation(name="La Louche")
    sheet = make_initiative(
        title="La Cantine d'à côté",
        commune=make_commune(name="Dole"),
        holder=holder,
        need="Un besoin.",
    )
    line = one(["Titre", "En une phrase", "Commune", "Porteurs", "Le besoin"], *CANTEEN, "")
    assert (line.verdict, line.sheet) == ("updated", sheet)
    sheet.refresh_from_db()
    assert (sheet.title, sheet.summary) == ("La Cantine d'à côté", CANTEEN[1])
    assert sheet.need == "Un besoin."


def test_same_line_twice_names_the_first():
    lines = lines_of(["Fiche", *SHORT], ["x", *CANTEEN], ["x", *GARAGE])
    assert verdicts(lines) == ["new", "refused"]
    assert lines[1].notes[0] == "Fiche\u202f: «\u202fx\u202f» est déjà à la ligne 2."
    lines = lines_of(SHORT, CANTEEN, CANTEEN)
    assert verdicts(lines) == ["new", "duplicate"]
    assert lines[1].notes == ["Ressemble à la ligne 2, «\u202fLa cantine d’à côté\u202f»."]


def test_new_address_never_takes_another():
    make_initiative(slug="carte-des-lieux")
    titles = ["Carte des lieux", "Carte", "!!!", "Carte des lieux"]
    rows = [
        [title, "Une.", commune, ""]
        for title, commune in zip(titles, ["Dole", "", "", "Vesoul"], strict=True)
    ]
    slugs = [line.sheet.slug for line in lines_of(SHORT, *rows)]
    assert slugs == ["carte-des-lieux-2", "carte-2", "fiche", "carte-des-lieux-3"]


# Probable duplicates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "La cantine d'a cote",
        "Cantines d’à-côté",
        "La cantine d’à coté !",
        "La cantyne d’à côté",
        "Lacantine d’à côté",
    ],
)
def test_close_title_in_the_same_commune_is_a_probable_duplicate(title):
    sheet = make_initiative(
        title="La cantine d’à côté", slug="cantine", commune=make_commune(name="Dole")
    )
    line = one(SHORT, title, "Une.", "Dole", "Quelqu’un d’autre")
    assert (line.verdict, line.sheet) == ("duplicate", sheet)
    assert line.notes == ["Ressemble à «\u202fLa cantine d’à côté\u202f», /initiatives/cantine/."]
    assert Initiative.objects.count() == 1
    assert not Organisation.objects.exists()


def test_close_title_of_the_same_organisation_is_a_probable_duplicate():
    holder = make_organisation(name="La Louche doloise", short_name="LLD")
    make_initiative(title="Épicerie St-Claude", commune=make_commune(name="Dole"), holder=holder)
    assert one(SHORT, "L’épicerie Saint Claude", "Une.", "Vesoul", "lld").verdict == "duplicate"
    assert one(SHORT, "L’épicerie Saint Claude", "Une.", "Vesoul", "Autre").verdict == "new"


@pytest.mark.parametrize("title", ["La cantine d’en face", "Atelier 2", "Une tout autre chose"])
def test_other_title_in_the_same_commune_is_new(title):
    for known in ["La cantine d’à côté", "Atelier 1"]:
        make_initiative(title=known, commune=make_commune(name="Dole"))
    assert one(SHORT, title, "Une.", "Dole", "").verdict == "new"


def test_duplicates_are_written_when_asked():
    make_initiative(title="La cantine d’à côté", commune=make_commune(name="Dole"))
    line = one(SHORT, *CANTEEN, with_duplicates=True)
    assert line.verdict == "new"
    assert any(note.startswith("Ressemble à") for note in line.notes)
    assert Initiative.objects.count() == 2


# Cells --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "understood", "is_corrected"),
    [
        ("Besançon", "25056", False),
        ("Besançon (25)", "25056", False),
        ("besancon", "25056", True),
        ("Bezancon", "25056", True),
        ("25056", "25056", True),
        ("25000 Besançon", "25056", True),
        ("St-Claude", "39478", True),
        ("saint claude", "39478", True),
    ],
)
def test_commune_is_understood(text, understood, is_corrected):
    line = one(SHORT, "Titre", "Une.", text, "")
    assert line.sheet.commune_id == understood
    name = str(line.sheet.commune)
    told = [f"Commune\u202f: «\u202f{text}\u202f» compris comme «\u202f{name}\u202f»."]
    assert line.notes == (told if is_corrected else [])


@pytest.mark.parametrize(
    ("commune", "department", "told"),
    [
        ("Atlantide", "", "n’est pas une commune connue"),
        (
            "Belmont",
            "",
            "peut vouloir dire Belmont (25) ou Belmont (39) ou Belmont (70)\u202f: précisez",
        ),
        ("Besançon", "Jura", "n’est pas dans ce département, mais il y a Besançon (25)"),
        ("Besançon (25)", "Jura", "Besançon (25) n’est pas dans ce département (Jura)"),
        ("", "Rhône", "«\u202fRhône\u202f» n’existe pas. Il y a\u202f: Doubs, Jura"),
    ],
)
def test_place_is_refused_with_its_reason(commune, department, told):
    line = one([*SHORT[:3], "Département"], "Titre", "Une.", commune, department)
    assert line.verdict == "refused"
    assert told in line.notes[0]


def test_department_tells_communes_apart():
    header = [*SHORT[:3], "Département"]
    assert one(header, "Un", "Une.", "Belmont", "39").sheet.commune.department_id == "39"
    alone = one(header, "Deux", "Une.", "", "doub").sheet
    assert (alone.commune, alone.department_id) == (None, "25")


def test_lists_keep_their_order_and_forgive():
    first, second, third = [
        make_theme(name=name) for name in ["Mobilité", "Santé et autonomie", "Emploi"]
    ]
    condition = make_condition(title="Oser, ensemble")
    line = one(
        ["Titre", "En une phrase", "Thématiques", "Conditions"],
        "Titre", "Une.", "sante et autonomie, Mobilitée ; Emploi", "Oser, ensemble",
    )  # fmt: skip
    assert [link.theme for link in line.sheet.theme_links.all()] == [second, first, third]
    assert [link.position for link in line.sheet.theme_links.all()] == [0, 1, 2]
    assert list(line.sheet.conditions.all()) == [condition]
    assert line.notes == [
        "Thèmes\u202f: «\u202fsante et autonomie\u202f» compris comme «\u202fSanté et autonomie\u202f».",  # noqa: E501
        "Thèmes\u202f: «\u202fMobilitée\u202f» compris comme «\u202fMobilité\u202f».",
    ]


REFUSED = [
    ("Titre", "x" * 161, "Titre\u202f: 161 caractères, pour 160 au plus."),
    ("En une phrase", "x" * 301, "En une phrase\u202f: 301 caractères, pour 300 au plus."),
    ("Fiche", "deux mots", "n’est pas l’adresse d’une fiche"),
    ("Fiche", "carte", "«\u202fcarte\u202f» est déjà une adresse du site."),
    ("Depuis", "jadis", "Depuis\u202f: «\u202fjadis\u202f» n’est pas une année."),
    ("Depuis", "1515", "n’est pas une année"),
    ("Site", "pas un site", "n’est pas une adresse de site"),
    ("Site", "javascript:alert(1)", "n’est pas une adresse de site"),
    ("Thèmes", "Chaussettes", "«\u202fChaussettes\u202f» n’existe pas. Il y a\u202f: Emploi."),
    ("Vérifiée le", "31/02/2026", "n’est pas une date, comme 12/03/2026"),
    ("Publication", "demain", "écrivez «\u202fbrouillon\u202f», «\u202fpubliée\u202f» ou une date"),
    ("Exemple", "peut-être", "écrivez «\u202foui\u202f» ou «\u202fnon\u202f»"),
    ("Résultats de", "2033", "aucune édition n’annonce ses résultats sous «\u202f2033\u202f»"),
    (
        "Porteurs",
        "Les Jumelles",
        "s’appellent «\u202fLes Jumelles\u202f». Écrivez Les Jumelles [j1] ou",
    ),
    ("Porteurs", "[inconnue]", "aucune organisation n’a l’adresse «\u202finconnue\u202f»"),
    ("Porteurs", "x" * 201, "dépasse 200 caractères"),
    ("SIREN du porteur", "12", "«\u202f12\u202f»\u202f: un SIREN a neuf chiffres."),
    ("SIREN du porteur", "987654321", "«\u202fLa Louche\u202f» a un autre SIREN, 123456789."),
    ("Forme du porteur", "secte", "«\u202fsecte\u202f» n’existe pas. Il y a\u202f: association"),
    (
        "Forme du porteur",
        "association | mutuelle",
        "il y a plus de formes ou de SIREN que de porteurs",
    ),
]


@pytest.mark.parametrize(("header", "text", "told"), REFUSED)
def test_cell_is_refused_with_its_reason(header, text, told):
    make_theme(name="Emploi")
    make_organisation(name="La Louche", siren="123456789")
    for slug in ["j1", "j2"]:
        make_organisation(name="Les Jumelles", slug=slug)
    cells = {"Titre": "Titre", "En une phrase": "Une.", "Porteurs": "La Louche"} | {header: text}
    line = one(list(cells), *cells.values())
    assert line.verdict == "refused"
    assert [told in note for note in line.reasons] == [True]


def test_every_reason_is_told():
    line = one(["Titre", "En une phrase", "Depuis", "Site"], "", "Une.", "jadis", "rien du tout")
    assert [reason.split("\u202f")[0] for reason in line.reasons] == ["Depuis", "Site", "Titre"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-12 09:30+01:00", "2026-03-12T08:30:00+00:00"),
        ("12/03/2026 à 9h30", "2026-03-12T08:30:00+00:00"),
        ("12/03/2026", "2026-03-11T23:00:00+00:00"),
        (datetime.datetime(2026, 3, 12, 9, 30), "2026-03-12T08:30:00+00:00"),
    ],
)
def test_publication_is_an_instant_of_paris(text, instant):
    content = xlsx_bytes(["Titre", "En une phrase", "Publication"], ["Titre", "Une.", text])
    (line,), _ = play(content)
    assert line.sheet.published_at == datetime.datetime.fromisoformat(instant)


def test_published_means_from_now_on_and_stays_so():
    header = ["Titre", "En une phrase", "Publication"]
    line = one(header, "Titre", "Une.", "Publiée")
    assert abs(line.sheet.published_at - timezone.now()) < datetime.timedelta(minutes=1)
    assert one(header, "Titre", "Une.", "publiée").verdict == "unchanged"
    Initiative.objects.update(published_at=ahead(days=3))
    assert one(header, "Titre", "Une.", "publiée").verdict == "updated"
    assert Initiative.objects.get().publication_state == "published"


def test_numbers_and_dates_of_a_workbook_are_read():
    header = [
        "Titre",
        "En une phrase",
        "Depuis",
        "Vérifiée le",
        "Département",
        "Exemple",
        "SIREN",
        "Porteur",
    ]
    row = ["Titre", "Une.", 2013.0, datetime.date(2026, 3, 12), 25, True, 123456789, "La Louche"]
    (line,), _ = play(xlsx_bytes(header, row))
    sheet = Initiative.objects.get()
    assert (sheet.started_year, sheet.verified_on) == (2013, datetime.date(2026, 3, 12))
    assert (sheet.department_id, sheet.is_example) == ("25", True)
    assert sheet.organisations.get().siren == "123456789"
    assert line.corrections == []


# Organisations ------------------------------------------------------------------------------------


def test_known_organisation_is_found_and_never_changed():
    known = make_organisation(name="Association La Louche", siren="123456789", kind="association")
    header = ["Titre", "En une phrase", "Porteurs", "Forme du porteur", "SIREN du porteur"]
    by_name = one(header, "Un", "Une.", "association la-louche", "mutuelle", "")
    by_siren = one(header, "Deux", "Une.", "Autre nom", "", "123 456 789 00012")
    assert [line.sheet.organisations.get() for line in (by_name, by_siren)] == [known, known]
    assert "«\u202fAssociation La Louche\u202f» reste\u202f: association." in by_name.notes
    assert (
        "Porteurs\u202f: «\u202fAutre nom\u202f» compris comme «\u202fAssociation La Louche\u202f»."
        in by_siren.notes
    )
    known.refresh_from_db()
    assert (known.kind, Organisation.objects.count()) == ("association", 1)


def test_unknown_organisations_are_added_once():
    header = [
        "Titre",
        "En une phrase",
        "Porteurs",
        "Forme du porteur",
        "SIREN du porteur",
        "Partenaires",
        "Financeurs",
    ]
    lines = lines_of(
        header,
        [
            "Un",
            "Une.",
            "La Louche | Le Couvert",
            "association | ",
            " | 123456789",
            "le couvert",
            "La Région",
        ],
        ["Deux", "Deux.", "la louche", "", "", "", "La Région | La Région"],
    )
    names = ["La Louche", "La Région", "Le Couvert"]
    assert sorted(Organisation.objects.values_list("name", flat=True)) == names
    louche, couvert = (Organisation.objects.get(name=name) for name in ["La Louche", "Le Couvert"])
    assert (louche.kind, louche.siren, couvert.kind, couvert.siren) == (
        "association",
        "",
        "other",
        "123456789",
    )
    assert [s.organisation for s in lines[0].sheet.supports.all()] == [
        louche,
        couvert,
        couvert,
        lines[1].sheet.funders[0].organisation,
    ]
    assert "Nouvelle organisation\u202f: «\u202fLa Louche\u202f»." in lines[0].notes
    assert Support.objects.count() == 6


# What awaits results ------------------------------------------------------------------------------


@pytest.fixture
def hidden():
    """A sheet that awaits results, as the whole chain makes it."""
    world = World()
    world.decide()
    return world.sheet


def test_editor_learns_nothing_of_hidden_sheets(hidden):
    """The answers are those that one gets when nothing is there."""
    editor, team = make_user(roles=[Role.EDITOR]), make_user(roles=[Role.TEAM])
    place, holder = str(hidden.commune), hidden.holders[0].organisation.name
    header = ["Fiche", *SHORT]
    rows = [
        [hidden.slug, "Autre titre", "Une.", "", ""],
        ["", SHEET, "Une.", place, holder],
        ["", f"{SHEET}s", "Une.", place, holder],
    ]
    for row in rows:
        seen = one(header, *row, user=team, is_kept=False)
        assert seen.verdict in ("updated", "duplicate")
        line = one(header, *row, user=editor, is_kept=False)
        twin = one(
            header, row[0] and "rien-ici", f"Rien {row[1]}", *row[2:], user=editor, is_kept=False
        )
        assert (line.verdict, line.notes) == (twin.verdict, twin.notes)
        assert line.verdict == "new"
    embargo = one([*SHORT, "Résultats de"], *CANTEEN, str(hidden.embargo_year), user=editor)
    nothing = one([*SHORT, "Résultats de"], *CANTEEN, "2099", user=editor)
    assert [note.replace("2033", "2099") for note in embargo.notes] == nothing.notes


def test_editor_touches_no_hidden_sheet(hidden):
    before = whole_rows()[hidden.slug]
    row = [hidden.slug, "Autre titre", "Une autre phrase.", "", ""]
    editor = make_user(roles=[Role.EDITOR])
    written = one(["Fiche", *SHORT], *row, user=editor)
    assert whole_rows()[hidden.slug] == before
    assert (written.verdict, written.sheet.slug) == ("new", f"{hidden.slug}-2")
    again = one(["Fiche", *SHORT], *row, user=editor)
    assert (again.verdict, again.sheet) == ("unchanged", written.sheet)


def test_import_never_moves_a_sheet_out_of_its_embargo(hidden):
    header = ["Fiche", "Titre", "Publication", "Résultats de"]
    line = one(header, hidden.slug, hidden.title, "publiée", "")
    assert line.verdict == "unchanged"
    make_archive(year=2032)
    line = one(header, hidden.slug, hidden.title, "", "2032")
    assert line.reasons == [
        "Résultats de\u202f: un import ne change pas les résultats qu’une fiche attend."
    ]


# Headers, and the command -------------------------------------------------------------------------


def test_headers_are_forgiven():
    headers = ["TITRE", "Thème(s)", "comune", "Année de création", "Porteur", "Couleur", ""]
    names = ["title", "themes", "commune", "started_year", "holders", "", ""]
    assert match_headers(headers) == list(zip(headers, names, strict=True))
    assert all(HEADERS)


def test_command_tries_then_writes(tmp_path, capsys):
    path, report = tmp_path / "i.csv", tmp_path / "r.csv"
    path.write_bytes(csv_bytes([*SHORT, "Couleur"], [*CANTEEN, "bleu"], ["=x", "Une.", "dole", ""]))
    call_command("import_initiatives", path, rapport=report)
    said = capsys.readouterr()
    assert not Initiative.objects.exists()
    assert "2 nouvelles, 1 corrigée" in said.out
    assert "C’était un essai" in said.out
    assert "Couleur" in said.err
    assert "2 lignes sur 2" in said.err
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Ligne;Verdict;Titre;Fiche;Remarques"
    assert lines[2].startswith("3;nouvelle;'=x;")
    call_command("import_initiatives", path, ecrire=True)
    assert "C’est écrit." in capsys.readouterr().out
    assert Initiative.objects.count() == 2


def test_command_ends_in_error_when_a_line_is_refused(tmp_path, capsys):
    path = tmp_path / "i.csv"
    path.write_bytes(csv_bytes(SHORT, CANTEEN, ["Titre", "", "", ""]))
    with pytest.raises(CommandError, match="Rien n’est écrit") as caught:
        call_command("import_initiatives", path, ecrire=True)
    assert caught.value.returncode == 1
    assert not Initiative.objects.exists()
    assert "Ligne 3, refusée" in capsys.readouterr().out


def test_command_says_that_a_file_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="rien.csv"):
        call_command("import_initiatives", tmp_path / "rien.csv")


def test_published_archive_is_restored_with_its_year(tmp_path):
    make_archive(year=2031)
    make_initiative(slug="x", embargo_year=2031, published_at=ago(days=2))
    call_command("export_initiatives", tmp_path / "e.csv")
    before = whole_rows()
    Initiative.objects.all().delete()
    editor = make_user(roles=[Role.EDITOR])
    lines, _ = play((tmp_path / "e.csv").read_bytes(), user=editor)
    assert verdicts(lines) == ["new"]
    assert whole_rows() == before
