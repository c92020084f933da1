"""Drawn patterns: a family of shapes per theme, an arrangement per sheet.

`pattern_svg("mobilite", "velos-du-plateau")` is the same document for ever, so that its address can
be kept for ever. Lengths are in units of the viewBox; shapes stand on a grid of `CELL`.
"""

import hashlib
import math
from collections import defaultdict
from dataclasses import dataclass, field

# A part of the address: raise it when a drawing changes.
VERSION = 1
CELL = 60


@dataclass(frozen=True)
class Palette:
    """Two inks on a ground, as CSS colours."""

    a: str
    b: str
    ground: str


@dataclass
class Canvas:
    """Gathers shapes by colour: one path for each ink, so that a file stays small."""

    width: int
    height: int
    key: str
    fills: dict = field(default_factory=lambda: defaultdict(list))
    lines: dict = field(default_factory=lambda: defaultdict(list))
    drawn: int = 0

    def chance(self):
        """The next number of the key's own sequence, in [0, 1[."""
        self.drawn += 1
        digest = hashlib.blake2b(f"{self.key}:{self.drawn}".encode(), digest_size=4).digest()
        return int.from_bytes(digest) / 2**32

    def pick(self, *options):
        return options[int(self.chance() * len(options))]

    def cells(self, width=CELL, height=CELL):
        """The top left corners of the grid's cells, column by column."""
        for x in range(0, self.width, width):
            for y in range(0, self.height, height):
                yield x, y

    def drift(self):
        """A function `(x, y) -> "a" | "b"`: chance, leaning from one ink to the other across."""
        angle = self.chance() * 2 * math.pi

        def tone(x, y):
            u, v = x / self.width - 0.5, y / self.height - 0.5
            lean = 0.5 + 0.55 * (u * math.cos(angle) + v * math.sin(angle))
            return "a" if self.chance() < lean else "b"

        return tone

    def fill(self, ink, path):
        self.fills[ink].append(path)

    def line(self, ink, width, path, dash=""):
        self.lines[ink, width, dash].append(path)


def disc(x, y, radius):
    r = radius
    return f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"


def quarter(x, y, size, turn):
    """A quarter of a disc filling a cell; `turn` (0 to 3) says which corner is its centre."""
    s = size
    return [
        f"M{x} {y}a{s} {s} 0 0 1 {s} {s}h-{s}z",
        f"M{x + s} {y}a{s} {s} 0 0 1-{s} {s}v-{s}z",
        f"M{x + s} {y + s}a{s} {s} 0 0 1-{s}-{s}h{s}z",
        f"M{x} {y + s}a{s} {s} 0 0 1 {s}-{s}v{s}z",
    ][turn]


def quarters(canvas):
    tone = canvas.drift()
    for x, y in canvas.cells():
        fate = canvas.chance()
        if fate < 0.7:
            canvas.fill(tone(x, y), quarter(x, y, CELL, canvas.pick(0, 1, 2, 3)))
        elif fate < 0.86:
            canvas.fill(tone(x, y), disc(x + 30, y + 30, 14))


def waves(canvas):
    tone = canvas.drift()
    for x, y in canvas.cells():
        fate = canvas.chance()
        if fate < 0.5:
            canvas.line(tone(x, y), 13, f"M{x} {y + 15}c30 0 30 30 60 30")
        elif fate < 0.72:
            canvas.line(tone(x, y), 13, f"M{x} {y + canvas.pick(15, 45)}h60")
        elif fate < 0.82:
            canvas.fill(tone(x, y), disc(x + 30, y + 30, 11))


def half_moons(canvas):
    tone = canvas.drift()
    for x, y in canvas.cells(height=CELL // 2):
        if canvas.chance() < 0.74:
            canvas.fill(tone(x, y), f"M{x} {y + 30}a30 30 0 0 1 60 0z")


def rings(canvas):
    tone = canvas.drift()
    for x, y in canvas.cells():
        fate = canvas.chance()
        if fate < 0.58:
            canvas.line(tone(x, y), 14, disc(x + 30, y + 30, 19))
        elif fate < 0.84:
            canvas.fill(tone(x, y), f"M{x + 24} {y + 8}h12v16h16v12h-16v16h-12v-16h-16v-12h16z")


def roofs(canvas):
    tone = canvas.drift()
    shapes = [
        "M{x} {y}m5 60v-32l25-24 25 24v32zm18 0h14v-20h-14z",
        "M{x} {y}m5 60v-32l25-24 25 24v32zm17-24h16v-16h-16z",
        "M{x} {y}m0 60l30-32 30 32z",
        "M{x} {y}m0 34l30-30 30 30v18l-30-30-30 30z",
        "M{x} {y}m0 60v-60l60 26v34zm14-16h12v-14h-12zm22 0h12v-14h-12z",
    ]
    for x, y in canvas.cells():
        if canvas.chance() < 0.82:
            canvas.fill(tone(x, y), canvas.pick(*shapes).format(x=x, y=y))


def gears(canvas):
    tone = canvas.drift()
    taken = set()
    for x, y in canvas.cells():
        if (x, y) in taken:
            continue
        square = {(x, y), (x + CELL, y), (x, y + CELL), (x + CELL, y + CELL)}
        fits = y + CELL < canvas.height and not square & taken
        ink = tone(x, y)
        if fits and canvas.chance() < 0.22:
            taken |= square
            canvas.fill(ink, disc(x + 60, y + 60, 45) + disc(x + 60, y + 60, 20))
            canvas.line(ink, 14, disc(x + 60, y + 60, 48), dash="9.42")
            canvas.fill("b" if ink == "a" else "a", disc(x + 60, y + 60, 10))
        elif canvas.chance() < 0.72:
            canvas.fill(ink, disc(x + 30, y + 30, 20) + disc(x + 30, y + 30, 8))
            canvas.line(ink, 10, disc(x + 30, y + 30, 22), dash="8.64")


def planks(canvas):
    tone = canvas.drift()
    phase = canvas.pick(0, 1)
    for x, y in canvas.cells():
        lies = (x // CELL + y // CELL + phase) % 2
        for step in (0, 20, 40):
            if canvas.chance() < 0.84:
                bar = (
                    f"M{x} {y + step + 4}h60v12h-60z" if lies else f"M{x + step + 4} {y}h12v60h-12z"
                )
                canvas.fill(tone(x, y), bar)


def leaves(canvas):
    tone = canvas.drift()
    for x, y in canvas.cells():
        fate = canvas.chance()
        rising = (x // CELL + y // CELL) % 2 ^ (canvas.chance() < 0.18)
        if fate < 0.78:
            path = (
                f"M{x} {y + 60}a60 60 0 0 1 60-60a60 60 0 0 1-60 60z"
                if rising
                else f"M{x} {y}a60 60 0 0 1 60 60a60 60 0 0 1-60-60z"
            )
            canvas.fill(tone(x, y), path)
        elif fate < 0.9:
            canvas.fill(tone(x, y), disc(x + 30, y + 30, 9))


def confetti(canvas):
    tone = canvas.drift()
    shapes = [
        "m-16 12l16-28 16 28z",
        "m-14-14h28v28h-28z",
        "m-18-8l10-10 26 26-10 10z",
        "m-20 8a20 20 0 0 1 40 0z",
        "m-20 6l26-26 10 10-26 26z",
    ]
    for x, y in canvas.cells():
        cx, cy = x + 30 + canvas.pick(-8, -3, 3, 8), y + 30 + canvas.pick(-8, -3, 3, 8)
        fate = canvas.chance()
        if fate < 0.6:
            canvas.fill(tone(x, y), f"M{cx} {cy}{canvas.pick(*shapes)}")
        elif fate < 0.78:
            canvas.fill(tone(x, y), disc(cx, cy, canvas.pick(7, 12, 16)))
        elif fate < 0.92:
            canvas.line(tone(x, y), 7, f"M{cx - 18} {cy}q9-18 18 0t18 0")


def stairs(canvas):
    tone = canvas.drift()
    turns = [
        "M{x} {y}m0 60v-20h20v-20h20v-20h20v60z",
        "M{x} {y}h20v20h20v20h20v20h-60z",
        "M{x} {y}h60v20h-20v20h-20v20h-20z",
        "M{x} {y}h60v60h-20v-20h-20v-20h-20z",
    ]
    side = canvas.pick(0, 1)
    for x, y in canvas.cells():
        if canvas.chance() < 0.8:
            turn = turns[canvas.pick(side, side, 1 - side, 2, 3)]
            canvas.fill(tone(x, y), turn.format(x=x, y=y))


def points(canvas):
    """Dots that swell around two centres, one of each ink."""
    reach = max(canvas.width, canvas.height) * 0.62
    centres = [
        (ink, canvas.chance() * canvas.width, canvas.chance() * canvas.height) for ink in "ab"
    ]
    for x, y in canvas.cells(30, 30):
        away, ink = min((math.hypot(x + 15 - cx, y + 15 - cy), ink) for ink, cx, cy in centres)
        size = max(4, round(26 * (1 - away / reach) / 4) * 4)
        canvas.line(ink, size, f"M{x + 15} {y + 15}h0")


def rainbows(canvas):
    """Three arcs about a corner, a head in the opposite one: people in a round."""
    tone = canvas.drift()
    for x, y in canvas.cells():
        if canvas.chance() > 0.88:
            continue
        left, top = canvas.pick(0, 1), canvas.pick(0, 1)
        cx, cy = x + CELL * (1 - left), y + CELL * (1 - top)
        dx, dy = (1 if not left else -1), (1 if not top else -1)
        sweep = 1 if dx == dy else 0
        ink = tone(x, y)
        for radius in (10, 27, 44):
            start = f"M{cx - dx * radius} {cy}"
            canvas.line(
                ink, 9, f"{start}a{radius} {radius} 0 0 {sweep} {dx * radius} {-dy * radius}"
            )
        canvas.fill("b" if ink == "a" else "a", disc(cx - dx * 51, cy - dy * 51, 7))


def rally(canvas):
    """The house's own: dotted routes from flag to flag."""
    for part in (0.2, 0.5, 0.8):
        ink = "b" if part == 0.5 else "a"
        x, y = -CELL, round(canvas.height * part)
        path = f"M{x} {y}"
        while x < canvas.width + CELL:
            step, rise = canvas.pick(90, 120, 150), canvas.pick(-40, -20, 20, 40)
            rise = -rise if abs(y + rise - canvas.height * part) > 40 else rise
            path += f"c{step // 2} 0 {step // 2} {rise} {step} {rise}"
            x, y = x + step, y + rise
            if canvas.chance() < 0.4 and y > 90:
                canvas.line("a", 6, f"M{x} {y}v-56")
                canvas.fill("b", f"M{x} {y - 62}l46 17-46 17z")
            canvas.fill(canvas.pick("a", "b"), disc(x, y, 14))
        canvas.line(ink, 10, path, dash=".1 20")


# family: (shapes, inks by day, inks by night)
FAMILIES = {
    "alimentation": (
        quarters,
        Palette("#f5b82e", "#d8472b", "#fde9b8"),
        Palette("#f5b82e", "#d8472b", "#3a2c0b"),
    ),
    "mobilite": (
        waves,
        Palette("#3a43b8", "#8fa2f0", "#dfe4fb"),
        Palette("#5f6be0", "#a3b1f5", "#1b1f4d"),
    ),
    "solidarite": (
        half_moons,
        Palette("#d8472b", "#f1a59b", "#fbdcd3"),
        Palette("#d8472b", "#f1a59b", "#431a10"),
    ),
    "sante": (
        rings,
        Palette("#155247", "#7ea98b", "#d6e8da"),
        Palette("#2b7a69", "#8fc1a4", "#133129"),
    ),
    "habitat": (
        roofs,
        Palette("#b3541e", "#e9a15c", "#f8e3cb"),
        Palette("#c4682f", "#efb578", "#38200f"),
    ),
    "emploi": (
        gears,
        Palette("#0f6a7a", "#f0a92a", "#d3ebec"),
        Palette("#2d93a3", "#f0a92a", "#0d2f36"),
    ),
    "travail": (
        planks,
        Palette("#5b2a6e", "#c98fc0", "#f0dff0"),
        Palette("#8d55a3", "#d9a9d2", "#2c1637"),
    ),
    "environnement": (
        leaves,
        Palette("#3f7d2c", "#a9c75a", "#e6efcc"),
        Palette("#5b9a45", "#b6d266", "#1d2c12"),
    ),
    "culture": (
        confetti,
        Palette("#c2356b", "#f0a92a", "#fbdce6"),
        Palette("#d8578a", "#f5b82e", "#3d1224"),
    ),
    "education": (
        stairs,
        Palette("#1f5fae", "#f2924a", "#dceaf8"),
        Palette("#4b86cf", "#f2924a", "#11274a"),
    ),
    "numerique": (
        points,
        Palette("#2b3a67", "#2fa8a8", "#d9f0f0"),
        Palette("#7f92cf", "#4fc3c3", "#141d38"),
    ),
    "citoyennete": (
        rainbows,
        Palette("#33566b", "#e8704f", "#e3e9ee"),
        Palette("#7fa5bc", "#f08a6c", "#1a2a35"),
    ),
    "rallynov": (
        rally,
        Palette("#155247", "#f5b82e", "#d9e6d5"),
        Palette("#8fc1a4", "#f5b82e", "#12352e"),
    ),
}


def pattern_svg(family: str, seed: str, *, width: int = 480, height: int = 300) -> str:
    """Return the SVG document of a `family` of FAMILIES, arranged by `seed`.

    Colours are presentation attributes; the style that changes them at night may be refused by a
    policy, and the drawing then keeps its daylight.
    """
    shapes, day, night = FAMILIES[family]
    canvas = Canvas(width, height, f"{family}:{seed}")
    shapes(canvas)
    ground = f'<path class="g" fill="{day.ground}" d="M0 0h{width}v{height}H0z"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" preserveAspectRatio="xMidYMid slice">'
        f"<style>{night_style(night)}</style>{ground}{drawing(canvas, day)}</svg>"
    )


def night_style(palette):
    return (
        f"@media(prefers-color-scheme:dark){{.g{{fill:{palette.ground}}}"
        f".a{{fill:{palette.a}}}.b{{fill:{palette.b}}}"
        f".la{{stroke:{palette.a}}}.lb{{stroke:{palette.b}}}}}"
    )


def drawing(canvas, palette):
    """The markup of the gathered shapes: lines under filled shapes."""
    parts = []
    for (ink, width, dash), paths in sorted(canvas.lines.items()):
        # Butt caps keep a gear's teeth square; a route's dots are nothing but caps.
        cap = f' stroke-dasharray="{dash}"' if dash else ""
        cap += "" if dash and not dash.startswith(".") else ' stroke-linecap="round"'
        parts.append(
            f'<path class="l{ink}" fill="none" stroke="{getattr(palette, ink)}"'
            f' stroke-width="{width}"{cap} d="{"".join(paths)}"/>'
        )
    for ink, paths in sorted(canvas.fills.items()):
        parts.append(
            f'<path class="{ink}" fill="{getattr(palette, ink)}" fill-rule="evenodd"'
            f' d="{"".join(paths)}"/>'
        )
    return "".join(parts)
