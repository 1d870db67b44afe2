"""Words set in our own typefaces on a picture: broken into lines, fitted into a box, and never with a hole.

The typefaces are the site's; a word that has a sign they lack is taken from DejaVu, where the machine has it.
Arabic and Hebrew need Raqm to be written in their order, which Pillow's own builds come with.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from math import inf
from pathlib import Path
from typing import NamedTuple

from PIL import ImageDraw, ImageFont, features

FONTS = Path(__file__).parent.parent / "static" / "fonts"
HAS_RAQM = features.check("raqm")
SPACES = re.compile(r"[^\S\u00a0]+")
# Signs that may be missing, and what says the same.
SUBSTITUTES = str.maketrans({"\u2011": "-", "\u2010": "-", "\u2212": "–", "\u202f": "\u00a0"})
# Without these a headline says the same: pictographs, what is invisible, what has no name yet.
DROPPED = {"So", "Sk", "Cf", "Cn", "Co", "Cs"}
EMOJI_MARKS = "\ufe0f\u20e3"
JOINERS = (
    "\u200c\u200d"  # which tell Arabic letters how to meet, and elsewhere only hold pictographs together
)
# At the beginning of a line, they say from which side it is written, whatever its first letter is.
FROM_LEFT, FROM_RIGHT = "\u200e", "\u200f"


class Face(NamedTuple):
    """A typeface: its file, its weight where the file has several, and the space between letters, in em."""

    file: str
    weight: int | None = None
    tracking: float = 0


DISPLAY = Face(str(FONTS / "newsreader-display.woff2"), tracking=-0.018)
INTERFACE = Face(str(FONTS / "schibsted.woff2"), weight=650)
# Where to look for a sign that they have not, in this order: found by name, where the machine has them.
SANS = Face("DejaVuSans-Bold.ttf")
FALLBACKS = {
    DISPLAY: [Face("DejaVuSerifCondensed-Bold.ttf"), Face("DejaVuSerif-Bold.ttf"), SANS],
    INTERFACE: [SANS],
}


@dataclass(frozen=True)
class Setting:
    """A text in lines, at one size, all of which fit."""

    lines: list[str]
    size: int


@lru_cache(maxsize=64)
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(face.file, size)
    if face.weight:
        font.set_variation_by_axes([face.weight])
    return font


# What can be drawn


def drawable(text: str, face: Face) -> str:
    """A text as it can be drawn, without pictographs that cannot; nothing if a word would have a hole."""
    text = unicodedata.normalize("NFC", text).translate(SUBSTITUTES)
    kept = JOINERS if is_right_to_left(text) else ""
    text = "".join(sign for sign in text if sign in kept or not _can_go(sign, face))
    text = SPACES.sub(" ", text).strip()
    if not any(sign.isalnum() for sign in text):
        return ""
    if is_right_to_left(text) and not HAS_RAQM:
        return ""
    return text if _runs(text, face) is not None else ""


def _can_go(sign: str, face: Face) -> bool:
    """Whether a text says the same without a sign that our typeface lacks."""
    return sign in EMOJI_MARKS or (unicodedata.category(sign) in DROPPED and not _has(face, sign))


def is_right_to_left(text: str) -> bool:
    """Whether a text begins on the right: its first letter decides."""
    directions = (unicodedata.bidirectional(sign) for sign in text)
    return next((direction for direction in directions if direction in {"L", "R", "AL"}), "L") != "L"


@lru_cache(maxsize=8)
def _is_here(face: Face) -> bool:
    try:
        _font(face, 20)
    except OSError:
        return False
    return True


@lru_cache(maxsize=4096)
def _faces_with(signs: str, face: Face) -> list[Face]:
    """Which of a face and those after it have all these signs."""
    faces = [face, *(other for other in FALLBACKS[face] if _is_here(other))]
    return [one for one in faces if all(sign == "\u00a0" or _has(one, sign) for sign in signs)]


@lru_cache(maxsize=4096)
def _has(face: Face, sign: str) -> bool:
    """Whether a face has a sign: what it has not, it draws as it draws U+FFFF, which no face has."""
    font = _plain_font(face)
    drawn, missing = font.getmask(sign), font.getmask("\uffff")
    return (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))


@lru_cache(maxsize=8)
def _plain_font(face: Face) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.file, 24, layout_engine=ImageFont.Layout.BASIC)


class Run(NamedTuple):
    """Words in one face, and the side from which their line is written, which Raqm wants to know."""

    text: str
    face: Face
    direction: str | None


def _runs(line: str, face: Face) -> list[Run] | None:
    """A line in faces that have every sign of it: the first that has, for each word; None if none has.

    What is written from the right is in one face, since its words are put in order together.
    """
    from_right = is_right_to_left(line)
    line = line.strip(FROM_LEFT + FROM_RIGHT)
    parts = [line] if from_right else line.split(" ")
    faces = [_faces_with(part.replace(" ", ""), face) for part in parts]
    if not all(faces):
        return None
    direction = ("rtl" if from_right else "ltr") if HAS_RAQM else None
    grouped = groupby(zip(parts, faces, strict=True), key=lambda pair: pair[1][0])
    return [Run(" ".join(part for part, _ in words), chosen, direction) for chosen, words in grouped]


# Breaking into lines


def fit(
    text: str, face: Face, *, width: float, height: float, sizes: Sequence[int], leading: float
) -> Setting:
    """A drawable text at the largest of these sizes at which it fits a box, its lines about equally long.

    From the middle of the sizes on, a word that is wider than the box is broken rather than the text made
    smaller. At the last one it is set whether it fits or not.
    """
    side = FROM_RIGHT if is_right_to_left(text) else FROM_LEFT
    for size in sizes:

        def measure(line: str, size: int = size) -> float:
            return width_of(side + line, face, size)

        words = text.split(" ")
        if size <= sizes[len(sizes) // 2]:
            words = [piece for word in words for piece in _pieces(word, width, measure)]
        lines = _filled(words, width, measure)
        if lines and len(lines) * size * leading <= height:
            break
    return Setting([side + line for line in _balanced(words, len(lines), width, measure)], size)


Measure = Callable[[str], float]


def _filled(words: Iterable[str], width: float, measure: Measure) -> list[str]:
    """Lines as full as they can be; none if a word is wider than a line."""
    lines: list[str] = []
    for word in words:
        if measure(word) > width:
            return []
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _balanced(words: list[str], count: int, width: float, measure: Measure) -> list[str]:
    """Words in so many lines of so alike a length as can be: the squares of their widths add up to least."""

    @cache
    def best(start: int, count: int) -> tuple[float, list[str]]:
        """What the words from one on cost in so many lines, and the lines."""
        if not count:
            return (inf, []) if start < len(words) else (0, [])
        found: tuple[float, list[str]] = (inf, [])
        for end in range(start + 1, len(words) + 1):
            line = " ".join(words[start:end])
            if (across := measure(line)) > width:
                break
            cost, lines = best(end, count - 1)
            found = min(found, (across**2 + cost, [line, *lines]))
        return found

    return best(0, count)[1]


def _pieces(word: str, width: float, measure: Measure) -> Iterator[str]:
    """A word, or as much of it as goes on a line, and so on."""
    piece = ""
    for sign in word:
        if piece and measure(piece + sign) > width:
            yield piece
            piece = ""
        piece += sign
    yield piece


# Measuring and drawing


def width_of(line: str, face: Face, size: int) -> float:
    """How wide a drawable line is, in pixels."""
    runs = _runs(line, face) or []
    return sum(_run_width(run, size) for run in runs) + sum(_gap(run, size) for run in runs[:-1])


@lru_cache(maxsize=4096)
def _run_width(run: Run, size: int) -> float:
    return _length(run, size, run.text) + len(run.text) * run.face.tracking * size


def _gap(run: Run, size: int) -> float:
    """How wide the space after a run is."""
    return _run_width(run._replace(text=" "), size)


def _length(run: Run, size: int, text: str) -> float:
    """How wide part of a run is before its tracking; without ligatures where signs are drawn one by one."""
    features = ["-liga"] if HAS_RAQM and run.face.tracking else None
    return _font(run.face, size).getlength(text, direction=run.direction, features=features)


def draw_line(
    draw: ImageDraw.ImageDraw, line: str, face: Face, size: int, *, at: tuple[float, float], fill: str
) -> None:
    """Draw a drawable line from a point on its base line, which is where it begins on the left."""
    x, base = at
    for run in _runs(line, face) or []:
        font = _font(run.face, size)
        for text, offset in _spaced(run, size):
            place = (x + offset, base)
            draw.text(place, text, fill=fill, font=font, anchor="ls", direction=run.direction)
        x += _run_width(run, size) + _gap(run, size)


def _spaced(run: Run, size: int) -> Iterator[tuple[str, float]]:
    """A run as it is drawn: whole, or sign by sign, kerned, where the space between them is ours."""
    if not run.face.tracking:
        yield run.text, 0
        return
    for place, sign in enumerate(run.text):
        if sign.strip():
            before = _length(run, size, run.text[: place + 1]) - _length(run, size, sign)
            yield sign, before + place * run.face.tracking * size
