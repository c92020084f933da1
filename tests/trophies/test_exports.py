"""What the team takes away of an edition: read back, harmless, and nothing that it may not see."""

import csv
import io
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from accounts.roles import Role
from rallynov.spreadsheets import KINDS
from tests.factories import (
    ago,
    end_readings,
    make_archive,
    make_candidature,
    make_commune,
    make_criterion,
    make_deposited,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_laureate,
    make_prize,
    make_reading_edition,
    make_theme,
    make_user,
)
from trophies import exports, services
from trophies.models import (
    AwardFollowUp,
    Candidature,
    ConflictOfInterest,
    Decision,
    Deposit,
    Edition,
)

pytestmark = pytest.mark.django_db
FORMULAS = ["=cmd|' /C calc'!A0", "+33 1", "-2+3", "@SUM(A1)", "\t=1+1", "  =1+1"]
EXPORTS = {export.slug: export for export in exports.EXPORTS}


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def team(client):
    user = make_user(roles=[Role.TEAM])
    client.force_login(user)
    return user


@pytest.fixture
def edition():
    edition = make_reading_edition(year=2051)
    make_criterion(edition=edition, label="Impact", allows_not_applicable=True)
    make_criterion(edition=edition, label="Audace", weight=60)
    return edition


def address(edition, slug, kind="csv"):
    return f"/admin/trophies/edition/{edition.pk}/exports/{slug}.{kind}"


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows(client, edition, slug):
    """The rows of a CSV file, by header."""
    text = content(client.get(address(edition, slug))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def book(client, edition, slug):
    data = content(client.get(address(edition, slug, "xlsx")))
    page = load_workbook(io.BytesIO(data)).active
    headers, *lines = page.iter_rows(values_only=True)
    return [dict(zip(headers, line, strict=True)) for line in lines]


def hide(file, user):
    ConflictOfInterest.objects.create(user=user, candidature=file, reason="Un ami.")


# Candidatures -----------------------------------------------------------------------------------


def test_candidatures_are_read_from_their_last_deposit(client, team, edition):
    holder = make_user(name="Claire Exemple", email="claire@rallynov.example")
    themes = [make_theme(name="Alimentation"), make_theme(name="Énergie ; eau")]
    file = make_deposited(
        edition=edition,
        holder=holder,
        title="Le four commun",
        organisation_name="Les Boulangers",
        commune=make_commune(name="Dole"),
        themes=themes,
    )
    other = make_user(email="a@rallynov.example")
    file.holders.add(other)
    Candidature.objects.filter(pk=file.pk).update(title="Texte en cours", organisation_name="Non")
    services.change_status(file, "refuse", by=team, reason="Hors sujet.")
    make_candidature(edition=edition, title="Un brouillon")
    (row,) = rows(client, edition, "candidatures")
    assert row["Référence"] == file.reference
    assert (row["Projet"], row["Structure"]) == ("Le four commun", "Les Boulangers")
    assert (row["Commune"], row["Département"]) == ("Dole", "Jura")
    assert set(row["Thèmes"].split(" | ")) == {"Alimentation", "Énergie ; eau"}
    assert row["Adresses des porteurs"] == "a@rallynov.example | claire@rallynov.example"
    assert "Claire Exemple" in row["Porteurs"]
    assert (row["Statut"], row["Motif"]) == ("non recevable", "Hors sujet.")
    assert row["Déposée le"]
    assert book(client, edition, "candidatures")[0]["Projet"] == "Le four commun"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_can_run(client, team, edition, text):
    file = make_deposited(edition=edition, title=text, organisation_name=text, summary=text)
    services.change_status(file, "refuse", by=team, reason=text)
    cells = [*rows(client, edition, "candidatures")[0].values()]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", " ", "\r"))] == []
    assert f"'{text.strip()}" in cells
    data = content(client.get(address(edition, "candidatures", "xlsx")))
    page = load_workbook(io.BytesIO(data)).active
    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}


def test_file_is_named_and_typed(client, team, edition):
    for kind, mime in KINDS.items():
        answer = client.get(address(edition, "candidatures", kind))
        assert answer["Content-Type"] == mime
        assert f'filename="candidatures-2051.{kind}"' in answer["Content-Disposition"]
        assert "no-store" in answer["Cache-Control"]
        content(answer)
    data = content(client.get(address(edition, "candidatures")))
    assert data.startswith(b"\xef\xbb\xbf")
    assert b";" in data.splitlines()[0]


# Readings ---------------------------------------------------------------------------------------


def make_readings(edition, files, jurors=3):
    members = [make_jury_member(edition=edition) for _ in range(jurors)]
    for member in members:
        for number, reading in enumerate(member.assignments.filter(candidature__in=files)):
            make_evaluation(reading, [None, (number + member.pk) % 5])
    return members


def test_readings_open_with_the_end_of_the_readings(client, team, edition):
    make_readings(edition, [make_eligible(edition=edition)])
    for kind in KINDS:
        assert client.get(address(edition, "lectures", kind)).status_code == 404
    end_readings(edition)
    assert len(rows(client, edition, "lectures")) == 3


def test_readings_say_every_level_and_the_mean_without_names(client, team, edition):
    file = make_eligible(edition=edition, title="Le four commun")
    juror = make_user(name="Claire Exemple", roles=[Role.JURY])
    member = make_jury_member(edition=edition, user=juror)
    make_evaluation(member.assignments.get(), [1, 4], comment_for_jury="Secret.")
    draft = make_jury_member(edition=edition)
    make_evaluation(draft.assignments.get(), [0, 0], is_signed=False)
    end_readings(edition)
    assert rows(client, edition, "lectures") == [
        {
            "Référence": file.reference,
            "Projet": "Le four commun",
            "Juré": "J1",
            "Impact": "1",
            "Audace": "4",
            "Moyenne sur 4": "3,25",
        }
    ]
    assert book(client, edition, "lectures")[0]["Moyenne sur 4"] == 3.25
    assert book(client, edition, "lectures")[0]["Audace"] == 4
    text = content(client.get(address(edition, "lectures"))).decode()
    assert not any(word in text for word in ["Claire", "Secret", juror.email])


def test_level_without_object_is_said(client, team, edition):
    make_readings(edition, [make_eligible(edition=edition)], jurors=1)
    end_readings(edition)
    assert rows(client, edition, "lectures")[0]["Impact"] == "sans objet"


def test_hidden_file_leaves_no_row_and_no_gap_among_jurors(client, team, edition):
    """A juror who reads the hidden file alone has no number: a gap would tell of them."""
    shown, hidden = make_eligible(edition=edition), make_eligible(edition=edition)
    make_readings(edition, [shown, hidden], jurors=4)
    for _ in range(3):
        make_readings(edition, [hidden], jurors=1)
    end_readings(edition)
    whole = rows(client, edition, "lectures")
    assert {row["Juré"] for row in whole} == {f"J{number}" for number in range(1, 8)}
    hide(hidden, team)
    left = rows(client, edition, "lectures")
    assert {row["Projet"] for row in left} == {shown.title}
    assert [row["Juré"] for row in left] == ["J1", "J2", "J3", "J4"]


def test_number_of_a_juror_is_the_same_from_file_to_file(client, team, edition):
    files = [make_eligible(edition=edition) for _ in range(3)]
    members = make_readings(edition, files, jurors=5)
    end_readings(edition)
    numbers = exports.anonymous_numbers(edition, team)
    assert sorted(numbers.values()) == [1, 2, 3, 4, 5]
    assert set(numbers) == {member.pk for member in members}
    assert exports.anonymous_numbers(edition, make_user(roles=[Role.TEAM])) == numbers


# Decisions, follow-up ---------------------------------------------------------------------------


def test_decisions_say_the_prize_and_never_the_letter(client, team, edition):
    files = [make_eligible(edition=edition, title=f"Dossier {n}") for n in range(3)]
    prize = make_prize(edition=edition, name="Prix du village", amount=2500)
    end_readings(edition)
    services.decide(files[0], outcome="laureate", prize=prize, citation="=Pour le pain.")
    services.decide(files[1], outcome="not_selected")
    Decision.objects.update(letter="Une lettre pour vous seuls.")
    first, second = rows(client, edition, "decisions")
    assert (first["Décision"], first["Prix"]) == ("lauréate", "Prix du village")
    assert (first["Montant en euros"], first["Pourquoi ce prix"]) == ("2500,00", "'=Pour le pain.")
    assert (second["Projet"], second["Prix"]) == ("Dossier 1", "")
    assert book(client, edition, "decisions")[0]["Montant en euros"] == Decimal(2500)
    assert "lettre" not in content(client.get(address(edition, "decisions"))).decode().lower()
    hide(files[0], team)
    assert [row["Projet"] for row in rows(client, edition, "decisions")] == ["Dossier 1"]
    assert "Prix du village" not in content(client.get(address(edition, "decisions"))).decode()


def test_follow_up_says_what_was_done_and_what_waits(client, team):
    edition = make_archive(year=2041, results_published_at=ago(days=400))
    paid, waiting = (make_laureate(prize=make_prize(edition=edition)) for _ in range(2))
    AwardFollowUp.objects.create(
        laureate=paid,
        convention_signed_on=date(2041, 3, 2),
        paid_on=date(2041, 4, 2),
        paid_amount=1500,
        payment_reference="+VIR 12",
        came_to_ceremony=False,
    )
    first, second = rows(client, edition, "suivi")
    assert first["Convention signée le"] == "2041-03-02"
    assert (first["Versé en euros"], first["Reste à verser"]) == ("1500,00", "500,00")
    assert first["Référence du versement"] == "'+VIR 12"
    assert (first["À la remise des prix"], second["À la remise des prix"]) == ("non", "")
    assert second["Reste à verser"] == "2000,00"
    assert second["Nouvelles après un an"].startswith("à demander")
    assert second["Nouvelles après cinq ans"].startswith("pas encore")
    assert book(client, edition, "suivi")[0]["Versé le"].date() == date(2041, 4, 2)


def test_follow_up_of_a_hidden_file_is_not_there(client, team, edition):
    file = make_eligible(edition=edition)
    end_readings(edition)
    services.decide(file, outcome="laureate", prize=make_prize(edition=edition))
    assert len(rows(client, edition, "suivi")) == 1
    hide(file, team)
    assert rows(client, edition, "suivi") == []


# Who, how many ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [("jury", 403), ("editor", 403), (None, 302)])
def test_others_take_nothing_away(client, edition, role, status):
    if role:
        client.force_login(make_user(roles=[role]))
    for slug in EXPORTS:
        for kind in KINDS:
            assert client.get(address(edition, slug, kind)).status_code == status


def test_page_counts_what_its_reader_may_see(client, team, edition):
    files = [make_eligible(edition=edition) for _ in range(3)]
    make_readings(edition, files, jurors=2)
    page = f"/admin/trophies/edition/{edition.pk}/exports/"

    def counts():
        return [(row["export"].slug, row["count"]) for row in client.get(page).context["exports"]]

    assert counts() == [("candidatures", 3), ("lectures", 0), ("decisions", 0), ("suivi", 0)]
    assert "à la fin des lectures" in client.get(page).content.decode()
    end_readings(edition)
    for file in files:
        services.decide(file, outcome="laureate", prize=make_prize(edition=edition))
    assert counts() == [("candidatures", 3), ("lectures", 6), ("decisions", 3), ("suivi", 3)]
    hide(files[0], team)
    assert counts() == [("candidatures", 2), ("lectures", 4), ("decisions", 2), ("suivi", 2)]


@pytest.mark.parametrize("slug", list(EXPORTS))
def test_file_costs_the_same_whatever_its_rows(edition, slug, django_assert_max_num_queries):
    def add(count):
        files = [make_eligible(edition=edition) for _ in range(count)]
        make_readings(edition, files, jurors=1)
        end_readings(edition)
        for file in files:
            services.decide(file, outcome="laureate", prize=make_prize(edition=edition))

    def lines():
        user = make_user(roles=[Role.TEAM])
        user.has_perm("trophies.view_candidature")
        loaded = Edition.objects.prefetch_related("criteria").get(pk=edition.pk)
        return len(list(exports.lines(EXPORTS[slug], loaded, user)))

    add(1)
    with django_assert_max_num_queries(20) as one:
        assert lines() > 1
    make_again_open(edition)
    add(3)
    with django_assert_max_num_queries(len(one)):
        assert lines() > 3


def make_again_open(edition):
    edition.jury_closes_at = make_reading_edition().jury_closes_at
    edition.save()


def test_ten_thousand_rows_take_little_memory(edition):
    """Rows come some at a time: ten times more rows, and no more memory."""
    model = make_deposited(edition=edition)
    payload, by = model.last_deposit.payload, model.holders.get()

    def add(numbers):
        files = Candidature.objects.bulk_create(
            Candidature(
                edition=edition,
                title=f"Projet {number}",
                status="submitted",
                submitted_at=ago(days=40),
                reference=f"X-{number}",
            )
            for number in numbers
        )
        Deposit.objects.bulk_create(
            Deposit(
                candidature=file, number=1, payload=payload, by=by, received_at=ago(), sha256=""
            )
            for file in files
        )

    def peak():
        user = make_user(roles=[Role.TEAM])
        tracemalloc.start()
        count = sum(1 for _ in exports.lines(EXPORTS["candidatures"], edition, user))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return count, used

    add(range(1_000))
    few, little = peak()
    add(range(1_000, 10_000))
    many, most = peak()
    assert (few, many) == (1_002, 10_002)
    assert most < 1.3 * little
