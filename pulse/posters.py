"""Pictures of a story for other sites, in pixels: its card, with the headline, and its print in three ratios.

Pure: the same words give the same bytes. A card is paper with the section and the headline on it, above a
band of chart paper, where the crossbar of the wordmark's last “e” runs on through the story: a beat a minute.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageColor, ImageDraw

from pulse.art import GROUNDS, Trace, as_image, trace
from pulse.lettering import DISPLAY, INTERFACE, draw_line, drawable, fit, is_right_to_left, width_of
from pulse.prints import Marks, Point

VERSION = 1  # raised when they are drawn otherwise, since it is part of the files' names
CARD_SIZE = WIDTH, HEIGHT = 1200, 630  # what Open Graph asks for

PAPER, TINT, GRID = "#ffffff", "#fcf0ec", "#f8dfd7"
INK, INK2, ACCENT, ACCENT_INK = "#12161c", "#474e59", "#d5341a", "#ae260f"
MARGIN = 64
BAND = 446  # where the chart paper begins
SQUARE = 24  # of its grid
SECTION_SIZE, SECTION_BASE = 38, 92
HEADLINE_TOP, HEADLINE_BOTTOM = 138, 424
HEADLINE_SIZES = (148, 136, 124, 114, 106, 98, 91, 85, 79, 73, 68, 63, 58, 53, 48, 44, 40, 36, 32)
LEADING = 1.04
CAP = 0.7  # from the top of a line to its base, in em
MARK_SIZE, MARK_BASE = 88, 570  # the wordmark
CROSSBAR = 0.338  # above the base, in em: where its line runs
# The wordmark's own beat, in em to the right and up from the crossbar, as in templates/_logo.html.
MARK_BEAT = ((0, 0), (0.19, 0), (0.26, 0.09), (0.34, 0), (0.38, 0), (0.47, 0.56), (0.61, -0.27),
             (0.705, 0.08), (0.765, 0), (0.9, 0))  # fmt: skip
STRETCH = 3.4  # how much larger than on the site the line is
STROKE = 6
SUPERSAMPLE = 3
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Card:
    """What a card says. `paragraphs` are the words of each."""

    headline: str
    section: str
    paragraphs: Sequence[int]
    minutes: int
    site_name: str


def card(shown: Card) -> bytes:
    """A card as PNG, some 20 kB, made in a tenth of a second.

    A headline in signs that no typeface here has makes room for the story's line, a beat a paragraph.
    """
    canvas = Image.new("RGB", CARD_SIZE, PAPER)
    draw = ImageDraw.Draw(canvas)
    _section(draw, shown)
    headline = drawable(shown.headline, DISPLAY)
    if headline:
        _headline(draw, headline)
    else:
        drawn = trace(shown.paragraphs, width=WIDTH, height=260)
        _line(canvas, _placed(drawn, 0, 340))
    _chart_paper(draw)
    _wordmark(canvas, shown)
    return _png(canvas, _card_palette())


def _section(draw: ImageDraw.ImageDraw, shown: Card) -> None:
    """The section and the minutes of reading, which are written wherever the line is."""
    name = drawable(shown.section, INTERFACE)
    parts = [(name, ACCENT_INK)] if name else []
    parts.append((f"{shown.minutes} min", INK2))
    widths = [width_of(text, INTERFACE, SECTION_SIZE) + 0.6 * SECTION_SIZE for text, _ in parts]
    x = float(MARGIN)
    if is_right_to_left(shown.headline):
        x = WIDTH - MARGIN - sum(widths) + 0.6 * SECTION_SIZE
        parts, widths = parts[::-1], widths[::-1]
    for (text, colour), width in zip(parts, widths, strict=True):
        draw_line(draw, text, INTERFACE, SECTION_SIZE, at=(x, SECTION_BASE), fill=colour)
        x += width


def _headline(draw: ImageDraw.ImageDraw, headline: str) -> None:
    """As large as it fits, never cut; beginning where its writing begins."""
    box = {"width": WIDTH - 2 * MARGIN, "height": HEADLINE_BOTTOM - HEADLINE_TOP}
    setting = fit(headline, DISPLAY, **box, sizes=HEADLINE_SIZES, leading=LEADING)
    for place, line in enumerate(setting.lines):
        base = HEADLINE_TOP + (CAP + place * LEADING) * setting.size
        x = float(MARGIN)
        if is_right_to_left(headline):
            x = WIDTH - MARGIN - width_of(line, DISPLAY, setting.size)
        draw_line(draw, line, DISPLAY, setting.size, at=(x, base), fill=INK)


def _chart_paper(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, BAND, WIDTH, HEIGHT), fill=TINT)
    for x in range(SQUARE, WIDTH, SQUARE):
        draw.line((x, BAND, x, HEIGHT), fill=GRID)
    for y in range(BAND + SQUARE, HEIGHT, SQUARE):
        draw.line((0, y, WIDTH, y), fill=GRID)


def _wordmark(canvas: Image.Image, shown: Card) -> None:
    """The site's name, and the line that runs on from it: its own beat, then the story's."""
    name = drawable(shown.site_name, DISPLAY)
    draw_line(ImageDraw.Draw(canvas), name, DISPLAY, MARK_SIZE, at=(MARGIN, MARK_BASE), fill=INK)
    start = MARGIN + width_of(name, DISPLAY, MARK_SIZE) - 0.034 * MARK_SIZE
    base = MARK_BASE - CROSSBAR * MARK_SIZE
    beat = [(start + MARK_SIZE * x, base - MARK_SIZE * y) for x, y in MARK_BEAT]
    _line(canvas, [*beat, *_story_line(shown, beat[-1][0], base), (WIDTH + STROKE, base)])


def _story_line(shown: Card, left: float, base: float) -> list[Point]:
    """The trace that a story has in every list, a beat a minute; narrower where it would leave the card."""
    drawn = trace(shown.paragraphs, minutes=shown.minutes)
    stretch = min(STRETCH, (WIDTH - left) / drawn.width)
    return _placed(drawn, left, base, across=stretch, up=STRETCH)


def _placed(drawn: Trace, left: float, base: float, *, across: float = 1, up: float = 1) -> list[Point]:
    """The points of a trace, from a point on its base line."""
    numbers = [float(number) for number in NUMBER.findall(drawn.path)]
    start = numbers[1]
    return [
        (left + across * x, base + up * (y - start)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)
    ]


def _line(canvas: Image.Image, points: Iterable[Point]) -> None:
    """The accent's line, antialiased."""
    mask = Image.new("L", (WIDTH * SUPERSAMPLE, HEIGHT * SUPERSAMPLE))
    scaled = [(x * SUPERSAMPLE, y * SUPERSAMPLE) for x, y in points]
    ImageDraw.Draw(mask).line(scaled, fill=255, width=STROKE * SUPERSAMPLE, joint="curve")
    canvas.paste(ACCENT, mask=mask.reduce(SUPERSAMPLE))


def print_file(marks: Marks, ground: str) -> bytes:
    """A print as PNG, some 5 to 40 kB, in the light scheme."""
    colours = GROUNDS[ground].light
    between = [
        (colours.ground, colours.line),
        (colours.ground, colours.signal),
        (colours.line, colours.signal),
    ]
    return _png(as_image(marks, ground), _palette([*between, (colours.ground, colours.grid)], steps=4))


# Files of few colours


def _png(picture: Image.Image, palette: Image.Image) -> bytes:
    out = io.BytesIO()
    few = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    few.save(out, "PNG")
    return out.getvalue()


@cache
def _card_palette() -> Image.Image:
    between = [
        (PAPER, INK),
        (PAPER, ACCENT_INK),
        (PAPER, ACCENT),
        (PAPER, INK2),
        (TINT, INK),
        (TINT, ACCENT),
        (TINT, GRID),
    ]
    return _palette(between, steps=6)


def _palette(between: Iterable[tuple[str, str]], *, steps: int) -> Image.Image:
    """Colours, and the steps between some of them that edges are made of."""
    colours = {_between(one, other, step / steps) for one, other in between for step in range(steps + 1)}
    flat = [value for colour in sorted(colours) for value in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat)
    return palette


def _between(one: str, other: str, share: float) -> tuple[int, ...]:
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return tuple(round(start + (end - start) * share) for start, end in pairs)
