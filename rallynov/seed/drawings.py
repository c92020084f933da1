"""Three drawings in the colours of the house, made of plain shapes, the same at every run.

Each function returns a Pillow image. Shapes are drawn twice as large, then reduced: Pillow does
not smooth edges by itself. Coordinates are in pixels of the final picture.
"""

import math

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 1440, 810, 2

SAPIN, SAPIN_LIGHT, MOUSSE = "#0e3b34", "#155247", "#7ea98b"
COMTE, TUILE, GENTIANE = "#f5b82e", "#d8472b", "#3a43b8"
NEIGE, LAIT, ENCRE, SKY, CRUST = "#fbf7ee", "#fffdf8", "#14211e", "#d6e8da", "#c98a1b"


class Canvas:
    def __init__(self, background):
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), background)
        self.draw = ImageDraw.Draw(self.image)

    def scaled(self, points):
        return [tuple(coordinate * SCALE for coordinate in point) for point in points]

    def disc(self, x, y, radius, fill):
        box = [(x - radius, y - radius), (x + radius, y + radius)]
        self.draw.ellipse(self.scaled(box), fill=fill)

    def slice(self, x, y, radius, start, end, fill):
        box = [(x - radius, y - radius), (x + radius, y + radius)]
        self.draw.pieslice(self.scaled(box), start, end, fill=fill)

    def box(self, x, y, width, height, fill, radius=0):
        corners = self.scaled([(x, y), (x + width, y + height)])
        self.draw.rounded_rectangle(corners, radius * SCALE, fill=fill)

    def shape(self, points, fill):
        self.draw.polygon(self.scaled(points), fill=fill)

    def hill(self, base, height, phase, fill):
        """A rolling ridge, filled down to the lower edge."""
        ridge = [(x, ridge_at(x, base, height, phase)) for x in range(0, WIDTH + 1, 6)]
        self.shape([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], fill)

    def fir(self, x, y, size, fill):
        """A fir whose trunk stands at (x, y)."""
        for step in range(3):
            top, half = y - size * (1 - step * 0.24), size * (0.16 + step * 0.08)
            self.shape(
                [(x, top), (x + half, top + size * 0.44), (x - half, top + size * 0.44)], fill
            )
        self.box(x - size * 0.04, y - size * 0.09, size * 0.08, size * 0.13, ENCRE)

    def flag(self, x, y, size):
        self.box(x - 4, y - size, 8, size, LAIT, 4)
        self.shape(
            [(x, y - size), (x + size * 0.8, y - size * 0.76), (x, y - size * 0.5)], fill=COMTE
        )

    def finished(self):
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def ridge_at(x, base, height, phase):
    wave = math.sin(x / 210 + phase) + 0.45 * math.sin(x / 97 + 2.1 * phase)
    return base - height * wave


def route():
    """A dotted road from hill to hill, up to a flag."""
    canvas = Canvas(SKY)
    canvas.disc(1130, 215, 120, COMTE)
    for base, height, phase, fill in [
        (430, 70, 0.4, MOUSSE),
        (540, 62, 2.2, SAPIN_LIGHT),
        (660, 48, 4.4, SAPIN),
    ]:
        canvas.hill(base, height, phase, fill)
    for x, size in [(1235, 210), (1310, 150), (1375, 190), (90, 170), (165, 120)]:
        canvas.fir(x, ridge_at(x, 660, 48, 4.4) + 30, size, SAPIN)
    draw_dots(canvas)
    return canvas.finished()


def draw_dots(canvas):
    start, end = (250, 745), (735, ridge_at(735, 430, 70, 0.4))
    steps = 34
    for step in range(steps + 1):
        part = step / steps
        x = start[0] + (end[0] - start[0]) * part + 170 * math.sin(part * 3 * math.pi)
        y = start[1] + (end[1] - start[1]) * part
        if step in (0, 11, 22):
            canvas.disc(x, y, 26, LAIT)
            canvas.disc(x, y, 14, TUILE)
        elif step == steps:
            canvas.flag(x, y + 6, 120)
        else:
            canvas.disc(x, y, 8, COMTE)


def bus():
    """A bus with lit windows, stopped before hills and firs."""
    canvas = Canvas(NEIGE)
    canvas.disc(260, 210, 90, COMTE)
    canvas.hill(470, 80, 1.3, SKY)
    canvas.hill(560, 54, 3.4, MOUSSE)
    for x, size in [(1180, 330), (1290, 240), (1385, 300)]:
        canvas.fir(x, 640, size, SAPIN_LIGHT)
    canvas.box(0, 640, WIDTH, HEIGHT - 640, SAPIN)
    for x in range(30, WIDTH, 120):
        canvas.box(x, 730, 60, 10, COMTE, 5)
    canvas.box(300, 290, 780, 350, TUILE, 46)
    canvas.box(300, 500, 780, 26, LAIT)
    for number in range(4):
        canvas.box(345 + number * 150, 340, 118, 120, COMTE, 18)
        canvas.disc(404 + number * 150, 425, 24, SAPIN)
        canvas.slice(404 + number * 150, 460, 40, 180, 360, SAPIN)
    canvas.box(950, 340, 95, 290, SAPIN, 14)
    canvas.box(964, 356, 67, 170, SKY, 10)
    for x in (450, 830):
        canvas.disc(x, 640, 66, ENCRE)
        canvas.disc(x, 640, 28, LAIT)
    return canvas.finished()


def meules():
    """Cheese wheels on three shelves; one has lost a quarter."""
    canvas = Canvas(SAPIN)
    for shelf in range(3):
        y = 232 + shelf * 250
        canvas.box(0, y + 8, WIDTH, 24, MOUSSE)
        for place in range(7):
            x, radius = 120 + place * 200, 88
            canvas.disc(x, y - radius + 8, radius, CRUST)
            canvas.disc(x, y - radius + 8, radius - 13, COMTE)
            if (shelf, place) == (1, 4):
                canvas.slice(x, y - radius + 8, radius + 1, 270, 360, SAPIN)
                canvas.slice(x, y - radius + 8, radius - 13, 264, 270, LAIT)
            else:
                draw_mark(canvas, x, y - radius + 8, shelf + place)
    return canvas.finished()


def draw_mark(canvas, x, y, number):
    """What tells a wheel from its neighbours: a half, a ring or three dots."""
    if number % 3 == 0:
        canvas.slice(x, y, 42, 200, 380, TUILE)
    elif number % 3 == 1:
        canvas.disc(x, y, 38, LAIT)
        canvas.disc(x, y, 22, COMTE)
    else:
        for angle in (90, 210, 330):
            radians = math.radians(angle)
            canvas.disc(x + 28 * math.cos(radians), y + 28 * math.sin(radians), 12, GENTIANE)


DRAWINGS = {"route": route, "bus": bus, "meules": meules}
