"""A picture's files: how they are called, and that they are written whole or not at all.

A file is named after the hash of the upload and after what it shows of it, so a name never changes its
content and caches may keep it for ever.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager

import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from images.framing import PRESETS, Framing, Preset
from images.models import Image, Rendition
from images.processing import Cut, PictureRefused

STEM = 32  # letters of the hash that every file of an upload begins with
_PRESET_NAMES = "|".join(sorted({preset.name for preset in PRESETS.values()}))
_FOCAL, _BOX = r"-\d{1,3}-\d{1,3}", r"(?:-\d{1,4}){4}"
FILE_NAME = re.compile(
    rf"[0-9a-f]{{{STEM}}}(-({_PRESET_NAMES})({_FOCAL}|{_BOX})?)?\.(jpg|png|webp)", re.ASCII
)
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
Write = Callable[[str, bytes], None]


def original_name(content_hash: str, extension: str) -> str:
    return f"{content_hash[:STEM]}.{extension}"


def rendition_name(content_hash: str, preset: Preset, framing: Framing) -> str:
    return f"{content_hash[:STEM]}-{preset.name}{framing.mark(preset)}.{preset.extension}"


def names_of(image: Image) -> set[str]:
    """Every file a picture has, also those it had before. Two queries, none of what is prefetched."""
    return {
        str(image.file),
        *(str(rendition.file) for rendition in image.renditions.all()),
        *(str(former.file) for former in image.former_files.all()),
        *image.retired_files,
    }


def addresses_of(name: str) -> set[str]:
    """Where a file can be had: from the store, and from our own view wherever the store is."""
    return {default_storage.url(name), reverse("images:media", args=[name])}


def read_original(image: Image) -> PIL.Image.Image:
    """The picture itself, decoded. Raises PictureRefused if its file is gone or damaged."""
    try:
        with image.file.open() as file, PIL.Image.open(file, formats=("JPEG", "PNG")) as picture:
            picture.load()
            return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except OSError as error:
        raise PictureRefused("The file of this picture is missing or damaged. Replace it.") from error


@contextmanager
def files_or_nothing() -> Iterator[Write]:
    """Gives a function that writes a file; what was written, whole or in part, goes if an error follows."""
    names: list[str] = []

    def write(name: str, data: bytes) -> None:
        names.append(name)
        default_storage.delete(name)  # what a crash between file and row may have left
        default_storage.save(name, ContentFile(data))

    try:
        yield write
    except BaseException:
        delete_files(names)
        raise


def delete_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def keep_cuts(
    image: Image, cuts: Iterable[Cut], framing: Framing, write: Write, *, there: Collection[str] = ()
) -> None:
    """Write cuts, but for the files that are there already, and keep a row of each. One query."""
    rows = []
    for cut in cuts:
        name = rendition_name(image.content_hash, cut.preset, framing)
        if name not in there:
            write(name, cut.data)
        rows.append(
            Rendition(image=image, preset=cut.preset.key, file=name, width=cut.width, height=cut.height)
        )
    Rendition.objects.bulk_create(rows)
