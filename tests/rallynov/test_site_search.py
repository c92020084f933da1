"""Search over the whole site: groups, forgiveness, what it never tells."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event
from initiatives.models import Initiative
from news.models import NewsItem
from places.models import Commune
from rallynov.site_search import FIRST_ROWS, PAGE_SIZE, SiteSearch
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_condition,
    make_edition,
    make_event,
    make_initiative,
    make_laureate,
    make_news_item,
    make_organisation,
    make_page,
    make_partnership,
    make_prize,
)
from tests.html import Html
from tests.initiatives.asking import ask


def fill(year):
    """A row of each group, all with « osier » somewhere."""
    make_initiative(title="Paniers du plateau", summary="De l’osier, tressé à plusieurs.")
    rewarded = make_initiative(
        title="Les brins d’osier", commune=Commune.objects.get(pk="70550"), need="Un bus manquait."
    )
    make_laureate(initiative=rewarded, prize=make_prize(edition=make_archive(year=year)))
    make_news_item(title="Un été d’osier", body="<p>Le vannier raconte&nbsp;: <b>œuvrer</b>.</p>")
    make_event(title="Foire aux paniers", description="<p>Osier, rotin, châtaignier.</p>")
    vannerie = make_organisation(name="Vannerie St-Cœur", description="Tout en osier.")
    make_partnership(organisation=vannerie)
    make_page(key="europe", title="Le fil européen", body="<p>Des oseraies et de l’osier.</p>")
    make_condition(title="Plier sans rompre", body="<p>Comme l’osier.</p>")


@pytest.fixture
def _site(db):
    fill(2014)


def search(words, **more):
    query = QueryDict(mutable=True)
    query.update({"q": words} | more)
    return SiteSearch(query)


def answers(words):
    return {group.key: [str(row) for row in group.rows] for group in search(words).groups}


EVERYTHING = {
    "initiatives": ["Les brins d’osier", "Paniers du plateau"],
    "laureates": ["Les brins d’osier"],
    "actualites": ["Un été d’osier"],
    "agenda": ["Foire aux paniers"],
    "partenaires": ["Vannerie St-Cœur"],
    "pages": ["Le fil européen"],
    "conditions": ["Plier sans rompre"],
}
ANSWERS = [
    ("osier", EVERYTHING),
    ("L’OSIER", EVERYTHING),
    ("rotins", {"agenda": ["Foire aux paniers"]}),
    ("d'osier", EVERYTHING),
    ("oeuvrer", {"actualites": ["Un été d’osier"]}),
    ("saint coeur", {"partenaires": ["Vannerie St-Cœur"]}),
    ("SAINTCOEUR", {"partenaires": ["Vannerie St-Cœur"]}),
    ("chataigniers", {"agenda": ["Foire aux paniers"]}),
    ("oseraie", {"pages": ["Le fil européen"]}),
    ("osier vesoul", dict.fromkeys(["initiatives", "laureates"], ["Les brins d’osier"])),
    ("osier vannier", {"actualites": ["Un été d’osier"]}),
    ("osier absent", {}),
    ("", {}),
    ("’’ !", {}),
]


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize(("words", "expected"), ANSWERS)
def test_question_is_answered_in_every_group(words, expected):
    assert answers(words) == expected
    assert search(words).guesses == []


@pytest.mark.usefixtures("_site")
def test_groups_come_in_one_order_and_laureates_are_counted_once():
    found = search("osier")
    assert [group.key for group in found.groups] == list(EVERYTHING)
    assert found.count == sum(len(rows) for rows in EVERYTHING.values()) - 1


MENDED = [
    ("osiet", "osier", EVERYTHING),
    ("oiser", "osier", EVERYTHING),
    ("chataigner", "châtaignier", {"agenda": ["Foire aux paniers"]}),
    ("vannreie", "Vannerie", {"partenaires": ["Vannerie St-Cœur"]}),
    ("oserais", "oseraies", {"pages": ["Le fil européen"]}),
    ("ronpre", "rompre", {"conditions": ["Plier sans rompre"]}),
]


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize(("words", "instead", "expected"), MENDED)
def test_typing_error_that_nothing_answers_is_mended(words, instead, expected):
    assert answers(words) == expected
    [(asked, [guess])] = search(words).guesses
    assert (asked, guess.lower().removeprefix("l’").removeprefix("d’")) == (words, instead.lower())


@pytest.mark.usefixtures("_site")
def test_question_that_one_group_answers_is_not_mended():
    make_news_item(title="Osiet, le retour")
    assert answers("osiet") == {"actualites": ["Osiet, le retour"]}


@pytest.mark.usefixtures("_site")
def test_name_with_an_apostrophe_is_found_in_one_word():
    make_page(key="rallynov", title="Rally’nov", body="<p>Qui sommes-nous ?</p>")
    for words in ["rallynov", "rally'nov", "Rally’nov", "rally nov"]:
        assert "Rally’nov" in answers(words)["pages"], words


# What nobody may read ----------------------------------------------------------------------------


def hide_initiative(**state):
    row = make_initiative(title="Le quincampoix", **state)
    return lambda: Initiative.objects.filter(pk=row.pk).update(**PUBLIC, embargo_year=None)


def hide_news(**state):
    row = make_news_item(title="Le quincampoix", **state)
    return lambda: NewsItem.objects.filter(pk=row.pk).update(**PUBLIC, embargo_year=None)


def hide_event(**state):
    row = make_event(title="Le quincampoix", **state)
    return lambda: Event.objects.filter(pk=row.pk).update(**PUBLIC)


def hide_organisation():
    row = make_organisation(name="Le quincampoix")
    return lambda: make_partnership(organisation=row)


PUBLIC = {"published_at": ago(days=2)}
DRAFT, SCHEDULED = {"published_at": None}, {"published_at": ahead(days=1)}
HIDDEN = {
    "draft initiative": lambda: hide_initiative(**DRAFT),
    "scheduled initiative": lambda: hide_initiative(**SCHEDULED),
    "embargoed initiative": lambda: hide_initiative(embargo_year=make_edition().year),
    "draft news": lambda: hide_news(**DRAFT),
    "scheduled news": lambda: hide_news(**SCHEDULED),
    "embargoed news": lambda: hide_news(embargo_year=make_edition().year),
    "draft event": lambda: hide_event(**DRAFT),
    "scheduled event": lambda: hide_event(**SCHEDULED),
    "no partner": hide_organisation,
}
WAYS = ["quincampoix", "quincampiox", "quincampo", "quincampoix zzzz"]


def page_text(client, words):
    """What the page says beyond the question that it repeats."""
    text = client.get(reverse("search"), {"q": words}).content.decode()
    return text.partition("</form>")[2].replace(f"«\u202f{words}\u202f»", "").lower()


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_is_hidden_is_not_found_nor_guessed_nor_suggested(client, db, kind):
    publish = HIDDEN[kind]()
    address = reverse("search-suggestions")
    for words in WAYS:
        assert "quincampoix" not in page_text(client, words), words
        assert client.get(address, {"q": words}).json() == {"items": [], "marks": []}
    publish()
    for words in WAYS:
        assert "quincampoix" in page_text(client, words), words
    if kind.endswith("initiative"):
        for words in WAYS[:3]:
            [item] = client.get(address, {"q": words}).json()["items"]
            assert item["label"] == "Le quincampoix", words


def test_laureate_is_told_with_the_results_and_not_before(client, db):
    edition = make_archive(results_published_at=ahead(hours=1))
    sheet = make_initiative(title="Le quincampoix")
    make_laureate(initiative=sheet, prize=make_prize(edition=edition))
    assert answers("quincampoix") == {"initiatives": ["Le quincampoix"]}
    assert "Lauréat" not in client.get(reverse("search"), {"q": "quincampoix"}).content.decode()
    edition.results_published_at = ago(seconds=1)
    edition.save()
    assert "laureates" in answers("quincampoix")
    assert (
        f"Lauréat {edition.year}"
        in client.get(reverse("search"), {"q": "quincampoix"}).content.decode()
    )


# The page ----------------------------------------------------------------------------------------


def get(client, **query):
    return Html(client.get(reverse("search"), query).content.decode())


@pytest.mark.usefixtures("_site")
def test_page_says_what_is_searched_instead(client):
    source = client.get(reverse("search"), {"q": "chataigner"}).content.decode()
    assert "Résultats approchants." in source
    said = "Rien pour «\u202fchataigner\u202f»\u202f; voici ce que donne «\u202fchâtaignier\u202f»."
    assert said in source


@pytest.mark.usefixtures("_site")
def test_words_found_are_marked_in_every_group(client):
    html = get(client, q="osier")
    marked = [text for names, text in html.texts if "mark" in names]
    assert len(marked) >= len(EVERYTHING)
    assert {word.lower().rpartition("’")[2] for word in marked} == {"osier"}


@pytest.mark.usefixtures("_site")
def test_excerpt_is_plain_text_of_the_page(client):
    text = get(client, q="oeuvrer").text("main")
    assert "Le vannier raconte" in text
    assert "œuvrer" in text
    assert "&nbsp;" not in text


def test_question_is_escaped(client, db):
    source = client.get(reverse("search"), {"q": "<script>x</script>"}).content.decode()
    assert "<script>x" not in source
    assert source.count("&lt;script&gt;x") >= 2


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize(("words", "is_hidden"), [("", False), ("osier", True), ("zzzz", True)])
def test_results_are_not_for_search_engines(client, words, is_hidden):
    html = get(client, q=words)
    assert (html.meta("robots") == "noindex") is is_hidden
    canonical = next(link for link in html.all("link") if link.get("rel") == "canonical")
    assert canonical["href"].endswith("/recherche/")


@pytest.mark.usefixtures("_site")
def test_dead_end_offers_the_words_known(client):
    html = get(client, q="osier wwwwww")
    links = [link["href"] for link in html.all("a")]
    assert "Rien pour" in html.text("main")
    assert "/recherche/?q=osier" in links
    assert "/contact/" in links


def test_question_too_long_is_refused_and_said(client, db):
    html = get(client, q="mot " * 60)
    field = next(tag for tag in html.all("input") if tag.get("name") == "q")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] in [tag.get("id") for tag in html.all("p")]
    assert "Écrivez 200 caractères au plus." in html.text("main")


@pytest.mark.parametrize("words", ["\0", "a\0b", "'; --", "& | !", ":*", "\ud83d\ude80", "%", "_"])
def test_odd_question_is_no_error(client, db, words):
    assert client.get(reverse("search"), {"q": words.encode("utf-8", "replace")}).status_code == 200
    address = reverse("search-suggestions")
    assert client.get(address, {"q": words.encode("utf-8", "replace") * 2}).status_code == 200


@pytest.mark.usefixtures("_site")
def test_number_of_queries_is_constant_and_small(client):
    def queries(words):
        with CaptureQueriesContext(connection) as captured:
            assert "<mark>" in client.get(reverse("search"), {"q": words}).content.decode()
        return len(captured)

    with_one = [queries("osier"), queries("oiser")]
    fill(2015)
    fill(2016)
    assert [queries("osier"), queries("oiser")] == with_one
    assert max(with_one) <= 40


# More rows than the page shows -------------------------------------------------------------------


def test_more_sheets_are_in_the_directory(client, db):
    for number in range(FIRST_ROWS + 2):
        make_initiative(title=f"Osier {number}")
    [group] = search("osier").groups
    assert len(group.rows) == FIRST_ROWS
    assert group.count == ask("q=osier").count == FIRST_ROWS + 2
    assert group.more == "/initiatives/?q=osier"
    assert "Voir les 8 fiches" in get(client, q="osier").text("main")


def test_more_rows_of_a_group_have_pages(client, db):
    for number in range(PAGE_SIZE + 3):
        make_news_item(title=f"Osier {number}")
    make_initiative(title="Un panier d’osier")
    news = next(group for group in search("osier").groups if group.key == "actualites")
    assert news.more == "/recherche/?q=osier&dans=actualites"
    titles = set()
    for page, length in [("1", PAGE_SIZE), ("2", 3)]:
        [group] = search("osier", dans="actualites", page=page).groups
        assert len(group.rows) == length
        titles |= {row.title for row in group.rows}
    assert len(titles) == PAGE_SIZE + 3
    html = get(client, q="osier", dans="actualites", page="2")
    assert "Osier" in html.text("main")
    assert "Un panier" not in html.text("main")


def test_group_without_answer_is_a_dead_end_that_leads_back(client, db):
    make_initiative(title="Un panier d’osier")
    links = [link["href"] for link in get(client, q="osier", dans="agenda").all("a")]
    assert "/recherche/?q=osier" in links
