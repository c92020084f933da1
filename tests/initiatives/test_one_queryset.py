"""List, counts, map, feed and exports answer one question with the same sheets.

What they must say is counted again from the plain facts that the sheets were made from.
"""

import csv
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Support
from places.models import Commune
from tests.factories import (
    ago,
    ahead,
    make_archive,
    make_condition,
    make_initiative,
    make_laureate,
    make_organisation,
    make_prize,
    make_theme,
)

WORDS = ["lune", "soleil", "brume"]
THEMES = ["velo", "table", "soin", "bois"]
KINDS = ["company", "association", "cooperative"]
CONDITIONS = ["oser", "relier"]
YEARS = [2011, 2012]
# Exact, approached and unknown positions, two of one intercommunality.
COMMUNES = ["25056", "25388", "25001", "25529", "39300", "25580", "70550", "39198", "90010", ""]


@dataclass
class Facts:
    """What a sheet was made of."""

    slug: str
    minutes: int  # since it was published
    q: set
    commune: set
    departement: set
    intercommunalite: set = field(default_factory=set)
    theme: set = field(default_factory=set)
    structure: set = field(default_factory=set)
    condition: set = field(default_factory=set)
    laureat: set = field(default_factory=set)

    def answers(self, asked):
        return all(getattr(self, name) & set(values) for name, values in asked.items())


class World:
    """Forty sheets that the public reads, as many that it must not, and what they are made of."""

    def __init__(self):
        self.chance = random.Random(2014)
        self.themes = [make_theme(slug=slug) for slug in THEMES]
        self.conditions = [make_condition(slug=slug) for slug in CONDITIONS]
        self.holders = [make_organisation(kind=kind) for kind in KINDS]
        self.prizes = [make_prize(edition=make_archive(year=year), quantity=99) for year in YEARS]
        hidden = make_archive(year=2040, results_published_at=ahead(days=3))
        self.secret = make_prize(edition=hidden, quantity=99)
        self.facts = [self.sheet(number) for number in range(40)]
        states = [
            {"published_at": None},
            {"published_at": ahead(hours=1)},
            {"published_at": ago(days=1), "embargo_year": 2040},
        ]
        for number in range(40, 80):
            self.sheet(number, **states[number % 3])

    def some(self, things, most):
        return self.chance.sample(things, self.chance.randint(0, most))

    def sheet(self, number, **state):
        place, word = self.place(number), self.chance.choice(WORDS)
        fields = {"published_at": timezone.now() - timedelta(minutes=number + 1)} | place | state
        themes = self.some(self.themes, 2)
        row = make_initiative(
            title=f"Une {word} {number}", slug=f"fiche-{number}", themes=themes, **fields
        )
        conditions, holders = self.some(self.conditions, 2), self.some(self.holders, 2)
        row.conditions.set(conditions)
        for holder in holders:
            Support.objects.create(initiative=row, organisation=holder, role="holder")
        # Neither who helps, nor a laureate to come, is a holder or a laureate.
        Support.objects.create(initiative=row, organisation=self.holders[0], role="partner")
        make_laureate(initiative=row, prize=self.secret)
        prizes = self.some(self.prizes, 1)
        for prize in prizes:
            make_laureate(initiative=row, prize=prize)
        return Facts(
            slug=row.slug,
            minutes=number + 1,
            q={word},
            commune={row.commune_id or "aucune"},
            departement={row.department_id} - {None},
            intercommunalite={row.commune.epci_id} if row.commune else set(),
            theme={theme.slug for theme in themes},
            structure={holder.kind for holder in holders},
            condition={condition.slug for condition in conditions},
            laureat={str(prize.edition.year) for prize in prizes},
        )

    def place(self, number):
        code = COMMUNES[number % len(COMMUNES)]
        if code:
            return {"commune": Commune.objects.get(pk=code)}
        return {"department_id": self.chance.choice(["25", "39", None])}

    def found(self, asked):
        return [facts for facts in self.facts if facts.answers(asked)]


VALUES = {
    "q": ["lune", "soleil"],
    "theme": ["velo", "table"],
    "departement": ["25", "39", "90"],
    "intercommunalite": ["242500361", "200065647"],
    "structure": ["company", "association"],
    "condition": ["oser", "relier"],
    "laureat": ["2011", "2012", "2040"],
    "commune": ["25056", "25580", "aucune"],
}


def combinations_of_facets():
    """Nothing; each value; two values of a facet; two facets, then three, of the first values."""
    yield {}
    for name, values in VALUES.items():
        for value in values:
            yield {name: [value]}
        if name != "q":
            yield {name: values[:2]}
    for names in combinations(VALUES, 2):
        yield {name: VALUES[name][:1] for name in names}
    for names in combinations(["theme", "departement", "structure", "laureat", "commune"], 3):
        yield {name: VALUES[name][:2] for name in names}


ASKED = list(combinations_of_facets())


def get(client, name, asked, **more):
    query = urlencode(asked | more, doseq=True)
    response = client.get(f"{reverse(name)}?{query}")
    assert response.status_code == 200
    return response


def listed(client, asked):
    """The slugs of every page of the list, and the number that it announces."""
    slugs, number = [], 1
    while True:
        page = get(client, "initiatives:list", asked, page=number)
        html = page.content.decode()
        slugs += re.findall(r'<h3><a href="/initiatives/([^/]+)/', html)
        if not page.context["page_obj"].has_next():
            return slugs, int(re.search(r'id="list-title"[^>]*>(\d+)', html)[1])
        number += 1


def mapped(client, asked):
    """The marks by commune, the total of the list's lines, and the number announced."""
    html = get(client, "initiatives:map", asked).content.decode()
    marks = re.findall(r'commune=(\d+)"><title>[^<]*: (\d+) fiche', html)
    sections = re.findall(r'<section class="atlas-section".*?</section>', html, re.DOTALL)
    lines = re.findall(r"<b>(\d+)</b></li>", "".join(sections))
    announced = re.search(r"<strong>(\d+) fiche", html)[1]
    return {code: int(n) for code, n in marks}, sum(map(int, lines)), int(announced)


def fed(client, asked):
    xml = get(client, "initiatives:feed", asked).content.decode()
    return re.findall(r"<entry>.*?/initiatives/([^/]+)/", xml, re.DOTALL)


def exported(asked, folder):
    """The addresses in the file that the same question exports."""
    path = folder / "fiches.csv"
    call_command("export_initiatives", path, filtre=urlencode(asked, doseq=True), verbosity=0)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["Fiche"] for row in csv.DictReader(file, delimiter=";")]


def counted(client, asked):
    """`{facet: {value: count}}`, without what is chosen in vain."""
    facets = get(client, "initiatives:list", asked).context["directory"].facets
    return {
        facet.name: {option.value: option.count for option in options if option.count}
        for facet, options in facets
    }


def counted_again(world, asked, name):
    others = {key: values for key, values in asked.items() if key != name}
    return Counter(value for facts in world.found(others) for value in getattr(facts, name))


@pytest.fixture
def world(db):
    return World()


def test_one_question_has_one_answer_everywhere(client, world):
    drawn = set(Commune.objects.exclude(latitude=None).values_list("pk", flat=True))
    for asked in ASKED:
        facts = world.found(asked)
        slugs = sorted(one.slug for one in facts)
        places = Counter(place for one in facts for place in one.commune)
        newest = [one.slug for one in sorted(facts, key=lambda one: one.minutes)]
        found, announced = listed(client, asked)
        assert (sorted(found), announced) == (slugs, len(slugs)), asked
        marks, total, announced = mapped(client, asked)
        assert marks == {code: n for code, n in places.items() if code in drawn}, asked
        assert (total, announced) == (len(slugs), len(slugs)), asked
        assert fed(client, asked) == newest[:30], asked


def test_exports_hold_the_sheets_that_answer(world, tmp_path, capsys):
    for asked in ASKED[1::4]:
        slugs = sorted(one.slug for one in world.found(asked))
        assert sorted(exported(asked, tmp_path)) == slugs, asked


def test_facets_count_what_they_would_give(client, world):
    for asked in ASKED[::3]:
        for name, counts in counted(client, asked).items():
            assert counts == counted_again(world, asked, name), (asked, name)


def test_questions_walked_tell_sheets_apart(world):
    """The walk is worth something: most questions find some sheets, none finds them all."""
    sizes = [len(world.found(asked)) for asked in ASKED[1:]]
    assert sum(1 for size in sizes if size) > len(sizes) * 0.7
    assert max(sizes) < 40
