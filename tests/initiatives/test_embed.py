"""The directory on other sites: the line that a partner pastes, and what it frames."""

from html import escape

import pytest
from django.urls import reverse

from tests.factories import ago, ahead, make_initiative, make_theme
from tests.html import Html

pytestmark = pytest.mark.django_db

PAGE = "/initiatives/integrer/"
FRAME = "/initiatives/integrer/cadre/"


def policy(response):
    """`{directive: value}` of the page's policy."""
    parts = response.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts)


def test_frame_may_be_framed_by_anyone_and_no_other_page_may(client):
    framed = client.get(FRAME)
    assert policy(framed)["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in framed.headers
    for address in [PAGE, "/", "/initiatives/", "/donnees/", "/contact/ecrire/"]:
        response = client.get(address)
        assert policy(response)["frame-ancestors"] == "'none'", address
        assert response.headers["X-Frame-Options"] == "DENY", address


def test_frame_runs_nothing_and_keeps_nothing(client):
    make_initiative()
    response = client.get(FRAME)
    html = Html(response.content.decode())
    assert [tag for tag in ("script", "form", "input", "button") if html.all(tag)] == []
    assert response.cookies == {}
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]


def test_links_leave_the_frame_for_the_site(client, settings):
    make_initiative()
    links = Html(client.get(FRAME).content.decode()).all("a")
    assert len(links) == 2  # the sheet, and all of them
    for link in links:
        assert link["href"].startswith(f"{settings.SITE_URL}/initiatives/")
        assert (link["target"], link["rel"]) == ("_blank", "noopener")


def test_frame_shows_what_the_directory_answers(client):
    theme = make_theme(slug="velo")
    make_initiative(title="Une vélorution", themes=[theme])
    make_initiative(title="Une autre")
    text = client.get(f"{FRAME}?theme=velo").content.decode()
    assert "Une vélorution" in text
    assert "Une autre" not in text


def test_frame_hides_drafts_and_what_is_to_come(client):
    make_initiative(title="Le brouillon", published_at=None)
    make_initiative(title="Celle de demain", published_at=ahead(days=1))
    text = client.get(FRAME).content.decode()
    assert "Le brouillon" not in text
    assert "Celle de demain" not in text
    assert "Aucune initiative" in text


def test_frame_shows_twelve_and_leads_to_all(client):
    for _ in range(13):
        make_initiative()
    response = client.get(FRAME)
    assert len(response.context["initiatives"]) == 12
    assert "Les 13 fiches sur Rally’nov" in response.content.decode()


def test_line_frames_what_was_chosen(client, settings):
    make_theme(slug="velo", name="Le vélo")
    response = client.get(f"{PAGE}?theme=velo&tri=recentes&page=3")
    address = f"{settings.SITE_URL}{FRAME}?theme=velo&tri=recentes"
    assert f'src="{escape(address)}"' in response.context["line"]
    page = response.content.decode()
    assert f">{escape(response.context['line'])}</textarea>" in page
    assert Html(page).first("iframe")["src"] == f"{FRAME}?theme=velo&tri=recentes"


def test_line_escapes_what_was_typed(client):
    """For the partner's page, then for ours, where the line is a text."""
    response = client.get(PAGE, {"q": '"></textarea><script>alert(1)</script>'})
    line = response.context["line"]
    assert line.count("<") == 2  # the frame's own two
    page = response.content.decode()
    assert f">{escape(line)}</textarea>" in page
    assert "<script>alert" not in page


def test_page_may_frame_its_own_preview_alone(client):
    assert policy(client.get(PAGE))["frame-src"] == "'self'"


def test_words_of_the_embed_are_never_a_sheet(client):
    assert reverse("initiatives:detail", args=["integrer"]) == PAGE
    assert client.get(PAGE).templates[0].name == "initiatives/embed.html"


def test_ended_initiative_says_so(client):
    make_initiative(title="Le four commun", ended_on=ago(days=3).date())
    assert "arrêtée" in Html(client.get(FRAME).content.decode()).text("main")
