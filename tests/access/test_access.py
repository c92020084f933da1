"""Who may open what: one table, role × address × state. It grows with every address."""

from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.roles import Role
from initiatives.models import FreshnessQuestion, SheetInvitation
from rallynov.privacy.link import token_of
from tests.access.chain import OWN
from tests.access.table import ROLES, TABLE
from tests.factories import (
    ago,
    ahead,
    day,
    make_archive,
    make_authorisation,
    make_candidature,
    make_condition,
    make_contribution,
    make_copy,
    make_document,
    make_edition,
    make_event,
    make_initiative,
    make_laureate,
    make_news_item,
    make_organisation,
    make_page,
    make_partnership,
    make_photo,
    make_prize,
    make_registration,
    make_regulation,
    make_report,
    make_sheet_holder,
    make_user,
)
from trophies import services
from trophies.models import CallAlert, Edition

PAGES = ["rallynov", "europe", "mentions-legales", "accessibilite", "donnees-personnelles",
         "contact"]  # fmt: skip


@pytest.fixture
def _one_factor(settings):
    """Roles alone are looked at here; the second factor has its own tests."""
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def world(db):
    """Arguments of an address for each state that its row may be in."""
    world = states() | people() | others()
    for name, edition in editions().items():
        world[name] = [edition.year]
    world["edition key"] = [Edition.objects.get(year=2032).pk]
    for key in PAGES:
        make_page(key=key)
    return world


def states():
    """What is published, or waits, or is only a draft."""
    world = {}
    for state, at in [("draft", None), ("scheduled", ahead(days=1)), ("published", ago(days=1))]:
        initiative = make_initiative(published_at=at)
        world[f"initiative {state}"] = [initiative.slug]
        photo = make_photo(initiative)
        make_copy(photo, 40)
        world[f"picture {state}"] = [photo.uuid]
        world[f"copy {state}"] = [photo.uuid, 40, "webp"]
        event = make_event(published_at=at, takes_registrations=True)
        world[f"event {state}"] = [event.slug]
        world[f"document {state}"] = [make_document(event).uuid]
        world[f"news {state}"] = [make_news_item(published_at=at).slug]
        world[f"question {state}"] = [make_question(initiative).uuid]
    withdrawn = make_photo(event, shows_people=True)
    make_authorisation(withdrawn, withdrawn_on=day(0))
    return world | {
        "picture withdrawn": [withdrawn.uuid],
        "no copy": [*world["picture published"], 41, "webp"],
        "event key": [event.pk],
        "event year": [event.year],
        "event of a month": [make_event(date_precision="month").slug],
        "registration": [make_registration(event).uuid],
    }


def people():
    """What is somebody's own."""
    invitation = services.invite(
        candidature=make_candidature(), email="personne@rallynov.example", by=make_user()
    )
    sheet = make_initiative()
    invited = SheetInvitation.objects.create(initiative=sheet, email="personne@rallynov.example")
    return {
        "invitation": [invitation.uuid],
        "sheet invitation": [invited.uuid],
        "cancelled invitation": [sheet.slug, invited.uuid],
        "contribution": [make_contribution().pk],
        "alert": [CallAlert.objects.create(email="a@rallynov.example", asked_at=ago()).token],
        "copy": [token_of("a@rallynov.example")],
    }


def others():
    return {
        "condition": [make_condition().slug],
        "partner": [make_partnership().organisation.slug],
        "no partner": [make_organisation().slug],
        **dict.fromkeys(["no alert", "no question", "no registration"], [uuid4()]),
        "no year": [2001],
        "no copy of anybody": ["forged"],
        "dataset": ["initiatives"],
        "no dataset": ["inconnu"],
        "data file": ["initiatives", "csv"],
        "no data file": ["initiatives", "exe"],
        "dead key": ["1", "nothing"],
        "pattern": ["mobilite", "une-fiche"],
        "no pattern": ["inconnu", "une-fiche"],
    }


def make_question(initiative):
    holder = make_sheet_holder(initiative)
    return FreshnessQuestion.objects.create(initiative=initiative, user=holder.user)


def editions():
    """Editions in each state, all with a laureate and a regulation."""
    rows = {
        "edition open": make_edition(year=2031),
        "edition archive": make_archive(year=2032),
        "edition embargoed": make_archive(year=2033, results_published_at=ahead(hours=1)),
        "edition draft": make_edition(year=2034, published_at=None),
    }
    for edition in rows.values():
        make_laureate(prize=make_prize(edition=edition))
        make_regulation(edition=edition)
        make_report(edition=edition)
    return rows


def sign_in(client, role):
    if role == "anonymous":
        return
    fields = {
        "holder": {},
        "jury": {"roles": [Role.JURY]},
        "editor": {"roles": [Role.EDITOR]},
        "team": {"roles": [Role.TEAM]},
        "superuser": {"is_superuser": True},
    }
    client.force_login(make_user(**fields[role]))


@pytest.mark.usefixtures("_one_factor")
@pytest.mark.parametrize("role", ROLES)
def test_address_opens_for_role(client, world, role):
    sign_in(client, role)
    found, expected = {}, {}
    for name, key, codes in TABLE:
        address = reverse(name, args=world[key] if key else [])
        expected[name, key] = int(codes.split()[ROLES.index(role)])
        response = client.get(address)
        response.getvalue()  # read whole, as what is streamed is open until then
        found[name, key] = response.status_code
    assert found == expected


def named_addresses(patterns=None, namespace=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        elif isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from named_addresses(pattern.url_patterns, namespace + inner)


def test_table_names_every_address():
    named = {name for name, _, _ in TABLE if not name.startswith("admin:")}
    assert named | set(OWN) == set(named_addresses())
