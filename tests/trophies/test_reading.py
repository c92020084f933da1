"""The jurors' pages: what they read, what they keep, and what they never tell."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.roles import Role
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
    make_reading_edition,
    make_user,
)
from tests.html import Html
from trophies import services
from trophies.attachments import Prepared
from trophies.models import (
    Attachment,
    Candidature,
    ConflictOfInterest,
    Deposit,
    Evaluation,
    JuryMember,
    Score,
)
from trophies.services.readings import version_of

LIST = "/admin/trophies/assignment/"
SECRET = "Ce que pense un autre juré"
SECRET_MEAN = "0,3"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def edition():
    """In front of its jury, with a grid of three criteria; the last may be « sans objet »."""
    edition = make_reading_edition(year=2051)
    make_criterion(edition=edition, label="Besoin", weight=20, position=1)
    make_criterion(edition=edition, label="Effets", weight=20, position=2)
    make_criterion(
        edition=edition, label="Durée", weight=10, position=3, allows_not_applicable=True
    )
    return edition


@pytest.fixture
def reading(edition):
    """The first reading of a juror who has three; a second juror has signed theirs, with zeros."""
    for name in ["Alpha", "Bêta", "Gamma"]:
        make_eligible(edition=edition, title=name)
    juror = make_jury_member(edition=edition)
    for other in make_jury_member(edition=edition).assignments.all():
        make_evaluation(other, [0, 0, 2], comment_for_jury=SECRET, comment_for_candidate=SECRET)
    return juror.assignments.order_by("position", "pk").first()


@pytest.fixture
def juror(client, reading):
    client.force_login(reading.jury_member.user)
    return reading.jury_member


def address(reading):
    return reading.get_absolute_url()


def tie_address(reading):
    return reverse("admin:trophies_reading_conflict", args=[reading.uuid])


def answers(reading, *levels, **more):
    """A filled grid, as a browser sends it from the page as it is now.

    None leaves a criterion without a level.
    """
    criteria = reading.candidature.edition.criteria.all()
    values = {
        f"criterion_{criterion.pk}": level
        for criterion, level in zip(criteria, levels, strict=True)
        if level is not None
    }
    kept = Evaluation.objects.filter(assignment=reading).first()
    written = {"comment_for_jury": "", "comment_for_candidate": "", "version": version_of(kept)}
    return values | written | more


def kept(reading):
    """The levels that the database holds, in the grid's order."""
    scores = Score.objects.filter(evaluation__assignment=reading)
    return list(scores.order_by("criterion__position").values_list("level", flat=True))


def text_of(response, part="main"):
    return Html(response.content.decode()).text(part)


def save_as_json(client, reading, data):
    return client.post(address(reading), data, headers={"accept": "application/json"})


# Who comes in -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 403),
        ({"roles": [Role.EDITOR]}, 403),
        ({"roles": [Role.TEAM]}, 403),
        ({"roles": [Role.JURY]}, 200),
        ({"is_superuser": True}, 200),
    ],
)
def test_list_opens_for_jurors_only(client, reading, fields, status):
    client.force_login(make_user(**fields))
    response = client.get(LIST)
    assert response.status_code == status
    assert reading.candidature.title not in response.content.decode()


def test_anonymous_is_sent_to_sign_in(client, reading):
    for page in [LIST, address(reading), tie_address(reading)]:
        assert client.get(page).url == f"/compte/connexion/?next={page}"


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_mine_and_what_does_not_exist_answer_alike(client, reading, method):
    other = make_jury_member(edition=reading.jury_member.edition)
    tied, mine = other.assignments.all()[:2]
    services.declare_conflict(tied, reason="Un ami")
    client.force_login(other.user)
    bodies = set()
    for key in [reading.uuid, tied.uuid, uuid.uuid4()]:
        for name in ["trophies_reading", "trophies_reading_conflict"]:
            response = getattr(client, method)(reverse(f"admin:{name}", args=[key]))
            assert response.status_code == 404
            bodies.add(response.content)
    assert len(bodies) == 1
    assert client.get(address(mine)).status_code == 200


def test_superuser_reads_only_their_own(client, reading):
    client.force_login(make_user(is_superuser=True))
    assert client.get(address(reading)).status_code == 404
    assert "aucun jury" in text_of(client.get(LIST))


def test_former_juror_is_out(client, juror, reading):
    juror.user.roles = []
    juror.user.save()
    assert client.get(address(reading)).status_code == 403


@pytest.mark.parametrize("fields", [{"roles": [Role.JURY]}, {"is_superuser": True}])
def test_django_own_pages_do_not_exist(client, reading, fields):
    client.force_login(make_user(**fields))
    for end in ["add/", f"{reading.pk}/", *(f"{reading.pk}/{e}/" for e in PAGES_OF_DJANGO)]:
        assert client.get(LIST + end).status_code == 404, end
    query = {"app_label": "trophies", "model_name": "score", "field_name": "criterion"}
    assert client.get("/admin/autocomplete/", query).status_code == 403
    assert client.get("/admin/").content.decode().count(LIST) == 1  # the task, and no shelf
    for name in ["changelist", "change", "add", "delete", "history"]:
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:trophies_assignment_{name}")


PAGES_OF_DJANGO = ["change", "delete", "history"]


def test_first_page_leads_to_the_readings(client, juror):
    assert "Lire les candidatures" in text_of(client.get("/admin/"))


# The list ---------------------------------------------------------------------------------------


def test_list_tells_my_readings_in_my_order(client, juror, reading):
    make_evaluation(reading, [4, 3, 2])
    begun = juror.assignments.order_by("position", "pk")[1]
    make_evaluation(begun, [4, 4, None], is_signed=False)
    page = client.get(LIST)
    text = text_of(page)
    stops = page.context["routes"][0].stops
    assert [stop.state for stop in stops] == ["signed", "begun", "new"]
    assert "1 re lecture" in text
    assert "3 e lecture" in text
    assert "1 sur 3 signée" in text
    assert "signée moyenne 3,2" in text
    assert "commencée moyenne 4,0" in text
    assert page.content.decode().count("moyenne") == 2
    assert f'<a class="button default" href="{address(begun)}"' in page.content.decode()


def test_list_tells_the_last_deposit_and_no_number(client, juror, reading):
    file = reading.candidature
    Candidature.objects.filter(pk=file.pk).update(title="En train d’être retapé")
    page = client.get(LIST).content.decode()
    assert file.title in page
    assert file.last_deposit.payload["organisation"]["name"] in page
    assert file.last_deposit.payload["commune"]["name"] in page
    assert "En train d’être retapé" not in page
    for row in Candidature.objects.all():
        assert row.reference
        assert row.reference not in page


def test_hidden_file_leaves_no_gap(client, juror, reading):
    title = reading.candidature.title
    services.declare_conflict(reading, reason="Un ami")
    withdrawn = juror.assignments.exclude(pk=reading.pk).order_by("position").last().candidature
    services.change_status(withdrawn, "withdraw", by=withdrawn.holders.get())
    page = client.get(LIST)
    assert "0 sur 1 signée" in text_of(page)
    assert title not in page.content.decode()
    assert withdrawn.title not in page.content.decode()
    left = page.context["routes"][0].stops[0]
    screen = text_of(client.get(left.url))
    assert "1 re de vos lectures" in screen
    assert title not in screen


def test_list_says_until_when(client, juror):
    assert "À lire et à signer jusqu’au" in text_of(client.get(LIST))
    end_readings(juror.edition)
    assert "Les lectures sont closes" in text_of(client.get(LIST))
    assert "mes lectures" not in text_of(client.get(LIST))


def test_list_without_readings_says_why(client):
    user = make_user(roles=[Role.JURY])
    client.force_login(user)
    assert "Vous n’êtes dans aucun jury" in text_of(client.get(LIST))
    edition = make_edition(jury_opens_at=ahead(days=40))
    make_eligible(edition=edition)
    make_jury_member(edition=edition, user=user)
    assert "Les lectures ouvrent le" in text_of(client.get(LIST))
    edition.jury_opens_at = edition.jury_closes_at = None
    edition.save()
    assert "pas encore fixées" in text_of(client.get(LIST))


def test_jury_without_files_has_nothing_to_read(client):
    client.force_login(make_jury_member().user)
    text = text_of(client.get(LIST))
    assert "Rien à lire pour l’instant" in text
    assert "sur 0" not in text


def test_list_calls_for_ties_before_any_file(client, juror, reading):
    declare_at(juror, None)
    page = client.get(LIST)
    source, text = page.content.decode(), text_of(page)
    assert "Avant d’ouvrir vos dossiers" in text
    assert reverse("admin:trophies_declaration", args=[2051]) in source
    assert page.context["routes"][0].total == 0
    assert reading.candidature.title not in source
    assert "livret" not in text
    assert client.get(address(reading)).status_code == 404
    assert client.get(tie_address(reading)).status_code == 404


def test_file_that_comes_later_waits_for_another_declaration(client, juror, reading):
    declare_at(juror, timezone.now())
    assert "Déclarer mes liens" not in text_of(client.get(LIST))
    later = make_eligible(edition=juror.edition, title="Venu après")
    services.distribute(juror.edition)
    page = client.get(LIST)
    assert "De nouveaux dossiers sont arrivés" in text_of(page)
    assert page.context["routes"][0].total == 3
    assert later.title not in page.content.decode()
    assert client.get(address(juror.assignments.get(candidature=later))).status_code == 404


def declare_at(juror, at):
    JuryMember.objects.filter(pk=juror.pk).update(declared_at=at)


def test_who_left_the_jury_reads_no_more(client, juror, reading):
    JuryMember.objects.filter(pk=juror.pk).update(left_at=timezone.now())
    assert "aucun jury" in text_of(client.get(LIST))
    assert client.get(address(reading)).status_code == 404


# The screen -------------------------------------------------------------------------------------


def test_screen_shows_the_last_deposit(client, edition):
    file = make_deposited(
        edition=edition, title="Le bus", need="Un <b>besoin</b>\n\nEt un autre", started_year=2021
    )
    content = ContentFile(b"%PDF-1.4 %%EOF" + b" " * 1_200_000)
    pdf = Prepared("Bilan 2025.pdf", Attachment.Kind.PDF, content)
    services.attach(file, pdf, at=edition.opens_at)
    Candidature.objects.filter(pk=file.pk).update(summary="Ce que dit le second dépôt.")
    file.refresh_from_db()
    services.deposit(
        candidature=file, by=file.holders.get(), received_at=edition.opens_at + timedelta(hours=2)
    )
    services.change_status(file, "accept", by=make_user(roles=[Role.TEAM]))
    Candidature.objects.filter(pk=file.pk).update(effects="Ce qui est encore tapé.")
    member = make_jury_member(edition=edition)
    client.force_login(member.user)
    page = client.get(address(member.assignments.get()))
    text, source = text_of(page), page.content.decode()
    assert Html(source).text("h1") == "Le bus"
    assert "<p>Un &lt;b&gt;besoin&lt;/b&gt;</p>" in source
    assert "Ce que dit le second dépôt." in text
    assert "Ce qui est encore tapé." not in text
    assert "Depuis 2021" in text
    department = file.commune.department.name
    assert f"{file.commune.name}, {department}" in text
    assert "Bilan 2025.pdf PDF · 1,2 Mo" in text
    assert reverse("attachment", args=[file.attachments.get().uuid]) in source
    assert file.reference not in source


def test_every_level_has_its_sentence(client, juror, reading):
    html = Html(client.get(address(reading)).content.decode())
    radios = [tag for tag in html.all("input") if tag.get("name", "").startswith("criterion_")]
    described = {tag["aria-describedby"] for tag in radios}
    assert len(radios) == len(described) == 5 + 5 + 6
    assert described <= {tag.get("id") for tag in html.all("p")}
    assert html.text("fieldset").count("niveau 3") == 3


def test_screen_leads_to_the_readings_around(client, juror, reading):
    first, second, third = juror.assignments.order_by("position", "pk")
    page = client.get(address(second))
    assert page.context["before"].uuid == first.uuid
    assert page.context["after"].uuid == third.uuid
    assert "2 e de vos lectures" in text_of(page)
    assert client.get(address(first)).context["before"] is None
    assert client.get(address(third)).context["after"] is None


# Saving, signing --------------------------------------------------------------------------------


def test_save_keeps_the_draft(client, juror, reading):
    data = answers(reading, 4, None, "na", comment_for_jury="Voir la halte.\r\nPuis ?")
    response = client.post(address(reading), data, follow=True)
    assert kept(reading) == [4, None]
    evaluation = Evaluation.objects.get(assignment=reading)
    assert evaluation.comment_for_jury == "Voir la halte.\nPuis ?"
    assert evaluation.signed_at is None
    assert "Votre lecture est enregistrée" in text_of(response)
    inputs = Html(response.content.decode()).all("input")
    chosen = [tag["value"] for tag in inputs if is_checked(tag)]
    assert chosen == ["4", "na", ""]


def is_checked(tag):
    return tag.get("type") == "radio" and "checked" in tag


def test_autosave_answers_in_json(client, juror, reading):
    response = save_as_json(client, reading, answers(reading, 4, 3, None))
    told = response.json()
    effects = reading.candidature.edition.criteria.get(label="Durée")
    assert told["saved_at"].startswith("Enregistré à ")
    assert told | {"saved_at": ""} == {
        "saved_at": "",
        "version": version_of(Evaluation.objects.get(assignment=reading)),
        "mean": "moyenne\xa03,5",
        "missing": [effects.pk],
    }
    assert kept(reading) == [4, 3]


def test_reading_saved_another_day_says_which(client, juror, reading):
    save_as_json(client, reading, answers(reading, 4, None, None))
    Evaluation.objects.update(updated_at="2031-03-01 12:00+01")
    assert "Enregistré le 1er mars 2031 à 12 h" in text_of(client.get(address(reading)))


def test_saving_again_takes_back_what_is_no_longer_chosen(client, juror, reading):
    save_as_json(client, reading, answers(reading, 4, 3, 2))
    told = save_as_json(client, reading, answers(reading, None, None, "na")).json()
    assert kept(reading) == [None]
    assert told["mean"] == ""


def test_confidence_is_said_in_words_and_may_be_taken_back(client, juror, reading):
    page = client.post(address(reading), answers(reading, 4, 3, 2, confidence="3"), follow=True)
    assert Evaluation.objects.get(assignment=reading).confidence == 3
    inputs = [tag for tag in Html(page.content.decode()).all("input") if is_checked(tag)]
    assert inputs[-1] | {"id": ""} == CONFIDENT
    signed = answers(reading, 4, 3, 2, confidence="1", action="sign")
    assert "Votre assurance : peu sûr" in text_of(
        client.post(address(reading), signed, follow=True)
    )
    client.post(address(reading), {"action": "unsign"})
    client.post(address(reading), answers(reading, 4, 3, 2, confidence=""))
    assert Evaluation.objects.get(assignment=reading).confidence is None


CONFIDENT = {"type": "radio", "name": "confidence", "id": "", "value": "3", "checked": None}


@pytest.mark.parametrize("value", ["4", "0", "sûr"])
def test_forged_confidence_changes_nothing(client, juror, reading, value):
    make_evaluation(reading, [4, 3, 2], is_signed=False)
    refuse(client, reading, answers(reading, 1, 1, 1, confidence=value), "text/html")


# Two tabs ---------------------------------------------------------------------------------------


def test_older_tab_overwrites_nothing_and_loses_nothing(client, juror, reading):
    older = answers(reading, 1, 1, None, comment_for_jury="Tapé ici")
    client.post(address(reading), answers(reading, 4, 3, 2, comment_for_jury="Tapé ailleurs"))
    page = client.post(address(reading), older)
    assert page.status_code == 409
    assert kept(reading) == [4, 3, 2]
    html = Html(page.content.decode())
    assert "Rien n’est écrasé" in html.text("main")
    assert "Tapé ailleurs" in html.text("dl")
    assert "Besoin 4" in html.text("dl")
    assert "Votre assurance" not in html.text("dl")
    assert "Tapé ici" in html.text("textarea")
    [version] = [tag["value"] for tag in html.all("input") if tag.get("name") == "version"]
    client.post(address(reading), older | {"version": version})
    assert kept(reading) == [1, 1]


def test_older_tab_is_refused_in_json_with_the_version_that_is_kept(client, juror, reading):
    older = answers(reading, 1, 1, 1)
    save_as_json(client, reading, answers(reading, 4, 3, 2))
    response = save_as_json(client, reading, older)
    assert response.status_code == 409
    told = response.json()
    assert told["version"] == version_of(Evaluation.objects.get(assignment=reading))
    assert "autre onglet" in told["error"]
    save_as_json(client, reading, older | {"version": told["version"]})
    assert kept(reading) == [1, 1, 1]


def test_older_tab_does_not_sign_what_it_did_not_show(client, juror, reading):
    older = answers(reading, 1, 1, 1, action="sign")
    client.post(address(reading), answers(reading, 4, 3, 2))
    assert client.post(address(reading), older).status_code == 409
    assert Evaluation.objects.get(assignment=reading).signed_at is None


def test_what_was_sent_twice_is_saved_once(client, juror, reading):
    data = answers(reading, 4, 3, "na", comment_for_jury="Un tunnel", confidence="2")
    first = save_as_json(client, reading, data)
    again = save_as_json(client, reading, data)
    assert again.status_code == 200
    assert again.json() == first.json()


def test_older_tab_takes_back_no_newer_signature(client, juror, reading):
    older = answers(reading, 1, 1, 1, action="unsign")
    client.post(address(reading), answers(reading, 4, 3, 2, action="sign"))
    assert client.post(address(reading), older).status_code == 409
    assert kept(reading) == [4, 3, 2]
    assert Evaluation.objects.get(assignment=reading).signed_at is not None


# Signing ----------------------------------------------------------------------------------------


def test_sign_saves_then_signs(client, juror, reading):
    data = answers(reading, 4, 3, "na", action="sign", comment_for_candidate="Bravo.")
    page = client.post(address(reading), data, follow=True)
    evaluation = Evaluation.objects.get(assignment=reading)
    assert evaluation.signed_at is not None
    assert evaluation.comment_for_candidate == "Bravo."
    assert kept(reading) == [4, 3, None]
    source = page.content.decode()
    assert "Votre lecture est signée" in source
    assert 'type="radio"' not in source
    assert "<textarea" not in source
    assert "Reprendre ma lecture" in source


def test_sign_with_missing_criteria_says_which(client, juror, reading):
    data = answers(reading, 4, None, None, action="sign", comment_for_jury="Gardé")
    page = client.post(address(reading), data)
    html = Html(page.content.decode())
    links = [tag["href"] for tag in html.all("a") if tag.get("href", "").startswith("#crit")]
    ids = [tag.get("id") for tag in html.tags]
    assert page.status_code == 200
    assert len(links) == 2
    assert {link[1:] for link in links} <= set(ids)
    assert text_of(page).count("À choisir pour pouvoir signer") == 2
    assert any("autofocus" in tag and tag.get("role") == "alert" for tag in html.tags)
    assert "Gardé" in html.text("textarea")
    assert kept(reading) == [4]
    assert Evaluation.objects.get(assignment=reading).signed_at is None


def test_unsign_opens_the_reading_again(client, juror, reading):
    make_evaluation(reading, [4, 3, 2])
    page = client.post(address(reading), {"action": "unsign"}, follow=True)
    assert Evaluation.objects.get(assignment=reading).signed_at is None
    assert kept(reading) == [4, 3, 2]
    assert "Signer cette lecture" in text_of(page)


FORGED = {
    "too high": {"Besoin": "7"},
    "negative": {"Besoin": "-1"},
    "text": {"Besoin": "beaucoup"},
    "sans objet where it is not allowed": {"Besoin": "na"},
}


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("action", ["save", "sign"])
@pytest.mark.parametrize("name", FORGED)
def test_forged_level_changes_nothing(client, juror, reading, name, action, accept):
    make_evaluation(reading, [4, 3, 2], is_signed=False)
    ids = {row.label: row.pk for row in reading.candidature.edition.criteria.all()}
    forged = {f"criterion_{ids[label]}": value for label, value in FORGED[name].items()}
    data = answers(reading, 1, 1, 1, action=action) | forged
    refuse(client, reading, data, accept)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_criterion_of_another_edition_changes_nothing(client, juror, reading, accept):
    make_evaluation(reading, [4, 3, 2], is_signed=False)
    other = make_criterion(edition=make_reading_edition(year=2052))
    refuse(client, reading, answers(reading, 1, 1, 1) | {f"criterion_{other.pk}": "1"}, accept)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_empty_request_wipes_nothing(client, juror, reading, accept):
    make_evaluation(reading, [4, 3, 2], is_signed=False)
    refuse(client, reading, {"action": "save"}, accept)


def refuse(client, reading, data, accept):
    response = client.post(address(reading), data, headers={"accept": accept})
    assert response.status_code == 400
    said = json.dumps(response.json(), ensure_ascii=False) if "json" in accept else ""
    assert "Cette grille n’est pas celle de ce dossier" in (said or text_of(response))
    assert kept(reading) == [4, 3, 2]
    assert Evaluation.objects.get(assignment=reading).signed_at is None


def test_comment_too_long_is_said_and_kept(client, juror, reading):
    data = answers(reading, 1, 1, 1, comment_for_jury="x" * 3001)
    page = client.post(address(reading), data)
    assert page.status_code == 400
    assert "tient en 3000 caractères" in text_of(page)
    assert "x" * 3001 in page.content.decode()
    assert not Evaluation.objects.filter(assignment=reading).exists()


# Refusals ---------------------------------------------------------------------------------------


def test_signed_elsewhere_loses_nothing_of_what_is_typed(client, juror, reading):
    make_evaluation(reading, [4, 3, 2])
    data = answers(reading, 1, 1, 1, comment_for_jury="Tapé dans un autre onglet")
    page = client.post(address(reading), data)
    assert page.status_code == 409
    assert "reprenez-la pour la modifier" in text_of(page)
    assert "Tapé dans un autre onglet" in Html(page.content.decode()).text("textarea")
    assert kept(reading) == [4, 3, 2]
    assert "reprenez-la" in save_as_json(client, reading, data).json()["error"]
    client.post(address(reading), data | {"action": "unsign"})
    assert kept(reading) == [1, 1, 1]


def test_closed_readings_are_read_only(client, juror, reading):
    make_evaluation(reading, [4, 3, 2], is_signed=False, comment_for_jury="Mon avis")
    end_readings(juror.edition)
    page = client.get(address(reading))
    text = text_of(page)
    assert "Les lectures sont closes" in text
    assert "niveau 4" in text
    assert "Mon avis" in text
    assert 'type="radio"' not in page.content.decode()
    assert "Signer" not in text
    assert "Reprendre" not in text


@pytest.mark.parametrize("action", ["save", "sign", "unsign"])
def test_closed_readings_change_no_more(client, juror, reading, action):
    make_evaluation(reading, [4, 3, 2])
    end_readings(juror.edition)
    data = {"action": action} if action == "unsign" else answers(reading, 1, 1, 1, action=action)
    page = client.post(address(reading), data)
    assert page.status_code == 409
    assert "Les lectures closes" not in text_of(page)
    assert "closes" in text_of(page)
    assert kept(reading) == [4, 3, 2]
    assert Evaluation.objects.get(assignment=reading).signed_at is not None


# What is never told -----------------------------------------------------------------------------


def test_other_jurors_appear_nowhere(client, juror, reading):
    other = Evaluation.objects.exclude(assignment__jury_member=juror).first()
    assert other.comment_for_jury == SECRET  # there is something to leak
    others = other.assignment.jury_member
    seen = [client.get(LIST), client.get(address(reading)), client.get(tie_address(reading))]
    for levels in [(4, 4, 4), (4, None, None)]:
        seen.append(save_as_json(client, reading, answers(reading, *levels)))
        seen.append(client.post(address(reading), answers(reading, *levels, action="sign")))
        seen.append(client.get(address(reading)))
        services.unsign(reading)
    for response in seen:
        source = response.content.decode()
        for secret in [SECRET, SECRET_MEAN, others.user.email, str(others)]:
            assert secret not in source
        if response.headers["Content-Type"].startswith("application/json"):
            assert response.json()["mean"] == "moyenne\xa04,0"


# A conflict -------------------------------------------------------------------------------------


def test_tie_needs_a_reason(client, juror, reading):
    page = client.get(tie_address(reading))
    assert "Ce dossier disparaîtra de vos listes" in text_of(page)
    refused = client.post(tie_address(reading), {"reason": "  "})
    assert "Dites en quelques mots quel est ce lien." in text_of(refused)
    assert not ConflictOfInterest.objects.exists()


def test_tie_takes_the_file_away(client, juror, reading):
    title = reading.candidature.title
    page = client.post(tie_address(reading), {"reason": "Un ami"}, follow=True)
    assert page.redirect_chain == [(LIST, 302)]
    assert "Votre lien est noté" in text_of(page)
    assert title not in page.content.decode()
    conflict = ConflictOfInterest.objects.get()
    assert (conflict.user, conflict.candidature) == (juror.user, reading.candidature)
    assert conflict.reason == "Un ami"
    assert client.get(address(reading)).status_code == 404


# Queries ----------------------------------------------------------------------------------------


def queries(client, page):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_the_files(client, juror, reading):
    make_evaluation(reading, [4, 3, 2], is_signed=False)
    few = [queries(client, page) for page in (LIST, address(reading))]
    add_files(juror, 197)
    for row in juror.assignments.exclude(pk=reading.pk)[:10]:
        make_evaluation(row, [4, 3, None])
    assert juror.assignments.count() == 200
    many = [queries(client, page) for page in (LIST, address(reading))]
    assert few == many
    assert many[1] <= 15
    assert "sur 200 signées" in text_of(client.get(LIST))
    page = client.get(address(reading))
    assert len(page.context["pins"]) == 40
    assert sum(pin.is_here for pin in page.context["pins"]) == 1


def add_files(juror, count):
    """Many eligible files, read by one juror: copies of one, without all that goes before."""
    edition, first = juror.edition, juror.assignments.first().candidature
    deposit = first.last_deposit
    files = [
        Candidature(
            edition=edition,
            title=f"Projet copié {number}",
            status=first.status,
            reference=f"C-{number}",
            submitted_at=first.submitted_at,
            screened_at=first.screened_at,
        )
        for number in range(count)
    ]
    for file in Candidature.objects.bulk_create(files):
        by, payload = deposit.by, deposit.payload | {"title": file.title}
        at = deposit.received_at
        Deposit.objects.create(candidature=file, number=1, payload=payload, by=by, received_at=at)
        juror.assignments.create(candidature=file, position=file.pk)


def test_readings_of_two_editions_stay_apart(client, juror, reading):
    past = make_reading_edition(
        year=2050,
        opens_at=ago(days=400),
        closes_at=ago(days=370),
        jury_opens_at=ago(days=360),
        jury_closes_at=ago(days=340),
        results_published_at=ago(days=330),
    )
    make_criterion(edition=past)
    file = make_eligible(edition=past, title="Celui de l’an passé")
    make_jury_member(edition=past, user=juror.user)
    page = client.get(LIST)
    assert [route.edition.year for route in page.context["routes"]] == [2051, 2050]
    assert [route.total for route in page.context["routes"]] == [3, 1]
    assert file.title not in text_of(client.get(address(reading)))
