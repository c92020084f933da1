import pytest

from accounts.roles import Role
from tests.factories import make_user


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def sign_in(client, db):
    """Sign in as a new person, and return the person."""

    def sign_in(*roles, **changes):
        user = make_user(roles=list(roles), **changes)
        client.force_login(user)
        return user

    return sign_in


@pytest.fixture
def team(sign_in):
    return sign_in(Role.TEAM)
