"""The map of a letter, for its page and for its PDF."""

from html import escape
from types import SimpleNamespace

from places import map as region

GROUNDS = {"25": "#1b6253", "39": "#155247", "70": "#12493f", "90": "#227363"}
SAPIN, COMTE, NEIGE, MOUSSE = "#0e3b34", "#f5b82e", "#fbf7ee", "#8fc1a4"
LETTERS = 'font-family="Atkinson Hyperlegible Next" font-size="17" font-weight="600"'


def drawing_of(letter):
    """What `includes/map.html` draws: the laureates’ flags, their route, the year’s meetings."""
    dots = [mark_of(mark) for mark in letter.marks if not mark.is_flag]
    flags = [mark_of(mark) for mark in letter.marks if mark.is_flag]
    drawn = SimpleNamespace(
        frame=region.frame(),
        outlines=region.outlines(),
        marks=dots,
        clear_names=[region.clear(name, [*dots, *flags]) for name in region.names()],
    )
    return SimpleNamespace(map=drawn, flags=flags, route=region.route(flags))


def mark_of(mark):
    return region.Mark(mark.x, mark.y, mark.label, radius=9, url=mark.url)


def map_svg(letter):
    """The same drawing as a document of its own, with the colours that a style sheet gives."""
    drawing = drawing_of(letter)
    frame = drawing.map.frame
    parts = [
        *(
            f'<path d="{outline.path}" fill="{GROUNDS[outline.code]}" stroke="{SAPIN}"'
            ' stroke-width="4" stroke-linejoin="round"/>'
            for outline in drawing.map.outlines
        ),
        *(f'<circle cx="{m.x}" cy="{m.y}" r="9" fill="{MOUSSE}"/>' for m in drawing.map.marks),
        f'<path d="{drawing.route or "M0 0"}" fill="none" stroke="{COMTE}" stroke-width="5"'
        ' stroke-linecap="round" stroke-dasharray=".1 13"/>',
        *(name_svg(name) for name in drawing.map.clear_names),
        *(flag_svg(flag) for flag in drawing.flags),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width} {frame.height}"'
        f' width="{frame.width}" height="{frame.height}">{"".join(parts)}</svg>'
    )


def name_svg(name):
    anchor = "end" if name.anchor == "end" else "start"
    return (
        f'<circle cx="{name.x}" cy="{name.y}" r="3" fill="{NEIGE}"/>'
        f'<text x="{name.x + name.dx}" y="{name.y + 5}" text-anchor="{anchor}" fill="{NEIGE}"'
        f" {LETTERS}>{escape(name.label)}</text>"
    )


def flag_svg(flag):
    return (
        f'<g transform="translate({flag.x} {flag.y})" fill="{COMTE}" stroke="{COMTE}"'
        ' stroke-width="3" stroke-linejoin="round">'
        '<path d="M0 0V-30"/><path d="M0-31l21 8-21 8z"/><circle r="6"/></g>'
    )
