"""What is done to the picture library, and how the text of a story finds the sizes of its pictures.

Files are named after the hash of the upload, so a name never changes its content and caches may keep it for
ever. Each verb is one transaction: files are written before it commits and removed if it does not.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager

import PIL.Image
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from images.models import Image, Rendition
from images.processing import (
    CENTRE,
    PRESETS,
    Accepted,
    Cut,
    PictureRefused,
    Preset,
    accept,
    content_hash,
    presets_for,
    renditions,
)
from pulse.text import Picture

_PRESET_NAMES = "|".join(sorted({preset.name for preset in PRESETS.values()}))
FILE_NAME = re.compile(rf"[0-9a-f]{{32}}(-({_PRESET_NAMES})(-\d{{1,3}}-\d{{1,3}})?)?\.(jpg|png|webp)")
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
Write = Callable[[str, bytes], None]


def find_image(data: bytes) -> Image | None:
    """The picture that was made from these very bytes, if there is one. One query."""
    return Image.objects.filter(content_hash=content_hash(data)).first()


def add_image(
    *, data: bytes, by: User | None, alt: str = "", caption: str = "", credit: str = "", licence: str = ""
) -> Image:
    """Verify an upload and keep it with all its sizes; the same bytes again give the picture there is.

    Raises PictureRefused, ValidationError for the texts, and OSError if the files cannot be written. Takes
    one to two seconds for a photograph.
    """
    if existing := find_image(data):
        return existing
    return keep_picture(
        accepted=accept(data), by=by, alt=alt, caption=caption, credit=credit, licence=licence
    )


def keep_picture(
    *,
    accepted: Accepted,
    by: User | None,
    alt: str = "",
    caption: str = "",
    credit: str = "",
    licence: str = "",
) -> Image:
    """Keep a verified picture: everything `add_image` does after verifying."""
    name = f"{accepted.content_hash[:32]}.{accepted.extension}"
    image = Image(
        file=name,
        width=accepted.picture.width,
        height=accepted.picture.height,
        content_hash=accepted.content_hash,
        alt=alt,
        caption=caption,
        credit=credit,
        licence=licence,
        uploaded_by=by,
    )
    image.clean_fields(exclude=["file", "uploaded_by"])
    cuts = list(renditions(accepted.picture))  # before the transaction: a writer must not keep others waiting
    try:
        with _files_or_nothing() as write, transaction.atomic():
            image.save(force_insert=True)
            write(name, accepted.data)
            _keep_cuts(image, cuts, CENTRE, write)
    except IntegrityError:
        if existing := Image.objects.filter(content_hash=accepted.content_hash).first():
            return existing  # somebody uploaded the same bytes meanwhile; nothing of ours was written
        raise
    return image


def set_focal_point(*, image: Image, x: int, y: int) -> None:
    """Say what must stay in view, in percent from the left and the top, and crop again about it.

    The crops get new names. The old files stay until the picture is deleted: pages and feeds that are
    already out there show them. Raises ValidationError outside 0 to 100, PictureRefused if the file is gone.
    """
    image.focal_x, image.focal_y = x, y
    image.clean_fields(exclude=["file", "uploaded_by"])
    picture = _original(image)
    crops = [preset for preset in presets_for(*picture.size) if preset.is_crop]
    cuts = list(renditions(picture, focal=(x, y), presets=crops))
    new_names = {_file_name(image, preset, (x, y)) for preset in crops}
    with _files_or_nothing() as write, transaction.atomic():
        stored = Image.objects.select_for_update().get(pk=image.pk)
        old_crops = [rendition for rendition in stored.renditions.all() if _is_crop(rendition)]
        there = {*stored.retired_files, *(str(crop.file) for crop in old_crops)}
        stored.renditions.filter(pk__in=[crop.pk for crop in old_crops]).delete()
        image.retired_files = sorted(there - new_names)
        image.save(update_fields=["focal_x", "focal_y", "retired_files"])
        _keep_cuts(image, cuts, (x, y), write, there=there)


def make_missing_renditions(*, image: Image) -> int:
    """Make the sizes a picture lacks, by row or by file, and return how many."""
    made = {
        rendition.preset
        for rendition in image.renditions.all()
        if default_storage.exists(str(rendition.file))
    }
    missing = [preset for preset in presets_for(image.width, image.height) if preset.key not in made]
    if missing:
        focal = (image.focal_x, image.focal_y)
        cuts = list(renditions(_original(image), focal=focal, presets=missing))
        with _files_or_nothing() as write, transaction.atomic():
            image.renditions.filter(preset__in=[preset.key for preset in missing]).delete()
            _keep_cuts(image, cuts, focal, write)
    return len(missing)


def delete_image(*, image: Image) -> None:
    """Delete a picture, and its files once that is certain. ProtectedError while a story leads with it."""
    names = [
        str(image.file),
        *(str(rendition.file) for rendition in image.renditions.all()),
        *image.retired_files,
    ]
    with transaction.atomic():
        image.delete()
        transaction.on_commit(lambda: _delete_files(names))


def _original(image: Image) -> PIL.Image.Image:
    try:
        with image.file.open() as file, PIL.Image.open(file, formats=("JPEG", "PNG")) as picture:
            picture.load()
            return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except OSError as error:
        raise PictureRefused("The file of this picture is missing or damaged. Upload it again.") from error


def _keep_cuts(
    image: Image,
    cuts: Iterable[Cut],
    focal: tuple[int, int],
    write: Write,
    *,
    there: Collection[str] = (),
) -> None:
    rows = []
    for cut in cuts:
        name = _file_name(image, cut.preset, focal)
        if name not in there:
            write(name, cut.data)
        rows.append(
            Rendition(image=image, preset=cut.preset.key, file=name, width=cut.width, height=cut.height)
        )
    Rendition.objects.bulk_create(rows)


def _file_name(image: Image, preset: Preset, focal: tuple[int, int]) -> str:
    about = f"-{focal[0]}-{focal[1]}" if preset.is_crop else ""
    return f"{image.content_hash[:32]}-{preset.name}{about}.{preset.extension}"


@contextmanager
def _files_or_nothing() -> Iterator[Write]:
    """Gives a function that writes a file; what was written, whole or in part, goes if an error follows."""
    names: list[str] = []

    def write(name: str, data: bytes) -> None:
        names.append(name)
        default_storage.delete(name)  # what a crash between file and row may have left
        default_storage.save(name, ContentFile(data))

    try:
        yield write
    except BaseException:
        _delete_files(names)
        raise


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


# What the text of a story and the picture tag ask


def sized(image: Image, family: str) -> Picture:
    """A picture in all its sizes of one family of presets. No query if its renditions are prefetched.

    Without renditions of that family it is the file itself.
    """
    found = [rendition for rendition in image.renditions.all() if _family(rendition) == family]
    if not found:
        return Picture(src=image.file.url, width=image.width, height=image.height)
    largest = max(found, key=lambda rendition: rendition.width)
    return Picture(
        src=_preferred(found).file.url,
        width=largest.width,
        height=largest.height,
        sources=[
            (CONTENT_TYPES[extension], srcset)
            for extension in ("webp", "jpg")
            if (srcset := _srcset(found, extension))
        ],
    )


def _family(rendition: Rendition) -> str | None:
    """The family of its preset; None if there is no such preset any more."""
    preset = PRESETS.get(rendition.preset)
    return preset.family if preset else None


def _is_crop(rendition: Rendition) -> bool:
    return rendition.preset in PRESETS and PRESETS[rendition.preset].is_crop


def _preferred(found: list[Rendition]) -> Rendition:
    """For browsers that choose no size themselves: the JPEG nearest to 960 pixels."""
    jpegs = [rendition for rendition in found if rendition.preset.endswith(".jpg")] or found
    return min(jpegs, key=lambda rendition: abs(rendition.width - 960))


def _srcset(found: list[Rendition], extension: str) -> str:
    widths = {
        rendition.width: rendition.file.url for rendition in found if rendition.preset.endswith(extension)
    }
    return ", ".join(f"{url} {width}w" for width, url in sorted(widths.items()))


def sizes_lookup(markdown: str) -> Callable[[str], Picture | None]:
    """A function from a picture's address to its sizes, for the pictures named in a text.

    Two queries, none if the text names no picture of ours. An address that is not ours gives None.
    """
    names = {match.group() for match in FILE_NAME.finditer(markdown)}
    images = Image.objects.filter(file__in=names).prefetch_related("renditions") if names else []
    pictures = {address: sized(image, "whole") for image in images for address in addresses_of(image)}
    return pictures.get


def addresses_of(image: Image) -> set[str]:
    """Where a picture's file can be had: from the store, and from our own view wherever the store is."""
    return {image.file.url, reverse("images:media", args=[image.file.name])}


def markdown_for(image: Image, alt: str) -> str:
    """What an editor writes to show a picture in a story."""
    escaped = "".join(f"\\{character}" if character in r"\[]" else character for character in alt)
    return f"![{escaped}]({image.file.url})"
