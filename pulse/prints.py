"""Prints laid out: the picture of a story without a photograph, as a list of marks that `pulse.art` draws."""

import hashlib
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Point = tuple[float, float]
Sentences = Sequence[int]  # the words of each sentence of one paragraph
Tone = Literal["line", "signal", "none"]

MAX_ROWS = 18
MAX_SENTENCES = 24  # of one paragraph: beyond that a row is a blur that costs time to draw
ROW_WEIGHT = 3.2


@dataclass(frozen=True)
class Line:
    """A line through points. One that covers has the area under it filled with the ground."""

    points: Sequence[Point]
    tone: Tone
    weight: float
    covers: bool = False
    rounded: bool = True


@dataclass(frozen=True)
class Bar:
    """A filled upright rectangle."""

    x: int
    y: int
    width: int
    height: int
    tone: Tone


@dataclass(frozen=True)
class Marks:
    """A print, laid out: its size and what is drawn on it, in order."""

    width: int
    height: int
    items: Sequence[Line | Bar]


def print_marks(
    paragraphs: Sequence[Sentences],
    *,
    kind: str = "ridge",
    width: int = 1200,
    height: int = 800,
    seed: object = "",
) -> Marks:
    """Lay out the print of a story, given the words of each sentence of each paragraph.

    `kind` is a key of KINDS, anything else a KeyError. Nothing to show is a flat line.
    """
    draw = KINDS[kind]
    spoken = _spoken(paragraphs)
    if not spoken:
        return Marks(width, height, [Line([(0, height / 2), (width, height / 2)], "signal", 7)])
    return Marks(width, height, list(draw(spoken, width, height, seeded(seed))))


def _spoken(paragraphs: Sequence[Sentences]) -> list[Sentences]:
    """Without empty sentences and paragraphs, and no sentence so long that beside it the others are flat."""
    lengths = [words for paragraph in paragraphs for words in paragraph if words > 0]
    if not lengths:
        return []
    longest = max(1, round(2.5 * median(lengths)))
    spoken = [[min(words, longest) for words in paragraph if words > 0] for paragraph in paragraphs]
    return [paragraph for paragraph in spoken if paragraph]


def seeded(seed: object) -> random.Random:
    """Chance that falls the same way for the same seed, on every machine."""
    digest = hashlib.sha256(str(seed).encode()).hexdigest()
    return random.Random(int(digest[:12], 16))  # noqa: S311 - a drawing, not a secret


def _ridge(paragraphs: list[Sentences], width: int, height: int, chance: random.Random) -> Iterable[Line]:
    """A row for each paragraph, a peak for each sentence, the rows in front covering those behind."""
    tallest = max(map(max, paragraphs))
    rows = _spread(paragraphs, MAX_ROWS)
    top, loudness = (height * 0.2, height * 0.17) if len(rows) > 6 else (height * 0.4, height * 0.3)
    gap = (height * 0.93 - top) / max(2, len(rows) - 1)
    hot = int(len(rows) * 0.62)
    signal = []
    for place, sentences in enumerate(rows):
        profile = _ridge_profile(sentences[:MAX_SENTENCES], tallest, chance, louder=place == hot)
        points = [(round(x * (width + 40) - 20), round(top + place * gap - y * loudness)) for x, y in profile]
        if place == hot:
            yield Line(points, "none", 0, covers=True)
            signal.append(Line(points, "signal", 7))
        else:
            yield Line(points, "line", ROW_WEIGHT, covers=True)
    yield from signal  # last, so that nothing covers it


def _ridge_profile(
    sentences: Sentences, tallest: int, chance: random.Random, *, louder: bool
) -> Iterable[Point]:
    """One row as (share of the width, height in peaks): quiet at the edges, a beat where a sentence is."""
    total, done = sum(sentences), 0
    peaks = []
    for words in sentences:
        centre = 0.2 + 0.6 * (done + words / 2) / total + chance.uniform(-0.02, 0.02)
        peaks.append((centre, (words / tallest) ** 1.25, chance.uniform(0.008, 0.019)))
        done += words
    for place in range(151):
        x = place / 150
        envelope = math.exp(-(((x - 0.5) / 0.29) ** 6))
        loudness = envelope * (1.15 if louder else 1)
        noise = 0.03 * chance.random() * (0.35 + envelope)
        yield x, sum(_peak(x, *peak) for peak in peaks) * loudness + noise


def _peak(x: float, centre: float, height: float, spread: float) -> float:
    """A beat's profile: up, a dip, and a small rebound."""
    up = math.exp(-(((x - centre) / spread) ** 2))
    dip = math.exp(-(((x - centre - spread * 1.9) / spread) ** 2))
    rebound = math.exp(-(((x - centre - spread * 4) / spread / 1.6) ** 2))
    return height * (up - 0.22 * dip + 0.16 * rebound)


# One beat of a strip: (units of 26 pixels across, share of its height; up is negative).
STRIP_BEAT = (
    (-2.2, 0), (-1.7, -0.12), (-1.1, 0), (-0.7, 0.14), (0, -1), (0.75, 0.42), (1.4, 0), (2.2, -0.16), (3, 0),
)  # fmt: skip


def _strip(paragraphs: list[Sentences], width: int, height: int, chance: random.Random) -> Iterable[Line]:
    """Four lines of chart paper, up to six sentences on each, one of the inner lines the signal."""
    flat = _sentences(paragraphs)
    tallest = max(flat)
    hot = chance.randrange(1, 3)
    for row in range(4):
        words = flat[row::4][:6]
        base = height * (0.24 + 0.2 * row)
        points: list[Point] = [(0, round(base))]
        for place, count in enumerate(words):
            peak = (0.25 + 0.75 * count / tallest) * height * 0.19
            centre = width / len(words) * (place + 0.32 + 0.2 * chance.random())
            points += [(round(centre + 26 * x), round(base + peak * y)) for x, y in STRIP_BEAT]
        points.append((width, round(base)))
        yield Line(points, "signal" if row == hot else "line", 9 if row == hot else 5)


def _polar(paragraphs: list[Sentences], width: int, height: int, chance: random.Random) -> Iterable[Line]:
    """A ring of 96 rays, as long as the sentences, a sixth of them the signal."""
    flat = _sentences(paragraphs)
    tallest = max(flat)
    rays, radius = 96, min(width, height) * 0.2
    start, hot = chance.random() * 6.28, chance.randrange(96)
    for place in range(rays):
        angle = start + place / rays * 2 * math.pi
        reach = radius * (1.12 + 1.15 * (flat[place % len(flat)] / tallest) ** 1.5)
        is_hot = (place - hot) % rays < rays * 0.17
        points = [
            (round(width / 2 + far * math.cos(angle)), round(height / 2 + far * math.sin(angle)))
            for far in (radius, reach)
        ]
        yield Line(points, "signal" if is_hot else "line", 7 if is_hot else 5)


def _bars(paragraphs: list[Sentences], width: int, height: int, chance: random.Random) -> Iterable[Bar]:
    """56 bars about the middle, as high as the sentences, nine in a row the signal."""
    flat = _sentences(paragraphs)
    tallest = max(flat)
    count, step = 56, width / 64
    hot = chance.randrange(10, 38)
    for place in range(count):
        envelope = 0.35 + 0.65 * math.sin(math.pi * (place + 0.5) / count)
        size = height * 0.72 * envelope * (0.08 + 0.92 * (flat[place % len(flat)] / tallest) ** 1.4)
        yield Bar(
            x=round(step * (place + 4.25)),
            y=round(height / 2 - size / 2),
            width=max(1, round(step * 0.5)),
            height=max(1, round(size)),
            tone="signal" if hot <= place < hot + 9 else "line",
        )


def _steps(paragraphs: list[Sentences], width: int, height: int, chance: random.Random) -> Iterable[Line]:
    """Three stairways of 26 steps, as high as the sentences, the middle one the signal."""
    flat = _sentences(paragraphs)
    tallest = max(flat)
    columns = 26
    for row in range(3):
        base = height * (0.36 + 0.25 * row)
        points: list[Point] = []
        for place in range(columns):
            words = flat[(place * 3 + row * 7) % len(flat)]
            y = round(base - height * 0.24 * (words / tallest) ** 1.3)
            left = -20 if place == 0 else round(place * width / columns)
            right = width + 20 if place == columns - 1 else round((place + 1) * width / columns)
            points += [(left, y), (right, y)]
        is_hot = row == 1
        yield Line(points, "signal" if is_hot else "line", 8 if is_hot else 4.5, rounded=False)


def _sentences(paragraphs: Iterable[Sentences]) -> list[int]:
    return [words for paragraph in paragraphs for words in paragraph]


def _spread(paragraphs: list[Sentences], count: int) -> list[Sentences]:
    """At most `count` of them, spread evenly over the story."""
    if len(paragraphs) <= count:
        return paragraphs
    return [paragraphs[place * len(paragraphs) // count] for place in range(count)]


Draw = Callable[[list[Sentences], int, int, random.Random], Iterable[Line | Bar]]
KINDS: dict[str, Draw] = {"ridge": _ridge, "strip": _strip, "polar": _polar, "bars": _bars, "steps": _steps}
