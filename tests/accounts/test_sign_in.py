import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth import get_user
from django.core.cache import cache
from django.urls import reverse
from post_office.models import PRIORITY, Email

from accounts.models import User
from accounts.roles import Role
from tests.factories import PASSWORD, make_user

ASK = "/compte/code/demander/"
CONFIRM = "/compte/code/"
ANSWER = "Nous l’avons envoyé à"


@pytest.fixture(autouse=True)
def _no_spent_rates(db):
    cache.clear()


def ask_code(client, email):
    return client.post(ASK, {"email": email}, follow=True)


def code_in(mail):
    return re.search(r"^ +(\d{6})$", mail.message, re.MULTILINE)[1]


def totp_code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_known_address_signs_in_with_code(client):
    user = make_user(email="anne@rallynov.example")
    page = ask_code(client, "anne@rallynov.example")
    assert ANSWER in page.content.decode()
    mail = Email.objects.get()
    code = code_in(mail)
    assert mail.to == ["anne@rallynov.example"]
    assert mail.priority == PRIORITY.high
    assert mail.expires_at is not None
    client.post(CONFIRM, {"code": code})
    assert get_user(client) == user


def test_unknown_address_gets_account_and_same_answer(client):
    make_user(email="anne@rallynov.example")
    known = ask_code(client, "anne@rallynov.example").content.decode()
    client.logout()
    unknown = ask_code(client, "Nouvelle@Rallynov.example").content.decode()

    def neutral(page, email):
        return re.sub(r'value="[\w]{40,}"', "", page.replace(email, ""))

    assert neutral(known, "anne@rallynov.example") == neutral(unknown, "nouvelle@rallynov.example")
    user = User.objects.get(email="nouvelle@rallynov.example")
    assert user.roles == []
    assert not user.has_usable_password()
    client.post(CONFIRM, {"code": code_in(Email.objects.get(to="nouvelle@rallynov.example"))})
    assert get_user(client) == user


def test_closed_account_gets_same_answer_and_no_mail(client):
    make_user(email="partie@rallynov.example", is_active=False)
    page = ask_code(client, "partie@rallynov.example")
    assert ANSWER in page.content.decode()
    assert not Email.objects.exists()


def test_five_wrong_codes_end_the_attempt(client):
    make_user(email="anne@rallynov.example")
    ask_code(client, "anne@rallynov.example")
    good = code_in(Email.objects.get())
    wrong = "000000" if good != "000000" else "111111"
    for _ in range(4):
        page = client.post(CONFIRM, {"code": wrong}).content.decode()
        assert "Ce code n’est pas le bon" in page
    assert client.post(CONFIRM, {"code": wrong}).status_code == 302
    client.post(CONFIRM, {"code": good})
    assert get_user(client).is_anonymous


def test_error_is_linked_to_its_field(client):
    make_user(email="anne@rallynov.example")
    ask_code(client, "anne@rallynov.example")
    page = client.post(CONFIRM, {"code": ""}).content.decode()
    field = re.search(r'<input[^>]*name="code"[^>]*>', page)[0]
    assert 'autocomplete="one-time-code"' in field
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]+)"', field)[1].split()
    assert described
    for name in described:
        assert f'id="{name}"' in page


def test_address_can_be_changed_while_the_code_is_awaited(client):
    ask_code(client, "erreur@rallynov.example")
    page = client.post("/compte/deconnexion/", {"next": "/compte/connexion/"}, follow=True)
    assert "Avec un mot de passe" in page.content.decode()


def test_too_many_codes_for_one_address_is_refused(client):
    for _ in range(3):
        ask_code(client, "anne@rallynov.example")
        client.logout()
    page = ask_code(client, "anne@rallynov.example").content.decode()
    assert "Trop d’essais" in page
    assert Email.objects.count() == 3


def test_password_signs_in_and_wrong_one_does_not(client):
    user = make_user(email="anne@rallynov.example")
    address = reverse("account_login")
    page = client.post(address, {"login": user.email, "password": "non"}).content.decode()
    assert "ne vont pas ensemble" in page
    assert get_user(client).is_anonymous
    client.post(address, {"login": user.email, "password": PASSWORD})
    assert get_user(client) == user


def test_password_reset_by_mailed_link(client):
    user = make_user(email="anne@rallynov.example")
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"http\S+", Email.objects.get().message)[0]
    page = client.get(link, follow=True)
    new = "une autre phrase assez longue"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_password_reset_of_unknown_address_sends_nothing(client):
    page = client.post(
        reverse("account_reset_password"), {"email": "qui@rallynov.example"}, follow=True
    )
    assert "Si un compte a cette adresse" in page.content.decode()
    assert not Email.objects.exists()


def test_second_factor_is_set_up_then_opens_the_admin(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user = make_user(roles=[Role.TEAM])
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    first = client.get("/admin/", follow=True)
    assert first.redirect_chain[-1][0].startswith(reverse("mfa_activate_totp"))
    secret = first.context["form"].secret
    assert secret in first.content.decode()
    page = client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert len(page.context["unused_codes"]) == 10
    assert client.get("/admin/").status_code == 200


def test_session_without_second_factor_is_asked_for_it(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user = make_user(roles=[Role.JURY])
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    client.force_login(user)
    response = client.get("/admin/")
    assert response.url == f"{reverse('mfa_reauthenticate')}?next=/admin/"
    client.post(reverse("mfa_reauthenticate"), {"code": totp_code(secret), "next": "/admin/"})
    assert client.get("/admin/").status_code == 200


def test_password_alone_does_not_sign_in_who_has_a_second_factor(client):
    user = make_user(roles=[Role.TEAM])
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert response.url == reverse("mfa_authenticate")
    assert get_user(client).is_anonymous
    client.post(response.url, {"code": totp_code("JBSWY3DPEHPK3PXP")})
    assert get_user(client) == user
    assert Authenticator.objects.get(user=user, type="totp").last_used_at is not None
