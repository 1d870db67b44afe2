"""What of an upload is published, and in which sizes."""

from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageChops, PngImagePlugin
from pytest_django import Settings

from images.framing import PRESETS, Framing
from images.processing import (
    Accepted,
    NotAPicture,
    PictureRefused,
    PictureTooLarge,
    accept,
    renditions,
)
from tests.images.hostile import (
    BLUE,
    BROKEN,
    NOT_PICTURES,
    RED,
    animation,
    encoded,
    from_a_phone,
    halves,
    opened,
    photo,
    png_of_zeros,
    with_swapped_profile,
)

pytestmark = pytest.mark.once


def is_near(colour: object, wanted: tuple[int, ...], distance: int = 12) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(a - b) <= distance for a, b in zip(colour, wanted, strict=True))


def kept(accepted: Accepted) -> Image.Image:
    """The file that is kept, read again."""
    return opened(accepted.data)


# ---- Refused


@pytest.mark.parametrize("make", NOT_PICTURES.values(), ids=NOT_PICTURES.keys())
def test_processing_refuses_what_is_no_picture(make: Callable[[], bytes]) -> None:
    """The bytes decide, and only five formats are read."""
    with pytest.raises(NotAPicture, match=r"Choose a JPEG, PNG, WebP, GIF or AVIF file\."):
        accept(make())


@pytest.mark.parametrize("make", BROKEN.values(), ids=BROKEN.keys())
def test_processing_refuses_broken_pictures(make: Callable[[], bytes]) -> None:
    """Truncated, corrupt and oversized pictures are refused with a sentence that says what to do."""
    with pytest.raises(PictureRefused, match=r"[Ss]ave it anew|Make it smaller"):
        accept(make())


def test_processing_refuses_bombs_from_their_header(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb is never decoded."""
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda self: pytest.fail("was decoded"))
    with pytest.raises(PictureRefused, match="larger than 40 million pixels"):
        accept(png_of_zeros(13_000, 13_000))


def test_processing_refuses_too_many_bytes(settings: Settings) -> None:
    """The limit in bytes holds before anything is looked at."""
    settings.PULSE_UPLOAD_MAX_BYTES = 1_000
    with pytest.raises(PictureTooLarge):
        accept(bytes(1_001))


# ---- Cleaned


def test_processing_turns_photographs_upright_and_drops_their_tags() -> None:
    """Place, camera and comments are gone, and the picture stands as it was held."""
    sent = from_a_phone()
    assert b"SecretCamera" in sent
    assert b"SecretComment" in sent
    accepted = accept(sent)
    picture = kept(accepted)
    assert accepted.extension == "jpg"
    assert picture.size == (20, 60)
    assert is_near(picture.getpixel((10, 5)), RED)
    assert is_near(picture.getpixel((10, 55)), BLUE)
    assert not picture.getexif()
    assert not any(word in accepted.data for word in (b"Secret", b"Exif", b"GPS"))


@pytest.mark.parametrize("format", ["GIF", "PNG"])
def test_processing_drops_comments(format: str) -> None:
    """Text inside a file is not published with the picture."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SecretComment")
    options: dict[str, Any] = {"comment": b"SecretComment"} if format == "GIF" else {"pnginfo": text}
    sent = encoded(halves(), format, **options)
    assert b"SecretComment" in sent
    accepted = accept(sent)
    assert b"SecretComment" not in accepted.data
    assert all(b"SecretComment" not in cut.data for cut in renditions(accepted.picture))


def test_processing_survives_broken_tags() -> None:
    """A picture is not refused for what is written about it."""
    sent = encoded(halves(), "WEBP", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")
    assert accept(sent).picture.size == (60, 20)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_processing_keeps_the_first_frame(format: str) -> None:
    """An animation becomes a still."""
    picture = kept(accept(animation(format)))
    assert getattr(picture, "n_frames", 1) == 1
    assert is_near(picture.convert("RGB").getpixel((6, 6)), RED)


# ---- Colours and modes


def test_processing_brings_print_colours_to_rgb() -> None:
    """A CMYK JPEG is published in RGB, in its colours."""
    picture = kept(accept(encoded(halves().convert("CMYK"), "JPEG", quality=95)))
    assert picture.mode == "RGB"
    assert is_near(picture.getpixel((5, 10)), RED, 20)


def test_processing_scales_16_bits_of_grey() -> None:
    """Middle grey stays middle grey instead of turning white."""
    picture = kept(accept(encoded(Image.new("I;16", (8, 8), 32_896), "PNG")))
    assert is_near(picture.convert("RGB").getpixel((4, 4)), (128, 128, 128), 2)


def test_processing_obeys_an_embedded_colour_profile() -> None:
    """Colours are translated to those of the web before the profile is dropped."""
    accepted = accept(with_swapped_profile())
    assert is_near(kept(accepted).getpixel((4, 4)), (255, 0, 0))
    assert "icc_profile" not in kept(accepted).info


def test_processing_survives_a_broken_colour_profile() -> None:
    """A profile that cannot be read is dropped, the picture is not."""
    accepted = accept(encoded(halves(), "PNG", icc_profile=b"nonsense"))
    assert is_near(kept(accepted).getpixel((5, 10)), RED)
    assert b"iCCP" not in accepted.data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_processing_takes_every_mode(mode: str) -> None:
    """Whatever the channels of a PNG, all sizes can be made of it."""
    accepted = accept(encoded(Image.new(mode, (30, 20)), "PNG"))
    assert accepted.picture.mode in {"RGB", "RGBA"}
    assert {cut.preset.key for cut in renditions(accepted.picture)} >= {
        "w480.webp",
        "square.jpg",
        "social.jpg",
    }


def test_processing_takes_avif() -> None:
    """AVIF is read, and kept as JPEG."""
    accepted = accept(encoded(photo(120, 80), "AVIF"))
    assert accepted.extension == "jpg"
    assert kept(accepted).size == (120, 80)


@pytest.mark.parametrize(
    ("picture", "format", "extension"),
    [
        (photo(120, 80), "JPEG", "jpg"),
        (photo(120, 80), "PNG", "jpg"),
        (halves(), "JPEG", "jpg"),
        (halves(), "PNG", "png"),
        (Image.new("RGBA", (9, 9), (200, 30, 30, 90)), "PNG", "png"),
        (photo(120, 80).convert("RGBA"), "PNG", "jpg"),
    ],
    ids=["photograph", "photograph in a png", "drawing in a jpeg", "drawing", "transparent", "opaque alpha"],
)
def test_processing_keeps_photographs_as_jpeg_and_the_rest_as_png(
    picture: Image.Image, format: str, extension: str
) -> None:
    """The kept file's format follows from the picture, never from a name."""
    accepted = accept(encoded(picture, format))
    assert accepted.extension == extension
    assert kept(accepted).format == {"jpg": "JPEG", "png": "PNG"}[extension]


def test_processing_keeps_transparency_where_the_format_can() -> None:
    """WebP stays transparent; JPEG lies on white."""
    accepted = accept(encoded(Image.new("RGBA", (40, 40), (200, 30, 30, 0)), "PNG"))
    assert kept(accepted).getchannel("A").getpixel((20, 20)) == 0
    cuts = {cut.preset.key: opened(cut.data) for cut in renditions(accepted.picture)}
    assert cuts["w480.webp"].getchannel("A").getpixel((20, 20)) == 0
    assert is_near(cuts["w480.jpg"].getpixel((20, 20)), (255, 255, 255), 2)


@pytest.mark.parametrize("size", [(300, 200), (3, 2_000), (9_000, 1)])
def test_processing_scales_large_pictures_down(settings: Settings, size: tuple[int, int]) -> None:
    """No edge of what is kept is longer than the setting, whatever the proportions."""
    settings.PULSE_IMAGE_MAX_EDGE = 100
    accepted = accept(encoded(Image.new("RGB", size), "PNG"))
    assert max(kept(accepted).size) == 100
    assert min(kept(accepted).size) >= 1


# ---- Sizes


def keys(width: int, height: int) -> set[str]:
    return {preset.name for preset in Framing().presets(width, height)}


def test_renditions_of_a_large_picture_are_all_presets() -> None:
    """Wide enough for the largest: every preset is made."""
    assert {preset.key for preset in Framing().presets(2_400, 1_600)} == set(PRESETS)


def test_renditions_of_a_small_picture_are_one_of_each_family() -> None:
    """A picture gets no two sizes that would be the same."""
    assert keys(300, 200) == {"w480", "card", "square", "social", "news4x3", "news16x9"}
    assert keys(481, 200) == keys(300, 200) | {"w960"}


@pytest.mark.parametrize("size", [(300, 200), (1_000, 700), (5, 900), (900, 5), (1, 1)])
def test_renditions_are_never_larger_than_the_picture(size: tuple[int, int]) -> None:
    """Nothing is scaled up, and every size is a picture of at least one pixel."""
    for cut in renditions(Image.new("RGB", size)):
        assert (cut.width, cut.height) == opened(cut.data).size
        assert cut.width <= min(size[0], cut.preset.width)
        assert 1 <= cut.height <= size[1]


def test_renditions_have_their_presets_size() -> None:
    """Crops are cut to their proportions, the rest keep the picture's."""
    sizes = {cut.preset.key: (cut.width, cut.height) for cut in renditions(Image.new("RGB", (2_000, 1_500)))}
    assert sizes["w480.webp"] == (480, 360)
    assert sizes["card.jpg"] == (960, 640)
    assert sizes["square.webp"] == (1_000, 1_000)
    assert sizes["social.jpg"] == (1_200, 630)


@pytest.mark.parametrize(("focal", "colour"), [((0, 50), RED), ((25, 50), RED), ((100, 50), BLUE)])
def test_renditions_crop_about_the_focal_point(focal: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """What must stay in view does, at the edges too."""
    square = next(renditions(halves(200, 50), framing=Framing(focal), presets=[PRESETS["square.jpg"]]))
    assert (square.width, square.height) == (50, 50)
    assert all(is_near(opened(square.data).getpixel((x, 25)), colour) for x in (3, 25, 46))


def test_renditions_do_not_change_the_picture() -> None:
    """Each size is cut from the same original."""
    picture = halves()
    before = picture.copy()
    list(renditions(picture))
    assert ImageChops.difference(picture, before).getbbox() is None
