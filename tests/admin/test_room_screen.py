"""The screen of the room: the board, a recusal, a vote, its result, one file."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests.factories import ahead, make_user
from tests.html import Html
from tests.trophies.meeting import (
    IN,
    OUT,
    files_of,
    make_ballot,
    make_read_edition,
    make_session,
    tie,
    users_of,
    voices,
)
from trophies import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db):
    return make_read_edition()


@pytest.fixture
def session(edition):
    return make_session(edition)


def screen(session):
    return f"/admin/trophies/edition/{session.edition_id}/jury/seances/{session.number}/ecran/"


def html_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def read(client, url):
    return re.sub(r"[\u202f\xa0]", " ", Html(html_of(client, url)).text("main"))


def file_url(session, place):
    return f"{screen(session)}{files_of(session.edition)[place].pk}/"


# What is shown ----------------------------------------------------------------------------------


def test_board_is_shown_with_its_doubt(client, team, edition, session):
    page = read(client, screen(session))
    assert "3 dossiers lus" in page
    assert "3 jurés dans la salle · quorum atteint" in page
    assert "1 prix" in page
    assert "ordre officiel : moyenne brute" in page
    assert re.search(r"1 Dossier 0 .*lu par trois jurés", page)
    assert "Brute 3,33" in page
    assert page.index("Dossier 0") < page.index("Dossier 1") < page.index("Dossier 2")
    html = html_of(client, screen(session))
    assert html.count('class="plot__interval"') == 4  # three files, and the legend
    assert re.search(r'<rect class="plot__interval" x="[\d.]+%" y="7" width="[\d.]+%"', html)
    assert "style=" not in html


def test_official_column_is_the_one_that_stands_out(client, team):
    session = make_session(make_read_edition(official_column="calibrated"))
    html = html_of(client, screen(session))
    assert "ordre officiel\u202f: moyenne corrigée" in html
    assert 'class="official">Corrigée' in html


def test_nothing_is_shown_outside_the_session(client, team, edition):
    session = make_session(edition, is_open=False)
    assert_waits(client, session, "La séance n’est pas encore ouverte.")
    services.open_session(session)
    assert "Dossier 0" in read(client, screen(session))
    services.close_session(session)
    assert_waits(client, session, "La séance est levée.")


def assert_waits(client, session, words):
    page = read(client, screen(session))
    assert words in page
    assert "Dossier" not in page
    assert client.get(file_url(session, 0)).status_code == 404


def test_nothing_is_shown_while_the_jury_reads(client, team, edition, session):
    edition.second_opened_at, edition.second_closes_at = ahead(minutes=0), ahead(days=1)
    edition.save()
    assert_waits(client, session, "rien ne se montre avant la fin des lectures")


def test_reason_is_told_where_the_means_are_not_calibrated(client, team):
    session = make_session(make_read_edition(files=2, jurors=2))
    page = read(client, screen(session))
    assert "Les moyennes ne sont pas corrigées de la sévérité des jurés. La moitié" in page
    assert "Corrigée" not in page
    assert "Rang" not in page
    assert "<svg" not in html_of(client, screen(session))


def test_places_end_in_the_middle_of_equal_files(client, team):
    """Two files that nothing tells apart, and one prize: the jury has to separate them."""
    edition = make_read_edition(files=2, jurors=2, level=lambda place, rank: 3, tie_break=[])
    page = read(client, screen(make_session(edition)))
    assert page.count("ex æquo") == 2
    assert page.count("à départager") == 2


def test_jurors_are_not_named(client, team, edition, session):
    for url in (screen(session), file_url(session, 0)):
        page = html_of(client, url)
        assert "Juré 0" not in page
        assert users_of(edition)[0].email not in page


def test_title_is_the_one_that_was_deposited(client, team, edition, session):
    files_of(edition)[0].__class__.objects.filter(title="Dossier 0").update(title="Tapé depuis")
    assert "Tapé depuis" not in read(client, screen(session))
    assert "Tapé depuis" not in read(client, file_url(session, 0))


def test_anonymous_edition_stays_so(client, team):
    edition = make_read_edition(titles=["Les Forges (exemple)"], is_anonymous=True)
    file = edition.candidatures.order_by("pk").first()
    name = file.organisation_name
    assert name not in html_of(client, screen(make_session(edition)))


# A recusal --------------------------------------------------------------------------------------


def test_recused_file_is_hidden_and_nothing_is_ranked(client, team, edition, session):
    user, hidden = users_of(edition)[0], files_of(edition)[1]
    tie(user, hidden)
    page = read(client, screen(session))
    assert "Dossier 1" not in html_of(client, screen(session))
    assert "Dossier masqué déport de Juré 0, dans la salle" in page
    assert "Ni rang ni moyenne tant que Juré 0 est dans la salle." in page
    assert not re.search(r"\d,\d\d", page)
    assert "lu par" not in page
    assert "<svg" not in html_of(client, screen(session))
    assert page.index("Dossier masqué") < page.index("Dossier 0") < page.index("Dossier 2")
    services.move(session, user=user, state=OUT)
    page = read(client, screen(session))
    assert "1 déport, sorti de la salle" in page
    assert "Dossier 1" in page
    assert re.search(r"\d,\d\d", page)


def test_titles_are_in_the_order_of_the_alphabet(client, team):
    titles = ["Zébulon", "Écho", "Atelier", "Secret"]
    edition = make_read_edition(files=4, titles=titles)
    session = make_session(edition)
    tie(users_of(edition)[0], files_of(edition)[3])
    page = read(client, screen(session))
    places = [page.index(title) for title in ("masqué", "Atelier", "Écho", "Zébulon")]
    assert places == sorted(places)
    assert "Secret" not in page


def test_person_of_the_team_is_recused_too(client, team, edition, session):
    other = make_user(roles=[Role.TEAM], name="Sacha")
    services.add_person(session, user=other)
    tie(other, files_of(edition)[0])
    assert "Dossier 0" in read(client, screen(session))
    services.move(session, user=other, state=IN)
    page = read(client, screen(session))
    assert "Dossier 0" not in page
    assert "déport de Sacha" in page


def test_file_page_of_a_recusal_is_not_found(client, team, edition, session):
    user = users_of(edition)[0]
    tie(user, files_of(edition)[1])
    missing = client.get(f"{screen(session)}999999/")
    hidden = client.get(file_url(session, 1))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    services.move(session, user=user, state=OUT)
    assert "Dossier 1" in read(client, file_url(session, 1))


# One file ---------------------------------------------------------------------------------------


def test_file_is_shown_with_what_jurors_say(client, team, edition, session):
    page = read(client, file_url(session, 1))
    assert "Ce que fait le projet" in page
    assert "Brute 2,67" in page
    assert page.count("Avis sur Dossier 1.") == 3
    assert "Lecture 1" in page
    assert "Lecture 3" in page
    html = html_of(client, file_url(session, 1))
    assert html.count('class="criteria__mean"') == 1
    keys = [file.pk for file in files_of(edition)]
    assert f'href="{screen(session)}{keys[0]}/" data-key="ArrowLeft"' in html
    assert f'href="{screen(session)}{keys[2]}/" data-key="ArrowRight"' in html
    assert 'data-key="ArrowLeft"' not in html_of(client, file_url(session, 0))
    assert 'data-key="ArrowRight"' not in html_of(client, file_url(session, 2))


def test_file_shows_no_figure_while_somebody_is_recused(client, team, edition, session):
    tie(users_of(edition)[0], files_of(edition)[1])
    page = read(client, file_url(session, 2))
    assert "Ni rang ni moyenne" in page
    assert not re.search(r"\d,\d\d", page)
    assert "Avis sur Dossier 2." in page
    # Neither before nor after: the hidden file is not among the others.
    html = html_of(client, file_url(session, 2))
    assert f"{files_of(edition)[1].pk}/" not in html


def test_file_of_another_edition_is_not_found(client, team, session):
    other = make_read_edition(files=1, jurors=1)
    assert client.get(f"{screen(session)}{files_of(other)[0].pk}/").status_code == 404


# Votes ------------------------------------------------------------------------------------------


def test_open_ballot_is_shown_large(client, team, edition, session):
    ballot = make_ballot(session, files=files_of(edition)[1:], prize=edition.prizes.get())
    page = read(client, screen(session))
    assert "Scrutin 1 · Prix du jury Qui reçoit le prix du jury ?" in page
    assert "3 jurés votent · une voix chacun · quorum atteint" in page
    assert "Dossier 1" in page
    assert "Dossier 0" not in page
    user = users_of(edition)[0]
    tie(user, files_of(edition)[1])
    page = read(client, screen(session))
    assert "Dossier 1" not in page
    assert "Dossier masqué" in page
    services.move(session, user=user, state=OUT)
    services.move(session, user=users_of(edition)[1], state=OUT)
    assert "1 juré vote" in read(client, screen(session))
    assert "quorum non atteint, il en faut 2" in read(client, screen(session))
    services.drop_ballot(ballot)
    assert "Scrutin" not in read(client, screen(session))


def test_question_may_name_a_file_and_waits_too(client, team, edition, session):
    user, question = users_of(edition)[0], "Le Dossier 1 est-il lauréat ?"
    make_ballot(session, files=files_of(edition)[1:2], question=question)
    assert question in read(client, screen(session))
    tie(user, files_of(edition)[1])
    page = read(client, screen(session))
    assert "Dossier 1" not in html_of(client, screen(session))
    assert "La question se montrera une fois hors de la salle : Juré 0 ." in page
    services.move(session, user=user, state=OUT)
    tie(users_of(edition)[1], files_of(edition)[2])
    assert question in read(client, screen(session))


def test_result_is_shown_until_it_was_read(client, team, edition, session):
    ballot = make_ballot(session, prize=edition.prizes.get())
    services.close_ballot(ballot, votes=voices(ballot, 1, 2, 0), abstentions=0)
    page = read(client, screen(session))
    assert "Scrutin 1 · résultat · Prix du jury" in page
    assert "2 voix Dossier 1 passe" in page
    assert "3 votants 0 abstention 3 suffrages exprimés majorité : 2 voix" in page
    assert f'href="{screen(session)}?vu=1"' in html_of(client, screen(session))
    page = read(client, f"{screen(session)}?vu=1")
    assert "résultat" not in page
    assert "Dossier 1 passe : Prix du jury" in page
    # The next one is shown again.
    ballot = make_ballot(session)
    assert "Scrutin 2" in read(client, f"{screen(session)}?vu=1")
    services.close_ballot(ballot, votes=voices(ballot, 0, 0, 0), abstentions=0)
    assert "Aucun dossier ne passe." in read(client, f"{screen(session)}?vu=1")


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 5000])
def test_forged_address_shows_the_result(client, team, edition, session, seen):
    ballot = make_ballot(session)
    services.close_ballot(ballot, votes=voices(ballot, 1, 2, 0), abstentions=0)
    assert "résultat" in read(client, f"{screen(session)}?vu={seen}")


def test_result_on_a_recused_file_waits(client, team, edition, session):
    """Who went out for the vote comes back: what was voted of that file is not for them."""
    user = users_of(edition)[0]
    tie(user, files_of(edition)[1])
    services.move(session, user=user, state=OUT)
    ballot = make_ballot(session)
    services.close_ballot(ballot, votes=voices(ballot, 0, 2, 0), abstentions=0)
    assert "2 voix" in read(client, screen(session))
    services.move(session, user=user, state=IN)
    page = read(client, screen(session))
    assert "Le résultat se montrera une fois hors de la salle : Juré 0 ." in page
    assert "voix" not in page
    assert "Dossier" not in page
    assert ballot.question not in html_of(client, screen(session))
    page = read(client, f"{screen(session)}?vu=1")
    assert "passe" not in page


def test_casting_vote_is_told_by_its_place_and_not_by_a_name(client, team, edition, session):
    president = edition.jury_members.order_by("pk")[0]
    president.role = "president"
    president.save()
    one, two, _ = files_of(edition)
    ballot = make_ballot(session, files=[one, two])
    votes = voices(ballot, 1, 1)
    services.close_ballot(ballot, votes=votes, abstentions=1, casting=two.pk)
    page = read(client, screen(session))
    assert "Dossier 1 passe voix prépondérante de la présidence" in page
    assert "Juré 0" not in page


# Queries ----------------------------------------------------------------------------------------


def test_screen_makes_as_many_queries_for_three_rows(client, team):
    counts = []
    for size in (3, 5):
        edition = make_read_edition(files=size, jurors=size)
        session = make_session(edition)
        for file in files_of(edition)[1:]:
            tie(users_of(edition)[0], file)
        services.move(session, user=users_of(edition)[0], state=OUT)
        shown = []
        urls = [screen(session), f"{screen(session)}?vu=1", file_url(session, 0)]
        ballot = make_ballot(session)
        with CaptureQueriesContext(connection) as queries:
            html_of(client, screen(session))
        shown.append(len(queries))
        votes = voices(ballot, 2, *[0] * (size - 1))
        services.close_ballot(ballot, votes=votes, abstentions=0)
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                html_of(client, url)
            shown.append(len(queries))
        counts.append(shown)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 35
