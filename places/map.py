"""The region drawn as SVG coordinates: outlines of departments, marks on communes.

Outlines: Natural Earth (public domain), WGS 84. Positions are in degrees, results in units of the
SVG's viewBox. The projection is equirectangular, true to scale at the region's mean latitude:
at this size it differs from a conic one by less than a stroke's width.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OUTLINES = Path(__file__).parent / "data" / "departments_franche_comte.geojson"
WIDTH, HEIGHT, MARGIN = 455, 600, 20

# Landmarks that help to read the map: name, latitude, longitude, side of the label.
CITIES = [
    ("Besançon", 47.2488, 6.0182, "start"),
    ("Vesoul", 47.6223, 6.1553, "start"),
    ("Lons-le-Saunier", 46.6744, 5.5551, "end"),
    ("Belfort", 47.6379, 6.8629, "start"),
]


@dataclass(frozen=True)
class Outline:
    code: str
    name: str
    path: str


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    label: str
    count: int = 1
    url: str = ""
    anchor: str = "start"

    @property
    def radius(self):
        """The mark's area grows with its count."""
        return round(3.2 * math.sqrt(min(self.count, 16)), 1)


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


@cache
def frame():
    """`(west, north, scale_x, scale_y)` that fit every outline within the viewBox's margins."""
    points = [point for _, _, rings in features() for ring in rings for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * MARGIN) / ((east - west) * shrink), (HEIGHT - 2 * MARGIN) / (north - south)
    )
    return west, north, scale * shrink, scale


def project(latitude, longitude):
    """Return the `(x, y)` of a position, rounded to a tenth of a unit."""
    west, north, scale_x, scale_y = frame()
    return (
        round(MARGIN + (longitude - west) * scale_x, 1),
        round(MARGIN + (north - latitude) * scale_y, 1),
    )


@cache
def outlines():
    return [Outline(code, name, path(rings)) for code, name, rings in features()]


def path(rings):
    def one(ring):
        points = [project(latitude, longitude) for longitude, latitude in ring]
        return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"

    return "".join(one(ring) for ring in rings)


@cache
def cities():
    return [
        Mark(*project(latitude, longitude), name, anchor=anchor)
        for name, latitude, longitude, anchor in CITIES
    ]


def mark(commune, count=1, *, label="", url=""):
    """The `Mark` of a commune, or None when its position is unknown."""
    if commune is None or commune.latitude is None:
        return None
    x, y = project(commune.latitude, commune.longitude)
    return Mark(x, y, label or commune.name, count, url)


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
