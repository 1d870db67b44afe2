"""Pictures, good and bad, made on the spot."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import ExifTags, Image, ImageCms

Colour = tuple[int, ...]
RED, BLUE = (200, 30, 30), (30, 30, 200)


def encoded(picture: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def photo(width: int = 60, height: int = 40) -> Image.Image:
    """Noise in three channels: more colours than any drawing once it is large enough."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 90) for _ in range(3)])


def halves(width: int = 60, height: int = 20) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def png_of_zeros(width: int, height: int) -> bytes:
    """A black picture that is small as a file, and large once decoded."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 1)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def from_a_phone() -> bytes:
    """A JPEG held sideways, with the place it was taken at and the camera's name."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = 6  # shown turned by 90° to the right
    tags[ExifTags.Base.Make] = "SecretCamera"
    tags.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (60.0, 10.0, 15.0)
    return encoded(halves(), "JPEG", exif=tags, comment=b"SecretComment", quality=95)


def with_swapped_profile() -> bytes:
    """A blue PNG whose colour profile says that blue is red and red is blue."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"tXYZ"), (b"bXYZ", b"rXYZ"), (b"tXYZ", b"bXYZ")):
        profile = profile.replace(old, new)
    return encoded(Image.new("RGB", (8, 8), (0, 0, 255)), "PNG", icc_profile=profile)


def animation(format: str) -> bytes:
    frames = [Image.new("RGB", (12, 12), colour) for colour in (RED, BLUE)]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
NOT_PICTURES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "svg": lambda: SVG,
    "svg in utf-16": lambda: SVG.decode().encode("utf-16"),
    "html after a gif's first bytes": lambda: b"GIF89a<script>alert(1)</script>",
    "pdf": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "bmp": lambda: encoded(halves(), "BMP"),
    "tiff": lambda: encoded(halves(), "TIFF"),
}
BROKEN: dict[str, Callable[[], bytes]] = {
    "truncated png": lambda: encoded(photo(), "PNG")[:-200],
    "truncated jpeg": lambda: encoded(photo(), "JPEG")[:-200],
    "png with noise inside": lambda: encoded(photo(), "PNG").replace(b"IDAT", b"IDAT\x00\xff\x00", 1),
    "bomb of 169 million pixels": lambda: png_of_zeros(13_000, 13_000),
    "bomb of 400 million pixels": lambda: png_of_zeros(20_000, 20_000),
    "just over the limit": lambda: png_of_zeros(8_001, 5_000),
}
