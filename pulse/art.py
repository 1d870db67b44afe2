"""The Pulse motif, drawn from text: traces, signatures and prints. Pure and deterministic.

`trace` and `signature` are the path of one line, for an inline SVG. A print is the picture of a story that
has no photograph: `print_marks` (in `pulse.prints`) lays it out as a list of marks, which `as_svg` and
`as_image` both draw.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, ImageDraw

from pulse.prints import ROW_WEIGHT, Bar, Line, Marks, Point, Tone, print_marks, seeded
from pulse.rhythm import reading_minutes

__all__ = ["STYLES", "STYLE_HASHES", "Trace", "as_image", "as_svg", "print_marks", "signature", "trace"]

# Traces

PIXELS_PER_MINUTE = 24  # paper speed: every small trace on the site runs at the same speed
MAX_BEATS = 60  # longer texts are folded, so that no line outgrows its page
# One beat across its width: (share of the width, share of the height; up is negative).
BEAT = (
    (0.08, 0),
    (0.2, -0.1),
    (0.3, 0),
    (0.38, 0.1),
    (0.5, -0.72),
    (0.62, 0.28),
    (0.7, 0),
    (0.8, -0.07),
    (0.92, 0),
)


@dataclass(frozen=True)
class Trace:
    """A small line of beats: the path, its box in pixels, and the minutes of reading it stands for."""

    path: str
    width: int
    height: int
    minutes: int


def trace(
    lengths: Sequence[float],
    *,
    minutes: int | None = None,
    width: int | None = None,
    height: int = 26,
    linear: bool = False,
) -> Trace:
    """The trace of paragraphs given as words each: one beat a minute, higher where a paragraph is long.

    `minutes` is for a text that is longer than its paragraphs together, with its headings and tables.
    With a width: one beat a value, stretched to fit. `linear` is for heights that are read as a quantity,
    such as mentions a month; otherwise height is texture and even a short paragraph shows. Nothing to
    show is a flat line.
    """
    lengths = [max(0.0, length) for length in lengths]
    minutes = minutes or reading_minutes(round(sum(lengths)))
    beats = _fold(lengths, minutes if width is None else len(lengths))
    width = width or trace_width(minutes)
    base = height * 0.72
    points: list[Point] = [(0, base)]
    if top := max(beats, default=0):
        heights = [beat / top if linear else 0.28 + 0.72 * (beat / top) ** 1.3 for beat in beats]
        points += _beats(heights, width, height, base)
    return Trace(_path([*points, (width, base)]), width, height, minutes)


def trace_width(minutes: int) -> int:
    """The width in pixels of the small trace of a story this long."""
    return min(minutes, MAX_BEATS) * PIXELS_PER_MINUTE + 8


def _fold(lengths: Sequence[float], count: int) -> list[float]:
    """One value for each of `count` equal stretches of the text: the longest paragraph centred in it."""
    count = min(count, MAX_BEATS)
    total = sum(lengths)
    if total == 0 or count == len(lengths):
        return list(lengths)
    folded = [0.0] * count
    done = 0.0
    for length in lengths:
        place = min(count - 1, int((done + length / 2) / total * count))
        folded[place] = max(folded[place], length)
        done += length
    return folded


def _beats(heights: Sequence[float], width: float, height: float, base: float) -> Iterable[Point]:
    step = width / len(heights)
    beat_width = min(step, 44 if width > 600 else 26)
    for place, beat_height in enumerate(heights):
        start = place * step + (step - beat_width) / 2
        for x, y in BEAT:
            yield start + beat_width * x, base + height * y * beat_height


# Signatures

SIGNATURE_WIDTH, SIGNATURE_HEIGHT = 44, 24


def signature(seed: object) -> str:
    """A reader's avatar: the path of one to three beats, always the same for the same seed, in 44 by 24."""
    chance = seeded(seed)
    base = SIGNATURE_HEIGHT * 0.62
    chance.uniform(3, 7)  # drawn and not used: keeps every signature as it was first published
    count = chance.choice([1, 2, 2, 3])
    gap = (SIGNATURE_WIDTH - 10) / count
    points: list[Point] = [(0, base)]
    for place in range(count):
        peak = chance.uniform(0.45, 1)
        start = 4 + place * gap + chance.uniform(0, 2)
        rise, fall = chance.uniform(-0.15, 0.2), 0.34 * peak * chance.uniform(0.5, 1)
        beat = ((0, 0), (0.25, rise), (0.5, -0.58 * peak), (0.72, fall), (1, 0))
        points += [(start + gap * 0.55 * x, base + SIGNATURE_HEIGHT * y) for x, y in beat]
    return _path([*points, (SIGNATURE_WIDTH, base)])


def _path(points: Sequence[Point]) -> str:
    """Absolute SVG path through points, to a tenth of a pixel."""
    first, *rest = (f"{_tenth(x)} {_tenth(y)}" for x, y in points)
    return f"M{first}L{' '.join(rest)}"


def _tenth(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# Colours of prints

GRID_STEP = 40


class Colours(NamedTuple):
    ground: str
    grid: str
    line: str
    signal: str


class Ground(NamedTuple):
    light: Colours
    dark: Colours


GROUNDS = {
    "chart": Ground(
        Colours("#fcf0ec", "#f1cdc1", "#12161c", "#d5341a"),
        Colours("#191c22", "#2e2729", "#eceef1", "#ff6a4d"),
    ),
    "signal": Ground(
        Colours("#d5341a", "#de553e", "#12161c", "#fff"), Colours("#c43a22", "#cf5640", "#12161c", "#fff")
    ),
    "ink": Ground(
        Colours("#12161c", "#20262f", "#eceef1", "#ff6a4d"),
        Colours("#05070a", "#171b22", "#eceef1", "#ff6a4d"),
    ),
}


def _style(ground: Ground) -> str:
    light, dark = ground
    return (
        f".g{{fill:{light.ground}}}.r{{stroke:{light.grid}}}.l{{stroke:{light.line}}}"
        f".l.f{{stroke-width:{ROW_WEIGHT}px;stroke-linejoin:round}}.s{{stroke:{light.signal}}}"
        f".f{{fill:{light.ground}}}.fl{{fill:{light.line}}}.fs{{fill:{light.signal}}}"
        f"@media(prefers-color-scheme:dark){{.g,.f{{fill:{dark.ground}}}.r{{stroke:{dark.grid}}}"
        f".l{{stroke:{dark.line}}}.s{{stroke:{dark.signal}}}.fl{{fill:{dark.line}}}.fs{{fill:{dark.signal}}}}}"
    )


STYLES = {name: _style(ground) for name, ground in GROUNDS.items()}
# What a Content-Security-Policy that allows no style but these says in its style-src.
STYLE_HASHES = [
    f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
    for style in STYLES.values()
]


# The two renderers


def as_svg(marks: Marks, ground: str) -> str:
    """A print as a whole SVG file of 2 to 20 kB, which follows the page's light or dark scheme by itself."""
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {marks.width} {marks.height}">',
            f"<style>{STYLES[ground]}</style>",
            f'<rect class="g" width="{marks.width}" height="{marks.height}"/>',
            f'<path class="r" d="{_grid_path(marks)}" fill="none" stroke-width="1.5"/>',
            *(_bar_svg(item) if isinstance(item, Bar) else _line_svg(item) for item in marks.items),
            "</svg>",
        ]
    )


def _grid_path(marks: Marks) -> str:
    upright = (f"M{x} 0V{marks.height}" for x in range(GRID_STEP, marks.width, GRID_STEP))
    level = (f"M0 {y}H{marks.width}" for y in range(GRID_STEP, marks.height, GRID_STEP))
    return "".join([*upright, *level])


def _line_svg(line: Line) -> str:
    path = _relative_path(line.points)
    tone = {"line": "l", "signal": "s", "none": ""}[line.tone]
    if line.covers:
        return f'<path class="{f"{tone} f".strip()}" d="{path}"/>'
    turns = len(line.points) > 2
    fill = ' fill="none"' if turns else ""
    joins = ' stroke-linejoin="round"' if turns and line.rounded else ""
    return f'<path class="{tone}" d="{path}" stroke-width="{line.weight:g}"{fill}{joins}/>'


def _relative_path(points: Sequence[Point]) -> str:
    """SVG path in whole pixels, each step given from the one before, which is a third shorter."""
    rounded = [(round(x), round(y)) for x, y in points]
    steps = (
        f"{x - from_x} {y - from_y}" for (from_x, from_y), (x, y) in zip(rounded, rounded[1:], strict=False)
    )
    return f"M{rounded[0][0]} {rounded[0][1]}l{' '.join(steps)}".replace(" -", "-")


def _bar_svg(bar: Bar) -> str:
    tone = "fs" if bar.tone == "signal" else "fl"
    return f'<rect class="{tone}" x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"/>'


SUPERSAMPLE = 3


def as_image(marks: Marks, ground: str, scale: float = 1) -> Image.Image:
    """A print in pixels, light scheme, antialiased: for social cards and wherever SVG is not accepted."""
    colours = GROUNDS[ground].light
    width, height = round(marks.width * scale), round(marks.height * scale)
    canvas = Image.new("RGB", (width * SUPERSAMPLE, height * SUPERSAMPLE), colours.ground)
    pen = _Pen(ImageDraw.Draw(canvas), colours, scale * SUPERSAMPLE)
    pen.grid(marks)
    for item in marks.items:
        if isinstance(item, Bar):
            pen.bar(item)
        else:
            pen.line(item)
    return canvas.reduce(SUPERSAMPLE)


class _Pen:
    """Draws marks on a canvas `scale` times their size."""

    def __init__(self, draw: ImageDraw.ImageDraw, colours: Colours, scale: float) -> None:
        self.draw = draw
        self.colours = colours
        self.scale = scale

    def grid(self, marks: Marks) -> None:
        for x in range(GRID_STEP, marks.width, GRID_STEP):
            self._stroke([(x, 0), (x, marks.height)], self.colours.grid, 1.5)
        for y in range(GRID_STEP, marks.height, GRID_STEP):
            self._stroke([(0, y), (marks.width, y)], self.colours.grid, 1.5)

    def bar(self, bar: Bar) -> None:
        corners = [bar.x, bar.y, bar.x + bar.width, bar.y + bar.height]
        self.draw.rectangle([corner * self.scale for corner in corners], fill=self._colour(bar.tone))

    def line(self, line: Line) -> None:
        if line.covers and len(line.points) > 2:
            self.draw.polygon(self._scaled(line.points), fill=self.colours.ground)
        if line.tone == "none":
            return
        self._stroke(line.points, self._colour(line.tone), line.weight)
        if not line.rounded:
            self._square_joins(line)

    def _stroke(self, points: Sequence[Point], colour: str, weight: float) -> None:
        self.draw.line(
            self._scaled(points), fill=colour, width=max(1, round(weight * self.scale)), joint="curve"
        )

    def _square_joins(self, line: Line) -> None:
        half = line.weight * self.scale / 2
        for x, y in self._scaled(line.points):
            self.draw.rectangle([x - half, y - half, x + half, y + half], fill=self._colour(line.tone))

    def _colour(self, tone: Tone) -> str:
        return self.colours.signal if tone == "signal" else self.colours.line

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]
