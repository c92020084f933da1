"""The only HTML that people may write: what is kept of it, and how its links behave."""

import nh3

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
)
EMPTY = {"", "<p></p>", "<p><br></p>"}


def clean_html(html):
    """Return `html` with nothing but `TAGS`; "" when nothing is left to read."""
    cleaned = CLEANER.clean(html or "").strip()
    return "" if cleaned in EMPTY else cleaned
