"""The sheet: what it says to people and to machines, and the way along a search."""

import json
import re
from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from initiatives.directory import PAGE_SIZE
from initiatives.models import Support
from initiatives.neighbours import rank_in
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_commune,
    make_condition,
    make_initiative,
    make_laureate,
    make_news_item,
    make_organisation,
    make_partnership,
    make_photo,
    make_prize,
    make_theme,
    make_user,
)
from tests.html import Html

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script><!-- \u2028 & \" ' ]]>"


def page_of(client, initiative, query=""):
    response = client.get(initiative.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def linked_data(page):
    """What a machine reads in the one element of linked data of a page."""
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found)


def properties(page, name):
    return [m["content"] for m in Html(page).all("meta") if m.get("property") == name]


def links(page):
    return {tag["href"] for tag in Html(page).all("a") if "href" in tag}


# What it says ------------------------------------------------------------------------------------


def test_sheet_leads_into_the_directory(client):
    commune = make_commune(name="Vesoul")
    theme, condition = make_theme(slug="mobilite"), make_condition(slug="oser")
    initiative = make_initiative(commune=commune, themes=[theme])
    initiative.conditions.add(condition)
    directory = reverse("initiatives:list")
    assert links(page_of(client, initiative)) >= {
        f"{directory}?theme=mobilite",
        f"{directory}?commune={commune.code}",
        f"{directory}?departement=70",
        f"{directory}?intercommunalite={commune.epci_id}",
        condition.get_absolute_url(),
    }


@pytest.mark.parametrize(
    ("verified_on", "words"),
    [(date(2026, 3, 3), "vérifiée le 3 mars 2026"), (None, "mise à jour le")],
)
def test_sheet_says_when_it_was_verified(client, verified_on, words):
    page = Html(page_of(client, make_initiative(verified_on=verified_on))).text("dd")
    assert words in page
    assert ("mise à jour" in page) is (verified_on is None)


def test_photographs_carry_their_words_and_their_credit(client):
    initiative = make_initiative()
    make_photo(initiative, alt="Une main sur un guidon", credit="Photo : Anne Exemple")
    html = Html(page_of(client, initiative))
    assert "Une main sur un guidon" in [image["alt"] for image in html.all("img")]
    assert html.text("figcaption") == "Photo : Anne Exemple"


def test_link_to_copy_is_the_address_without_a_query(client, settings):
    initiative = make_initiative(slug="velobus")
    html = Html(page_of(client, initiative, "?theme=x&rang=4&page=2"))
    address = f"{settings.SITE_URL}/initiatives/velobus/"
    assert [a["href"] for a in html.all("a") if "data-copy" in a] == [address]
    canonical = [link["href"] for link in html.all("link") if link.get("rel") == "canonical"]
    assert canonical == [address]


# What it says to machines ------------------------------------------------------------------------


def test_sheet_offers_its_own_card_and_no_other(client, settings):
    initiative = make_initiative(slug="velobus", title="Vélobus", summary="À vélo.")
    page = page_of(client, initiative)
    assert properties(page, "og:image") == [f"{settings.SITE_URL}/initiatives/velobus/partage.png"]
    assert properties(page, "og:image:width") + properties(page, "og:image:height") == [
        "1200",
        "630",
    ]
    assert properties(page, "og:image:alt") == ["Vélobus"]
    assert properties(page, "og:title") == ["Vélobus"]
    assert properties(page, "og:description") == ["À vélo."]
    assert Html(page).meta("twitter:card") == "summary_large_image"


def test_every_page_offers_one_picture(client, settings):
    news = make_news_item()
    photo = make_photo(news, alt="La remise des prix")
    for address, picture, alt in [
        (reverse("home"), "/static/img/partage.png", "Rally’nov"),
        (news.get_absolute_url(), photo.get_absolute_url(), "La remise des prix"),
    ]:
        page = client.get(address).content.decode()
        assert properties(page, "og:image") == [settings.SITE_URL + picture]
        assert properties(page, "og:image:alt")[0].startswith(alt)


def test_linked_data_tells_the_whole_sheet(client, settings):
    holder, funder = make_organisation(name="La Roue"), make_organisation(name="Le Fonds")
    make_partnership(organisation=funder)
    initiative = make_initiative(
        title="Vélobus",
        slug="velobus",
        themes=[make_theme(name="Mobilité"), make_theme(name="Éducation")],
        holder=holder,
        commune=make_commune(name="Vesoul"),
        started_year=2012,
        website="https://velobus.example/",
    )
    initiative.supports.create(organisation=funder, role=Support.Role.FUNDER)
    edition = make_archive(year=2031)
    make_laureate(initiative=initiative, prize=make_prize(edition=edition, name="Prix du jury"))
    data = linked_data(page_of(client, initiative))
    address = f"{settings.SITE_URL}/initiatives/velobus/"
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Project")
    assert (data["name"], data["url"], data["sameAs"]) == (
        "Vélobus",
        address,
        "https://velobus.example/",
    )
    assert data["description"] == initiative.summary
    assert data["image"] == [f"{address}partage.png"]
    assert data["foundingDate"] == "2012"
    assert data["keywords"] == ["Mobilité", "Éducation"]
    assert data["location"]["address"]["addressLocality"] == "Vesoul"
    assert data["location"]["containedInPlace"]["name"] == "Haute-Saône"
    assert data["parentOrganization"] == [{"@type": "Organization", "name": "La Roue"}]
    assert data["funder"][0]["url"] == settings.SITE_URL + funder.get_absolute_url()
    assert data["award"] == ["Trophées de l’innovation sociale 2031\u202f: Prix du jury"]


def test_linked_data_leaves_out_what_is_not_known(client):
    data = linked_data(page_of(client, make_initiative()))
    assert set(data) == {
        "@context", "@type", "@id", "name", "description", "url", "image", "location",
    }  # fmt: skip
    assert data["location"] == {"@type": "AdministrativeArea", "name": "Franche-Comté"}


def test_award_waits_for_the_results(client):
    initiative = make_initiative()
    edition = make_archive(year=2031, results_published_at=ahead(hours=1))
    make_laureate(initiative=initiative, prize=make_prize(edition=edition, name="Secret"))
    page = page_of(client, initiative)
    assert "award" not in linked_data(page)
    assert "Secret" not in page
    edition.results_published_at = ago(seconds=1)
    edition.save()
    assert "Secret" in linked_data(page_of(client, initiative))["award"][0]


def test_no_text_ends_the_linked_data(client):
    initiative = make_initiative(
        title=HOSTILE, summary=HOSTILE, themes=[make_theme(name=HOSTILE[:60])], website=""
    )
    page = page_of(client, initiative)
    assert "<script>alert" not in page
    data = linked_data(page)
    assert (data["name"], data["description"]) == (HOSTILE, HOSTILE)
    assert data["keywords"] == [HOSTILE[:60]]


def test_preview_gives_nothing_to_machines(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    initiative = make_initiative(published_at=None)
    client.force_login(make_user(is_superuser=True))
    page = client.get(reverse("initiatives:preview", args=[initiative.slug])).content.decode()
    assert "Aperçu." in page
    assert "ld+json" not in page
    assert properties(page, "og:image") == [f"{settings.SITE_URL}/static/img/partage.png"]


# Along a search ----------------------------------------------------------------------------------


@pytest.fixture
def search():
    """Three sheets of one theme in alphabetical order, and one of another."""
    theme = make_theme(slug="velo")
    make_initiative(title="Avant tout", slug="autre")
    return [
        make_initiative(title=title, slug=title.lower(), themes=[theme])
        for title in ("Antivol", "Bidon", "Chambre")
    ]


def neighbours(client, initiative, query):
    """`(back, previous, following)`: the addresses that the sheet offers, None for none."""
    html = Html(page_of(client, initiative, query))
    by_rel = {a.get("rel"): a["href"] for a in html.all("a") if a.get("rel") in ("prev", "next")}
    back = [a["href"] for a in html.all("a") if a.get("class") == "more"]
    return (back[0] if back else None, by_rel.get("prev"), by_rel.get("next"))


def test_sheet_leads_along_the_search_one_came_from(client, search):
    first, second, third = search
    back = "/initiatives/?theme=velo"
    step = "/initiatives/{}/?theme=velo&rang={}".format
    assert neighbours(client, first, "?theme=velo&rang=1") == (back, None, step("bidon", 2))
    assert neighbours(client, second, "?theme=velo&rang=2") == (
        back,
        step("antivol", 1),
        step("chambre", 3),
    )
    assert neighbours(client, third, "?theme=velo&rang=3") == (back, step("bidon", 2), None)
    page = Html(page_of(client, second, "?theme=velo&rang=2")).text("nav")
    assert "Revenir aux 3 résultats" in page
    assert "Antivol" in page
    assert "Chambre" in page


def test_words_and_order_are_kept_along_the_way(client, search):
    make_initiative(title="Bidon percé", slug="perce", themes=search[1].themes.all())
    query = "?q=bidon&theme=velo&tri=titre&rang=1"
    assert neighbours(client, search[1], query) == (
        "/initiatives/?q=bidon&theme=velo&tri=titre",
        None,
        "/initiatives/perce/?q=bidon&theme=velo&tri=titre&rang=2",
    )


def test_one_result_is_said_in_the_singular(client, search):
    page = page_of(client, search[0], "?q=antivol&rang=1")
    assert "Revenir au résultat" in page


def test_list_that_changed_offers_the_way_back_alone(client, search):
    assert neighbours(client, search[0], "?theme=velo&rang=3") == (
        "/initiatives/?theme=velo",
        None,
        None,
    )
    assert neighbours(client, search[0], "?theme=velo&rang=999999")[1:] == (None, None)


@pytest.mark.parametrize(
    "query",
    ["", "?theme=velo", "?rang=2", "?theme=velo&rang=", "?theme=velo&rang=0", "?theme=velo&rang=-1",
     "?theme=velo&rang=1e3", "?theme=velo&rang=²", "?theme=velo&rang=99999999999999999999"],
)  # fmt: skip
def test_without_a_search_or_a_rank_the_sheet_is_plain(client, search, query):
    assert neighbours(client, search[1], query) == (None, None, None)


@pytest.mark.parametrize(
    "query", ["?q=%00&rang=1", "?theme=%00&rang=1", "?q=&theme=&rang=1", f"?q={'x' * 999}&rang=2"]
)
def test_nonsense_in_the_query_does_no_harm(client, search, query):
    assert neighbours(client, search[0], query)[1:] == (None, None)


def test_way_back_is_to_the_page_of_the_list(client):
    theme = make_theme(slug="velo")
    sheets = [
        make_initiative(title=f"N {number:03}", slug=f"n-{number}", themes=[theme])
        for number in range(1, PAGE_SIZE + 2)
    ]
    last = f"?theme=velo&rang={PAGE_SIZE + 1}"
    assert neighbours(client, sheets[-1], last)[0] == "/initiatives/?theme=velo&page=2"
    assert neighbours(client, sheets[0], "?theme=velo&rang=1")[0] == "/initiatives/?theme=velo"


def test_neighbours_are_public_alone(client, search):
    theme = search[0].themes.get()
    make_archive(year=2031, results_published_at=ahead(hours=1))
    make_initiative(title="Antivol secret", embargo_year=2031, themes=[theme])
    make_initiative(title="Antivol brouillon", published_at=None, themes=[theme])
    page = page_of(client, search[0], "?theme=velo&rang=1")
    assert "Bidon" in Html(page).text("nav")
    assert "secret" not in page
    assert "brouillon" not in page


def test_neighbours_cost_the_same_in_a_longer_search(client, search, django_assert_num_queries):
    theme = search[0].themes.get()
    address = f"{search[1].get_absolute_url()}?theme=velo&rang=2"
    client.get(address)
    for number in range(3):
        make_initiative(title=f"Z {number}", themes=[theme])
    client.get(address)  # the counts of this search are kept from here
    # The sheet, its neighbours and the stamp of what is kept.
    with django_assert_num_queries(14):
        client.get(address)


@pytest.mark.parametrize(("text", "rank"), [("7", 7), ("", 0), ("x", 0), ("٣", 0), ("1" * 30, 0)])
def test_rank_is_a_plain_number_or_nothing(text, rank):
    assert rank_in(QueryDict(f"rang={text}")) == rank
