"""The pictures made for other sites: the same for the same story, and every headline whole on them."""

import io
import itertools

import pytest
from PIL import Image, ImageDraw

from pulse import lettering
from pulse.lettering import DISPLAY, INTERFACE, Face, drawable, fit, is_right_to_left, width_of
from pulse.posters import (
    ACCENT,
    BAND,
    CARD_SIZE,
    HEADLINE_BOTTOM,
    HEADLINE_SIZES,
    HEADLINE_TOP,
    LEADING,
    MARGIN,
    Card,
    card,
    print_file,
)
from pulse.prints import print_marks

pytestmark = pytest.mark.once

BOX = (CARD_SIZE[0] - 2 * MARGIN, HEADLINE_BOTTOM - HEADLINE_TOP)
LONG = (
    "A regulator has written the first rule that names a model by its size, and nobody can agree what “size” "
    "should mean in everyday practice"
)
HEADLINES = {
    "three letters": "Yes",
    "a few words": "Photonic memory leaves the lab",
    "as long as it may be": (LONG + " any more")[:140],
    "one word of 140 letters": "Supercalifragilisticexpialidocious" * 4 + "more",
    "the widest letters": "WWWWWWW " * 17 + "WWWW",
    "accents": "Ærø’s “naïve” façade: ½ the price, at −40 °C",
    "no-break spaces": "10\u00a0000\u00a0chips a\u202fday",
}
needs_dejavu = pytest.mark.skipif(
    len(lettering._faces_with("Ж", DISPLAY)) == 0, reason="not on this machine: DejaVu's typefaces"
)
needs_raqm = pytest.mark.skipif(not lettering.HAS_RAQM, reason="not on this machine: Raqm")


def card_of(
    headline: str, *, section: str = "Chips", words: list[int] | None = None, minutes: int = 4
) -> Card:
    paragraphs = [60, 110, 40, 90] if words is None else words
    return Card(headline, section, paragraphs, minutes, site_name="The Pulse")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def ink(picture: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Where something dark is drawn within a part of a picture, from the left and top of the whole."""
    dark = picture.convert("L").point([255] * 80 + [0] * 176).crop(box).getbbox()
    return dark and (dark[0] + box[0], dark[1] + box[1], dark[2] + box[0], dark[3] + box[1])


HEADLINE_PART = (0, HEADLINE_TOP - 10, CARD_SIZE[0], BAND)


# ---- Cards


def test_card_is_alike_every_time() -> None:
    """The same words give the same bytes, others do not."""
    assert card(card_of("A headline")) == card(card_of("A headline"))
    assert card(card_of("A headline")) != card(card_of("Another headline"))
    assert card(card_of("A headline")) != card(card_of("A headline", section="Policy"))
    assert card(card_of("A headline")) != card(card_of("A headline", words=[10, 200, 10, 80]))


@pytest.mark.parametrize("headline", HEADLINES.values(), ids=HEADLINES.keys())
def test_card_is_light_and_of_the_size_that_is_asked_for(headline: str) -> None:
    """1200 by 630 and under 60 kB."""
    data = card(card_of(headline))
    assert Image.open(io.BytesIO(data)).format == "PNG"
    assert opened(data).size == (1200, 630)
    assert len(data) < 60_000


@pytest.mark.parametrize("headline", HEADLINES.values(), ids=HEADLINES.keys())
def test_headline_keeps_its_distance(headline: str) -> None:
    """Of any length, it stays between the margins and above the chart paper."""
    drawn = ink(opened(card(card_of(headline))), HEADLINE_PART)
    assert drawn is not None
    left, top, right, bottom = drawn
    assert left >= MARGIN - 6
    assert right <= CARD_SIZE[0] - MARGIN + 6
    assert top >= HEADLINE_TOP - 8
    assert bottom <= BAND - 4


def test_line_has_a_beat_for_each_minute() -> None:
    """After the wordmark's own beat, as in every list of the site."""
    for minutes in (1, 3, 6):
        picture = opened(card(card_of("A headline", words=[80] * minutes, minutes=minutes)))
        row = [picture.getpixel((x, 495)) for x in range(460, 1200)]
        red = [isinstance(colour, tuple) and colour[0] > 150 and colour[1] < 120 for colour in row]
        crossings = sum(1 for before, here in itertools.pairwise(red) if here and not before)
        assert crossings in {2 * (minutes + 1), minutes + 1, 2 * minutes + 1}
        assert picture.getpixel((1198, 540)) == (0xD5, 0x34, 0x1A)  # the line runs on to the edge


def test_card_of_a_story_without_words() -> None:
    """A flat line, and no error."""
    assert opened(card(card_of("A headline", words=[], minutes=1))).size == CARD_SIZE
    assert opened(card(card_of("A headline", words=[100] * 900, minutes=391))).size == CARD_SIZE


def test_card_without_its_section() -> None:
    """A name in signs that nobody here has is left out, and so is an empty one."""
    assert card(card_of("A headline", section="人工")) == card(card_of("A headline", section=""))


@pytest.mark.parametrize("headline", ["人工智能学会节省能源", "🤖🧺", "", "\u2029", "…?"])
def test_headline_without_letters_here_makes_room_for_the_line(headline: str) -> None:
    """No row of empty boxes: the picture shows the story's line instead of the headline."""
    picture = opened(card(card_of(headline)))
    assert ink(picture, HEADLINE_PART) is None
    colours = {colour for _, colour in picture.crop((0, 150, 1200, 430)).getcolors(10_000) or []}
    assert tuple(bytes.fromhex(ACCENT[1:])) in colours


@needs_dejavu
@needs_raqm
@pytest.mark.parametrize(
    "headline", ["הבינה המלאכותית לומדת לחסוך", "الذكاء الاصطناعي يتعلم", "חברת OpenGrid פתחה את המעבדה"]
)
def test_headline_from_the_right_stands_on_the_right(headline: str) -> None:
    drawn = ink(opened(card(card_of(headline))), HEADLINE_PART)
    assert drawn is not None
    assert CARD_SIZE[0] - MARGIN - 14 <= drawn[2] <= CARD_SIZE[0] - MARGIN + 6


# ---- Lettering


def test_our_typefaces_can_be_read() -> None:
    """Pillow reads them as they are served, and Schibsted in its weight."""
    assert lettering._font(DISPLAY, 40).getlength("Pulse") > 0
    light = Face(INTERFACE.file, weight=400)
    assert width_of("Pulse", INTERFACE, 40) > lettering._font(light, 40).getlength("Pulse")


@pytest.mark.parametrize("headline", HEADLINES.values(), ids=HEADLINES.keys())
def test_nothing_of_a_headline_is_lost(headline: str) -> None:
    """Its lines hold all of it, in order, each within the box."""
    text = drawable(headline, DISPLAY)
    setting = fit(text, DISPLAY, width=BOX[0], height=BOX[1], sizes=HEADLINE_SIZES, leading=LEADING)
    said = "".join(line.strip(lettering.FROM_LEFT) for line in setting.lines)
    assert said.replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, DISPLAY, setting.size) <= BOX[0] for line in setting.lines)
    assert len(setting.lines) * setting.size * LEADING <= BOX[1]


def test_short_headlines_are_large() -> None:
    sizes = [
        fit(text, DISPLAY, width=BOX[0], height=BOX[1], sizes=HEADLINE_SIZES, leading=LEADING).size
        for text in ("Yes", HEADLINES["a few words"], LONG)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == HEADLINE_SIZES[0]
    assert sizes[-1] >= 58  # read at a quarter of its size


def test_lines_are_balanced() -> None:
    """No line is left with one short word."""
    setting = fit(LONG, DISPLAY, width=BOX[0], height=BOX[1], sizes=HEADLINE_SIZES, leading=LEADING)
    widths = [width_of(line, DISPLAY, setting.size) for line in setting.lines]
    assert min(widths) > 0.7 * max(widths)
    short = fit(
        "What a benchmark measures once it is famous", DISPLAY, width=900, height=300, sizes=[90], leading=1
    )
    assert [line.strip(lettering.FROM_LEFT) for line in short.lines] == [
        "What a benchmark",
        "measures once",
        "it is famous",
    ]


def test_a_headline_without_pictographs_says_the_same() -> None:
    assert drawable("Robots \U0001f9fa\ufe0f learn  to\tfold", INTERFACE) == "Robots learn to fold"
    assert drawable("Zero\u200bwidth", DISPLAY) == "Zerowidth"
    assert drawable("Non\u2011stop", DISPLAY) == "Non-stop"
    assert drawable("e\u0301tude", DISPLAY) == "étude"


def test_a_price_is_never_drawn_without_its_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter, figure or currency that no typeface has is no pictograph: then nothing is drawn."""
    monkeypatch.setattr(lettering, "FALLBACKS", {DISPLAY: [], INTERFACE: []})
    lettering._faces_with.cache_clear()
    try:
        assert drawable("It costs ₹500", DISPLAY) == ""
        assert drawable("Łukasz writes", DISPLAY) == ""
        assert drawable("It costs €500", DISPLAY) == "It costs €500"
    finally:
        lettering._faces_with.cache_clear()


@needs_dejavu
def test_a_word_is_in_one_typeface() -> None:
    """Only the words with a sign we lack are taken from another."""
    runs = lettering._runs("Why Łukasz left", DISPLAY) or []
    assert [run.text for run in runs] == ["Why", "Łukasz", "left"]
    assert [run.face == DISPLAY for run in runs] == [True, False, True]


def test_arabic_needs_raqm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it its letters would stand apart and backwards."""
    monkeypatch.setattr(lettering, "HAS_RAQM", False)
    assert drawable("الذكاء الاصطناعي", DISPLAY) == ""


@pytest.mark.parametrize(
    ("text", "expected"), [("“Yes”", False), ("12 שנים", True), ("", False), ("?", False)]
)
def test_the_first_letter_decides_the_side(text: str, *, expected: bool) -> None:
    assert is_right_to_left(text) is expected


@pytest.mark.parametrize("sign", ["a", "W", "é", "€", "“", "…"])
def test_letters_of_one_run_are_drawn_where_they_are_measured(sign: str) -> None:
    """A word drawn sign by sign ends where its width says."""
    text = f"H{sign}H"
    canvas = Image.new("L", (900, 240), 255)
    lettering.draw_line(ImageDraw.Draw(canvas), text, DISPLAY, 120, at=(50, 160), fill="#000")
    drawn = canvas.point([255] * 128 + [0] * 128).getbbox()
    assert drawn is not None
    assert drawn[2] == pytest.approx(50 + width_of(text, DISPLAY, 120), abs=8)


# ---- Prints


@pytest.mark.parametrize("ground", ["chart", "ink", "signal"])
def test_print_becomes_a_light_file(ground: str) -> None:
    """In few colours, of its own size, alike every time."""
    marks = print_marks([[12, 30, 8], [22, 5, 17]] * 9, kind="ridge", width=800, height=800, seed="a")
    data = print_file(marks, ground)
    assert data == print_file(marks, ground)
    assert opened(data).size == (800, 800)
    assert len(data) < 80_000
    assert len(opened(data).getcolors(256) or []) <= 20
