"""What templates write in French: numbers, amounts, dates, trusted HTML, the menu."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from rallynov.templatetags import rallynov as tags

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(("value", "text"), [(14, "14"), (3000, "3 000"), (1234567, "1 234 567")])
def test_number_groups_thousands(value, text):
    assert tags.number(value) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(Decimal("2000.00"), "2 000 €"), (Decimal("1250.50"), "1 250,50 €"), (Decimal("0"), "0 €")],
)
def test_euros(amount, text):
    assert tags.euros(amount) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "juré"), (1, "juré"), (2, "jurés"), ([], "juré"), ([1, 2], "jurés")]
)
def test_none_is_singular_in_french(count, text):
    template = Template("juré{{ count|pluralize }}")
    assert template.render(Context({"count": count})) == text


def test_raised_letters_are_escaped_first():
    assert tags.raised("1ᵉʳ <b>") == "1<sup>er</sup> &lt;b&gt;"


def test_rich_drops_what_is_not_text():
    assert tags.rich('<p onclick="x">a<script>b</script></p>') == "<p>a</p>"


@pytest.mark.parametrize(
    ("text", "tokens", "html"),
    [
        ("Le bus des aidants", {"bus", "aidants"}, "Le <mark>bus</mark> des <mark>aidants</mark>"),
        ("L’Épicerie <b>", {"L’Épicerie"}, "<mark>L’Épicerie</mark> &lt;b&gt;"),
        ("a <script>", {"script"}, "a &lt;<mark>script</mark>&gt;"),
        ("5 & 6 < 7", set(), "5 &amp; 6 &lt; 7"),
        ("", {"bus"}, ""),
    ],
)
def test_words_found_are_marked_and_all_is_escaped(text, tokens, html):
    template = Template("{{ text|marked:tokens }}")
    assert template.render(Context({"text": text, "tokens": frozenset(tokens)})) == html


def test_menu_says_where_the_reader_is(rf):
    def link(path):
        template = Template('{% nav_link "events:list" "Agenda" %}')
        return template.render(Context({"request": rf.get(path)}))

    assert 'aria-current="page"' in link("/agenda/")
    assert 'aria-current="true"' in link("/agenda/une-rencontre/")
    assert "aria-current" not in link("/actualites/")
