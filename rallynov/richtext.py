"""The only HTML that people may write: what is kept of it, and how its links behave."""

import nh3

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}


def whole_address(tag, attribute, value):
    """An address as people type it, made whole: « www.exemple.fr », « nom@exemple.fr »."""
    value = value.strip()
    if value.startswith("www."):
        return f"https://{value}"
    if "@" in value and ":" not in value and "/" not in value:
        return f"mailto:{value}"
    return value


CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href"}},
    attribute_filter=whole_address,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
)
EMPTY = {"", "<p></p>", "<p><br></p>"}


def clean_html(html):
    """Return `html` with nothing but `TAGS`; "" when nothing is left to read."""
    cleaned = CLEANER.clean(html or "").strip()
    return "" if cleaned in EMPTY else cleaned
