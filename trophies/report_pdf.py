"""The letter on four pages: a tagged PDF, of the same words and drawings as its page."""

import json
from datetime import datetime
from functools import lru_cache
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from rallynov import typesetting
from rallynov.dates import day_text
from rallynov.patterns import pattern_svg
from trophies.report import as_json
from trophies.report_drawing import map_svg

KEPT = 8  # PDFs that a process keeps: those of a few years are read over and over


def pdf_of(report, letter) -> bytes:
    """What was kept, if it is frozen; else equal letters give equal bytes."""
    if report.is_frozen:
        return bytes(report.pdf)
    # A letter that is not published yet is of the day: its second would tell two looks apart.
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return report_pdf(letter, at=report.published_at or today)


def report_pdf(letter, *, at, frozen_at=None) -> bytes:
    content = pdf_content(letter) | {"frozen": frozen_at and frozen_text(frozen_at) or ""}
    return typeset(json.dumps(content), at.isoformat())


@lru_cache(KEPT)
def typeset(content, at):
    return typesetting.pdf("report", json.loads(content), at=datetime.fromisoformat(at))


def pdf_content(letter):
    page = settings.SITE_URL + reverse("trophies:report", args=[letter.year])
    return each_url(as_json(letter), page) | {
        "title": f"{letter.title} — Rally’nov",
        "heading": letter.title,
        "foot": f"Le bilan en ligne\u202f: {page}",
        "map": map_svg(letter) if letter.marks else "",
        "places": [mark.label for mark in letter.marks],
        "patterns": [
            pattern_svg(winner.family, winner.slug, width=480, height=150)
            for winner in letter.winners
        ],
    }


def each_url(data, page):
    """`data` with its addresses made whole."""
    if isinstance(data, list | tuple):
        return [each_url(item, page) for item in data]
    if not isinstance(data, dict):
        return data
    return {
        key: urljoin(page, value) if key == "url" and value else each_url(value, page)
        for key, value in data.items()
    }


def frozen_text(at):
    return f"Figé le {day_text(at)}\u202f: ce bilan ne change plus."
