"""What a crop shows, as numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from images.files import FILE_NAME, rendition_name
from images.framing import PLACEMENTS, PRESETS, Box, Framing, box_of, fitting_box

edges = st.integers(min_value=1, max_value=2_400)
shares = st.integers(min_value=-2_000, max_value=3_000)


@given(st.sampled_from(sorted(PLACEMENTS)), edges, edges, shares, shares, shares)
def test_a_box_lies_in_the_picture_whatever_was_typed(
    placement: str, width: int, height: int, left: int, top: int, across: int
) -> None:
    """So that the database, which refuses any other, never has to."""
    box = fitting_box(placement, left=left, top=top, across=across, width=width, height=height)
    assert box.left >= 0
    assert box.top >= 0
    assert box.width >= 1
    assert box.height >= 1
    assert box.left + box.width <= 1000
    assert box.top + box.height <= 1000


@given(st.sampled_from(sorted(PLACEMENTS)), edges, edges, shares, shares, shares)
def test_a_box_typed_again_is_the_same_box(
    placement: str, width: int, height: int, left: int, top: int, across: int
) -> None:
    """Saving a form that nobody touched changes no crop."""
    box = fitting_box(placement, left=left, top=top, across=across, width=width, height=height)
    framing = Framing(boxes={placement: box})
    shown = box_of(placement, framing, width=width, height=height)
    again = fitting_box(
        placement, left=shown.left, top=shown.top, across=shown.width, width=width, height=height
    )
    assert again == box


@given(st.sampled_from(sorted(PRESETS)), edges, edges, shares, shares, shares)
def test_a_part_lies_in_the_picture_and_has_the_presets_proportions(
    key: str, width: int, height: int, left: int, top: int, across: int
) -> None:
    """Whether it follows a box or the focal point."""
    preset = PRESETS[key]
    boxes = {}
    if preset.family in PLACEMENTS:
        boxes[preset.family] = fitting_box(
            preset.family, left=left, top=top, across=across, width=width, height=height
        )
    for framing in (Framing(), Framing(boxes=boxes)):
        part = framing.part(width, height, preset)
        assert part.left >= 0
        assert part.top >= 0
        assert part.left + part.width <= width + 1e-6
        assert part.top + part.height <= height + 1e-6
        if preset.height:
            assert part.width / part.height == pytest.approx(preset.width / preset.height)


def test_a_box_keeps_the_width_that_was_asked_for() -> None:
    """The height follows from the proportions: 30% of 2000 pixels, 3:2, are 400 of 1000."""
    assert fitting_box("card", left=100, top=50, across=300, width=2_000, height=1_000) == (100, 50, 300, 400)


def test_a_box_of_its_own_heeds_no_focal_point() -> None:
    """Of a box with other proportions, as an earlier release might leave, the middle is shown."""
    boxes = {"square": Box(0, 0, 500, 1000)}
    for focal in ((0, 0), (100, 100)):
        part = Framing(focal, boxes).part(1_000, 1_000, PRESETS["square.jpg"])
        assert part == (0, 250, 500, 500)


def test_a_box_is_never_a_speck_nor_larger_than_the_picture() -> None:
    """A tenth of the width at least, or as much as the picture's height allows."""
    assert fitting_box("square", left=0, top=0, across=1, width=1_000, height=1_000).width == 100
    assert fitting_box("square", left=0, top=0, across=1, width=2_000, height=100).width == 50
    assert fitting_box("square", left=900, top=0, across=900, width=2_000, height=1_000) == (
        500,
        0,
        500,
        1000,
    )


def test_a_narrow_box_gets_no_second_size() -> None:
    """Nothing is scaled up: a card cut from 900 pixels has 900."""
    wide, narrow = Box(0, 0, 1000, 1000), Box(0, 0, 450, 450)
    names = [
        {preset.name for preset in Framing(boxes={"card": box}).presets(2_000, 1_333)}
        for box in (wide, narrow)
    ]
    assert [("card1600" in found, "card" in found) for found in names] == [(True, True), (False, True)]


def test_names_tell_crops_apart_and_old_names_are_names_still() -> None:
    """A name never changes its content, and every name that was ever given is served."""
    hash, card = "0123456789abcdef" * 4, PRESETS["card.webp"]
    box = Framing(boxes={"card": Box(125, 0, 700, 1000)})
    assert rendition_name(hash, card, box) == f"{hash[:32]}-card-125-0-700-1000.webp"
    assert rendition_name(hash, card, Framing((5, 100))) == f"{hash[:32]}-card-5-100.webp"
    assert rendition_name(hash, PRESETS["w480.jpg"], box) == f"{hash[:32]}-w480.jpg"
    for tail in (
        ".png",
        "-w480.webp",
        "-card-50-50.jpg",
        "-card1600-0-100.webp",
        "-card-125-0-700-1000.webp",
    ):
        assert FILE_NAME.fullmatch(hash[:32] + tail)
    for tail in (
        "-card-1-2-3.jpg",
        "-card-1-2-3-4-5.jpg",
        "-card-12345-1-1-1.jpg",
        "-card-1.jpg",
        "-card-١-٢.jpg",
    ):
        assert not FILE_NAME.fullmatch(hash[:32] + tail)
