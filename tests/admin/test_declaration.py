"""A juror declares their ties on the list of organisations, before any file is open."""

from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from partners.models import Membership, Organisation
from tests.factories import (
    ago,
    ahead,
    end_readings,
    make_deposited,
    make_edition,
    make_eligible,
    make_jury_member,
    make_organisation,
    make_partnership,
    make_reading_edition,
    make_theme,
    make_user,
    publish_results,
)
from tests.html import Html
from trophies import services
from trophies.admin.declaration_form import SALT
from trophies.models import Assignment, ConflictOfInterest, Edition, JuryMember
from trophies.services.conflicts import awaiting_declaration

LIST = "/admin/trophies/assignment/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make_reading_edition(year=2041)


@pytest.fixture
def member(client, edition):
    """A juror who has declared nothing yet, signed in."""
    return sign_in(client, edition)


def sign_in(client, edition, **changes):
    user = make_user(roles=[Role.JURY], name="Claude Martin")
    member = make_jury_member(edition=edition, user=user, declared_at=None, **changes)
    client.force_login(user)
    return member


def page_of(edition):
    return f"{LIST}liens/{edition.year}/"


def file_of(edition, name, **changes):
    return make_eligible(edition=edition, organisation_name=name, **changes)


def read(client, edition):
    response = client.get(page_of(edition))
    assert response.status_code == 200
    return Html(response.content.decode())


def keys(client, edition):
    """The keys of the organisations shown, in their order."""
    inputs = read(client, edition).all("input")
    return [tag["name"][4:] for tag in inputs if tag.get("name", "").startswith("tie_")]


def blank(client, edition):
    """What a browser sends of the page when nothing was touched."""
    inputs = read(client, edition).all("input")
    return {"shown": next(tag["value"] for tag in inputs if tag.get("name") == "shown")}


def ticked(key, reason="Un ami y travaille."):
    return {f"tie_{key}": "on", f"reason_{key}": reason}


def sign(client, edition, **data):
    return client.post(page_of(edition), blank(client, edition) | data)


def readable(member):
    return set(Assignment.objects.visible_to(member.user).values_list("candidature", flat=True))


# The list ---------------------------------------------------------------------------------------


def test_organisations_come_once_and_in_order_and_alone(client, edition, member):
    for name in ["Zinc", "Élan", "Le Four commun", "LE FOUR COMMUN", "Abri"]:
        file_of(edition, name, title=f"Projet de {name}", summary="Un résumé secret.")
    make_deposited(edition=edition, organisation_name="Pas encore examinée")
    assert keys(client, edition) == ["abri", "elan", "lefourcommun", "zinc"]
    page = client.get(page_of(edition)).content.decode()
    assert "Projet de" not in page
    assert "Un résumé secret." not in page
    assert "Pas encore examinée" not in page
    assert "LE FOUR COMMUN" in page
    assert "N’en avoir aucun est une réponse" in page


def test_nothing_is_open_before_the_declaration(client, edition, member):
    file = file_of(edition, "Abri")
    assert awaiting_declaration(member)
    assert readable(member) == set()
    response = sign(client, edition)
    assert response.url == LIST
    assert readable(member) == {file.pk}
    assert not awaiting_declaration(JuryMember.objects.get(pk=member.pk))
    assert not ConflictOfInterest.objects.exists()


def test_tie_takes_all_the_files_of_the_organisation_away(client, edition, member):
    hidden = [file_of(edition, name) for name in ("Le Four commun", "Le four-commun")]
    other = file_of(edition, "Abri")
    sign(client, edition, **ticked("lefourcommun"))
    rows = ConflictOfInterest.objects.all()
    assert {row.candidature for row in rows} == set(hidden)
    assert {(row.user, row.origin, row.reason) for row in rows} == {
        (member.user, "declared", "Un ami y travaille.")
    }
    assert readable(member) == {other.pk}
    assert "four" not in client.get(page_of(edition)).content.decode().lower()


def test_files_that_come_later_are_asked_about_alone(client, edition, member):
    first = file_of(edition, "Abri")
    file_of(edition, "Le Four commun")
    sign(client, edition, **ticked("lefourcommun"))
    later = file_of(edition, "Zinc")
    assert keys(client, edition) == ["zinc"]
    assert "arrivées depuis votre déclaration" in client.get(page_of(edition)).content.decode()
    assert readable(member) == {first.pk}
    sign(client, edition)
    assert readable(member) == {first.pk, later.pk}


def test_organisation_with_a_hidden_file_and_another_is_listed(client, edition, member):
    hidden = file_of(edition, "Le Four commun")
    file_of(edition, "Abri")
    services.declare(user=member.user, candidatures=[hidden], reason="Ma sœur.")
    assert keys(client, edition) == ["abri"]
    file_of(edition, "Le Four commun")
    assert keys(client, edition) == ["abri", "lefourcommun"]


def test_detected_tie_leaves_no_trace_and_a_weak_one_changes_nothing(client, edition):
    oven = make_organisation(name="Le Four commun")
    file = file_of(edition, "Le four commun")
    near = file_of(edition, "La Halte")
    neighbour = make_organisation(name="Voisine", commune=near.commune)
    member = sign_in(client, edition, organisation=neighbour)
    Membership.objects.create(user=member.user, organisation=oven)
    services.detect(edition)
    assert near.conflicts.get().signs == ["commune"]
    assert keys(client, edition) == ["lahalte"]
    page = client.get(page_of(edition)).content.decode()
    assert file.title not in page
    assert "Le four commun" not in page


def test_own_file_is_not_listed(client, edition, member):
    own = file_of(edition, "Le Four commun", holder=member.user)
    file_of(edition, "Abri")
    ConflictOfInterest.objects.filter(candidature=own).update(
        ruling="dismissed", ruled_by=make_user(), ruled_at=timezone.now(), ruling_reason="Non."
    )
    assert keys(client, edition) == ["abri"]


def test_empty_list_says_so_and_may_be_signed(client, edition, member):
    page = client.get(page_of(edition)).content.decode()
    assert "Aucune organisation ne vous est à présenter" in page
    sign(client, edition)
    file_of(edition, "Abri")
    assert keys(client, edition) == ["abri"]
    assert readable(member) == set()


# Errors lose nothing ----------------------------------------------------------------------------


def test_tie_without_a_reason_is_refused_and_all_that_was_typed_stays(client, edition, member):
    theme = make_theme()
    for name in ("Abri", "Le Four commun"):
        file_of(edition, name)
    data = ticked("abri", " ") | ticked("lefourcommun", "Ma sœur y siège.")
    data |= {"themes": [theme.pk], "name_0": "La Halte", "function_0": "présidente"}
    page = sign(client, edition, **data).content.decode()
    assert "Dites en quelques mots quel est ce lien." in page
    html = Html(page)
    values = {tag.get("name"): tag for tag in html.all("input")}
    assert "checked" in values["tie_abri"]
    assert "checked" in values["tie_lefourcommun"]
    assert "Ma sœur y siège." in page
    assert (values["name_0"]["value"], values["function_0"]["value"]) == ("La Halte", "présidente")
    assert any("checked" in tag for tag in html.all("input") if tag.get("name") == "themes")
    member.refresh_from_db()
    assert member.declared_at is None
    assert not ConflictOfInterest.objects.exists()
    assert not Organisation.objects.filter(name="La Halte").exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"function_1": "trésorier"}, "Nommez l’organisation."),
        ({"name_0": "a" * 201}, "200 caractères"),
        ({"ceiling": "0"}, "supérieure ou égale à 1"),
        (ticked("abri", "a" * 501), "500 caractères"),
        ({"themes": ["999999"]}, "valide"),
    ],
)
def test_what_cannot_be_understood_is_said(client, member, edition, data, message):
    file_of(edition, "Abri")
    Edition.objects.filter(pk=edition.pk).update(jury_opens_at=ahead(days=5))
    page = sign(client, edition, **data).content.decode()
    assert "Rien n’est encore enregistré" in page
    assert message in page
    member.refresh_from_db()
    assert member.declared_at is None


def test_organisation_that_comes_meanwhile_is_asked_about_first(client, edition, member):
    file_of(edition, "Abri")
    before = blank(client, edition)
    file_of(edition, "Zinc")
    page = client.post(page_of(edition), before | ticked("abri")).content.decode()
    assert "Des organisations se sont ajoutées" in page
    assert page.count('class="ties__new"') == 1
    assert "Un ami y travaille." in page
    member.refresh_from_db()
    assert member.declared_at is None
    assert not ConflictOfInterest.objects.exists()
    sign(client, edition, **ticked("abri"))
    assert ConflictOfInterest.objects.count() == 1


def test_tie_ticked_on_what_was_hidden_meanwhile_is_kept(client, edition, member):
    oven = make_organisation(name="Le Four commun")
    file = file_of(edition, "Le Four commun")
    before = blank(client, edition)
    Membership.objects.create(user=member.user, organisation=oven)
    services.detect(edition)
    client.post(page_of(edition), before | ticked("lefourcommun", "J’y suis bénévole."))
    row = file.conflicts.get()
    assert (row.origin, row.reason, row.signs) == ("declared", "J’y suis bénévole.", ["mandate"])


# Forged -----------------------------------------------------------------------------------------


def test_forged_keys_change_and_tell_nothing(client, edition, member):
    hidden = file_of(edition, "Le Four commun")
    services.declare(user=member.user, candidatures=[hidden], reason="Ma sœur.")
    file_of(edition, "Abri")
    answers = []
    for key in ("lefourcommun", "nexistepas"):
        JuryMember.objects.filter(pk=member.pk).update(declared_at=None)
        answers.append(sign(client, edition, **ticked(key)))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert hidden.conflicts.get().reason == "Ma sœur."
    assert ConflictOfInterest.objects.count() == 1
    pages = [sign(client, edition, ceiling="x", **ticked(key)) for key in ("lefourcommun", "non")]
    assert all("Four" not in page.content.decode() for page in pages)


@pytest.mark.parametrize("kind", ["none", "nonsense", "another's"])
def test_forged_list_covers_nothing(client, edition, member, kind):
    file_of(edition, "Abri")
    other = make_jury_member(edition=edition)
    tokens = {"nonsense": "abc", "another's": signing.dumps([other.pk, ["abri"]], salt=SALT)}
    data = {"shown": tokens[kind]} if kind in tokens else {"ceiling": ""}
    page = client.post(page_of(edition), data).content.decode()
    assert "Des organisations se sont ajoutées" in page
    member.refresh_from_db()
    assert member.declared_at is None


def test_another_s_mandate_is_not_removed(client, edition, member):
    mandate = Membership.objects.create(user=make_user(), organisation=make_organisation())
    sign(client, edition, **{f"remove_{mandate.pk}": "on"})
    assert Membership.objects.filter(pk=mandate.pk).exists()


# Who and when -----------------------------------------------------------------------------------


def test_only_one_s_own_jury_has_a_page(client, edition, member):
    other = make_reading_edition()
    assert client.get(page_of(edition)).status_code == 200
    for address in (page_of(other), f"{LIST}liens/2099/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_who_left_and_jury_that_is_over_have_no_page(client, edition, member):
    JuryMember.objects.filter(pk=member.pk).update(left_at=ago(days=1))
    assert client.get(page_of(edition)).status_code == 404
    JuryMember.objects.filter(pk=member.pk).update(left_at=None)
    end_readings(edition)
    assert client.get(page_of(edition)).status_code == 404
    publish_results(edition)
    assert client.get(page_of(edition)).status_code == 404


@pytest.mark.parametrize(
    ("roles", "status"), [((Role.EDITOR,), 403), ((Role.TEAM,), 403), ((), 403)]
)
def test_others_do_not_enter(client, edition, roles, status):
    client.force_login(make_user(roles=list(roles)))
    assert client.get(page_of(edition)).status_code == status


# The seat ---------------------------------------------------------------------------------------


def test_seat_is_shown_or_asked_once(client, edition, member):
    sign(client, edition, organisation="Banque de l’Essor")
    member.refresh_from_db()
    assert member.organisation.name == "Banque de l’Essor"
    assert not Organisation.objects.published().exists()
    assert "Vous siégez pour" in client.get(page_of(edition)).content.decode()
    sign(client, edition, organisation="Une autre")
    member.refresh_from_db()
    assert member.organisation.name == "Banque de l’Essor"


def test_mandates_are_added_and_removed(client, edition, member):
    bank = make_partnership(organisation=make_organisation(name="Banque de l’Essor")).organisation
    file = file_of(edition, "La Halte")
    typed = {"name_0": "BANQUE DE L'ESSOR", "function_0": "administratrice", "name_2": "La Halte"}
    sign(client, edition, **typed)
    mandates = member.user.memberships.order_by("pk")
    assert [(row.organisation.name, row.function) for row in mandates] == [
        ("Banque de l’Essor", "administratrice"),
        ("La Halte", ""),
    ]
    assert mandates[0].organisation == bank
    # A mandate is a sign at once: the file has left.
    assert file.conflicts.get().signs == ["mandate"] + ["commune"] * (
        mandates[1].organisation.commune_id is not None
    )
    assert readable(member) == set()
    sign(client, edition, **{f"remove_{mandates[0].pk}": "on"})
    assert [row.organisation.name for row in member.user.memberships.all()] == ["La Halte"]


def test_names_in_the_database_are_not_told(client, edition, member):
    """An organisation made for a hidden file is neither proposed nor found under other letters."""
    hidden = file_of(edition, "Le Four commun")
    services.declare(user=member.user, candidatures=[hidden], reason="Ma sœur.")
    assert Organisation.objects.filter(name="Le Four commun").exists()
    assert "Four" not in client.get(page_of(edition)).content.decode()
    sign(client, edition, name_0="le four commun")
    page = client.get(page_of(edition)).content.decode()
    assert "le four commun" in page
    assert "Le Four commun" not in page


def test_themes_and_ceiling_are_kept(client, edition, member):
    Edition.objects.filter(pk=edition.pk).update(jury_opens_at=ahead(days=5))
    theme, other = make_theme(), make_theme()
    member.themes.add(other)
    sign(client, edition, themes=[theme.pk], ceiling="12")
    member.refresh_from_db()
    assert (list(member.themes.all()), member.ceiling) == ([theme], 12)


@pytest.mark.parametrize("change", [{"plan_seed": 7}, {"jury_opens_at": ago(days=1)}])
def test_ceiling_is_fixed_once_the_plan_exists(client, edition, member, change):
    Edition.objects.filter(pk=edition.pk).update(**{"jury_opens_at": ahead(days=5)} | change)
    assert 'name="ceiling"' not in client.get(page_of(edition)).content.decode()
    sign(client, edition, ceiling="2")
    member.refresh_from_db()
    assert member.ceiling is None


def test_declaration_is_possible_while_the_call_is_open(client):
    edition = make_edition(year=2042)
    member = sign_in(client, edition)
    file_of(edition, "Abri")
    assert keys(client, edition) == ["abri"]
    sign(client, edition)
    member.refresh_from_db()
    assert timezone.now() - member.declared_at < timedelta(minutes=1)
    assert readable(member) == set()


# Queries ----------------------------------------------------------------------------------------


def test_page_makes_as_many_queries_for_three(client, edition, member):
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            file_of(edition, f"Structure {Organisation.objects.count()}")
            make_theme()
            make_partnership()
            Membership.objects.create(user=member.user, organisation=make_organisation())
        client.get(page_of(edition))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(edition)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 10
