"""The region, or one of its departments, drawn as SVG coordinates: outlines, names, marks.

Outlines: Natural Earth (public domain), WGS 84. Positions are in degrees, results in units of the
SVG's viewBox. The projection is equirectangular, true to scale at the region's mean latitude:
at this size it differs from a conic one by less than a stroke's width.
"""

import json
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

OUTLINES = Path(__file__).parent / "data" / "departments_franche_comte.geojson"
BOX, MARGIN = 600, 20  # units: what a drawing fits in, and what it leaves around

# Landmarks that help to read the map: name, latitude, longitude, side of the label, department,
# and whether the whole region shows it.
# fmt: off
CITIES = [
    ("Besançon", 47.2488, 6.0181, "start", "25", True),
    ("Montbéliard", 47.5096, 6.7982, "end", "25", False),
    ("Pontarlier", 46.9035, 6.3554, "end", "25", False),
    ("Maîche", 47.2516, 6.8031, "end", "25", False),
    ("Lons-le-Saunier", 46.6753, 5.5557, "start", "39", True),
    ("Dole", 47.0923, 5.4897, "start", "39", False),
    ("Champagnole", 46.7445, 5.9135, "end", "39", False),
    ("Saint-Claude", 46.3868, 5.8647, "start", "39", False),
    ("Vesoul", 47.6260, 6.1425, "start", "70", True),
    ("Gray", 47.4458, 5.5922, "start", "70", False),
    ("Lure", 47.6829, 6.4966, "start", "70", False),
    ("Luxeuil-les-Bains", 47.8171, 6.3650, "end", "70", False),
    ("Belfort", 47.6422, 6.8539, "start", "90", True),
    ("Giromagny", 47.7427, 6.8273, "start", "90", False),
    ("Delle", 47.5080, 6.9998, "start", "90", False),
]
# fmt: on

# Marks: the radius for one, the smallest and the largest; what is left between two of a spiral, the
# share of a disc that discs can fill, and the angle between two leaves of a plant.
SINGLE, SMALLEST, LARGEST = 5, 3, 19
GAP, PACKING = 1, 0.7
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def short(value):
    """Rounded to a tenth of a unit, and written without a useless zero."""
    tenths = round(value, 1)
    return int(tenths) if tenths == int(tenths) else tenths


@dataclass(frozen=True)
class Frame:
    """A window on the region: its corner in degrees, its scale in units a degree, its size."""

    west: float
    north: float
    scale_x: float
    scale_y: float
    width: int
    height: int

    def project(self, latitude, longitude):
        """The `(x, y)` of a position."""
        x = MARGIN + (longitude - self.west) * self.scale_x
        y = MARGIN + (self.north - latitude) * self.scale_y
        return short(x), short(y)


@dataclass(frozen=True)
class Outline:
    code: str
    name: str
    path: str


@dataclass(frozen=True)
class Name:
    """A landmark; its label starts or ends, as `anchor` says, at a `gap` from it."""

    x: float
    y: float
    label: str
    anchor: str
    gap: float = 10

    @property
    def dx(self):
        return -self.gap if self.anchor == "end" else self.gap


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    label: str
    radius: float = SINGLE
    url: str = ""
    is_approximate: bool = False


@cache
def features():
    """The departments as `(code, name, rings)`, a ring being a list of `(longitude, latitude)`."""
    rows = []
    for feature in json.loads(OUTLINES.read_text())["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        rings = [ring for polygon in polygons for ring in polygon]
        rows.append((feature["properties"]["code"], feature["properties"]["name"], rings))
    return rows


def bounds(code=""):
    """`(west, east, south, north)` of a department, or of the region."""
    points = [
        point for own, _, rings in features() if code in ("", own) for ring in rings
        for point in ring
    ]  # fmt: skip
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), max(longitudes), min(latitudes), max(latitudes)


@cache
def frame(code=""):
    """The `Frame` of a department, or of the region."""
    west, east, south, north = bounds(code)
    _, _, lowest, highest = bounds()
    shrink = math.cos(math.radians((lowest + highest) / 2))
    room = BOX - 2 * MARGIN
    scale = min(room / ((east - west) * shrink), room / (north - south))
    width = round((east - west) * shrink * scale) + 2 * MARGIN
    height = round((north - south) * scale) + 2 * MARGIN
    return Frame(west, north, scale * shrink, scale, width, height)


@cache
def outlines(code=""):
    """Every department, in the frame of one or of the region."""
    return [Outline(own, name, path(rings, frame(code))) for own, name, rings in features()]


def path(rings, frame):
    def one(ring):
        points = [frame.project(latitude, longitude) for longitude, latitude in ring]
        return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"

    return "".join(one(ring) for ring in rings)


@cache
def names(code=""):
    """The landmarks of a department, or of the region."""
    return [
        Name(*frame(code).project(latitude, longitude), name, anchor)
        for name, latitude, longitude, anchor, department, is_regional in CITIES
        if code == department or (not code and is_regional)
    ]


# Marks -------------------------------------------------------------------------------------------


def radius(count, most):
    """The radius of a mark, in units: its area grows with its count, up to that of the `most`."""
    single = min(SINGLE, LARGEST / math.sqrt(most))
    return short(max(SMALLEST, single * math.sqrt(count)))


def spread(marks):
    """The same marks, those of one position set around it: none hides another.

    The communes of a postal area share one approximate position, up to 34 of them; laid so, they
    take about the room that they take on the ground.
    """
    places = defaultdict(list)
    for mark in marks:
        places[mark.x, mark.y].append(mark)
    return [moved for own in places.values() for moved in (around(own) if own[1:] else own)]


def around(marks):
    """A sunflower's spiral around the position that the marks share, the largest inside."""
    area = 0
    for turn, mark in enumerate(sorted(marks, key=lambda m: (-m.radius, m.label))):
        own = (mark.radius + GAP) ** 2
        distance, angle = math.sqrt((area + own / 2) / PACKING), turn * GOLDEN_ANGLE
        area += own
        yield replace(
            mark,
            x=short(mark.x + distance * math.cos(angle)),
            y=short(mark.y + distance * math.sin(angle)),
        )


def clear(name, marks):
    """The name, its label set clear of the marks that cover its landmark."""
    covering = [m.radius for m in marks if math.hypot(m.x - name.x, m.y - name.y) < m.radius]
    return replace(name, gap=short(max(covering, default=2) + 6))


def mark(commune, *, label="", url=""):
    """The `Mark` of a commune on the region, or None when its position is unknown."""
    if commune is None or commune.latitude is None:
        return None
    x, y = frame().project(commune.latitude, commune.longitude)
    return Mark(x, y, label or commune.name, url=url)


def route(marks):
    """A smooth path through the marks, west to east: the rally from laureate to laureate."""
    stops = sorted(marks, key=lambda m: (m.x, m.y))
    if len(stops) < 2:
        return ""
    steps = [f"M{stops[0].x} {stops[0].y}"]
    for a, b in zip(stops, stops[1:], strict=False):
        bend = 0.3 * (b.x - a.x)
        steps.append(
            f"C{a.x + bend:.1f} {a.y + bend:.1f} {b.x - bend:.1f} {b.y + bend:.1f} {b.x} {b.y}"
        )
    return "".join(steps)
