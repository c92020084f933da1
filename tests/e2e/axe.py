"""Runs axe-core in a page, past the page's own policy."""

from functools import cache
from importlib.resources import files


@cache
def source():
    return (files("axe_playwright_python") / "axe.min.js").read_text()


def violations(page):
    """What axe finds, as `(rule, [selector, …])`; an empty list is silence."""
    page.evaluate(source())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(v["id"], [node["target"] for node in v["nodes"]]) for v in found]
