"""Who may open which page of the admin."""

import pytest

from accounts.roles import Role
from tests.factories import make_user

T, E, J, N = "équipe", "rédaction", "jury", "sans rôle"
ROLES = {T: [Role.TEAM], E: [Role.EDITOR], J: [Role.JURY], N: []}

# Address, and who may open it; everyone else gets the 403 page.
PAGES = [
    ("/admin/", {T, E, J}),
    ("/admin/news/newsitem/", {T, E}),
    ("/admin/news/newsitem/add/", {T, E}),
    ("/admin/news/page/", {T, E}),
    ("/admin/news/page/add/", set()),
    ("/admin/events/event/", {T, E}),
    ("/admin/events/event/add/", {T, E}),
    ("/admin/initiatives/initiative/", {T, E}),
    ("/admin/initiatives/initiative/add/", {T, E}),
    ("/admin/initiatives/theme/", {T, E}),
    ("/admin/initiatives/theme/add/", {T}),
    ("/admin/initiatives/condition/", {T, E}),
    ("/admin/initiatives/condition/add/", {T}),
    ("/admin/partners/organisation/", {T, E}),
    ("/admin/partners/partnership/", {T, E}),
    ("/admin/trophies/edition/", {T, E}),
    ("/admin/trophies/edition/add/", {T}),
    ("/admin/trophies/laureate/", {T}),
    ("/admin/accounts/user/", {T}),
    ("/admin/accounts/user/add/", {T}),
    ("/admin/accounts/mailtext/", {T}),
    ("/admin/accounts/mailtext/add/", set()),
    ("/admin/accounts/mailtext/receipt/change/", {T}),
    ("/admin/accounts/mailtext/receipt/history/", {T}),
    ("/admin/accounts/mailtext/receipt/origine/", {T}),
    ("/admin/post_office/email/", {T}),
    ("/admin/post_office/email/add/", set()),
    ("/admin/places/commune/", {T, E}),
    ("/admin/places/commune/add/", set()),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("address", "allowed"), PAGES)
def test_page_opens_for_its_roles_only(client, sign_in, address, allowed, role):
    sign_in(*ROLES[role])
    assert client.get(address).status_code == (200 if role in allowed else 403)


@pytest.mark.parametrize("address", [address for address, _ in PAGES])
def test_anonymous_is_sent_to_sign_in_and_back(client, db, address):
    assert client.get(address).url == f"/compte/connexion/?next={address}"


def test_closed_account_is_out(client, sign_in):
    user = sign_in(Role.TEAM)
    user.is_active = False
    user.save()
    assert client.get("/admin/").url.startswith("/compte/connexion/")


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/admin/login/", "/admin/"),
        ("/admin/logout/", "/compte/deconnexion/"),
        ("/admin/password_change/", "/compte/mot-de-passe/"),
    ],
)
def test_django_own_account_pages_lead_to_ours(client, team, address, target):
    assert client.get(address).url == target


@pytest.mark.parametrize("role", [Role.TEAM, Role.EDITOR, Role.JURY])
def test_second_factor_is_asked_before_anything(client, sign_in, settings, role):
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(role)
    for address in ("/admin/", "/admin/news/newsitem/", "/admin/jsi18n/", "/admin/autocomplete/"):
        assert client.get(address).url == f"/compte/second-facteur/activer/?next={address}"


@pytest.mark.parametrize("model", ["auth/group", "account/emailaddress", "mfa/authenticator"])
def test_pages_for_developers_are_left_out(client, sign_in, model):
    sign_in(is_superuser=True)
    assert client.get(f"/admin/{model}/").status_code == 404
    assert client.get("/admin/").content.decode().count(f"/admin/{model}/") == 0


def test_first_page_offers_only_what_one_may_do(client, sign_in):
    sign_in(Role.EDITOR)
    page = client.get("/admin/").content.decode()
    assert "Publier une actualité" in page
    assert "Préparer une édition" not in page


def test_juror_finds_the_readings_and_nothing_to_manage(client, sign_in):
    sign_in(Role.JURY)
    page = client.get("/admin/").content.decode()
    assert "Lire les candidatures" in page
    assert "le jury" in page
    assert "Tout le contenu" not in page


def test_team_cannot_change_its_own_roles(client, team):
    address = f"/admin/accounts/user/{team.pk}/change/"
    client.post(address, {"name": "Nouveau nom", "roles": ["team", "jury"], "is_superuser": "on"})
    team.refresh_from_db()
    assert (team.name, team.roles, team.is_superuser) == ("Nouveau nom", ["team"], False)


def test_team_cannot_make_a_superuser(client, team):
    other = make_user()
    address = f"/admin/accounts/user/{other.pk}/change/"
    data = {"email": other.email, "roles": ["team"], "is_active": "on", "is_superuser": "on"}
    assert client.post(address, data).status_code == 302
    other.refresh_from_db()
    assert (other.roles, other.is_superuser) == (["team"], False)


def test_team_cannot_change_a_superuser(client, team):
    chief = make_user(email="chef@rallynov.example", is_superuser=True)
    address = f"/admin/accounts/user/{chief.pk}/change/"
    data = {"email": "voleur@rallynov.example", "roles": [], "name": "x"}
    assert client.post(address, data).status_code == 403
    chief.refresh_from_db()
    assert (chief.email, chief.is_active) == ("chef@rallynov.example", True)


def test_nobody_is_deleted(client, team):
    other = make_user()
    assert client.get(f"/admin/accounts/user/{other.pk}/delete/").status_code == 403
