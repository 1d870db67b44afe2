"""The motif: the same line for the same text, on every machine, for any text at all."""

import base64
import hashlib
import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from pulse.art import STYLE_HASHES, STYLES, as_image, as_svg, print_marks, signature, trace, trace_width
from pulse.prints import KINDS

pytestmark = pytest.mark.once

STORY = [[12, 30, 8], [22, 5, 17, 9], [40], [14, 14, 31], [9, 28], [18, 6, 25], [11, 33], [21, 16, 4]]
ODD_STORIES: dict[str, list[list[int]]] = {
    "nothing": [],
    "empty paragraphs": [[], []],
    "no words": [[0, 0], [0]],
    "one sentence": [[7]],
    "one word": [[1]],
    "two paragraphs": [[3, 9], [12]],
    "one long sentence among short ones": [[5, 4_000], [6], [7]],
    "a book": [[17, 8, 30] * 20] * 300,
}


def points(path: str) -> list[tuple[float, float]]:
    """The points of a path of absolute lines."""
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
    assert re.fullmatch(r"M[-\d. ]+L[-\d. ]+", path)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def peaks(path: str) -> int:
    heights = [y for _, y in points(path)]
    high = heights[0] / 2  # above the middle of what is over the line
    return sum(
        before > here < after and here < high
        for before, here, after in zip(heights, heights[1:], heights[2:], strict=False)
    )


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


# ---- Traces


def test_trace_has_one_beat_a_minute() -> None:
    """At 230 words and 24 pixels a minute, in a box that holds every point."""
    drawn = trace([100, 130, 230, 60, 170])
    assert (drawn.minutes, drawn.width, drawn.height) == (3, 3 * 24 + 8, 26)
    assert peaks(drawn.path) == 3
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in points(drawn.path))


def test_trace_can_be_told_the_minutes() -> None:
    """A story's headings and tables take time too: as many beats as the minutes written beside it."""
    drawn = trace([100, 130], minutes=3)
    assert (drawn.minutes, drawn.width) == (3, trace_width(3))


def test_trace_of_a_given_width_has_one_beat_a_value() -> None:
    """The strip above a story: a paragraph, a beat, from edge to edge."""
    drawn = trace([60, 70, 65, 80], width=1312, height=34)
    assert (drawn.width, drawn.height) == (1312, 34)
    assert peaks(drawn.path) == 4
    assert points(drawn.path)[0][0] == 0
    assert points(drawn.path)[-1][0] == 1312


def test_trace_can_be_read_as_a_quantity() -> None:
    """Linear heights are in proportion: half the mentions, half the beat; none, none."""
    drawn = trace([10, 20, 0], width=420, height=100, linear=True)
    first, second, third = (
        min(y for x, y in points(drawn.path) if 140 * n < x < 140 * (n + 1)) for n in range(3)
    )
    assert 72 - first == pytest.approx((72 - second) / 2, abs=0.1)
    assert third == 72


@pytest.mark.parametrize("lengths", [[], [0], [0, 0, 0], [-5]])
def test_trace_of_nothing_is_flat(lengths: list[int]) -> None:
    """A story without words is a line without beats."""
    assert points(trace(lengths).path) == [(0, 18.7), (32, 18.7)]


@pytest.mark.parametrize("width", [None, 1312])
def test_trace_stays_short(width: int | None) -> None:
    """However long a story, its line does not fill the page's weight."""
    drawn = trace([120] * 5_000, width=width)
    assert len(drawn.path) < 8_000
    assert drawn.minutes == 2_609


# ---- Signatures


def test_signature_belongs_to_its_reader() -> None:
    """Always the same for one, and different for nearly all others."""
    assert signature(12) == signature("12") == signature(12)
    assert len({signature(number) for number in range(200)}) == 200


def test_signature_never_changes() -> None:
    """Readers keep the line they know: this one was drawn by the first version."""
    assert signature(5) == "M0 14.9L4.3 14.9 9 16.6 13.6 6.2 17.8 19.6 23 14.9 44 14.9"


def test_signature_fits_its_box() -> None:
    """No line leaves 44 by 24."""
    assert all(0 <= x <= 44 and 0 <= y <= 24 for seed in range(300) for x, y in points(signature(seed)))


# ---- Prints


@pytest.mark.parametrize("ground", STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_print_is_drawn_alike_every_time(kind: str, ground: str) -> None:
    """The same story, kind and seed give the same file; another seed another one."""
    drawn = as_svg(print_marks(STORY, kind=kind, seed="a"), ground)
    assert drawn == as_svg(print_marks(STORY, kind=kind, seed="a"), ground)
    assert parsed(drawn).attrib == {"viewBox": "0 0 1200 800"}
    if kind != "steps":  # which has no chance in it
        assert drawn != as_svg(print_marks(STORY, kind=kind, seed="b"), ground)


@pytest.mark.parametrize("paragraphs", ODD_STORIES.values(), ids=ODD_STORIES.keys())
@pytest.mark.parametrize("kind", KINDS)
def test_print_can_be_made_of_any_story(kind: str, paragraphs: list[list[int]]) -> None:
    """Tiny, empty and endless stories have a picture too, of a size that can be sent."""
    marks = print_marks(paragraphs, kind=kind, width=600, height=400)
    drawn = as_svg(marks, "chart")
    parsed(drawn)
    assert len(drawn) < 25_000
    assert as_image(marks, "chart", 0.2).size == (120, 80)


@pytest.mark.parametrize("kind", KINDS)
def test_print_of_nothing_is_flat(kind: str) -> None:
    """No words: one line across, the signal."""
    drawn = as_svg(print_marks([[]], kind=kind), "chart")
    assert '<path class="s" d="M0 400l1200 0" stroke-width="7"/>' in drawn


def test_print_kinds_are_known() -> None:
    """An unknown kind or ground is a mistake in the code, and said so."""
    with pytest.raises(KeyError):
        print_marks(STORY, kind="spiral")
    with pytest.raises(KeyError):
        as_svg(print_marks(STORY), "gold")


def test_print_styles_can_be_named_in_a_policy() -> None:
    """Each style is in the file as it is in STYLES, and hashed as a browser hashes it."""
    marks = print_marks(STORY)
    for ground, expected in zip(STYLES, STYLE_HASHES, strict=True):
        style = re.findall(r"<style>(.*?)</style>", as_svg(marks, ground))
        assert style == [STYLES[ground]]
        digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
        assert expected == f"'sha256-{digest}'"
        assert "prefers-color-scheme:dark" in style[0]


def test_print_needs_no_style_attribute() -> None:
    """Colours are classes, so that a page's policy holds for the drawing too."""
    drawings = [as_svg(print_marks(STORY, kind=kind), "signal") for kind in KINDS]
    assert not any("style=" in drawn for drawn in drawings)


@pytest.mark.parametrize("ground", STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_print_in_pixels_shows_the_same_marks(kind: str, ground: str) -> None:
    """Ground, line and signal are all there, in the light scheme's colours."""
    image = as_image(print_marks(STORY, kind=kind, seed=1), ground, 0.5)
    assert image.size == (600, 400)
    assert image.mode == "RGB"
    found = image.getcolors(600 * 400) or []
    colours = {f"#{bytes(colour).hex()}" for _, colour in found if isinstance(colour, tuple)}
    wanted = re.findall(r"\.(?:g|l|s)\{(?:fill|stroke):(#\w+)\}", STYLES[ground].partition("@")[0])
    assert {colour if len(colour) == 7 else "#ffffff" for colour in wanted} <= colours


# ---- Tags


def draw(source: str, **context: object) -> str:
    return Template("{% load pulse_art %}" + source).render(Context(context)).strip()


def test_trace_tag_draws_a_stored_path() -> None:
    """Hidden from assistive technology, in its own size."""
    html = draw("{% trace_svg path width 26 %}", path="M0 1L2 3", width=1080)
    assert html == (
        '<svg class="trace" width="1080" height="26" viewBox="0 0 1080 26" aria-hidden="true"'
        ' focusable="false">'
        '<path pathLength="1" d="M0 1L2 3"/></svg>'
    )


def test_trace_tag_can_be_stretched() -> None:
    """The strip takes its width from the page, and keeps its line as thin."""
    html = draw('{% trace_svg "M0 1L2 3" 1312 34 "base" stretch=True %}')
    assert 'class="trace base" viewBox="0 0 1312 34" preserveAspectRatio="none"' in html
    assert 'vector-effect="non-scaling-stroke"' in html


def test_trace_tag_escapes_the_path() -> None:
    """A path is data, whatever is stored."""
    assert "<script>" not in draw("{% trace_svg path 8 %}", path='"><script>')


def test_signature_tag_draws_a_reader() -> None:
    """The avatar beside a name."""
    html = draw('{% signature 5 "xl" %}')
    assert html.startswith('<svg class="sig xl" viewBox="0 0 44 24" aria-hidden="true"')
    assert signature(5) in html
