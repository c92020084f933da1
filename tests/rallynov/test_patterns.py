"""The drawn patterns: the same for ever, unlike one another, safe and small."""

import re
from xml.etree import ElementTree

import pytest

from initiatives.models import Theme
from rallynov.patterns import FAMILIES, pattern_svg
from tests.conftest import ROOT

SEEDS = ["drive-fermier-39", "schrader", "le-mas", "vadapad", ""]
DRAWN = {"svg", "style", "path"}


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_gives_the_same_pattern(family):
    assert pattern_svg(family, "le-mas") == pattern_svg(family, "le-mas")


def test_patterns_stay_what_they_were():
    """Their addresses are kept for ever by browsers: a change of drawing needs another address."""
    svg = pattern_svg("mobilite", "schrader")
    assert 'd="M0 75c30 0 30 30 60 30' in svg


@pytest.mark.parametrize("family", FAMILIES)
def test_each_seed_draws_its_own_arrangement(family):
    assert len({pattern_svg(family, seed) for seed in SEEDS}) == len(SEEDS)


def test_each_family_has_its_own_shapes_and_colours():
    shapes = {family: shapes for family, (shapes, _, _) in FAMILIES.items()}
    palettes = {day for _, day, _ in FAMILIES.values()}
    assert len(set(shapes.values())) == len(palettes) == len(FAMILIES)


def test_every_theme_has_a_family():
    assert set(Theme.Pattern.values) == set(FAMILIES) - {"rallynov"}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_document_is_well_formed_and_draws_only(family, seed):
    root = ElementTree.fromstring(pattern_svg(family, seed))
    names = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()}
    assert names == DRAWN
    assert not any(
        name.startswith("on") or "href" in name
        for element in root.iter()
        for name in element.attrib
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_seed_never_reaches_the_document(family):
    assert "script" not in pattern_svg(family, '"/><script>alert(1)</script>')


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_document_is_small(family, seed):
    assert len(pattern_svg(family, seed)) <= 6000


def test_pattern_fills_the_size_asked_for():
    root = ElementTree.fromstring(pattern_svg("sante", "vadapad", width=1200, height=630))
    assert root.get("viewBox") == "0 0 1200 630"
    numbers = [int(n) for n in re.findall(r"M(\d+) ", ElementTree.tostring(root).decode())]
    assert max(numbers) > 1000


def test_style_sheet_has_the_colours_of_the_patterns():
    css = (ROOT / "static" / "css" / "themes.css").read_text()
    found = re.findall(r"\.theme-(\w+) \{ --a: (\S+); --b: (\S+); --ground: (\S+);", css)
    inks = [
        (family, palette.a, palette.b, palette.ground)
        for scheme in (1, 2)
        for family, row in FAMILIES.items()
        for palette in [row[scheme]]
    ]
    assert found == inks
