"""The secretary calls a session and holds it: who is there, what is voted, what comes of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests.factories import ahead, make_user, publish_results
from tests.html import Html
from tests.trophies.meeting import (
    IN,
    OUT,
    chosen,
    files_of,
    make_ballot,
    make_read_edition,
    make_session,
    tie,
    users_of,
    voices,
)
from trophies import services
from trophies.models import Ballot, JurySession, Presence

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db):
    return make_read_edition()


@pytest.fixture
def session(edition):
    return make_session(edition)


OVERTAKEN = "ce geste n’est plus possible"


def sessions(edition):
    return f"/admin/trophies/edition/{edition.pk}/jury/seances/"


def address(session):
    return f"{sessions(session.edition)}{session.number}/"


def spoken(content):
    return re.sub(r"[\u202f\xa0]", " ", Html(content.decode()).text("main"))


def read(client, url):
    return spoken(client.get(url).content)


def post(client, session, gesture, **fields):
    fields = {"gesture": gesture} | fields
    return spoken(client.post(address(session), fields, follow=True).content)


def counting(ballot, *figures, **fields):
    typed = {f"votes_{key}": number for key, number in voices(ballot, *figures).items()}
    return {"ballot": ballot.pk, "abstentions": 0} | typed | fields


# Calling ----------------------------------------------------------------------------------------


def test_session_is_called_then_opened(client, team, edition):
    assert "Le jury ne s’est pas encore réuni." in read(client, sessions(edition))
    assert 'value="2"' in client.get(sessions(edition)).content.decode()  # a majority of three
    at = ahead(days=2)
    fields = {"starts_at_0": f"{at:%d/%m/%Y}", "starts_at_1": "14h30", "place": "Salle Courbet"}
    client.post(sessions(edition), fields | {"quorum": 2})
    session = JurySession.objects.get()
    assert (session.place, session.quorum, session.presences.count()) == ("Salle Courbet", 2, 3)
    assert "Salle Courbet" in read(client, sessions(edition))
    assert "La séance est ouverte." in post(client, session, "open")
    assert "ouverte depuis" in read(client, sessions(edition))
    assert "est déjà ouverte" in post(client, session, "open")


def test_refused_call_keeps_what_was_typed(client, team, edition):
    fields = {"starts_at_0": "demain", "starts_at_1": "14h", "place": "Vesoul", "quorum": 2}
    content = client.post(sessions(edition), fields).content
    assert "La séance n’est pas convoquée" in spoken(content)
    assert "demain" in content.decode()
    assert "Vesoul" in content.decode()
    fields |= {"starts_at_0": f"{ahead(days=1):%d/%m/%Y}", "quorum": 9}
    assert "Ce quorum ne serait jamais atteint" in spoken(
        client.post(sessions(edition), fields).content
    )
    assert not JurySession.objects.exists()


def test_session_is_changed_before_it_opens(client, team, edition):
    session = make_session(edition, is_open=False)
    at = {"starts_at_0": f"{ahead(days=2):%d/%m/%Y}", "starts_at_1": "9h", "place": "Lure"}
    assert "Ce quorum ne serait jamais" in post(client, session, "change", **at, quorum=8)
    assert "La séance est modifiée." in post(client, session, "change", **at, quorum=3)
    session.refresh_from_db()
    assert (session.place, session.quorum) == ("Lure", 3)
    services.open_session(session)
    assert OVERTAKEN in post(client, session, "change", **at, quorum=1)


# The room ---------------------------------------------------------------------------------------


def test_people_are_moved(client, team, edition, session):
    user = users_of(edition)[0]
    answer = client.post(address(session), {"gesture": "move", "user": user.pk, "state": "out"})
    assert answer.url == f"{address(session)}#personne-{user.pk}"
    assert session.presences.get(user=user).state == OUT
    page = read(client, address(session))
    assert "2 jurés dans la salle sur 3 · quorum de 2 atteint" in page
    services.move(session, user=users_of(edition)[1], state=OUT)
    assert "1 juré dans la salle sur 3 · quorum non atteint : il en faut 2" in read(
        client, address(session)
    )


def test_the_team_attends(client, team, edition, session):
    options = client.get(address(session)).context["add_form"].fields["user"].queryset
    assert team in options
    assert not set(options) & set(users_of(edition))
    assert not options.exclude(roles__contains=[Role.TEAM]).exists()
    assert "peut assister à la séance" in post(client, session, "add", user=team.pk)
    assert "assiste, sans voix" in read(client, address(session))
    stranger = make_user()
    assert "Sélectionnez un choix valide" in post(client, session, "add", user=stranger.pk)
    assert session.presences.count() == 4


def test_who_has_to_go_out_is_told(client, team, edition, session):
    user = users_of(edition)[1]
    tie(user, files_of(edition)[0])
    page = read(client, address(session))
    assert "À faire sortir avant d’en parler Juré 1 , pour « Dossier 0 »" in page
    services.move(session, user=user, state=OUT)
    page = read(client, address(session))
    assert "À faire sortir" not in page
    assert "lien d’intérêts : « Dossier 0 »" in page


def test_juror_who_left_has_no_voice(client, team, edition, session):
    services.drop_out(edition.jury_members.first(), by=team)
    page = read(client, address(session))
    assert "a quitté le jury, sans voix" in page
    assert "2 jurés dans la salle sur 2" in page


# The votes --------------------------------------------------------------------------------------


def test_ballot_is_proposed_on_what_the_readings_do_not_tell(client, team, edition, session):
    form = client.get(address(session)).context["ballot_form"]
    board = services.ranking(edition, by=team)
    assert board.undecided
    assert form.initial["candidatures"] == [str(key) for key in board.undecided]
    assert form.initial["seats"] == 1


def test_ballot_is_opened_counted_and_leads_to_the_decision(client, team, edition, session):
    prize, keys = edition.prizes.get(), [file.pk for file in files_of(edition)]
    fields = {"question": "Qui ?", "candidatures": keys[:2], "seats": 1, "prize": prize.pk}
    assert "Le scrutin 1 est ouvert" in post(client, session, "ballot", **fields)
    ballot = Ballot.objects.get()
    assert list(ballot.choices.values_list("candidature", flat=True)) == keys[:2]
    page = post(client, session, "count", **counting(ballot, 1, 2))
    assert "Le scrutin 1 est dépouillé." in page
    assert "« Dossier 1 » : 2 voix. Passe." in page
    assert "3 votants · 0 abstention · 3 suffrages exprimés · majorité : 2 voix" in page
    html = client.get(address(session)).content.decode()
    decide = f"/admin/trophies/edition/{edition.pk}/jury/{keys[1]}/?prix={prize.pk}"
    assert decide in html
    form = client.get(decide).context["form"]
    assert form.initial == {"outcome": "laureate", "prize": str(prize.pk)}
    assert f'value="{prize.pk}" selected' in client.get(decide).content.decode()
    assert client.get(decide.replace(f"={prize.pk}", "=abc")).status_code == 200


def test_refused_ballot_keeps_what_was_typed(client, team, edition, session):
    keys = [files_of(edition)[0].pk]
    content = client.post(
        address(session),
        {"gesture": "ballot", "question": "Et celui-ci ?", "candidatures": keys, "seats": 2},
    ).content
    assert "Le scrutin n’est pas ouvert" in spoken(content)
    assert "pas plus que ceux qui sont proposés" in spoken(content)
    assert "Et celui-ci ?" in content.decode()
    page = post(client, session, "ballot", question="Et lui ?", seats=1)
    assert "Choisissez au moins un dossier." in page
    assert not Ballot.objects.exists()


def test_refused_count_keeps_what_was_typed(client, team, edition, session):
    ballot = make_ballot(session)
    answer = client.post(
        address(session), {"gesture": "count"} | counting(ballot, 4, 0, 0, abstentions=1)
    )
    assert "« Dossier 0 » a 4 voix pour 2 suffrages exprimés." in spoken(answer.content)
    assert 'value="4"' in answer.content.decode()
    page = post(client, session, "count", ballot=ballot.pk, abstentions="")
    assert "Ce champ est obligatoire." in page
    assert not Ballot.objects.get().is_closed


def test_recused_person_in_the_room_is_named(client, team, edition, session):
    ballot = make_ballot(session)
    tie(users_of(edition)[2], files_of(edition)[1])
    page = post(client, session, "count", **counting(ballot, 2, 0, 0))
    assert "une fois que Juré 2 est hors de la salle" in page
    assert not Ballot.objects.get().is_closed


def test_casting_vote_is_asked_for_then_noted(client, team, edition, session):
    president = edition.jury_members.order_by("pk")[0]
    president.role = "president"
    president.save()
    one, two, _ = files_of(edition)
    ballot = make_ballot(session, files=[one, two])
    typed = counting(ballot, 1, 1, abstentions=1)
    assert "La voix prépondérante" not in read(client, address(session))
    answer = client.post(address(session), {"gesture": "count"} | typed)
    page = spoken(answer.content)
    assert "Il y a égalité : la présidence a voix prépondérante. Notez ce que dit Juré 0." in page
    assert "Pour « Dossier 1 »" in page
    assert "Contre" not in page
    assert answer.context["count_form"]["abstentions"].value() == "1"
    # Forgotten, it is asked for again; for a file that is not level, it is refused.
    assert "Il y a égalité" in post(client, session, "count", **typed, casting="")
    assert not Ballot.objects.get().is_closed
    page = post(client, session, "count", **typed, casting=two.pk)
    assert "« Dossier 1 » : 1 voix, et la voix prépondérante de Juré 0. Passe." in page
    assert chosen(ballot) == ["Dossier 1"]


def test_casting_vote_against_a_file_alone(client, team, edition):
    president = edition.jury_members.order_by("pk")[0]
    president.role = "president"
    president.save()
    session = make_session(edition, present=users_of(edition)[:2])
    ballot = make_ballot(session, files=files_of(edition)[:1])
    assert "Contre" in post(client, session, "count", **counting(ballot, 1))
    page = post(client, session, "count", **counting(ballot, 1), casting="against")
    assert "Voix prépondérante de Juré 0 : contre." in page
    assert "Aucun dossier ne passe." in page


def test_casting_vote_that_is_not_needed_any_more(client, team, edition, session):
    """The voices were corrected after the casting vote was asked for."""
    president = edition.jury_members.order_by("pk")[0]
    president.role = "president"
    president.save()
    ballot = make_ballot(session, files=files_of(edition)[:2])
    page = post(client, session, "count", **counting(ballot, 2, 1), casting=files_of(edition)[0].pk)
    assert "la voix prépondérante ne sert pas" in page
    assert "Pour « Dossier 0 »" not in page
    assert "est dépouillé" in post(client, session, "count", **counting(ballot, 2, 1))


@pytest.mark.parametrize("casting", ["nobody", "0", "-1"])
def test_forged_casting_vote_is_refused(client, team, edition, session, casting):
    ballot = make_ballot(session, files=files_of(edition)[:2])
    post(client, session, "count", **counting(ballot, 1, 1, abstentions=1), casting=casting)
    assert not Ballot.objects.get().is_closed


def test_count_typed_for_another_ballot_counts_nothing(client, team, edition, session):
    old = make_ballot(session)
    typed = counting(old, 3, 0, 0)
    services.drop_ballot(old)
    assert OVERTAKEN in post(client, session, "count", **typed)
    ballot = make_ballot(session)
    page = post(client, session, "count", **typed)
    assert "Ce scrutin n’est plus celui que vous dépouilliez." in page
    assert not ballot.is_closed
    assert not Ballot.objects.get().is_closed
    assert "Sélectionnez un choix valide" in post(client, session, "drop", ballot=old.pk)
    assert "est abandonné" in post(client, session, "drop", ballot=ballot.pk)
    assert not Ballot.objects.exists()


def test_session_is_closed_and_leads_to_its_minutes(client, team, edition, session):
    ballot = make_ballot(session)
    assert "dépouillez-le d’abord" in post(client, session, "close")
    post(client, session, "count", **counting(ballot, 2, 0, 0))
    page = post(client, session, "close")
    assert "La séance est levée." in page
    assert "Le procès-verbal" in page
    assert "Ouvrir un scrutin" not in page
    html = client.get(address(session)).content.decode()
    assert 'name="gesture"' not in html
    state = session.presences.get(user=users_of(edition)[0]).state
    assert "est levée" in post(client, session, "move", user=users_of(edition)[0].pk, state="out")
    assert session.presences.get(user=users_of(edition)[0]).state == state


def test_every_form_carries_its_token(client, team, edition):
    """An include « only » loses it, and the client of the tests asks for none."""
    session = make_session(edition, is_open=False)
    assert_tokens(client, session)
    services.open_session(session)
    assert_tokens(client, session)
    make_ballot(session)
    assert_tokens(client, session)


def assert_tokens(client, session):
    html = client.get(address(session)).content.decode()
    assert html.count('method="post"') == html.count("csrfmiddlewaretoken")


@pytest.mark.parametrize("gesture", ["", "seal", "ballots"])
def test_unknown_gesture_does_nothing(client, team, edition, session, gesture):
    assert OVERTAKEN in post(client, session, gesture)
    assert JurySession.objects.get().is_open


def test_forged_people_are_refused(client, team, edition, session):
    for user, state in [(make_user().pk, "out"), ("x", "out"), (users_of(edition)[0].pk, "gone")]:
        post(client, session, "move", user=user, state=state)
    assert set(session.presences.values_list("state", flat=True)) == {IN}


def test_published_session_is_only_read(client, team, edition, session):
    ballot = make_ballot(session)
    services.close_ballot(ballot, votes=voices(ballot, 3, 0, 0), abstentions=0)
    publish_results(edition)
    page = read(client, address(session))
    assert "« Dossier 0 » : 3 voix" in page
    assert "Noter la décision" not in page


# Who may see it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.EDITOR, Role.JURY])
def test_others_see_nothing_and_change_nothing(client, sign_in, edition, session, role):
    sign_in(role)
    for url in (sessions(edition), address(session)):
        assert client.get(url).status_code == 403
        assert client.post(url, {"gesture": "close"}).status_code == 403
    assert JurySession.objects.get().is_open


@pytest.mark.parametrize("is_superuser", [False, True])
def test_who_has_a_tie_holds_no_session(client, sign_in, edition, session, is_superuser):
    user = sign_in(Role.TEAM, is_superuser=is_superuser)
    assert client.get(address(session)).status_code == 200
    given = tie(user, files_of(edition)[0])
    for url in (sessions(edition), address(session), f"{address(session)}ecran/"):
        assert client.get(url).status_code == 403
    for gesture in ("close", "open", "move"):
        assert client.post(address(session), {"gesture": gesture}).status_code == 403
    assert client.get(f"{address(session)}ecran/{files_of(edition)[1].pk}/").status_code == 403
    services.rule(given, upheld=False, reason="Un homonyme.", by=make_user(roles=[Role.TEAM]))
    assert client.get(address(session)).status_code == 200


def test_what_does_not_exist_is_not_found(client, team, edition, session):
    other = make_read_edition(files=1, jurors=1)
    for url in (
        f"{sessions(edition)}9/",
        f"{sessions(other)}1/",
        sessions(edition).replace(str(edition.pk), "999999"),
    ):
        assert client.get(url).status_code == 404
        assert client.post(url, {"gesture": "close"}).status_code == 404


def test_page_makes_as_many_queries_for_three_rows(client, team):

    counts = []
    for size in (2, 4):
        edition = make_read_edition(files=size, jurors=size)
        session = make_session(edition, quorum=1)
        for user in users_of(edition):
            tie(user, files_of(edition)[-1])
            services.move(session, user=user, state=OUT)
        for _ in range(size):
            services.move(session, user=users_of(edition)[0], state=IN)
            ballot = make_ballot(session, files=files_of(edition)[:-1])
            services.close_ballot(ballot, votes=voices(ballot, 1, *[0] * (size - 2)), abstentions=0)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(session)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 35
    assert Presence.objects.count() == 6
