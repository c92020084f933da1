"""The yearly letter as data: what it says, what it counts, what it draws. Pure.

A letter is made by `trophies.report_letter`, kept as JSON once frozen, and read back the same by
`letter_from`: the page and the PDF know nothing else.
"""

import re
from dataclasses import asdict, dataclass

from accounts.wording import FIELD, parts_of

NARROW = "\u202f"
QUOTE = f"«{NARROW}"
BY = " — "  # between a quotation and whose it is
SENTENCE_BEGINS = re.compile(r"(^|[.!?…»]\s+)$")
BLANKS = re.compile(r"[ \t\r\n]+")  # neither of the no-break spaces


@dataclass(frozen=True)
class Piece:
    """A few words of a paragraph, and the address that they lead to, if any."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that was counted once: `shown` set large over its `label`, `words` in a sentence."""

    name: str
    value: int
    shown: str
    label: str
    words: str
    url: str
    is_approximate: bool = False
    source: str = ""


@dataclass(frozen=True)
class Paragraph:
    pieces: tuple[Piece, ...]
    is_quote: bool = False
    by: str = ""

    @property
    def text(self):
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Line:
    """One of the rows that a figure counts."""

    title: str
    url: str
    facts: str = ""


@dataclass(frozen=True)
class Bar:
    value: int
    width: str  # of the widest one, in per cent


@dataclass(frozen=True)
class PlotRow:
    label: str
    url: str
    bars: tuple[Bar, ...]
    note: str = ""


@dataclass(frozen=True)
class Plot:
    """A table whose numbers are drawn as bars beside them: it says by itself what it shows."""

    title: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[PlotRow, ...]


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    lines: tuple[Line, ...] = ()
    plots: tuple[Plot, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Winner:
    title: str
    url: str
    family: str
    slug: str
    theme: str
    facts: str
    prize: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Sheet:
    """What stands on one page once printed."""

    sections: tuple[Section, ...]
    winners: tuple[Winner, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A place on the map of the region, in the units of `places.map`."""

    x: float
    y: float
    label: str
    url: str
    is_flag: bool


@dataclass(frozen=True)
class Stop:
    """A stage of the year's route."""

    name: str
    when: str
    note: str
    state: str


@dataclass(frozen=True)
class Letter:
    year: int
    kicker: str
    lead: str
    is_example: bool
    figures: tuple[Figure, ...]
    stops: tuple[Stop, ...]
    marks: tuple[Mark, ...]
    sheets: tuple[Sheet, ...]  # the first one goes with the figures and the route
    credits: str

    @property
    def title(self):
        return f"Le bilan {self.year}"

    @property
    def winners(self):
        return [winner for sheet in self.sheets for winner in sheet.winners]


# To JSON and back ---------------------------------------------------------------------------------


def as_json(letter):
    """The letter as plain lists and dictionaries."""
    return asdict(letter)


def letter_from(content):
    return Letter(
        **content
        | {
            "figures": rows(Figure, content["figures"]),
            "stops": rows(Stop, content["stops"]),
            "marks": rows(Mark, content["marks"]),
            "sheets": tuple(map(sheet_from, content["sheets"])),
        }
    )


def rows(kind, contents):
    return tuple(kind(**content) for content in contents)


def sheet_from(content):
    return Sheet(
        tuple(map(section_from, content["sections"])),
        tuple(map(winner_from, content["winners"])),
    )


def paragraph_from(content):
    return Paragraph(**content | {"pieces": rows(Piece, content["pieces"])})


def section_from(content):
    return Section(
        **content
        | {
            "paragraphs": tuple(map(paragraph_from, content["paragraphs"])),
            "lines": rows(Line, content["lines"]),
            "plots": tuple(map(plot_from, content["plots"])),
            "sources": tuple(content["sources"]),
        }
    )


def winner_from(content):
    return Winner(**content | {"paragraphs": tuple(map(paragraph_from, content["paragraphs"]))})


def plot_from(content):
    own = [PlotRow(**row | {"bars": rows(Bar, row["bars"])}) for row in content["rows"]]
    return Plot(**content | {"columns": tuple(content["columns"]), "rows": tuple(own)})


# Text with named fields ---------------------------------------------------------------------------


def filled(text, fields):
    """The paragraphs of a text, of whose named fields each is a sequence of `Piece`.

    A blank line parts two of them. One that names what there is none of is left out: never « 0 ».
    """
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return tuple(
        paragraph(block, fields)
        for block in blocks
        if block.strip() and not missing_in(block, fields)
    )


def missing_in(text, fields):
    """The names in `text` that have nothing to say."""
    return [name for name in dict.fromkeys(FIELD.findall(text)) if not fields.get(name)]


def paragraph(block, fields):
    """A block that opens with « is a quotation; what follows its last dash says whose."""
    block = BLANKS.sub(" ", block).strip()
    if not block.startswith(QUOTE):
        return Paragraph(tuple(pieces_of(block, fields)))
    words, dash, by = block.rpartition(BY)
    told = "".join(piece.text for piece in pieces_of(by, fields)) if dash else ""
    return Paragraph(tuple(pieces_of(words if dash else block, fields)), True, told)


def pieces_of(block, fields):
    """The words and fields of a block; what begins a sentence has its capital."""
    before = ""
    for name, words in parts_of(block, dict.fromkeys(fields, "")):
        for piece in fields[name] if name else [Piece(words)]:
            if name and SENTENCE_BEGINS.search(before):
                piece = Piece(piece.text[:1].upper() + piece.text[1:], piece.url)
            before += piece.text
            yield piece


def plot(title, head, columns, lines):
    """A `Plot` of `lines`: (label, url, values, note) each."""
    most = max((value for _, _, values, _ in lines for value in values), default=0)
    made = [
        PlotRow(label, url, tuple(Bar(value, width(value, most)) for value in values), note)
        for label, url, values, note in lines
    ]
    return Plot(title, head, tuple(columns), tuple(made))


def width(value, most):
    """« 85.71% »: as SVG writes it, whatever the language of the page."""
    return f"{100 * value / most:.2f}%" if most else "0%"
