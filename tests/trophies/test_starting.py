"""From the call to a draft: the rules, the first step, the account."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from partners.models import Membership
from places.models import Commune, Department
from tests.factories import (
    ago,
    ahead,
    make_candidature,
    make_edition,
    make_initiative,
    make_organisation,
    make_partnership,
    make_theme,
    make_user,
)
from tests.html import Html
from trophies import eligibility
from trophies.models import Candidature, EligibilityRule
from trophies.starting import KEPT_FOR

pytestmark = pytest.mark.django_db

CODE = "/compte/code/demander/"
Kind = EligibilityRule.Kind
FIRST = {
    "organisation_name": "Les Ateliers du fil",
    "organisation_kind": "cooperative",
    "commune": "Dole",
}


@pytest.fixture
def edition():
    return make_edition()


@pytest.fixture
def holder(client):
    user = make_user()
    client.force_login(user)
    return user


def url(name, edition):
    return reverse(f"candidatures:{name}", args=[edition.year])


def text_of(response):
    return Html(response.content.decode()).text("main")


def make_rule(edition, kind=Kind.TERRITORY, **changes):
    fields = {"explanation": "Ces trophées sont ceux d’un territoire."}
    return EligibilityRule.objects.create(edition=edition, kind=kind, **fields | changes)


def enter(client, address, email="camille@rallynov.example"):
    """Ask for a code at the address where one was sent, and enter it."""
    client.post(address.partition("?")[0], {"email": email, "next": address.partition("next=")[2]})
    message = Email.objects.filter(to=email).latest("pk").message
    code = re.search(r"\b(\d{6})\b", message)[1]
    target = reverse("candidatures:join", args=[year_in(address)])
    return client.post("/compte/code/", {"code": code, "next": target}, follow=True)


def year_in(address):
    return int(re.search(r"commencer(?:/|%2F)(\d+)", address)[1])


# The rules --------------------------------------------------------------------------------------


def test_rules_are_asked_in_words_for_the_holder():
    closes_at = timezone.now().replace(year=2035, month=3, day=31, hour=12)
    dates = {"jury_opens_at": None, "jury_closes_at": None, "results_published_at": None}
    edition = make_edition(opens_at=ago(days=1), closes_at=closes_at, **dates)
    edition.departments.set(Department.objects.filter(code__in=["25", "39"]))
    rules = [
        make_rule(edition),
        make_rule(edition, Kind.STRUCTURE, structures=["association", "cooperative", "mutual"]),
        make_rule(edition, Kind.AGE, months=13),
    ]
    asked = [eligibility.question(rule).replace("\u202f", " ") for rule in rules]
    assert asked[0] == "Votre projet se déroule-t-il sur ce territoire : Doubs, Jura ?"
    assert "association, coopérative ou mutuelle ?" in asked[1]
    assert asked[2] == "Votre projet existait-il déjà le 28 février 2034 ?"


def test_start_without_rules_asks_nothing(client, edition):
    assert "après la première étape" in text_of(client.get(url("start", edition)))
    assert client.post(url("start", edition)).url == url("first", edition)


def test_rule_without_an_answer_is_asked_again(client, edition):
    make_rule(edition)
    page = client.post(url("start", edition))
    assert page.status_code == 200
    assert "Répondez par oui ou par non." in text_of(page)


def test_no_explains_and_stops_nobody(client, edition):
    advisor = make_organisation(name="Le Pôle du fil")
    make_partnership(organisation=advisor)
    make_rule(edition, advisor=advisor)
    page = client.post(url("start", edition), {"territory": "non"})
    assert "Ces trophées sont ceux d’un territoire." in text_of(page)
    links = [a["href"] for a in Html(page.content.decode()).all("a")]
    assert advisor.get_absolute_url() in links
    page = client.post(url("start", edition), {"territory": "non", "anyway": "1"})
    assert page.url == url("first", edition)


def test_answers_are_kept_with_the_candidature(client, edition, holder):
    make_rule(edition)
    make_rule(edition, Kind.FIRST_PRIZE)
    answers = {"territory": "non", "first_prize": "oui", "anyway": "1"}
    client.post(url("start", edition), answers, follow=True)
    draft = Candidature.objects.held_by(holder).get()
    assert draft.eligibility == {"territory": False, "first_prize": True}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Kind.TERRITORY, {"months": 3}),
        (Kind.AGE, {}),
        (Kind.STRUCTURE, {}),
        (Kind.ONLY_ONE, {"structures": ["association"]}),
    ],
)
def test_rule_holds_what_its_kind_needs(edition, kind, fields):
    from django.core.exceptions import ValidationError

    rule = EligibilityRule(edition=edition, kind=kind, explanation="Voilà.", **fields)
    with pytest.raises(ValidationError):
        rule.full_clean()


# Before the account -----------------------------------------------------------------------------


def test_first_step_is_kept_for_two_days_in_this_browser(client, edition):
    client.post(url("first", edition), FIRST)
    left = client.session.get_expiry_date() - timezone.now()
    assert abs(left - timedelta(seconds=KEPT_FOR)) < timedelta(minutes=1)
    fields = {
        f.get("name"): f
        for f in Html(client.get(url("first", edition)).content.decode()).all("input")
    }
    assert fields["organisation_name"]["value"] == "Les Ateliers du fil"
    assert not Candidature.objects.exists()


def test_first_step_joins_the_account_after_the_code(client, edition):
    make_rule(edition)
    client.post(url("start", edition), {"territory": "oui"})
    door = client.post(url("first", edition), FIRST)
    assert door.url == f"{CODE}?next={url('join', edition).replace('/', '%2F')}"
    page = enter(client, door.url)
    draft = Candidature.objects.get()
    assert [user.email for user in draft.holders.all()] == ["camille@rallynov.example"]
    assert (draft.organisation_name, draft.organisation_kind) == (
        "Les Ateliers du fil",
        "cooperative",
    )
    assert draft.commune.name == "Dole"
    assert draft.eligibility == {"territory": True}
    assert page.redirect_chain[-1][0] == reverse("candidatures:step", args=[draft.uuid, "projet"])
    assert f"candidature-{edition.year}" not in client.session


def test_commune_in_doubt_joins_as_it_was_typed(client, edition, holder):
    client.post(url("first", edition), FIRST | {"commune": "Champagney"})
    client.get(url("join", edition))
    draft = Candidature.objects.get()
    assert (draft.commune, draft.typed) == (None, {"commune": "Champagney"})


def test_nothing_begun_leads_back_to_the_start(client, edition, holder):
    assert client.get(url("join", edition)).url == url("start", edition)
    assert not Candidature.objects.exists()


def test_start_tells_once(client, edition, holder):
    client.post(url("start", edition), follow=True)
    client.post(url("start", edition), follow=True)
    assert Email.objects.filter(to=holder.email).count() == 1


# With an account --------------------------------------------------------------------------------


def test_start_fills_from_the_last_candidature(client, edition, holder):
    former = make_candidature(holder=holder, organisation_name="La même", edition=make_edition())
    client.post(url("start", edition), follow=True)
    draft = Candidature.objects.get(edition=edition)
    assert (draft.organisation_name, draft.commune) == ("La même", former.commune)
    assert draft.need == ""


def test_start_fills_from_the_organisation_of_the_holder(client, edition, holder):
    commune = Commune.objects.get(code="39198")
    organisation = make_organisation(name="La sienne", kind="cooperative", commune=commune)
    Membership.objects.create(user=holder, organisation=organisation)
    client.post(url("start", edition), follow=True)
    draft = Candidature.objects.get()
    assert (draft.organisation_name, draft.organisation_kind) == ("La sienne", "cooperative")
    assert (draft.commune, draft.department_id) == (commune, "39")


def test_start_from_a_sheet_fills_what_it_says(client, edition, holder):
    theme = make_theme()
    sheet = make_initiative(
        themes=[theme], holder=make_organisation(name="Celle de la fiche"), need="Un besoin."
    )
    client.get(url("start", edition), {"initiative": sheet.slug})
    client.post(url("start", edition), follow=True)
    draft = Candidature.objects.get()
    assert (draft.initiative, draft.title, draft.need) == (sheet, sheet.title, "Un besoin.")
    assert list(draft.themes.all()) == [theme]
    assert draft.organisation_name == "Celle de la fiche"


def test_start_from_a_sheet_that_is_not_public_tells_nothing(client, edition, holder):
    sheet = make_initiative(published_at=ahead(days=1), title="Secret")
    client.get(url("start", edition), {"initiative": sheet.slug})
    client.post(url("start", edition), follow=True)
    draft = Candidature.objects.get()
    assert (draft.initiative, draft.title) == (None, "")


def test_draft_that_exists_is_offered(client, edition, holder):
    first = make_candidature(holder=holder, edition=edition, versions={"projet": {"number": 1}})
    client.post(url("start", edition))
    page = client.get(url("join", edition))
    assert "Vous avez déjà un brouillon" in text_of(page)
    assert first.title in text_of(page)
    assert Candidature.objects.count() == 1
    client.post(url("join", edition))
    assert Candidature.objects.held_by(holder).count() == 2


def test_other_candidature_never_writes_over_a_former_draft(client, edition, holder):
    """A draft of before the steps has no version either."""
    former = make_candidature(holder=holder, edition=edition, organisation_name="L’ancienne")
    Candidature.objects.filter(pk=former.pk).update(created_at=ago(days=3))
    client.post(url("first", edition), FIRST)
    client.post(url("join", edition))
    former.refresh_from_db()
    assert former.organisation_name == "L’ancienne"
    assert Candidature.objects.held_by(holder).count() == 2


def test_two_clicks_make_one_draft(client, edition, holder):
    for _ in range(2):
        client.post(url("join", edition))
    assert Candidature.objects.count() == 1


@pytest.mark.parametrize(
    "dates",
    [
        {"opens_at": ahead(days=1)},
        {"opens_at": ago(days=9), "closes_at": ago(days=1)},
    ],
)
def test_start_refuses_when_the_call_is_not_open(client, holder, dates):
    edition = make_edition(**dates)
    for name in ["start", "first", "join"]:
        page = client.get(url(name, edition))
        assert page.status_code == 200
        buttons = Html(page.content.decode()).all("button")
        assert not [b for b in buttons if b.get("type") == "submit"]
        assert client.post(url(name, edition), FIRST).status_code == 409
    assert not Candidature.objects.exists()


def test_start_of_an_edition_that_nobody_knows_is_absent(client, holder):
    for year in [2099, make_edition(published_at=None).year]:
        for name in ["start", "first", "join"]:
            assert client.get(reverse(f"candidatures:{name}", args=[year])).status_code == 404
