"""The database itself refuses what must never be true, and says so in French."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from initiatives.models import Initiative
from partners.models import Organisation, Partnership
from places.models import Commune, Department
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_edition,
    make_event,
    make_figure,
    make_initiative,
    make_laureate,
    make_organisation,
    make_partnership,
    make_photo,
    make_prize,
    make_user,
)
from trophies.models import Edition

pytestmark = pytest.mark.django_db


def refuses(row, **changes):
    """Whether an UPDATE that skips Django's own validation is refused by the database."""
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changes)
    return True


@pytest.mark.parametrize("slug", ["carte", "proposer", "integrer"])
def test_initiative_slug_is_not_an_address(slug):
    assert refuses(make_initiative(), slug=slug)


def test_initiative_year_is_plausible():
    assert refuses(make_initiative(), started_year=1014)


def test_commune_is_in_its_department():
    initiative = make_initiative(commune=Commune.objects.get(code="70550"))
    assert initiative.department_id == "70"
    assert refuses(initiative, department=Department.objects.get(code="25"))
    assert refuses(initiative, department=None)


def test_commune_position_is_whole():
    assert refuses(Commune.objects.get(code="70550"), latitude=None)


def test_event_starts_before_it_ends():
    event = make_event()
    assert refuses(event, ends_at=event.starts_at)


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_at": None},
        {"closes_at": ago(days=31)},
        {"jury_opens_at": ahead(days=29)},
        {"jury_opens_at": None},
        {"jury_closes_at": ahead(days=39)},
        {"results_published_at": ahead(days=60)},
        {"year": 1999},
    ],
)
def test_edition_dates_are_in_order(changes):
    assert refuses(make_edition(), **changes)


def test_archive_has_its_results_alone():
    assert refuses(make_archive(), jury_opens_at=ago(days=500), jury_closes_at=ago(days=450))
    assert Edition.objects.filter(pk=make_archive().pk).update(results_published_at=ago(days=1))


def test_figure_cites_its_source():
    assert refuses(make_figure(edition=make_archive()), source="")


def test_prize_is_given_once_a_place():
    first = make_laureate(place=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_laureate(prize=first.prize, place=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_laureate(prize=first.prize, place=2, initiative=first.initiative)
    assert refuses(first, place=0)


def test_prize_amount_and_quantity():
    assert refuses(make_prize(), amount=-1)
    assert refuses(make_prize(), quantity=0)


def test_organisation_siren():
    make_organisation(siren="123456789")
    other = make_organisation()
    assert refuses(other, siren="12345678a")
    assert refuses(other, siren="123456789")


def test_partnership_is_noted_once():
    row = make_partnership(year=2026, kind=Partnership.Kind.ALLY)
    other = make_partnership(organisation=row.organisation, year=2025, kind=Partnership.Kind.ALLY)
    assert refuses(other, year=2026)
    assert refuses(other, year=1)


def test_picture_has_words():
    photo = make_photo(make_initiative())
    assert refuses(photo, alt="")
    assert refuses(photo, credit="")


def test_user_email_is_lower_case_and_roles_known():
    user = make_user(email="Anne@Rallynov.example")
    assert user.email == "anne@rallynov.example"
    assert refuses(user, email="Anne@Rallynov.example")
    assert refuses(user, roles=["king"])


def test_constraint_speaks_french():
    initiative = Initiative(title="Carte", slug="carte", summary="Une carte.")
    with pytest.raises(ValidationError) as caught:
        initiative.full_clean()
    assert "Ce mot est déjà une adresse du site." in caught.value.messages


def test_names_sort_without_their_accents():
    for name in ["Zoé", "Élan", "L’Œuvre", "Eau"]:
        make_organisation(name=name)
    assert list(Organisation.objects.values_list("name", flat=True)) == [
        "Eau",
        "Élan",
        "L’Œuvre",
        "Zoé",
    ]
