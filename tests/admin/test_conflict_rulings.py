"""The team rules on ties, notes some, and steps back from files of its own."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests.factories import (
    make_candidature,
    make_deposited,
    make_eligible,
    make_jury_member,
    make_organisation,
    make_reading_edition,
    make_user,
)
from tests.html import Html
from trophies import services
from trophies.models import Assignment, Candidature, ConflictOfInterest
from trophies.services.conflicts import version_of

LIST = "/admin/trophies/conflictofinterest/"
CANDIDATURES = "/admin/trophies/candidature/"


@pytest.fixture
def edition(db):
    return make_reading_edition(year=2043)


@pytest.fixture
def file(edition):
    return make_eligible(edition=edition, title="Le pain partagé", organisation_name="Le Four")


@pytest.fixture
def member(edition, file):
    user = make_user(roles=[Role.JURY], name="Claude Martin")
    seat = make_organisation(name="Le Four")
    return make_jury_member(edition=edition, user=user, organisation=seat)


@pytest.fixture
def conflict(member):
    return member.user.conflicts.get()


def change(conflict):
    return f"{LIST}{conflict.pk}/change/"


def ruling(conflict):
    return f"{LIST}{conflict.pk}/examen/"


def rule(client, conflict, verdict, reason="Vu.", **data):
    seen = version_of(ConflictOfInterest.objects.get(pk=conflict.pk))
    data = {"verdict": verdict, "reason": reason, "seen": seen} | data
    return client.post(ruling(conflict), data, follow=True)


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


# The list ---------------------------------------------------------------------------------------


def test_list_says_who_what_and_where_it_stands(client, team, conflict):
    page = Html(text(client, LIST)).text("table")
    expected = ["Claude Martin", "Le pain partagé", "même structure", "relevé dans les données"]
    assert all(words in page for words in [*expected, "à examiner"])


def test_what_hides_a_file_and_waits_comes_first(client, team, edition, file):
    ties = [
        ("ruled", {"ruling": "pending"}),
        ("weak", {"origin": "detected", "signs": ["commune"], "reason": ""}),
        ("strong", {"origin": "detected", "signs": ["same_person", "commune"], "reason": ""}),
    ]
    for name, fields in ties:
        user = make_user(name=f"Personne {name}")
        ConflictOfInterest.objects.create(
            user=user, candidature=file, **{"reason": "Un ami."} | fields
        )
    services.rule(
        ConflictOfInterest.objects.get(user__name="Personne ruled"),
        upheld=True,
        reason="Oui.",
        by=team,
    )
    page = text(client, LIST)
    assert sorted(["strong", "weak", "ruled"], key=lambda n: page.index(f"Personne {n}")) == [
        "strong",
        "weak",
        "ruled",
    ]
    waiting = text(client, f"{LIST}?examen=pending")
    assert "Personne weak" in waiting
    assert "Personne ruled" not in waiting
    other = make_reading_edition()
    elsewhere = text(client, f"{LIST}?candidature__edition__id__exact={other.pk}")
    assert "Personne weak" not in elsewhere


def test_hidden_files_and_one_s_own_ties_are_not_there(client, team, conflict, file):
    mine = make_deposited(title="Un dossier à moi", edition=file.edition)
    services.declare(user=team, candidatures=[mine], reason="Un ami.")
    own = team.conflicts.get()
    ConflictOfInterest.objects.create(user=make_user(), candidature=mine, reason="Un autre.")
    weak = ConflictOfInterest.objects.create(
        user=team, candidature=file, origin="detected", signs=["commune"]
    )
    for address in (LIST, f"{LIST}?q=dossier", f"{LIST}?examen=pending"):
        page = text(client, address)
        assert "Un dossier à moi" not in page
        assert str(team) not in Html(page).text("table")
    for row in (own, weak, mine.conflicts.exclude(user=team).get()):
        assert client.get(change(row)).status_code == 404
        assert rule(client, row, "dismissed").status_code == 404
        row.refresh_from_db()
        assert row.ruling == "pending"
    assert client.get(f"{LIST}999999/change/").status_code == 404
    assert "Le pain partagé" in text(client, LIST)


def test_list_and_page_make_as_many_queries_for_three(client, team, edition, file):
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            member = make_jury_member(edition=edition, organisation=make_organisation())
            services.declare(user=member.user, candidatures=[file], reason="Un ami.")
            services.rule(member.user.conflicts.get(), upheld=True, reason="Oui.", by=team)
            member.user.memberships.create(organisation=make_organisation())
            file.holders.add(make_user())
        with CaptureQueriesContext(connection) as queries:
            text(client, LIST)
            text(client, change(member.user.conflicts.get()))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Ruling -----------------------------------------------------------------------------------------


def test_page_shows_the_facts(client, team, conflict, member, file):
    member.user.memberships.create(organisation=make_organisation(name="La Ligue"), function="élue")
    page = Html(text(client, change(conflict))).text("main")
    holder = file.holders.get()
    expected = ["Claude Martin", "au titre de Le Four", "Élue, La Ligue", "Le pain partagé"]
    assert all(words in page for words in [*expected, holder.email, "Même structure"])


def test_dismissing_gives_the_file_back_and_says_why(client, team, conflict, member, file):
    assert not member.assignments.exists()
    page = rule(client, conflict, "dismissed", "Un homonyme.").content.decode()
    assert "Le lien est écarté" in page
    conflict.refresh_from_db()
    assert (conflict.ruling, conflict.ruling_reason, conflict.ruled_by) == (
        "dismissed",
        "Un homonyme.",
        team,
    )
    assert Assignment.objects.visible_to(member.user).get().candidature == file
    assert "Un homonyme." in text(client, change(conflict))


def test_upholding_then_ruling_again_keeps_both(client, team, conflict, member):
    rule(client, conflict, "upheld", "Elle y siège.")
    assert not Assignment.objects.visible_to(member.user).exists()
    rule(client, conflict, "dismissed", "Elle l’a quitté.")
    page = text(client, change(conflict))
    assert page.index("Elle l’a quitté.") < page.index("Elle y siège.")
    assert "Examens d’avant" in page
    assert page.count("Elle y siège.") == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"reason": " "}, "Dites pourquoi"),
        ({"reason": "a" * 501}, "500 caractères"),
        ({"verdict": ""}, "Choisissez"),
        ({"verdict": "pending"}, "valide"),
    ],
)
def test_ruling_needs_a_verdict_and_a_reason(client, team, conflict, data, message):
    page = rule(client, conflict, **{"verdict": "upheld", "reason": "Vu."} | data)
    assert message in page.content.decode()
    conflict.refresh_from_db()
    assert conflict.ruling == "pending"


def test_ruling_on_a_page_that_is_out_of_date_is_refused_and_keeps_the_reason(
    client, team, conflict
):
    other = make_user(roles=[Role.TEAM])
    seen = version_of(conflict)
    services.rule(conflict, upheld=True, reason="Elle y siège.", by=other)
    page = rule(client, conflict, "dismissed", "Un homonyme.", seen=seen).content.decode()
    assert "Ce lien a changé depuis que vous l’avez ouvert" in page
    assert "Un homonyme." in page
    assert "Elle y siège." in page
    conflict.refresh_from_db()
    assert (conflict.ruling, conflict.ruled_by) == ("upheld", other)
    rule(client, conflict, "dismissed", "Un homonyme.")
    conflict.refresh_from_db()
    assert conflict.ruling == "dismissed"


def test_facts_are_not_changed_by_hand(client, team, conflict, file):
    other = make_eligible(edition=file.edition)
    client.post(
        change(conflict), {"user": team.pk, "candidature": other.pk, "reason": "Rien.", "signs": ""}
    )
    rule(client, conflict, "upheld", candidature=other.pk, user=team.pk, origin="team")
    conflict.refresh_from_db()
    assert (conflict.candidature, conflict.reason, conflict.origin) == (file, "", "detected")
    assert conflict.user != team


def test_nothing_is_deleted(client, sign_in, conflict):
    sign_in(is_superuser=True)
    assert client.post(f"{LIST}{conflict.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ConflictOfInterest.objects.filter(pk=conflict.pk).exists()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.JURY])
def test_others_do_not_enter(client, sign_in, conflict, role):
    sign_in(role)
    for address in (LIST, f"{LIST}add/", change(conflict), ruling(conflict)):
        assert client.get(address).status_code in (403, 404), address
        assert (
            client.post(address, {"verdict": "dismissed", "reason": "x", "seen": "x"}) is not None
        )
    conflict.refresh_from_db()
    assert conflict.ruling == "pending"


# Noting one -------------------------------------------------------------------------------------


def note(client, user, file, reason="Son frère y travaille."):
    data = {"user": user.pk, "candidature": file.pk, "reason": reason}
    return client.post(f"{LIST}add/", data)


def test_team_notes_a_tie_of_a_juror(client, team, edition, file):
    member = make_jury_member(edition=edition)
    assert note(client, member.user, file).url == LIST
    row = member.user.conflicts.get()
    assert (row.origin, row.reason) == ("team", "Son frère y travaille.")
    assert not Assignment.objects.visible_to(member.user).exists()
    assert not LogEntry.objects.exists()
    assert "déjà noté" in note(client, member.user, file, "Encore.").content.decode()


def test_team_notes_ties_of_jurors_and_team_alone(client, team, edition, file):
    member = make_jury_member(edition=edition, user=make_user(name="Une jurée"))
    colleague = make_user(name="Une collègue", roles=[Role.TEAM])
    holder, editor = file.holders.get(), make_user(roles=[Role.EDITOR])
    page = Html(text(client, f"{LIST}add/")).text("select")
    assert "Une jurée" in page
    assert "Une collègue" in page
    for user in (holder, editor, team):
        assert user.email not in page
        assert note(client, user, file).status_code == 200
    assert not ConflictOfInterest.objects.filter(origin="team").exists()
    note(client, colleague, file)
    assert not Candidature.objects.visible_to(colleague).filter(pk=file.pk).exists()
    note(client, member.user, file, " ")
    assert not member.user.conflicts.exists()


def test_hidden_file_is_refused_as_one_that_does_not_exist(client, team, edition):
    member = make_jury_member(edition=edition)
    hidden = make_deposited(edition=edition, title="Un dossier à moi")
    services.declare(user=team, candidatures=[hidden], reason="Un ami.")
    answers = [note(client, member.user, hidden).content.decode()]
    data = {"user": member.user.pk, "candidature": 999_999, "reason": "Son frère y travaille."}
    answers.append(client.post(f"{LIST}add/", data).content.decode())
    errors = [Html(page).text("ul") for page in answers]
    assert errors[0] == errors[1]
    assert "Un dossier à moi" not in answers[0]
    found = client.get(
        "/admin/autocomplete/?app_label=trophies&model_name=conflictofinterest"
        "&field_name=candidature&term=dossier"
    )
    assert found.json()["results"] == []


# One's own --------------------------------------------------------------------------------------


def tie(candidature):
    return f"{CANDIDATURES}{candidature.pk}/lien/"


def test_own_tie_takes_the_file_out_of_every_page(client, team, file):
    assert tie(file) in text(client, f"{CANDIDATURES}{file.pk}/change/")
    assert "Le pain partagé" in text(client, "/admin/post_office/email/")
    assert "vous ne pourrez pas le reprendre" in text(client, tie(file))
    refused = client.post(tie(file), {"reason": " "}).content.decode()
    assert "Dites en quelques mots quel est ce lien." in refused
    assert not ConflictOfInterest.objects.exists()
    done = client.post(tie(file), {"reason": "Ma sœur le porte."}, follow=True)
    assert done.redirect_chain == [(CANDIDATURES, 302)]
    assert "Votre lien est noté" in done.content.decode()
    row = team.conflicts.get()
    assert (row.origin, row.reason, row.ruling) == ("declared", "Ma sœur le porte.", "pending")
    addresses = [
        CANDIDATURES,
        f"{CANDIDATURES}?q=pain",
        LIST,
        f"/admin/trophies/edition/{file.edition_id}/jury/",
        "/admin/post_office/email/",
        "/admin/",
    ]
    for address in addresses:
        assert "Le pain partagé" not in text(client, address), address
    assert "Le pain partagé" not in done.content.decode()
    for address in (tie(file), f"{CANDIDATURES}{file.pk}/delai/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "x"}).status_code == 404


def test_acts_of_before_name_the_file_no_more(client, team, edition):
    file = make_deposited(edition=edition, title="Le pain partagé")
    client.post(f"{CANDIDATURES}{file.pk}/geste/accept/")
    assert "Le pain partagé" in text(client, "/admin/")
    client.post(tie(file), {"reason": "Ma sœur le porte."})
    assert "Le pain partagé" not in text(client, "/admin/")


def test_draft_may_be_left_to_others_as_well(client, team):
    draft = make_candidature(title="Un brouillon")
    client.post(tie(draft), {"reason": "Un ami."})
    assert "Un brouillon" not in text(client, CANDIDATURES)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.JURY])
def test_others_have_no_such_page(client, sign_in, file, role):
    sign_in(role)
    assert client.get(tie(file)).status_code == 404
    assert client.post(tie(file), {"reason": "x"}).status_code == 404
    assert not ConflictOfInterest.objects.exists()
