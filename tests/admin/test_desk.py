"""The team's desk: the list by state, and the gestures made for a holder."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from accounts.roles import Role
from tests.factories import (
    ago,
    ahead,
    make_candidature,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_reading_edition,
    make_theme,
    make_user,
)
from tests.html import Html
from trophies import services
from trophies.models import (
    Candidature,
    ConflictOfInterest,
    Deposit,
    EligibilityRule,
    Extension,
    HolderChange,
    PieceRequest,
)
from trophies.workflow import Status

LIST = "/admin/trophies/candidature/"


def page_of(candidature):
    return f"{LIST}{candidature.pk}/change/"


def gesture(candidature, name):
    return f"{LIST}{candidature.pk}/{name}/"


def text_of(response):
    return response.content.decode()


def titles(response):
    return [str(row) for row in response.context["cl"].result_list]


def closed(**changes):
    return make_edition(**{"closes_at": ago(hours=1)} | changes)


def moment(instant):
    """A day and an hour as they are typed in the two fields."""
    local = timezone.localtime(instant)
    return {"until_0": f"{local:%d/%m/%Y}", "until_1": f"{local:%H:%M}"}


# The list ---------------------------------------------------------------------------------------


@pytest.fixture
def everything(db):
    """A candidature in each state, each named after it."""
    staff = make_user(roles=[Role.TEAM])
    open_, over = make_edition(year=2041), closed(year=2042)
    rows = {
        "Complet": make_candidature(edition=open_, title="Complet"),
        "Incomplet": make_candidature(edition=open_, title="Incomplet", need=""),
        "Oublié": make_candidature(edition=over, title="Oublié"),
        "Déposé": make_deposited(edition=over, title="Déposé"),
        "Repris": make_deposited(edition=open_, title="Repris"),
        "Bon": make_eligible(edition=over, title="Bon"),
        "Écarté": make_deposited(edition=over, title="Écarté"),
        "Retiré": make_deposited(edition=over, title="Retiré"),
    }
    Candidature.objects.filter(pk=rows["Repris"].pk).update(need="Autre besoin.")
    services.change_status(rows["Écarté"], "refuse", by=staff, reason="Hors du territoire.")
    services.change_status(rows["Retiré"], "withdraw", by=staff)
    return rows


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("brouillon", {"Complet", "Incomplet", "Oublié"}),
        ("brouillon-complet", {"Complet", "Oublié"}),
        ("brouillon-incomplet", {"Incomplet"}),
        ("complets-non-deposes", {"Oublié"}),
        ("deposee", {"Déposé", "Repris"}),
        ("modifiee", {"Repris"}),
        ("recevable", {"Bon"}),
        ("non-recevable", {"Écarté"}),
        ("retiree", {"Retiré"}),
    ],
)
def test_list_is_filtered_by_state(client, team, everything, state, expected):
    assert set(titles(client.get(LIST, {"etat": state}))) == expected


def test_unknown_state_is_ignored_and_filters_add_up(client, team, everything):
    assert len(titles(client.get(LIST, {"etat": "zut"}))) == 8
    edition = everything["Oublié"].edition
    page = client.get(LIST, {"etat": "brouillon-complet", "edition__id__exact": edition.pk})
    assert titles(page) == ["Oublié"]


def test_what_needs_a_hand_comes_first(client, team, everything):
    assert titles(client.get(LIST))[:4] == ["Oublié", "Déposé", "Repris", "Incomplet"]


def test_list_says_what_is_missing_and_who_holds_it(client, team):
    holder = make_user(email="josephine@rallynov.example")
    make_candidature(holder=holder, title="À finir", need="", typed={"started_year": "vers 2020"})
    page = text_of(client.get(LIST))
    assert "11 sur 12" in page
    assert "Le besoin, Depuis quelle année" in page
    assert 'href="mailto:josephine@rallynov.example"' in page


def test_list_warns_of_twins(client, team):
    edition = make_edition()
    one = make_candidature(edition=edition, title="L’été")
    make_candidature(edition=edition, title="L'ETE")
    page = client.get(LIST)
    assert [row.twins for row in page.context["cl"].result_list if row == one] != [[]]
    assert text_of(page).count("L&#x27;ETE</a>") == 1
    assert "Une autre candidature lui ressemble" in text_of(client.get(page_of(one)))


def test_hidden_file_leaves_no_trace_on_the_desk(client, team):
    edition = closed()
    seen = make_candidature(edition=edition, title="Le dossier", need="")
    hidden = make_candidature(edition=edition, title="Le Dossier", summary="Caché.")
    member = make_jury_member(edition=edition, user=team)
    assert "Complets, non déposés (1)" in text_of(client.get(LIST))
    ConflictOfInterest.objects.create(user=member.user, candidature=hidden, reason="Un ami.")
    page = text_of(client.get(LIST))
    assert "Complets, non déposés (0)" in page
    assert "Le Dossier" not in page
    assert "lui ressemble" not in text_of(client.get(page_of(seen)))


@pytest.mark.parametrize("query", ["", "?etat=modifiee", "?etat=complets-non-deposes", "?q=projet"])
def test_list_makes_as_many_queries_for_one_row_and_for_a_hundred(client, team, query):
    edition = closed()

    def add():
        make_candidature(edition=edition, themes=[theme])
        changed = make_deposited(edition=edition, themes=[theme])
        Candidature.objects.filter(pk=changed.pk).update(need="Autre.")

    theme, counts = make_theme(), []
    for rows in (1, 49):
        for _ in range(rows):
            add()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST + query).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 14


def test_left_behind_are_one_click_away_with_their_two_gestures(client, team, everything):
    page = client.get(LIST)
    assert "Complets, non déposés (1)" in text_of(page)
    page = client.get(f"{LIST}?etat=complets-non-deposes")
    links = {a.get("href") for a in Html(text_of(page)).all("a")}
    left = everything["Oublié"]
    assert {gesture(left, "delai"), gesture(left, "deposer")} <= links


# The page ---------------------------------------------------------------------------------------


def test_page_says_no_clearly(client, team):
    edition = make_edition()
    for kind, fields in [("territory", {}), ("age", {"months": 6}), ("only_one", {})]:
        EligibilityRule.objects.create(edition=edition, kind=kind, explanation="Voilà.", **fields)
    candidature = make_candidature(edition=edition, eligibility={"territory": True, "age": False})
    rules = text_of(client.get(page_of(candidature))).split("d’après le porteur")[1]
    found = re.findall(r"<li>([^<:]+?)\s:\s(?:<[^>]+>)?(\w[\w ]*)", rules)[:3]
    assert [answer for _, answer in found] == ["oui", "NON", "sans réponse"]


def test_page_tells_every_trace(client, team):
    candidature = make_candidature(edition=closed())
    services.extend(candidature, until=ahead(days=1), reason="Panne du site.", by=team)
    services.deposit_for(candidature, reason="Sans réseau.", by=team)
    asked = services.ask_piece(candidature, message="Le budget.", by=team)
    services.ask_piece(candidature, message="Les statuts.", by=team)
    services.answer_piece(
        asked, text="Voici.", files=[], by=candidature.holders.get(), received_at=timezone.now()
    )
    services.hand_over(candidature, to_email="neuve@rallynov.example", reason="Départ.", by=team)
    page = text_of(client.get(page_of(candidature)))
    for words in [
        "Panne du site.", "Sans réseau.", "Le budget.", "Les statuts.", "en attente", "répondu",
        "Départ.", "neuve@rallynov.example", "Déposée par l’équipe",
        f"{LIST}{candidature.pk}/depots/1/", f"{LIST}{candidature.pk}/depots/2/",
    ]:  # fmt: skip
        assert words in page, words
    former = text_of(client.get(f"{LIST}{candidature.pk}/depots/1/"))
    assert "lui seul compte" in former
    assert "Sans réseau." in former
    assert "Voici." not in former
    last = text_of(client.get(f"{LIST}{candidature.pk}/depots/2/"))
    assert "Voici." in last
    assert client.get(f"{LIST}{candidature.pk}/depots/3/").status_code == 404


def offered(client, candidature):
    links = [a.get("href", "") for a in Html(text_of(client.get(page_of(candidature)))).all("a")]
    names = ["delai", "deposer", "demander", "porteur"]
    return [name for name in names if gesture(candidature, name) in links]


def test_page_offers_what_is_possible(client, team):
    assert offered(client, make_candidature(edition=closed())) == ["delai", "deposer", "porteur"]
    assert offered(client, make_candidature(need="")) == ["delai", "porteur"]
    assert offered(client, make_deposited()) == ["delai", "demander", "porteur"]
    reading = make_eligible(edition=make_reading_edition())
    assert offered(client, reading) == ["demander", "porteur"]


def test_saving_the_page_leaves_what_holders_write(client, team):
    """The form was read before they wrote; only its own two columns are saved."""
    candidature = make_candidature()
    stale = Candidature.objects.get(pk=candidature.pk)
    Candidature.objects.update(need="Écrit entre-temps.")
    site.get_model_admin(Candidature).save_model(None, stale, None, True)
    assert Candidature.objects.get().need == "Écrit entre-temps."


# The gestures -----------------------------------------------------------------------------------

# Address, what is sent, and the model of the row that it leaves.
GESTURES = {
    "delai": (lambda: moment(ahead(days=2)) | {"reason": "Panne."}, Extension),
    "deposer": (lambda: {"reason": "Sans réseau."}, Deposit),
    "demander": (lambda: {"message": "Le budget."}, PieceRequest),
    "porteur": (lambda: {"to_email": "neuve@rallynov.example", "reason": "Départ."}, HolderChange),
}


def subject_of(name):
    if name == "demander":
        return make_deposited(edition=closed())
    return make_candidature(edition=closed())


@pytest.mark.parametrize("name", GESTURES)
def test_gesture_takes_a_page_and_a_post_and_leaves_a_trace(client, team, name):
    values, model = GESTURES[name]
    candidature = subject_of(name)
    before, mails = model.objects.count(), Email.objects.count()
    page = client.get(gesture(candidature, name))
    assert page.status_code == 200
    assert len(Html(text_of(page)).all("h1")) == 1
    assert model.objects.count() == before
    response = client.post(gesture(candidature, name), values(), follow=True)
    assert response.redirect_chain == [(page_of(candidature), 302)]
    assert "Les personnes concernées sont prévenues." in text_of(response)
    assert model.objects.count() > before
    assert model.objects.last().by == team
    assert Email.objects.count() > mails
    assert LogEntry.objects.filter(user=team, object_id=candidature.pk).count() == 1


@pytest.mark.parametrize("name", GESTURES)
def test_gesture_clicked_twice_is_one_and_says_done(client, team, name):
    values, model = GESTURES[name]
    candidature, values = subject_of(name), values()
    counts = []
    for _ in range(2):
        response = client.post(gesture(candidature, name), values)
        assert response.status_code == 302
        counts.append((model.objects.count(), Email.objects.count()))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", GESTURES)
def test_gesture_without_its_words_is_refused_and_keeps_the_rest(client, team, name):
    values, model = GESTURES[name]
    candidature = subject_of(name)
    before = model.objects.count()
    for missing in values():
        sent = values() | {missing: "  "}
        page = text_of(client.post(gesture(candidature, name), sent))
        assert "Rien n’est fait" in page, missing
        assert 'aria-invalid="true"' in page
        for kept, value in sent.items():
            assert kept == missing or value in page
    assert model.objects.count() == before


@pytest.mark.parametrize("name", GESTURES)
@pytest.mark.parametrize("role", [Role.EDITOR, Role.JURY, None])
def test_forged_posts_change_nothing(client, sign_in, name, role):
    values, model = GESTURES[name]
    candidature = subject_of(name)
    before = model.objects.count()
    person = sign_in(role) if role else sign_in()
    candidature.holders.add(person)
    assert client.post(gesture(candidature, name), values()).status_code in (403, 404)
    assert model.objects.count() == before


@pytest.mark.parametrize("name", GESTURES)
def test_forged_fields_are_ignored(client, team, name):
    values, model = GESTURES[name]
    candidature, other = subject_of(name), make_user()
    forged = {"by": other.pk, "status": "eligible", "origin": "holder", "candidature": 0, "at": "x"}
    client.post(gesture(candidature, name), values() | forged)
    assert model.objects.last().by == team
    assert Candidature.objects.get(pk=candidature.pk).status in (Status.DRAFT, Status.SUBMITTED)


@pytest.mark.parametrize("name", [*GESTURES, "depots/1"])
def test_hidden_file_and_none_are_told_alike(client, team, name):
    edition = closed()
    hidden = make_deposited(edition=edition)
    member = make_jury_member(edition=edition, user=team)
    ConflictOfInterest.objects.create(user=member.user, candidature=hidden, reason="Un ami.")
    unknown = Candidature(pk=hidden.pk + 1000)
    for method in (client.get, client.post):
        found = [method(gesture(row, name)) for row in (hidden, unknown)]
        assert [response.status_code for response in found] == [404, 404]
        assert found[0].content == found[1].content


def test_impossible_gesture_says_why(client, team):
    read = make_candidature(edition=make_reading_edition())
    page = text_of(client.get(gesture(read, "delai")))
    assert "Le jury a commencé à lire" in page
    assert "<form" not in page.split("Ce geste n’est pas possible")[1]
    empty = make_candidature(edition=closed(), need="", typed={"started_year": "vers 2020"})
    page = text_of(client.get(gesture(empty, "deposer")))
    assert "Il reste des réponses à écrire ou à reprendre." in page
    assert "Le besoin" in page
    assert "vers 2020" in page
    page = text_of(client.post(gesture(empty, "deposer"), {"reason": "Motif."}))
    assert "Il reste des réponses" in page
    assert Deposit.objects.count() == 0


def test_page_of_a_deposit_for_someone_shows_what_will_be_sent(client, team):
    candidature = make_candidature(edition=closed(), need="Ce qui manquait au village.")
    page = text_of(client.get(gesture(candidature, "deposer")))
    assert "Ce qui manquait au village." in page
    assert candidature.holders.get().email in page


def test_extension_too_far_is_refused_with_the_reason(client, team):
    candidature = make_candidature(edition=closed())
    late = candidature.edition.jury_opens_at + timedelta(days=1)
    page = text_of(client.post(gesture(candidature, "delai"), moment(late) | {"reason": "M."}))
    assert "Le jury commence à lire le" in page
    assert Extension.objects.count() == 0


def test_hour_is_typed_as_people_write_it(client, team):
    candidature = make_candidature(edition=closed())
    values = moment(ahead(days=2)) | {"until_1": "9h30", "reason": "Panne."}
    assert client.post(gesture(candidature, "delai"), values).status_code == 302
    until = timezone.localtime(Extension.objects.get().until)
    assert (until.hour, until.minute) == (9, 30)


@pytest.mark.parametrize("email", ["pas une adresse", "a@b", "x" * 250 + "@b.example"])
def test_wrong_address_is_refused(client, team, email):
    candidature = make_candidature()
    values = {"to_email": email, "reason": "Départ."}
    assert "Rien n’est fait" in text_of(client.post(gesture(candidature, "porteur"), values))
    assert HolderChange.objects.count() == 0


def test_former_holders_stay_when_the_box_is_ticked(client, team):
    candidature = make_candidature()
    values = {"to_email": "neuve@rallynov.example", "reason": "Renfort.", "keep_former": "on"}
    client.post(gesture(candidature, "porteur"), values)
    assert candidature.holders.count() == 2
