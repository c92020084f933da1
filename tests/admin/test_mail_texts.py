"""The team words the site's mails: checked when saved, seen before, undone at will."""

import pytest
from django.contrib.admin.models import LogEntry
from post_office.models import Email

from accounts import mails
from accounts.mail_kinds import KINDS
from accounts.models import MailText
from tests.html import Html

LIST = "/admin/accounts/mailtext/"
CODE = f"{LIST}login_code/change/"
WORDS = {"subject": "Le code {code}", "text": "Voici :\r\n\r\n{code}\r\n\r\nÀ tout de suite !"}


def text_of(response):
    return Html(response.content.decode()).text("main").replace("\u202f", " ")


def send():
    mails.send("login_code", to="anne@rallynov.example", fields={"code": "271828"})
    return Email.objects.latest("pk")


def test_list_shows_every_kind_edited_or_not(client, team):
    client.post(CODE, WORDS)
    page = client.get(LIST)
    for kind in KINDS.values():
        assert kind.label in text_of(page)
        assert f"{LIST}{kind.key}/change/" in page.content.decode()
    assert text_of(page).count("d’origine") == len(KINDS)  # the lead says it once
    assert text_of(page).count("modifié") == 1


def test_text_never_edited_shows_its_default_and_a_preview(client, team):
    page = client.get(CODE)
    assert "Il vaut quinze minutes." in page.content.decode()
    assert "314159 est votre code Rally’nov" in text_of(page)
    assert not MailText.objects.exists()
    assert "Revenir au texte" not in text_of(page)


def test_saved_text_is_what_leaves(client, team):
    assert client.post(CODE, WORDS).url == LIST
    mail = send()
    assert mail.subject == "Le code 271828"
    assert mail.message == "Voici :\n\n271828\n\nÀ tout de suite !\n"
    assert "À tout de suite !" in mail.html_message
    assert LogEntry.objects.filter(object_repr="Code de connexion", user=team).count() == 1
    assert "Texte modifié." in text_of(client.get(f"{LIST}login_code/history/"))


@pytest.mark.parametrize("button", ["_save", "_preview"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "Bonjour"}, "Il manque {code} : ce courriel ne peut pas s’en passer."),
        ({"text": "{code} {nom}"}, "{nom} n’existe pas dans ce texte"),
        ({"text": "{code} {"}, "Une accolade ouverte n’est pas fermée"),
        ({"subject": "{nom}"}, "{nom} n’existe pas dans ce texte"),
        ({"subject": ""}, "Ce champ est obligatoire."),
        ({"text": "{code}" + "x" * 5000}, "5006"),
    ],
)
def test_wrong_text_is_refused_and_given_back(client, team, changes, words, button):
    page = client.post(CODE, WORDS | changes | {button: "x"})
    assert page.status_code == 200
    assert words in text_of(page)
    assert page.context["form"]["text"].value() == (WORDS | changes)["text"]
    assert "L’aperçu revient" in text_of(page)
    assert not MailText.objects.exists()


def test_wrong_field_is_named_beside_its_input(client, team):
    html = Html(client.post(CODE, WORDS | {"text": "Bonjour"}).content.decode())
    (area,) = html.all("textarea")
    assert area["aria-invalid"] == "true"
    described = area["aria-describedby"].split()
    assert {"id_text_helptext", "id_text_error"} == set(described)


def test_preview_shows_what_is_typed_without_saving(client, team):
    page = client.post(CODE, WORDS | {"_preview": "x"})
    assert "Objet : Le code 314159" in text_of(page)
    assert "À tout de suite !" in Html(page.content.decode()).text("pre")
    assert not MailText.objects.exists()
    frame = Html(page.content.decode()).first("iframe")
    assert frame["title"]
    mail = client.get(frame["src"])
    assert "À tout de suite !" in mail.content.decode()
    assert "314159" in mail.content.decode()


def test_preview_alone_has_styles_and_nothing_runs_in_it(client, team):
    page = client.get(CODE)
    mail = client.get(Html(page.content.decode()).first("iframe")["src"])
    policies = [
        dict(part.split(maxsplit=1) for part in answer["Content-Security-Policy"].split("; "))
        for answer in (page, mail)
    ]
    assert policies[0]["style-src"] == "'self'"
    assert policies[0]["frame-src"] == "'self'"
    assert policies[0]["frame-ancestors"] == "'none'"
    assert policies[1]["style-src"] == "'unsafe-inline'"
    assert policies[1]["script-src"] == policies[1]["default-src"] == "'none'"
    assert policies[1]["frame-ancestors"] == "'self'"
    assert (page["X-Frame-Options"], mail["X-Frame-Options"]) == ("DENY", "SAMEORIGIN")
    assert "frame-src" not in client.get(LIST)["Content-Security-Policy"]


@pytest.mark.parametrize("token", ["", "x", "WyJhIiwiYiIsIiJd:1abc:def"])
def test_preview_shows_only_what_the_site_signed(client, team, token):
    assert client.get(f"{LIST}login_code/apercu/", {"t": token}).status_code == 404


def test_markup_of_the_team_is_words(client, team):
    text = "{code} <img src=x onerror=alert(1)> {{ code }}"
    assert "accolade" in text_of(client.post(CODE, WORDS | {"text": text}))
    client.post(CODE, WORDS | {"text": text.replace("{{ code }}", "& co")})
    html = Html(send().html_message)
    assert not html.all("img")
    assert "<img src=x onerror=alert(1)> & co" in html.text("p")


def test_team_goes_back_to_the_default(client, team):
    client.post(CODE, WORDS)
    restore = f"{LIST}login_code/origine/"
    assert restore in client.get(CODE).content.decode()
    assert "Il vaut quinze minutes." in text_of(client.get(restore))
    assert MailText.objects.exists()
    assert client.post(restore).url == LIST
    assert not MailText.objects.exists()
    assert "Il vaut quinze minutes." in send().message


def test_default_typed_again_is_no_text_of_its_own(client, team):
    client.post(CODE, WORDS)
    default = KINDS["login_code"].wording
    client.post(CODE, {"subject": default.subject, "text": default.text.replace("\n", "\r\n")})
    assert not MailText.objects.exists()


def test_button_is_worded_where_there_is_one(client, team):
    address = f"{LIST}started/change/"
    assert "id_button" not in client.get(CODE).content.decode()
    values = {"subject": "S", "text": "{lien}", "button": "Y aller <vite>"}
    assert "obligatoire" in text_of(client.post(address, values | {"button": ""}))
    page = client.post(address, values | {"_preview": "x"})
    mail = client.get(Html(page.content.decode()).first("iframe")["src"])
    assert "Y aller <vite>" in Html(mail.content.decode()).text("a")


def test_unknown_kind_is_not_found(client, team):
    for page in ("change", "history", "apercu", "origine"):
        response = client.get(f"{LIST}inconnu/{page}/")
        assert response.status_code in (302, 404)
    assert client.post(f"{LIST}inconnu/change/", WORDS).status_code == 404
    assert not MailText.objects.exists()


def test_nobody_adds_or_deletes_a_kind(client, team):
    client.post(CODE, WORDS)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}login_code/delete/").status_code == 403
    assert MailText.objects.count() == 1
