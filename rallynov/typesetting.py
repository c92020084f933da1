"""Documents and pictures set by Typst, from the templates and fonts of `rallynov/typst`.

Data reach a template as JSON (`sys.inputs.data`), so that no text can become markup.
"""

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import typst

FOLDER = Path(__file__).parent / "typst"
# What Typst says of each letter that no font draws, which PDF/UA forbids.
NOT_DRAWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
PAGE = re.compile(rb"/Type\s*/Page\b")
ESCAPE = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


@lru_cache(1)
def fonts():
    """Ours, and those that Typst holds for the letters that ours lack; never the server's."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FOLDER / "fonts"])


def template_path(name):
    return FOLDER / f"{name}.typ"


def compiler(name, data):
    return typst.Compiler(
        template_path(name),
        root=FOLDER,
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data)},
    )


def png(name: str, data: dict) -> bytes:
    """The one page of the template `name` as a PNG, a pixel for each of its points."""
    return compiler(name, data).compile(format="png", ppi=72)


def pdf(name: str, data: dict, *, at) -> bytes:
    """The template `name` as a tagged PDF (PDF/UA-1), dated of the instant `at`.

    Equal data and instants give equal bytes. A letter that no font draws is named by its code.
    """
    data = each_text(data, without_controls)
    while True:
        try:
            return compiler(name, data).compile(
                format="pdf", pdf_standards="ua-1", timestamp=int(at.timestamp())
            )
        except typst.TypstError as error:
            codes = {ord(letter): code_of(letter) for letter in not_drawn(error)}
            named = each_text(data, lambda text, codes=codes: text.translate(codes))
            if named == data:
                raise
            data = named


def page_count(document: bytes) -> int:
    """How many pages a PDF made by `pdf` has: Typst leaves each page's own entry readable."""
    return len(PAGE.findall(document))


def each_text(data, change):
    """`data`, plain JSON, with `change` made to each of its texts."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, list | tuple):
        return [each_text(item, change) for item in data]
    if isinstance(data, dict):
        return {key: each_text(value, change) for key, value in data.items()}
    return data


def without_controls(text):
    """`text` without what is not seen, among which what would turn the reading round."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C")


def not_drawn(error):
    """The letters that stopped Typst: of a letter and its marks, the marks alone."""
    found = set()
    for escaped in NOT_DRAWN.findall(error.diagnostic):
        cluster = ESCAPE.sub(lambda part: chr(int(part[1], 16)) if part[1] else part[2], escaped)
        found.update([c for c in cluster if is_mark(c)] if len(cluster) > 1 else cluster)
    return found


def is_mark(letter):
    return unicodedata.category(letter)[0] == "M"


def code_of(letter):
    return "" if is_mark(letter) else f"[U+{ord(letter):04X}]"
