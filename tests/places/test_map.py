"""The geometry of the map: frames, projection, sizes, marks that share a position."""

import math
import re

import pytest

from places import map
from places.models import Commune

CODES = ["", "25", "39", "70", "90"]


def test_north_is_up_and_east_is_right():
    project = map.frame().project
    belfort, lons = project(47.64, 6.86), project(46.67, 5.55)
    assert belfort[0] > lons[0]
    assert belfort[1] < lons[1]


def test_a_kilometre_is_as_long_in_both_directions():
    frame, latitude = map.frame(), 47.1
    across = frame.scale_x / math.cos(math.radians(latitude))
    assert across == pytest.approx(frame.scale_y, rel=0.01)


@pytest.mark.parametrize("code", CODES)
def test_frame_holds_what_it_shows(code):
    frame = map.frame(code)
    assert max(frame.width, frame.height) == map.BOX
    for outline in map.outlines(code):
        if code not in ("", outline.code):
            continue
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", outline.path)]
        xs, ys = numbers[::2], numbers[1::2]
        assert map.MARGIN <= min(xs) <= max(xs) <= frame.width - map.MARGIN + 1
        assert map.MARGIN <= min(ys) <= max(ys) <= frame.height - map.MARGIN + 1


@pytest.mark.parametrize("code", CODES)
def test_landmarks_stand_in_their_frame(code):
    frame, names = map.frame(code), map.names(code)
    assert len(names) >= 3
    for name in names:
        assert 0 < name.x < frame.width
        assert 0 < name.y < frame.height


def test_department_is_drawn_larger_than_in_the_region():
    assert all(map.frame(code).scale_y > 1.3 * map.frame().scale_y for code in CODES[1:])


# Marks -------------------------------------------------------------------------------------------


def area(count, most):
    return map.radius(count, most) ** 2


def test_area_of_a_mark_grows_with_its_count():
    assert area(8, 12) == pytest.approx(2 * area(4, 12), rel=0.05)
    assert map.radius(1, 5) == map.SINGLE


def test_size_of_a_mark_is_bounded():
    assert map.radius(9000, 9000) == map.LARGEST
    assert map.radius(1, 9000) == map.SMALLEST


def test_marks_of_one_position_hide_none():
    together = [map.Mark(100, 100, f"{n}", radius=3 + n % 5) for n in range(34)]
    alone = map.Mark(300, 300, "seule")
    spread = map.spread([*together, alone])
    assert len(spread) == 35
    assert alone in spread
    moved = [mark for mark in spread if mark != alone]
    for i, a in enumerate(moved):
        for b in moved[:i]:
            assert math.hypot(a.x - b.x, a.y - b.y) > 0.75 * (a.radius + b.radius), (a, b)
    assert max(math.hypot(mark.x - 100, mark.y - 100) for mark in moved) < 60


def test_label_is_clear_of_the_mark_on_its_landmark():
    name = map.Name(100, 100, "Besançon", "end")
    near, far = map.Mark(101, 100, "b", radius=18), map.Mark(200, 200, "v", radius=9)
    assert map.clear(name, [near, far]).dx < -18
    assert map.clear(name, [far]).dx > -10


@pytest.mark.django_db
def test_every_position_is_drawn_within_its_frames():
    for commune in Commune.objects.exclude(latitude=None):
        for code in ["", commune.department_id]:
            frame = map.frame(code)
            x, y = frame.project(commune.latitude, commune.longitude)
            assert 0 <= x <= frame.width
            assert 0 <= y <= frame.height


@pytest.mark.django_db
def test_commune_without_position_has_no_mark():
    assert map.mark(Commune.objects.filter(latitude=None).first()) is None
    assert map.mark(None) is None


def test_route_links_marks_from_west_to_east():
    marks = [map.Mark(90, 10, "b"), map.Mark(10, 20, "a")]
    assert map.route(marks).startswith("M10 20C")
    assert map.route(marks[:1]) == ""
