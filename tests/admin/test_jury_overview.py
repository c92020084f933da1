"""The team's overview of a jury: its counts, its reminders, its seats; and what it never tells."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from accounts.models import User
from accounts.roles import Role
from partners.models import Membership
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_criterion,
    make_deposited,
    make_edition,
    make_eligible,
    make_evaluation,
    make_jury_member,
    make_organisation,
    make_page,
    make_partnership,
    make_reading_edition,
    make_theme,
    make_user,
)
from tests.html import Html
from trophies import services
from trophies.models import Candidature, ConflictOfInterest, Edition, Evaluation, JuryMember
from trophies.progress import JurorRow, progress_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _contact():
    make_page(key="contact")


@pytest.fixture
def edition():
    edition = make_reading_edition(year=2051)
    make_criterion(edition=edition)
    return edition


def seat(edition, name, **changes):
    user = make_user(name=name, roles=[Role.JURY])
    return make_jury_member(edition=edition, user=user, **changes)


@pytest.fixture
def jury(edition):
    """Two files; Ana signed both, Bruno signed the first and began the second, Chloé nothing."""
    files = [make_eligible(edition=edition, title=title) for title in ("Le four", "Le puits")]
    ana, bruno, chloe = (seat(edition, name) for name in ("Ana", "Bruno", "Chloé"))
    for reading in ana.assignments.all():
        make_evaluation(reading, [4], comment_for_jury="Un secret de jury.")
    make_evaluation(bruno.assignments.get(candidature=files[0]), [1])
    make_evaluation(bruno.assignments.get(candidature=files[1]), [1], is_signed=False)
    Email.objects.all().delete()
    return files, ana, bruno, chloe


def address(edition, rest=""):
    return f"/admin/trophies/edition/{edition.pk}/jury/{rest}"


def show(client, edition, rest=""):
    page = client.get(address(edition, rest))
    assert page.status_code == 200
    return page.content.decode()


def words(source):
    text = Html(source).text("main").replace("\u202f", " ")
    return re.sub(r"\s+([.,])", r"\1", text)


def rows(edition, user):
    """{name: (signed, begun, to do)} of the jurors, and of the files, as `user` sees them."""
    progress = progress_of(edition, user)
    counts = [
        {str(name(row)): (row.signed, row.begun, row.new) for row in found}
        for found, name in [
            (progress.jurors, lambda row: row.member.user),
            (progress.files, lambda row: row.file),
        ]
    ]
    return (*counts, {str(row.file): [str(m.user) for m in row.missing] for row in progress.files})


def hide(user, file):
    ConflictOfInterest.objects.create(user=user, candidature=file, reason="Un ami.")


# What it counts ---------------------------------------------------------------------------------


def test_progress_by_juror_and_by_file(client, team, edition, jury):
    jurors, files, missing = rows(edition, team)
    assert jurors == {"Ana": (2, 0, 0), "Bruno": (1, 1, 0), "Chloé": (0, 0, 2)}
    assert files == {"Le four": (2, 0, 1), "Le puits": (1, 1, 1)}
    assert missing == {"Le four": ["Chloé"], "Le puits": ["Bruno", "Chloé"]}
    text = words(show(client, edition))
    assert "3 lectures signées sur 6" in text
    assert "1 sur 2 signée, 1 commencée" in text
    assert "On attend Chloé" in text


def test_scores_and_means_are_nowhere_while_the_jury_reads(client, edition, jury, sign_in):
    president = seat(edition, "Présidente", role="president").user
    User.objects.filter(pk=president.pk).update(roles=[Role.TEAM, Role.JURY])
    for user in (make_user(is_superuser=True), make_user(roles=[Role.TEAM]), president):
        client.force_login(User.objects.get(pk=user.pk))
        for rest in ("", *(f"jures/{member.pk}/" for member in edition.jury_members.all())):
            page = show(client, edition, rest)
            assert "Moyenne" not in page
            assert "Un secret de jury" not in page
            assert not re.search(r"\d,\d\d", Html(page).text("main"))


def test_means_come_with_the_end_of_the_readings(client, team, edition, jury):
    end_readings(edition)
    page = show(client, edition)
    assert "Moyenne sur 4" in page
    assert "2,50" in page


def test_who_left_is_counted_for_what_they_signed(client, team, edition, jury):
    _, _, bruno, _ = jury
    JuryMember.objects.filter(pk=bruno.pk).update(left_at=ago(days=1))
    jurors, files, missing = rows(edition, team)
    assert jurors["Bruno"] == (1, 0, 0)
    assert list(jurors) == ["Ana", "Chloé", "Bruno"]
    assert files == {"Le four": (2, 0, 1), "Le puits": (1, 0, 1)}
    assert "Bruno" not in missing["Le puits"]
    text = words(show(client, edition))
    assert "retrait le" in text


@pytest.mark.parametrize("scores", ["few", "many"])
def test_overview_makes_as_many_queries_for_three_of_each(client, team, edition, scores):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_eligible(edition=edition)
            seat(edition, f"Juré {number}")
        if scores == "many":
            for member in edition.jury_members.all():
                for reading in member.assignments.filter(evaluation=None):
                    make_evaluation(reading, [2])
        with CaptureQueriesContext(connection) as queries:
            show(client, edition)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 14


# What a hidden file could tell ------------------------------------------------------------------


def test_counts_are_those_of_the_files_that_one_sees(client, team, edition, jury):
    files, *_ = jury
    hide(team, files[1])
    jurors, seen, missing = rows(edition, team)
    assert jurors == {"Ana": (1, 0, 0), "Bruno": (1, 0, 0), "Chloé": (0, 0, 1)}
    assert seen == {"Le four": (2, 0, 1)}
    assert missing == {"Le four": ["Chloé"]}
    text = words(show(client, edition))
    assert "Le puits" not in text
    assert "2 lectures signées sur 3" in text


@pytest.fixture
def pages(client, edition, jury):
    """The overview and the pages of Bruno and Chloé, as they are now."""
    _, _, bruno, chloe = jury

    def pages():
        rests = ["", *(f"jures/{member.pk}/" for member in (bruno, chloe))]
        return [re.sub(r'value="[\w]{40,}"', "", show(client, edition, rest)) for rest in rests]

    return pages


def test_nothing_done_to_a_hidden_file_changes_what_one_sees(team, edition, jury, pages):
    files, _, bruno, chloe = jury
    hide(team, files[1])
    before = pages()
    make_evaluation(bruno.assignments.get(candidature=files[1]), [0])
    make_evaluation(chloe.assignments.get(candidature=files[1]), [0], is_signed=False)
    assert pages() == before
    hide(chloe.user, files[1])
    assert pages() == before
    JuryMember.objects.filter(pk=bruno.pk).update(declared_at=files[1].screened_at)
    Candidature.objects.filter(pk=files[1].pk).update(screened_at=ahead(seconds=5))
    assert pages() == before


def test_reminder_about_a_hidden_file_is_not_told(team, edition, jury, pages):
    """A colleague reminds Bruno of the one file that is hidden here, where he seems done."""
    files, _, bruno, chloe = jury
    hide(team, files[1])
    before = pages()
    assert services.remind_jurors(edition, by=make_user(roles=[Role.TEAM])) == (2, 0)
    overview, of_bruno, of_chloe = pages()
    assert of_bruno == before[1]
    assert of_chloe != before[2]
    assert overview.count("relancé aujourd’hui") == 1


def test_tie_of_another_is_counted_only_where_its_file_is_seen(client, team, edition, jury):
    files, ana, *_ = jury
    hide(ana.user, files[1])
    assert "1 à examiner" in words(show(client, edition))
    assert "Le puits" in words(show(client, edition, f"jures/{ana.pk}/"))
    hide(team, files[1])
    assert "Rien à examiner" in words(show(client, edition))
    assert "Le puits" not in words(show(client, edition, f"jures/{ana.pk}/"))


# Late, declared, told ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "late"),
    [
        ({"opens": 10, "closes": 10}, {"Bruno", "Chloé"}),
        ({"opens": 6, "closes": 10}, set()),
        ({"opens": 6, "closes": 2}, {"Bruno", "Chloé"}),
        ({"opens": 20, "closes": -1}, set()),
    ],
)
def test_late_is_a_week_without_a_signature_or_three_days_left(edition, jury, team, dates, late):
    edition.jury_opens_at, edition.jury_closes_at = (
        ago(days=dates["opens"]),
        ahead(days=dates["closes"]),
    )
    edition.save()
    Evaluation.objects.exclude(signed_at=None).update(signed_at=ago(days=8))
    found = {str(row.member.user) for row in progress_of(edition, team).late}
    assert found == late


def test_one_signature_or_a_new_invitation_gives_a_week(client, edition, jury, team):
    _, _, bruno, chloe = jury
    assert [row.member for row in progress_of(edition, team).late] == [chloe]
    JuryMember.objects.filter(pk=chloe.pk).update(invited_at=ago(days=2))
    assert progress_of(edition, team).late == []
    assert "en retard" not in words(show(client, edition))
    Evaluation.objects.exclude(signed_at=None).update(signed_at=ago(days=8))
    assert [row.member for row in progress_of(edition, team).late] == [bruno]
    assert "en retard" in words(show(client, edition))


def test_ties_are_said_or_to_say_again(edition, jury, team):
    files, ana, bruno, chloe = jury
    last = max(file.screened_at for file in files)
    JuryMember.objects.filter(pk=ana.pk).update(declared_at=None)
    JuryMember.objects.filter(pk=bruno.pk).update(declared_at=last)
    JuryMember.objects.filter(pk=chloe.pk).update(declared_at=ago(days=1))
    found = {str(row.member.user) for row in progress_of(edition, team).undeclared}
    assert found == {"Ana", "Chloé"}


def test_seat_without_a_file_to_read_is_not_late(edition, team):
    seat(edition, "Ana")
    (row,) = progress_of(edition, team).jurors
    assert isinstance(row, JurorRow)
    assert (row.total, row.is_late, row.is_declared) == (0, False, True)


# What comes next --------------------------------------------------------------------------------


def next_words(client, edition):
    page = Html(show(client, edition))
    return page.text("section").replace("\u202f", " ")


def test_next_step_before_the_readings(client, team):
    dates = {"jury_opens_at": None, "jury_closes_at": None, "results_published_at": None}
    edition = make_edition(**dates)
    assert "La grille est vide" in next_words(client, edition)
    make_criterion(edition=edition)
    assert "Les dates des lectures restent à fixer." in next_words(client, edition)
    Edition.objects.update(jury_opens_at=ahead(days=40), jury_closes_at=ahead(days=50))
    assert "Le jury n’a encore personne." in next_words(client, edition)
    seat(edition, "Ana")
    assert "Rien ne presse" in next_words(client, edition)
    make_deposited(edition=edition)
    Edition.objects.update(closes_at=ago(minutes=1))
    assert "Une candidature reste à examiner" in next_words(client, edition)


def test_next_step_while_the_jury_reads(client, team, edition, jury):
    files, ana, bruno, chloe = jury
    assert "Un juré a pris du retard" in next_words(client, edition)
    JuryMember.objects.update(invited_at=ago(days=1))
    assert "Les lectures avancent : rien à faire" in next_words(client, edition)
    JuryMember.objects.filter(pk=chloe.pk).update(declared_at=None)
    assert "Un juré n’a pas encore déclaré tous ses liens" in next_words(client, edition)
    hide(ana.user, files[0])
    assert "Un lien d’intérêts attend" in next_words(client, edition)


def test_next_step_after_the_readings(client, team, edition, jury):
    end_readings(edition)
    assert "Notez ici ce que le jury décide" in next_words(client, edition)
    Edition.objects.update(results_published_at=None)
    assert "La date des résultats reste à fixer." in next_words(client, edition)


# Reminders --------------------------------------------------------------------------------------


def remind(client, edition, **data):
    page = client.post(address(edition, "relancer/"), data, follow=True).content.decode()
    return Html(page).text("ul").replace("\u202f", " ")


def test_reminder_in_one_click_says_who_had_theirs(client, team, edition, jury):
    _, ana, bruno, chloe = jury
    assert "2 rappels partent." in remind(client, edition)
    assert {mail.to[0] for mail in Email.objects.all()} == {bruno.user.email, chloe.user.email}
    assert "Aucun rappel ne part ; 2 jurés l’ont déjà reçu aujourd’hui." in remind(client, edition)
    assert Email.objects.count() == 2
    assert words(show(client, edition)).count("relancé aujourd’hui") == 2


def test_reminder_of_one_comes_back_to_their_page(client, team, edition, jury):
    _, ana, _, chloe = jury
    page = client.post(address(edition, "relancer/"), {"member": chloe.pk})
    assert page.url == address(edition, f"jures/{chloe.pk}/")
    assert Email.objects.get().to == [chloe.user.email]
    assert "tout ce qui se lit est signé" in remind(client, edition, member=ana.pk)


def test_reminder_out_of_the_readings_is_refused(client, team, edition, jury):
    end_readings(edition)
    assert "Relancer" not in show(client, edition)
    assert "pas ouvertes" in remind(client, edition)
    assert not Email.objects.exists()


@pytest.mark.parametrize("key", ["0", "x", "²", "9" * 30, "9" * 5000])
def test_unknown_seat_is_not_found(client, team, edition, jury, key):
    stranger = make_jury_member()
    for member in (key, stranger.pk):
        assert client.post(address(edition, "relancer/"), {"member": member}).status_code == 404
    assert client.get(address(edition, f"jures/{stranger.pk}/")).status_code == 404
    assert client.get(address(edition, "relancer/")).status_code == 405
    assert not Email.objects.exists()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.JURY, None])
def test_nobody_else_comes_in(client, sign_in, edition, jury, role):
    _, ana, *_ = jury
    sign_in(*[role] if role else [])
    for rest in ("", "inviter/", f"jures/{ana.pk}/"):
        assert client.get(address(edition, rest)).status_code == 403
    for rest in ("inviter/", f"jures/{ana.pk}/", "relancer/", "grille/"):
        data = {"email": "lea@rallynov.example", "name": "Léa", "role": "member"}
        assert client.post(address(edition, rest), data).status_code == 403
    assert not Email.objects.exists()
    assert edition.jury_members.count() == 3


# Seats ------------------------------------------------------------------------------------------


def test_juror_is_invited_from_the_page(client, team, edition, jury):
    organisation, theme = make_organisation(name="La Fabrique"), make_theme()
    data = {
        "email": "lea@rallynov.example",
        "name": "Léa Exemple",
        "role": "deputy",
        "organisation": "la fabrique",
        "ceiling": "6",
        "themes": [theme.pk],
    }
    page = client.post(address(edition, "inviter/"), data)
    member = edition.jury_members.get(user__email="lea@rallynov.example")
    assert page.url == address(edition, f"jures/{member.pk}/")
    assert (member.role, member.organisation, member.ceiling) == ("deputy", organisation, 6)
    assert list(member.themes.all()) == [theme]
    assert member.assignments.count() == 2
    text = words(show(client, edition, f"jures/{member.pk}/"))
    assert "Vice-présidence du jury 2051, pour La Fabrique" in text
    assert "Invitation du" in text
    JuryMember.objects.update(invited_at=ago(hours=1))
    answer = client.post(page.url, {"action": "invite"}, follow=True).content.decode()
    assert "L’invitation repart à lea@rallynov.example." in answer
    again = client.post(address(edition, "inviter/"), data, follow=True).content.decode()
    assert "siège déjà dans ce jury" in again
    assert edition.jury_members.count() == 4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "x"}, "valide"),
        ({"name": ""}, "obligatoire"),
        ({"role": "emperor"}, "emperor"),
        ({"organisation": "Personne"}, "Aucune organisation ne porte ce nom"),
        ({"organisation": "Les Jumelles"}, "« jumelles » ou « jumelles-2 »"),
        ({"ceiling": "0"}, "supérieure ou égale à 1"),
        ({"themes": ["0"]}, "choix valide"),
        ({"role": "president"}, "Ana préside déjà ce jury"),
        ({"email": "ferme@rallynov.example"}, "est fermé"),
    ],
)
def test_wrong_invitation_is_refused_and_given_back(client, team, edition, jury, changes, message):
    _, ana, *_ = jury
    JuryMember.objects.filter(pk=ana.pk).update(role="president")
    make_user(email="ferme@rallynov.example", is_active=False)
    for slug in ("jumelles", "jumelles-2"):
        make_organisation(name="Les Jumelles", slug=slug)
    data = {"email": "lea@rallynov.example", "name": "Léa", "role": "member"}
    page = client.post(address(edition, "inviter/"), data | changes)
    assert page.status_code == 200
    text = words(page.content.decode())
    assert message in text
    assert "Rien n’est parti : corrigez ce qui suit." in text
    assert not Email.objects.exists()
    assert edition.jury_members.count() == 3


def test_homonyms_are_told_apart_by_their_addresses(client, team, edition, jury):
    _, ana, *_ = jury
    for slug in ("jumelles", "jumelles-2"):
        make_organisation(name="Les Jumelles", slug=slug)
    page = address(edition, f"jures/{ana.pk}/")
    client.post(page, {"role": "member", "organisation": "jumelles-2"})
    ana.refresh_from_db()
    assert ana.organisation.slug == "jumelles-2"
    field = next(tag for tag in Html(show(client, edition, f"jures/{ana.pk}/")).all("input")
                 if tag.get("name") == "organisation")  # fmt: skip
    assert field["value"] == "jumelles-2"


def test_partners_are_proposed_while_one_types(client, team, edition):
    make_partnership(organisation=make_organisation(name="Pôle & Co"))
    make_organisation(name="Inconnue")
    options = [tag["value"] for tag in Html(show(client, edition, "inviter/")).all("option")]
    assert options == ["Pôle & Co"]


def test_seat_is_changed_and_refuses_a_second_president(client, team, edition, jury):
    _, ana, bruno, _ = jury
    for member, role in ((ana, "president"), (bruno, "president")):
        page = client.post(address(edition, f"jures/{member.pk}/"), {"role": role}, follow=True)
    assert "Ana préside déjà ce jury" in words(page.content.decode())
    assert edition.jury_members.get(role="president") == ana
    assert "Sa place est enregistrée" not in page.content.decode()


def test_page_of_a_seat_shows_mandates_and_ties(client, team, edition, jury):
    files, ana, *_ = jury
    organisation = make_organisation(name="La Mutuelle")
    Membership.objects.create(user=ana.user, organisation=organisation, function="trésorière")
    hide(ana.user, files[0])
    text = words(show(client, edition, f"jures/{ana.pk}/"))
    for expected in (
        "La Mutuelle",
        "trésorière",
        "Le four",
        "déclaré, à examiner",
        "1 sur 1 signée",
    ):
        assert expected in text
    JuryMember.objects.filter(pk=ana.pk).update(left_at=ago(days=1))
    text = words(show(client, edition, f"jures/{ana.pk}/"))
    assert "Renvoyer" not in text
    assert "Cette personne revient" in text


def test_edition_leads_to_its_jury_and_holds_no_seat(client, team, edition, jury):
    page = client.get(f"/admin/trophies/edition/{edition.pk}/change/").content.decode()
    assert f'href="{address(edition)}"' in page
    assert "jury_members-TOTAL_FORMS" not in page
