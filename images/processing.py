"""Pictures made safe and cut to size. Bytes in, bytes out: no model and no storage is known here.

What is kept of an upload is never the file that came: it is decoded, turned upright, freed of its metadata,
brought to sRGB and to at most PULSE_IMAGE_MAX_EDGE pixels, and written anew. Photographs become JPEG.
Pictures with transparency keep it and become PNG, as do drawings, charts and screenshots (few colours). Of an
animation the first frame is kept. JPEG renditions of a transparent picture lie on white, WebP ones do not.
"""

import contextlib
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import PIL.Image
from django.conf import settings
from PIL import ImageCms, ImageOps

from images.framing import Framing, Preset

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
GRAPHIC_COLOURS = 4_096  # at most so many make a drawing, chart or screenshot; a photograph has far more
BOMBS = (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning)
SRGB = ImageCms.createProfile("sRGB")


class PictureRefused(Exception):  # noqa: N818 - a refusal, not a fault
    """These bytes are not published. The message is a sentence for the person who sent them."""


class PictureTooLarge(PictureRefused):
    """More bytes than we take."""


class NotAPicture(PictureRefused):
    """Bytes of no format that we take."""


@dataclass(frozen=True, eq=False)
class Accepted:
    """A picture we publish: the decoded picture, and the file we keep of it."""

    content_hash: str
    picture: PIL.Image.Image
    data: bytes
    extension: str


@dataclass(frozen=True, eq=False)
class Cut:
    """One rendition, encoded."""

    preset: Preset
    data: bytes
    width: int
    height: int


def content_hash(data: bytes) -> str:
    """What we know an upload by: SHA-256 of the bytes as they came."""
    return hashlib.sha256(data).hexdigest()


def accept(data: bytes) -> Accepted:
    """Verify and re-encode an upload, whatever its name and declared type; raises PictureRefused.

    Size in bytes, format and number of pixels are checked before anything is decoded. Takes about half a
    second for a photograph of 12 megapixels.
    """
    if len(data) > settings.PULSE_UPLOAD_MAX_BYTES:
        raise PictureTooLarge(
            f"The picture has {len(data) / 1e6:.1f} MB; the most we take is "
            f"{settings.PULSE_UPLOAD_MAX_BYTES / 1e6:.0f} MB. Save it smaller and upload it again."
        )
    opened = _opened(data)
    if opened.width * opened.height > settings.PULSE_UPLOAD_MAX_PIXELS:
        raise PictureRefused(_too_many_pixels())
    try:
        picture, is_graphic = _decoded(opened)
    except Exception as error:  # what a decoder raises on hostile bytes is anything
        raise PictureRefused(
            "The picture is damaged or incomplete and cannot be read. Save it anew and upload that file."
        ) from error
    extension = "png" if is_graphic or picture.mode == "RGBA" else "jpg"
    return Accepted(content_hash(data), picture, encode(picture, extension), extension)


def _opened(data: bytes) -> PIL.Image.Image:
    """The picture by its header alone."""
    try:
        return PIL.Image.open(io.BytesIO(data), formats=FORMATS)
    except BOMBS as error:
        raise PictureRefused(_too_many_pixels()) from error
    except Exception as error:  # as above; in most cases PIL.UnidentifiedImageError
        raise NotAPicture(
            "This file is not a picture we can use. Choose a JPEG, PNG, WebP, GIF or AVIF file."
        ) from error


def _too_many_pixels() -> str:
    most = settings.PULSE_UPLOAD_MAX_PIXELS / 1e6
    return f"The picture is larger than {most:.0f} million pixels. Make it smaller and upload it again."


def _decoded(opened: PIL.Image.Image) -> tuple[PIL.Image.Image, bool]:
    """The picture as we publish it, RGB or RGBA, and whether it is a graphic rather than a photograph."""
    edge = settings.PULSE_IMAGE_MAX_EDGE
    profile = opened.info.get("icc_profile")
    opened.draft(None, (edge, edge))  # a large JPEG is decoded at half or a quarter of its size
    opened.load()
    _turn_upright(opened)
    picture = _scalable(opened)
    is_graphic = opened.format not in {"JPEG", "MPO"} and picture.getcolors(GRAPHIC_COLOURS) is not None
    picture.thumbnail((edge, edge), PIL.Image.Resampling.LANCZOS)
    picture = _in_srgb(picture, profile)
    picture.info = {}  # Pillow writes a comment or profile it finds here into the new file
    return picture, is_graphic


def _turn_upright(picture: PIL.Image.Image) -> None:
    with contextlib.suppress(Exception):  # broken tags say nothing against the picture they came with
        ImageOps.exif_transpose(picture, in_place=True)


def _scalable(picture: PIL.Image.Image) -> PIL.Image.Image:
    """The picture in a mode that scales well and has eight bits a channel: L, RGB, RGBA or CMYK."""
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip
        return picture.convert("I").point(lambda value: value / 257).convert("L")
    if picture.mode in {"L", "RGB", "CMYK"} and not picture.has_transparency_data:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _in_srgb(picture: PIL.Image.Image, profile: bytes | None) -> PIL.Image.Image:
    """The picture in RGB as screens show it, with its transparency if any of it shows."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    coloured = picture.convert("RGB") if alpha else picture
    if profile:
        coloured = _by_profile(coloured, profile)
    if coloured.mode != "RGB":
        coloured = coloured.convert("RGB")
    if alpha and alpha.getextrema() != (255, 255):
        coloured.putalpha(alpha)
    return coloured


def _by_profile(picture: PIL.Image.Image, profile: bytes) -> PIL.Image.Image:
    """Colours translated by an embedded profile; as they are where it is broken or made for another mode."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def encode(picture: PIL.Image.Image, extension: str) -> bytes:
    """A picture as the bytes of a jpg, png or webp file, without metadata."""
    file = io.BytesIO()
    if extension == "jpg":
        _on_white(picture).save(file, "JPEG", quality=82, progressive=True, optimize=True)
    elif extension == "webp":
        picture.save(file, "WEBP", quality=80, method=4)
    else:
        picture.save(file, "PNG")
    return file.getvalue()


def _on_white(picture: PIL.Image.Image) -> PIL.Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = PIL.Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def renditions(
    picture: PIL.Image.Image, *, framing: Framing | None = None, presets: Iterable[Preset] | None = None
) -> Iterator[Cut]:
    """Encode a picture in all the sizes it gets, or those given; the middle is what crops show by default."""
    framing = framing or Framing()
    for preset in framing.presets(*picture.size) if presets is None else presets:
        cut = _cut(picture, preset, framing)
        yield Cut(preset, encode(cut, preset.extension), *cut.size)


def _cut(picture: PIL.Image.Image, preset: Preset, framing: Framing) -> PIL.Image.Image:
    left, top, width, height = framing.part(*picture.size, preset)
    scale = min(1, preset.width / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    box = (left, top, left + width, top + height)
    return picture.resize(size, PIL.Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
