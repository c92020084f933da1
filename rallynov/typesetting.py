"""Documents and pictures set by Typst, from the templates and fonts of `rallynov/typst`.

Data reach a template as JSON (`sys.inputs.data`), so that no text can become markup.
"""

import json
from functools import lru_cache
from pathlib import Path

import typst

FOLDER = Path(__file__).parent / "typst"


@lru_cache(1)
def fonts():
    """Ours, and those that Typst holds for the letters that ours lack; never the server's."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FOLDER / "fonts"])


def template_path(name):
    return FOLDER / f"{name}.typ"


def png(name: str, data: dict) -> bytes:
    """The one page of the template `name` as a PNG, a pixel for each of its points."""
    compiler = typst.Compiler(
        template_path(name),
        root=FOLDER,
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data)},
    )
    return compiler.compile(format="png", ppi=72)
