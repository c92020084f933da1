"""The steps of a candidature: kept as typed, in two tabs and by two people."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from places.models import Commune, Department
from tests.factories import (
    ago,
    ahead,
    make_candidature,
    make_deposited,
    make_edition,
    make_organisation,
    make_partnership,
    make_theme,
    make_user,
)
from tests.html import Html
from trophies.forms import StepForm
from trophies.models import Candidature, SetAside
from trophies.questions import QUESTIONS
from trophies.steps import STEP_OF, STEPS, WRITTEN, after, first_to_write

pytestmark = pytest.mark.django_db

JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def holder(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.fixture
def candidature(holder):
    return make_candidature(holder=holder)


def url(candidature, slug="projet", name="step"):
    return reverse(f"candidatures:{name}", args=[candidature.uuid, slug])


def text_of(response):
    return Html(response.content.decode()).text("main")


def sent(candidature, slug, **changes):
    """What the browser sends of a step, as it stands."""
    form = StepForm(WRITTEN[slug], instance=Candidature.objects.get(pk=candidature.pk))
    fields = {name: form[name].value() for name in form.fields}
    fields["themes"] = [theme.pk for theme in candidature.themes.all()]
    known = {name: value for name, value in fields.items() if value not in (None, False)}
    return known | changes


def save(client, candidature, slug="projet", *, as_json=True, **changes):
    data = sent(candidature, slug, **changes)
    response = client.post(url(candidature, slug), data, **(JSON if as_json else {}))
    candidature.refresh_from_db()
    return response


def fields_of(page):
    html = Html(page.content.decode())
    tags = html.all("input") + html.all("textarea") + html.all("select")
    return {tag.get("name"): tag for tag in tags}


# The steps --------------------------------------------------------------------------------------


def test_each_field_is_asked_in_one_step():
    asked = [name for step in STEPS for name in step.fields]
    assert sorted(asked) == sorted(set(asked)) == sorted(STEP_OF)
    assert {question.name for question in QUESTIONS} < set(asked)
    assert after(STEPS[0]) == STEPS[1]
    assert after(STEPS[-1]) is None


def test_continuing_leads_to_what_is_left(client, holder):
    draft = make_candidature(holder=holder, spread="")
    assert first_to_write(draft).slug == "suite"
    address = reverse("candidatures:edit", args=[draft.uuid])
    assert client.get(address).url == url(draft, "suite")
    done = make_candidature(holder=holder)
    address = reverse("candidatures:edit", args=[done.uuid])
    assert client.get(address).url == url(done, "structure")


def test_unknown_step_is_absent(client, candidature):
    assert client.get(url(candidature, "inconnue")).status_code == 404
    assert client.get(url(candidature, "inconnue", "choose")).status_code == 404


def test_route_says_what_each_step_needs(client, holder):
    draft = make_candidature(holder=holder, need="", response="", spread="")
    text = text_of(client.get(url(draft)))
    assert "Le besoin et la réponse 2 réponses à écrire" in text
    assert "Le risque et la suite 1 réponse à écrire" in text
    assert "Votre structure , complète" in text


# Saving -----------------------------------------------------------------------------------------


def test_step_saves_a_draft_that_lacks_everything(client, holder):
    draft = make_candidature(holder=holder, title="Avant", summary="Avant.")
    response = save(client, draft, title="", summary="", started_year="", themes=[])
    assert response.status_code == 200
    assert response.json()["errors"] == {}
    assert (draft.title, draft.summary, draft.started_year) == ("", "", None)


def test_step_saves_what_is_typed(client, candidature):
    theme = make_theme()
    save(client, candidature, title="  Le Car\r\nà coudre ", started_year="2021", themes=[theme.pk])
    assert candidature.title == "Le Car à coudre"
    assert (candidature.started_year, list(candidature.themes.all())) == (2021, [theme])
    answer = save(client, candidature, "besoin", need="Un besoin.\r\nDeux lignes.").json()
    assert candidature.need == "Un besoin.\nDeux lignes."
    assert re.fullmatch(r"Enregistré à \d{1,2}\xa0h\xa0\d\d", answer["saved"])
    save(client, candidature, "structure", commune="Lons-le-Saunier")
    assert (candidature.commune.code, candidature.department_id) == ("39300", "39")


def test_step_takes_back_commune_and_consent(client, candidature):
    save(client, candidature, "structure", commune="")
    assert (candidature.commune, candidature.department) == (None, None)
    client.post(url(candidature, "accord"), {}, **JSON)
    candidature.refresh_from_db()
    assert candidature.publishable == []


def test_what_is_not_understood_is_kept_as_typed(client, candidature):
    answer = save(client, candidature, title="Nouveau", started_year="l’an passé").json()
    assert list(answer["errors"]) == ["started_year"]
    assert (candidature.title, candidature.typed) == ("Nouveau", {"started_year": "l’an passé"})
    page = client.get(url(candidature))
    field = fields_of(page)["started_year"]
    assert (field["value"], field["aria-invalid"]) == ("l’an passé", "true")
    assert "id_started_year_error" in field["aria-describedby"].split()
    alert = next(t for t in Html(page.content.decode()).tags if t.get("role") == "alert")
    assert alert["tabindex"] == "-1"
    save(client, candidature, started_year="2020")
    assert (candidature.typed, candidature.started_year) == ({}, 2020)


def test_text_over_its_limit_is_kept_and_stops_the_deposit(client, candidature):
    text = "é" * 2501
    answer = save(client, candidature, "besoin", need=text).json()
    assert "il y en a 1 de trop" in answer["errors"]["need"][0]
    assert candidature.typed == {"need": text}
    assert "need" in candidature.missing
    assert text in client.get(url(candidature, "besoin")).content.decode()


@pytest.mark.parametrize(("count", "is_taken"), [(2500, True), (2501, False)])
def test_line_ends_and_emoji_count_once(client, candidature, count, is_taken):
    text = "\r\n".join("é" * (count // 2)) + "🚲" * (count - 2 * (count // 2) + 1)
    assert len(text.replace("\r\n", "\n")) == count
    save(client, candidature, "besoin", need=text)
    assert (candidature.need == text.replace("\r\n", "\n")) is is_taken


def test_texts_have_no_maxlength(client, candidature):
    html = Html(client.get(url(candidature, "besoin")).content.decode())
    assert not [f for f in html.all("textarea") + html.all("input") if "maxlength" in f]
    assert {area["data-limit"] for area in html.all("textarea")} == {"2500"}
    assert "2\u202f500 signes au plus" in " ".join(text for _, text in html.texts)


def test_step_ignores_what_is_not_asked(client, candidature):
    columns = ["status", "reference", "edition", "submitted_at", "uuid", "need", "extended_until"]
    rows = Candidature.objects.filter(pk=candidature.pk)
    kept = rows.values_list(*columns).get()
    save(
        client,
        candidature,
        title="Nouveau titre",
        status="eligible",
        reference="2027-001",
        edition=make_edition().pk,
        submitted_at="2027-01-01",
        extended_until="2099-01-01",
        need="Par une autre étape.",
        holders=[make_user().pk],
    )
    assert candidature.title == "Nouveau titre"
    assert rows.values_list(*columns).get() == kept
    assert candidature.holders.count() == 1


def test_directory_fills_what_it_knows(client, candidature):
    commune = Commune.objects.get(code="39198")
    known = make_organisation(name="Les Ateliers du Doubs", kind="cooperative", commune=commune)
    make_partnership(organisation=known)
    changes = {"organisation_name": "les ateliers du doubs", "commune": ""}
    answer = save(client, candidature, "structure", **changes).json()
    assert answer["filled"] == {"commune": "Dole (39)", "organisation_kind": "cooperative"}
    assert (candidature.commune, candidature.organisation_kind) == (commune, "cooperative")


def test_directory_tells_nothing_of_who_is_not_public(client, candidature):
    make_organisation(name="Secrète", commune=Commune.objects.get(code="39198"))
    changes = {"organisation_name": "Secrète", "commune": ""}
    answer = save(client, candidature, "structure", **changes).json()
    assert answer["filled"] == {}
    assert candidature.commune is None


def statements(queries):
    """Without the marks of transactions, which are no work, and the words of the history."""
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    made = [row["sql"].rpartition("true); ")[2] for row in queries]
    return [sql for sql in made if not sql.startswith(marks)]


@pytest.mark.parametrize("slug", list(WRITTEN))
def test_autosave_makes_few_queries(client, candidature, slug):
    make_partnership(organisation=make_organisation(name="Connue"))
    changes = {
        "structure": {"organisation_name": "Connue", "commune": ""},
        "projet": {"themes": [make_theme().pk], "title": "Autre"},
    }.get(slug, {})
    data = sent(candidature, slug, **changes)
    with CaptureQueriesContext(connection) as queries:
        assert client.post(url(candidature, slug), data, **JSON).status_code == 200
    made = statements(queries)
    assert len(made) <= 8, made


# Without JavaScript -----------------------------------------------------------------------------


def test_button_saves_and_stays(client, candidature):
    page = save(client, candidature, as_json=False, title="Autre", save="1")
    assert page.url == url(candidature)
    assert "Votre texte est enregistré." in text_of(client.get(page.url))


def test_button_saves_and_goes_on(client, candidature):
    assert save(client, candidature, as_json=False).url == url(candidature, "besoin")
    page = save(client, candidature, "suite", as_json=False)
    assert page.url == reverse("candidatures:pieces", args=[candidature.uuid])
    page = client.post(url(candidature, "accord"), {})
    assert page.url == reverse("candidatures:deposit", args=[candidature.uuid])


def test_button_stays_where_something_is_not_understood(client, candidature):
    page = save(client, candidature, as_json=False, started_year="bientôt")
    assert page.url == url(candidature)
    assert "gardé tel quel" in text_of(client.get(page.url))


# Doors ------------------------------------------------------------------------------------------


def test_script_without_a_session_is_told_so(client, candidature):
    client.logout()
    answer = client.post(url(candidature), {}, **JSON)
    assert answer.status_code == 401
    assert client.post(url(candidature), {}).status_code == 302


def queries_and_answer(client, address):
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(address, {"title": "Pris"}, **JSON)
    return len(queries), answer.status_code, answer.content


def test_step_of_another_is_as_absent_as_an_unknown_one(client, holder):
    other = make_candidature(title="À un autre")
    unknown = Candidature(edition=other.edition)
    assert queries_and_answer(client, url(other)) == queries_and_answer(client, url(unknown))
    assert client.post(url(other), {}, **JSON).status_code == 404
    other.refresh_from_db()
    assert other.title == "À un autre"


def close(edition):
    edition.closes_at = ago(seconds=1)
    edition.save()


def test_step_is_closed_with_the_call(client, holder):
    edition = make_edition()
    candidature = make_candidature(holder=holder, edition=edition, title="Avant")
    close(edition)
    assert client.get(url(candidature)).status_code == 302
    answer = save(client, candidature, title="Après")
    assert (answer.status_code, answer.json()["closed"]) == (409, True)
    response = save(client, candidature, as_json=False, title="Après")
    assert "rien n’a été enregistré" in text_of(client.get(response.url))
    assert candidature.title == "Avant"


def test_personal_extension_keeps_the_steps_open(client, holder):
    edition = make_edition()
    candidature = make_candidature(holder=holder, edition=edition)
    Candidature.objects.filter(pk=candidature.pk).update(extended_until=ahead(hours=1))
    close(edition)
    assert save(client, candidature, title="Après").status_code == 200
    assert candidature.title == "Après"


def test_deposited_step_says_that_changes_are_not_deposited(client, holder):
    candidature = make_deposited(holder=holder)
    assert "n’est pas déposé tant que" in text_of(client.get(url(candidature)))
    save(client, candidature, title="Changé")
    assert candidature.has_undeposited_changes
    assert "modifications non déposées" in text_of(client.get(url(candidature)))


# Two tabs, two people ---------------------------------------------------------------------------


def opened(client, candidature, slug="projet"):
    """A tab: the version and the name that its page was given."""
    fields = fields_of(client.get(url(candidature, slug)))
    return {"version": fields["version"]["value"], "tab": fields["tab"]["value"]}


def test_tab_never_conflicts_with_itself(client, candidature):
    tab = opened(client, candidature)
    assert save(client, candidature, title="Un", **tab).json()["version"] == 1
    # The answer was lost: the tab still believes that it holds the former version.
    assert save(client, candidature, title="Deux", **tab).json()["version"] == 2
    assert candidature.title == "Deux"
    assert not SetAside.objects.exists()


def test_older_version_of_another_tab_is_set_aside(client, candidature):
    first, second = opened(client, candidature), opened(client, candidature)
    save(client, candidature, title="Celui du premier", **first)
    answer = save(client, candidature, title="Celui du second", **second)
    assert (answer.status_code, answer.json()["choose"]) == (409, url(candidature, name="choose"))
    assert candidature.title == "Celui du premier"
    save(client, candidature, title="Celui du second, plus long", **second)
    assert SetAside.objects.get().values["title"] == "Celui du second, plus long"
    page = client.get(answer.json()["choose"])
    assert "Celui du premier" in text_of(page)
    assert "Celui du second, plus long" in text_of(page)
    assert "deux endroits" in text_of(client.get(url(candidature)))


def test_same_text_in_two_tabs_is_no_conflict(client, candidature):
    first, second = opened(client, candidature), opened(client, candidature)
    save(client, candidature, title="Le même", **first)
    assert save(client, candidature, title="Le même", **second).status_code == 200
    assert not SetAside.objects.exists()


def test_other_step_is_no_conflict(client, candidature):
    first, second = opened(client, candidature), opened(client, candidature, "besoin")
    save(client, candidature, title="Un", **first)
    assert save(client, candidature, "besoin", need="Deux.", **second).status_code == 200


@pytest.mark.parametrize(
    ("choice", "title"), [("kept", "Celui du premier"), ("other", "Celui du second")]
)
def test_choice_keeps_one_of_the_two(client, candidature, choice, title):
    first, second = opened(client, candidature), opened(client, candidature)
    themes = [make_theme().pk]
    save(client, candidature, title="Celui du premier", **first)
    save(client, candidature, title="Celui du second", themes=themes, started_year="?", **second)
    row = SetAside.objects.get()
    data = {"row": row.pk, "choice": choice}
    assert client.post(url(candidature, name="choose"), data).url == url(candidature)
    candidature.refresh_from_db()
    assert candidature.title == title
    assert (candidature.typed == {"started_year": "?"}) is (choice == "other")
    assert ([t.pk for t in candidature.themes.all()] == themes) is (choice == "other")
    assert not SetAside.objects.exists()
    assert client.get(url(candidature, name="choose")).url == url(candidature)


def test_choice_of_another_is_absent(client, candidature):
    other = make_candidature()
    row = SetAside.objects.create(
        candidature=other, step="projet", tab="x", values={}, by=other.holders.get(), at=ago(days=0)
    )
    data = {"row": row.pk, "choice": "other"}
    assert client.post(url(candidature, name="choose"), data).status_code == 302
    assert client.post(url(other, name="choose"), data).status_code == 404
    assert SetAside.objects.exists()


def test_forged_version_never_fails(client, candidature):
    for version in ["", "abc", "-1", "9" * 40, "٣"]:
        assert save(client, candidature, version=version, tab="t" * 90).status_code == 200


# Communes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("dole", "39198"),
        ("  SAINT CLAUDE", "39478"),
        ("Champagney (70)", "70120"),
        ("Champagney, Haute-Saône", "70120"),
        ("champagney, 39", "39096"),
        ("39198", "39198"),
        ("90000", "90010"),
    ],
)
def test_commune_is_found(client, holder, typed, code):
    candidature = make_candidature(holder=holder, commune=None)
    save(client, candidature, "structure", commune=typed)
    assert candidature.commune.code == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Champagney", "Champagney (25), Champagney (39), Champagney (70)."),
        ("Lons", "Lons-le-Saunier (39)"),
        ("Atlantide", "Nous ne trouvons pas cette commune"),
        ("???", "Nous ne trouvons pas cette commune"),
        ("(", "Nous ne trouvons pas cette commune"),
        ("00000", "Nous ne trouvons pas cette commune"),
        ("Saint", "…"),
    ],
)
def test_commune_in_doubt_is_asked_again(client, candidature, typed, said):
    answer = save(client, candidature, "structure", commune=typed).json()
    assert said in answer["errors"]["commune"][0]
    assert candidature.typed == {"commune": typed}


def test_commune_outside_the_call_is_refused(client, holder):
    edition = make_edition()
    edition.departments.set(Department.objects.filter(code="90"))
    candidature = make_candidature(holder=holder, edition=edition, commune=None)
    answer = save(client, candidature, "structure", commune="Dole").json()
    assert "parmi celles de l’appel" in answer["errors"]["commune"][0]
    assert "Territoire de Belfort (90)" in answer["errors"]["commune"][0]
    save(client, candidature, "structure", commune="Belfort")
    assert candidature.commune == Commune.objects.get(code="90010")
