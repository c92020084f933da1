"""Who may open what: one table, role × address × state. It grows with every address."""

from uuid import uuid4

import pytest
from django.core import signing
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.roles import Role
from events.models import Event
from initiatives.models import FreshnessQuestion, SheetInvitation
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


@pytest.fixture
def _one_factor(settings):
    """Roles alone are looked at here; the second factor has its own tests."""
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def world(db):
    """Arguments of an address for each state that its row may be in."""
    states = {"draft": None, "scheduled": ahead(days=1), "published": ago(days=1)}
    world = {}
    for state, at in states.items():
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
    world["picture withdrawn"] = [withdrawn.uuid]
    world["event of a month"] = [make_event(date_precision="month").slug]
    world["event key"] = [Event.objects.get(slug=world["event published"][0]).pk]
    world["copy"] = [signing.dumps("a@rallynov.example", salt="rallynov.privacy.copy")]
    world["no copy of anybody"] = ["forged"]
    world["contribution"] = [make_contribution().pk]
    invited = SheetInvitation.objects.create(
        initiative=initiative, email="personne@rallynov.example"
    )
    world["sheet invitation"] = [invited.uuid]
    world["cancelled invitation"] = [initiative.slug, invited.uuid]
    world["question"] = world.pop("question published")
    world["question of a draft"] = world.pop("question draft")
    world["no copy"] = [*world["picture published"], 41, "webp"]
    world["event year"] = [event.year]
    world["registration"] = [make_registration(event).uuid]
    world["no year"] = [2001]
    world["no question"] = world["no registration"] = [uuid4()]
    world["condition"] = [make_condition().slug]
    world["partner"] = [make_partnership().organisation.slug]
    world["no partner"] = [make_organisation().slug]
    invitation = services.invite(
        candidature=make_candidature(), email="personne@rallynov.example", by=make_user()
    )
    world["invitation"] = [invitation.uuid]
    world["alert"] = [CallAlert.objects.create(email="a@rallynov.example", asked_at=ago()).token]
    world["no alert"] = [uuid4()]
    world["dataset"], world["no dataset"] = ["initiatives"], ["inconnu"]
    world["data file"], world["no data file"] = ["initiatives", "csv"], ["initiatives", "exe"]
    world["dead key"] = ["1", "nothing"]
    world["pattern"] = ["mobilite", "une-fiche"]
    world["no pattern"] = ["inconnu", "une-fiche"]
    for name, edition in editions().items():
        world[name] = [edition.year]
    world["edition key"] = [Edition.objects.get(year=2032).pk]
    for key in ["rallynov", "europe", "mentions-legales", "accessibilite"]:
        make_page(key=key)
    make_page(key="donnees-personnelles")
    make_page(key="contact")
    return world


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
        found[name, key] = client.get(address).status_code
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
