"""The HTML of a mail, made from its text: paragraphs, lists, links, one button, one large code.

Mail programs read attributes `style` and little else; pages of the site have none, so they are
written here and in no template.
"""

import re
from itertools import groupby

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from accounts.wording import filled_lines

SANS = "Atkinson Hyperlegible Next,Verdana,Arial,sans-serif"
STYLES = {
    "body": f"margin:0;padding:24px 12px;background:#fbf7ee;color:#14211e;font:17px/1.55 {SANS}",
    "brand": "max-width:576px;margin:0 auto;padding:0 4px 14px;font-size:24px;font-weight:800",
    "home": "color:#0e3b34;text-decoration:none",
    "card": "max-width:520px;margin:0 auto;padding:26px 28px 12px;background:#fffdf8;"
    "border:1px solid #d8cfba;border-top:6px solid #0e3b34;border-radius:14px;"
    "overflow-wrap:anywhere",
    "p": "margin:0 0 16px",
    "ul": "margin:0 0 16px;padding:0 0 0 22px",
    "li": "margin:0 0 4px",
    "a": "color:#155247;text-decoration:underline",
    "button": "display:inline-block;padding:13px 24px;background:#f5b82e;color:#14211e;"
    "border-radius:999px;font-weight:700;text-decoration:none",
    "code": "margin:6px 0 22px;font-size:38px;line-height:1.2;font-weight:700;letter-spacing:6px",
}
# Rules of a sheet give way to attributes, unless they are important.
NIGHT = mark_safe(
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (prefers-color-scheme:dark){"
    ".page{background:#0b1614!important;color:#f1ecdf!important}"
    ".card{background:#12221e!important;border-color:#27403a!important}"
    ".home{color:#f1ecdf!important}"
    ".link{color:#a7d3ba!important}"
    "}"
)
PAGE = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>{night}</style>
</head>
<body class="page" style="{body}">
<p style="{brand}"><a class="home" href="{site}" style="{home}">Rally’nov</a></p>
<div class="card" style="{card}">
{blocks}
</div>
</body>
</html>
"""
URL = re.compile(r"https?://[^\s<>«»]+[^\s<>«».,;:!?)]")
BULLET = re.compile(r"\s*[-–•]\s+")


def page(*, subject, text, values=None, links=(), loud=(), buttons=None):
    """A whole HTML document that says what `text` says, filled with `values`.

    `links` are the fields that are addresses of ours; alone in its paragraph, a field of `buttons`
    (label by name) is a button, and one of `loud` is set large.
    """
    buttons = buttons or {}
    paragraphs = paragraphs_of(filled_lines(text, values or {}))
    blocks = [block(lines, {*links, *buttons}, loud, buttons) for lines in paragraphs]
    return format_html(
        PAGE,
        subject=subject,
        night=NIGHT,
        site=f"{settings.SITE_URL}/",
        blocks=format_html_join("\n", "{}", ((made,) for made in blocks)),
        **{name: STYLES[name] for name in ["body", "brand", "home", "card"]},
    )


def paragraphs_of(lines):
    """The lines in groups, as blank lines part them; without the parts that say nothing."""
    for is_written, group in groupby(lines, key=lambda line: bool(words_of(line).strip())):
        if is_written:
            yield [[part for part in line if part[1]] for line in group]


def words_of(line):
    return "".join(words for _, words in line)


def block(lines, links, loud, buttons):
    """One paragraph, from its lines."""
    only = [(name, words.strip()) for name, words in lines[0] if words.strip()]
    if len(lines) == len(only) == 1:
        ((name, words),) = only
        if name in loud:
            return format_html('<p style="{}">{}</p>', STYLES["code"], words)
        if buttons.get(name):
            button = anchor(words, buttons[name], style="button", look="button")
            return format_html('<p style="{}">{}</p>', STYLES["p"], button)
    if all(BULLET.match(words_of(line)) for line in lines):
        return bullets([unmarked(line) for line in lines], links)
    rows = format_html_join(mark_safe("<br>\n"), "{}", ((inline(row, links),) for row in lines))
    return format_html('<p style="{}">{}</p>', STYLES["p"], rows)


def unmarked(line):
    """The parts of a line without the mark of its list."""
    length = BULLET.match(words_of(line)).end()
    parts = []
    for name, words in line:
        parts.append((name, words[length:]))
        length = max(length - len(words), 0)
    return parts


def bullets(lines, links):
    rows = ((STYLES["li"], inline(line, links)) for line in lines)
    items = format_html_join("", '<li style="{}">{}</li>', rows)
    return format_html('<ul style="{}">{}</ul>', STYLES["ul"], items)


def inline(line, links):
    """The words of a line: escaped, with the links of the team's text and ours, and no others."""
    pieces = (
        linked(words) if name in links or not name else format_html("{}", words)
        for name, words in trimmed(line)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def trimmed(line):
    (name, first), *others = line
    return [(name, first.lstrip()), *others]


def linked(words):
    """`words` with their addresses as links."""
    pieces, end = [], 0
    for match in URL.finditer(words):
        pieces += [words[end : match.start()], anchor(match[0], match[0])]
        end = match.end()
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, words[end:]]))


def anchor(url, words, *, style="a", look="link"):
    return format_html('<a class="{}" href="{}" style="{}">{}</a>', look, url, STYLES[style], words)
