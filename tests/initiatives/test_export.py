"""What is exported imports back to the same rows."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from initiatives.models import Initiative, Support
from initiatives.transfer.exporting import table, write_workbook
from rallynov.spreadsheets import BATCH, TooLong
from tests.factories import (
    ago,
    ahead,
    make_commune,
    make_condition,
    make_initiative,
    make_organisation,
    make_theme,
)
from tests.initiatives.transfers import export, play, verdicts, whole_rows

pytestmark = pytest.mark.django_db


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def add_organisations(sheet, role, *organisations):
    for organisation in organisations:
        Support.objects.create(initiative=sheet, organisation=organisation, role=role)


@pytest.fixture
def sheets():
    """Sheets with everything that could be lost on the way."""
    themes = [
        make_theme(name=name, slug=f"t{n}") for n, name in enumerate(["Zut", "Été; hiver", "Bas"])
    ]
    twins = [make_organisation(name="Les Jumelles", slug=f"jumelles-{n}") for n in (1, 2)]
    odd = make_organisation(name="A | B ; C [d]", siren="123456789", kind="mutual")
    full = make_initiative(
        title="=SOMME(A1) & « fin »",
        slug="formule",
        summary="-2 % d’eau, une phrase.",
        need='@besoin\n\n=HYPERLINK("x")\n\tpuis une tabulation ; un « ; » et des "guillemets"',
        response="'=déjà gardé",
        people="+33 1",
        effects="'quoted' mais innocent",
        commune=make_commune(name="Besançon"),
        started_year=1999,
        website="https://exemple.fr/a;b?c=1",
        verified_on="2026-02-28",
        published_at=ago(days=3, microseconds=123),
        is_example=True,
        themes=[themes[2], themes[0], themes[1]],
        holder=twins[1],
    )
    full.conditions.add(make_condition(title="Oser, ensemble ; toujours"), make_condition())
    add_organisations(full, "holder", odd)
    add_organisations(full, "funder", odd, twins[0])
    add_organisations(full, "partner", twins[1], twins[0])
    in_department = make_initiative(department_id="39", published_at=None, title="Le même titre")
    in_department.refresh_from_db()
    make_initiative(title="Le même titre", commune=make_commune(name="Dole"), holder=twins[0])
    make_initiative(title="Le même titre", commune=make_commune(name="Dole"), holder=twins[0])
    make_initiative(title="Nulle part", published_at=ahead(days=9))
    return [full, in_department]


@pytest.mark.parametrize("name", ["e.csv", "e.xlsx"])
def test_export_imports_back_to_the_same_rows(sheets, tmp_path, name):
    before = whole_rows()
    content = export(tmp_path / name)
    lines, _ = play(content)
    assert verdicts(lines) == ["unchanged"] * 5
    Initiative.objects.all().delete()
    lines, _ = play(content)
    assert verdicts(lines) == ["new"] * 5
    assert [line.corrections for line in lines] == [[]] * 5
    assert whole_rows() == before
    assert export(tmp_path / f"2{name}") == content or name == "e.xlsx"


def test_export_repairs_what_was_changed_since(sheets, tmp_path):
    before = whole_rows()
    content = export(tmp_path / "e.csv")
    sheet = sheets[0]
    sheet.title, sheet.commune, sheet.department_id, sheet.verified_on = "Autre", None, "70", None
    sheet.save()
    sheet.supports.all().delete()
    sheet.theme_links.all().delete()
    sheet.conditions.clear()
    lines, _ = play(content)
    assert verdicts(lines).count("updated") == 1
    assert whole_rows() == before


def test_no_cell_of_an_export_can_run(sheets, tmp_path):
    cells = [cell for row in read_csv(export(tmp_path / "e.csv")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'=SOMME(A1) & « fin »" in cells
    page = load_workbook(io.BytesIO(export(tmp_path / "e.xlsx")))["Initiatives"]
    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}


def test_export_follows_the_filters_of_the_directory(tmp_path):
    theme = make_theme(slug="mobilite")
    wanted = make_initiative(themes=[theme], department_id="25")
    make_initiative(themes=[theme], department_id="39")
    make_initiative(themes=[theme], department_id="25", published_at=None)
    path = tmp_path / "e.csv"
    call_command("export_initiatives", path, filtre="theme=mobilite&departement=25")
    assert [row[0] for row in read_csv(path.read_bytes())] == ["Fiche", wanted.slug]


def test_export_wants_a_name_that_it_knows(tmp_path):
    with pytest.raises(CommandError, match="en .csv ou en .xlsx"):
        call_command("export_initiatives", tmp_path / "e.ods")


def test_workbook_never_cuts_a_text():
    sheet = make_initiative(need="x" * 33_000)
    with pytest.raises(TooLong, match=sheet.title):
        write_workbook(table(Initiative.objects.all()), io.BytesIO())


def test_export_reads_the_same_number_of_times_whatever_the_lines(django_assert_max_num_queries):
    make_initiative(themes=[make_theme()], holder=make_organisation())
    with django_assert_max_num_queries(20):
        one = list(table(Initiative.objects.all()))
    for _ in range(5):
        make_initiative(themes=[make_theme()], holder=make_organisation())
    with django_assert_max_num_queries(20):
        assert len(list(table(Initiative.objects.all()))) == len(one) + 5
    assert BATCH > 6
