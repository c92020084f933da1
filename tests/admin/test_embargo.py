"""Staff who may not know the results find no trace of what awaits them."""

import pytest

from accounts.roles import Role
from news.models import NewsItem
from tests.factories import ago, make_initiative, make_partnership
from tests.html import Html
from tests.results import CITATION, NEWS, SHEET, World


@pytest.fixture
def world(db):
    return World()


def staff_addresses(world):
    """Where staff could meet what awaits the results."""
    initiatives, news = "/admin/initiatives/initiative/", "/admin/news/newsitem/"
    pick = "/admin/autocomplete/?app_label={}&model_name={}&field_name=initiative&term={}"
    visit = NewsItem.objects.get(title="Une visite")
    return [
        initiatives,
        f"{initiatives}?q=semeuses",
        f"{initiatives}?themes__id__exact={world.theme.pk}",
        f"{initiatives}?etat=scheduled",
        f"{initiatives}{world.sheet.pk}/change/",
        f"{initiatives}{world.sheet.pk}/delete/",
        f"{initiatives}{world.sheet.pk}/history/",
        f"{initiatives}{world.known.pk}/delete/",
        world.sheet.get_preview_url(),
        news,
        f"{news}?q=laureats",
        f"{news}?edition_year__exact=2033",
        f"{news}{world.news.pk}/change/",
        f"{news}{world.news.pk}/delete/",
        f"{news}{visit.pk}/change/",
        world.news.get_preview_url(),
        visit.get_preview_url(),
        pick.format("news", "newsitem", "semeuses"),
        f"/admin/partners/organisation/{world.partner.pk}/change/",
        f"/admin/partners/organisation/{world.partner.pk}/delete/",
        f"/admin/trophies/edition/{world.edition.pk}/change/",
        f"/trophees/{world.edition.year}/apercu/",
        "/admin/",
    ]


def traces(client, world):
    marks = [SHEET, NEWS, CITATION, f"{world.known} — ", world.sheet.slug]
    texts = {}
    for address in staff_addresses(world):
        texts[address] = client.get(address, follow=True).content.decode()
    texts |= {
        picture.get_absolute_url(): SHEET
        for picture in world.pictures
        if client.get(picture.get_absolute_url()).status_code == 200
    }
    # What the person asked for is shown again in the box where they typed it.
    return {a for a, text in texts.items() if any(mark in shown(text) for mark in marks)}


def shown(text):
    return text.replace('value="semeuses"', "")


def test_editors_find_no_trace_of_what_awaits_the_results(client, sign_in, world):
    world.decide()
    sign_in(Role.TEAM)
    by_team = traces(client, world)
    assert {p.get_absolute_url() for p in world.pictures} <= by_team
    assert len(by_team) >= 15
    sign_in(Role.EDITOR)
    assert traces(client, world) == set()
    world.move(ago(seconds=1))
    assert {p.get_absolute_url() for p in world.pictures} <= traces(client, world)


@pytest.mark.parametrize("roles", [[Role.JURY], []])
def test_others_find_no_trace_of_what_awaits_the_results(client, sign_in, world, roles):
    world.decide()
    sign_in(*roles)
    assert traces(client, world) == set()


def test_editor_cannot_name_a_hidden_sheet_by_its_number(client, sign_in, world):
    world.decide()
    sign_in(Role.EDITOR)
    data = {"title": "Une visite", "summary": "Une.", "initiative": world.sheet.pk}
    page = client.post("/admin/news/newsitem/add/", data)
    assert page.status_code == 200
    assert "initiative" in page.context["adminform"].form.errors
    assert SHEET not in page.content.decode()


def test_editor_learns_nothing_by_trying_to_delete(client, sign_in, world):
    plain_sheet, plain_partner = make_initiative(), make_partnership().organisation
    world.decide()
    sign_in(Role.EDITOR)

    def answer(row):
        options = row._meta
        page = client.get(f"/admin/{options.app_label}/{options.model_name}/{row.pk}/delete/")
        return page.status_code, Html(page.content.decode()).text("h1")

    assert answer(world.known) == answer(plain_sheet)
    assert answer(world.partner) == answer(plain_partner)
