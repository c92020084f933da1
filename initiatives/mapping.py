"""The directory on the map: where its sheets stand, and the list that says the same.

A mark is a commune; it becomes an intercommunality where communes would be too many to tell apart.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.http import QueryDict

from initiatives.directory import Directory
from initiatives.filters import NOWHERE
from places import map as region
from places.models import Commune
from rallynov.numbers import number

# What communes may weigh in the page, in characters: each is a line, and a mark where it can be,
# both with a link. It lets through each department whole, and some 550 communes of the region.
MOST_CHARACTERS, LINE, MARK = 105_000, 75, 90
KEPT = 32  # queries whose places are kept, in each process
PLACES = ["departement", "intercommunalite", "commune"]
UNKNOWN = "position inconnue"
LEGEND = 44  # units, below the drawing
# The list, from the map's own address: with hundreds of marks, short links keep the page light.
LIST = "../"


@dataclass(frozen=True)
class Place:
    """A line of the list: a commune, an intercommunality, or what is known without a commune."""

    name: str
    count: int
    url: str
    department: str = ""
    position: tuple | None = None  # (latitude, longitude)
    is_approximate: bool = False
    note: str = ""

    @property
    def label(self):
        return f"{self.name}\u202f: {sheets(self.count)}"


@dataclass(frozen=True)
class Section:
    title: str
    places: list

    @property
    def count(self):
        return sum(place.count for place in self.places)


@dataclass(frozen=True)
class Zoom:
    """The whole region, or a department: the same question, asked there."""

    name: str
    code: str
    query: str
    count: int
    is_current: bool
    path: str = ""

    @property
    def label(self):
        return f"{self.name}\u202f: {sheets(self.count)}"


@dataclass(frozen=True)
class Size:
    """What a mark's size means, in the drawing's units."""

    count: int
    radius: float
    x: float

    @property
    def text_x(self):
        return self.x + self.radius + 6


@lru_cache(KEPT)
def located(stamp, query):
    """`((department, count, facts of the commune), …)` for a query, while `stamp` lasts."""
    return tuple(Directory(QueryDict(query)).rows.located())


def sheets(count):
    return f"{number(count)} fiche{'s' if count > 1 else ''}"


class DirectoryMap:
    """What the map of a directory shows, and the list beside it."""

    def __init__(self, directory):
        self.directory = directory
        self.rows = located(directory.stamp, directory.query())
        self.department_names = {code: name for code, name, _ in region.features()}

    # Counts --------------------------------------------------------------------------------------

    @cached_property
    def count(self):
        return sum(count for _, count, _ in self.rows)

    @property
    def commune_count(self):
        return len(self.found)

    @property
    def department_count(self):
        return len({department for department, _, _ in self.rows} - {None})

    @cached_property
    def without_commune(self):
        """How many sheets are known by their department alone, None being by nothing."""
        return {department: count for department, count, commune in self.rows if not commune}

    @property
    def nowhere_count(self):
        return sum(self.without_commune.values())

    @property
    def lost_count(self):
        """How many stand in a place whose position is unknown."""
        return sum(place.count for place in self.places if not place.position)

    # Places --------------------------------------------------------------------------------------

    @cached_property
    def department(self):
        """The code of the department that the map is zoomed to; nothing for the region."""
        chosen = self.directory.values.get("departement", ())
        return chosen[0] if len(chosen) == 1 and chosen[0] in self.department_names else ""

    @property
    def department_name(self):
        return self.department_names.get(self.department, "")

    @cached_property
    def found(self):
        """`[(department, count, facts of the commune)]` in alphabetical order."""
        found = [row for row in self.rows if row[2]]
        return sorted(found, key=lambda row: (row[2]["sort_key"], row[2]["code"]))

    @cached_property
    def is_grouped(self):
        link = len(self.link_to("commune", without=PLACES))
        drawn = sum(1 for _, _, commune in self.found if position(commune))
        return len(self.found) * (link + LINE) + drawn * (link + MARK) > MOST_CHARACTERS

    @cached_property
    def places(self):
        return self.grouped_places() if self.is_grouped else self.commune_places()

    def commune_places(self):
        link = self.link_to("commune", without=PLACES)
        return [
            Place(
                name=commune["name"],
                count=count,
                url=f"{link}{commune['code']}",
                department=department,
                position=position(commune),
                is_approximate=commune["source"] == Commune.CoordinateSource.POSTAL_AREA,
                note="" if position(commune) else UNKNOWN,
            )
            for department, count, commune in self.found
        ]

    def grouped_places(self):
        link = self.link_to("intercommunalite", without=["intercommunalite", "commune"])
        groups = defaultdict(list)
        for _, count, commune in self.found:
            epci = commune["epci_sort_key"], commune["epci"], commune["epci_name"]
            groups[epci].append((count, commune))
        return [
            Place(
                name=name,
                count=sum(count for count, _ in own),
                url=f"{link}{code}",
                position=middle(own),
                note="" if middle(own) else UNKNOWN,
            )
            for (_, code, name), own in sorted(groups.items(), key=lambda group: group[0])
        ]

    # The drawing ---------------------------------------------------------------------------------

    @property
    def frame(self):
        return region.frame(self.department)

    @property
    def height(self):
        return self.frame.height + LEGEND

    @property
    def outlines(self):
        return region.outlines(self.department)

    @property
    def names(self):
        return region.names(self.department)

    @property
    def clear_names(self):
        return [region.clear(name, self.marks) for name in self.names]

    @cached_property
    def most(self):
        """The count of the largest mark."""
        return max((place.count for place in self.places if place.position), default=0)

    @cached_property
    def marks(self):
        """The largest first, so that none covers a smaller one."""
        drawn = [
            region.Mark(
                *self.frame.project(*place.position),
                place.label,
                region.radius(place.count, self.most),
                place.url,
                place.is_approximate,
            )
            for place in self.places
            if place.position
        ]
        return sorted(region.spread(drawn), key=lambda mark: -mark.radius)

    @property
    def exact_marks(self):
        return [mark for mark in self.marks if not mark.is_approximate]

    @cached_property
    def approximate_marks(self):
        return [mark for mark in self.marks if mark.is_approximate]

    @property
    def sizes(self):
        """What three sizes mean, side by side."""
        x, sizes = region.MARGIN, []
        for count in sorted({1, -(-self.most // 4), self.most} - {0}):
            radius = region.radius(count, self.most)
            sizes.append(Size(count, radius, x + radius))
            x += 2 * radius + 34 + 11 * len(number(count))
        return sizes

    # The list ------------------------------------------------------------------------------------

    @cached_property
    def sections(self):
        """Every sheet once: what the sections count adds up to what the directory counts."""
        if self.is_grouped:
            own = [Section("Par intercommunalité", self.places), self.nowhere_section()]
        else:
            own = [self.department_section(code) for code in self.department_names]
            own.append(Section("Quelque part en Franche-Comté", self.nowhere_places([None])))
        return [section for section in own if section.places]

    def department_section(self, code):
        places = [place for place in self.places if place.department == code]
        return Section(self.department_names[code], [*places, *self.nowhere_places([code])])

    def nowhere_section(self):
        return Section("Commune non précisée", self.nowhere_places([*self.department_names, None]))

    def nowhere_places(self, departments):
        """Lines for the sheets without a commune, of departments that have some."""
        return [
            Place(self.nowhere_name(code), self.without_commune[code], self.nowhere_url_in(code))
            for code in departments
            if code in self.without_commune
        ]

    def nowhere_name(self, code):
        if code is None:
            return "Ni commune ni département"
        return self.department_names[code] if self.is_grouped else "Commune non précisée"

    def nowhere_url_in(self, code):
        """No query asks for the sheets without a department: no link for them."""
        if code is None:
            return ""
        return f"{LIST}?{self.directory.query(commune=NOWHERE, departement=code)}"

    # Links ---------------------------------------------------------------------------------------

    @property
    def nowhere_url(self):
        return f"{LIST}?{self.directory.query(commune=NOWHERE)}"

    def query_without(self, names):
        query = QueryDict(self.directory.query(), mutable=True)
        for name in names:
            query.pop(name, None)
        return query.urlencode()

    def link_to(self, name, *, without):
        """The beginning of a link to the list, up to the value of `name`."""
        query = self.query_without(without)
        return f"{LIST}?{query}&{name}=" if query else f"{LIST}?{name}="

    @cached_property
    def zooms(self):
        """The region and its departments, with what the other filters would give there."""
        wide = self.query_without(["departement"])
        counts = Counter()
        for department, count, _ in located(self.directory.stamp, wide):
            counts[department] += count
        chosen = self.directory.values.get("departement", ())
        return [Zoom("Toute la région", "", wide, counts.total(), not chosen)] + [
            Zoom(
                name=outline.name,
                code=outline.code,
                query=self.directory.query(departement=outline.code),
                count=counts[outline.code],
                is_current=outline.code in chosen,
                path=outline.path,
            )
            for outline in self.outlines
        ]


def position(commune):
    """`(latitude, longitude)` in degrees, or None."""
    return None if commune["latitude"] is None else (commune["latitude"], commune["longitude"])


def middle(found):
    """The mean position of `[(count, commune)]`, weighted by counts; None without any position."""
    placed = [(position(commune), count) for count, commune in found if position(commune)]
    total = sum(count for _, count in placed)
    if not total:
        return None
    return tuple(sum(place[axis] * count for place, count in placed) / total for axis in (0, 1))
