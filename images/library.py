"""What is done to the picture library, and how the text of a story finds the sizes of its pictures.

Each verb is one transaction: files are written before it commits and removed if it does not.
"""

from collections.abc import Callable
from functools import partial
from typing import TypedDict, Unpack

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q, prefetch_related_objects

from accounts.models import User
from images.files import (
    CONTENT_TYPES,
    FILE_NAME,
    addresses_of,
    delete_files,
    files_or_nothing,
    keep_cuts,
    names_of,
    original_name,
    read_original,
)
from images.framing import PRESETS, Framing
from images.models import FormerFile, Image, Rendition
from images.processing import Accepted, accept, content_hash, renditions
from images.uses import SHOWN, Use, Uses, uses_of
from pulse.tags import changed
from pulse.text import Picture


class PictureInUse(Exception):  # noqa: N818 - an answer, not a fault
    """A picture that something shows is not deleted. `uses` says what."""

    def __init__(self, uses: Uses) -> None:
        super().__init__(f"Still in use: {uses}.")
        self.uses = uses


class Words(TypedDict, total=False):
    """What is said of a picture; each is empty if not given."""

    alt: str
    is_decoration: bool
    caption: str
    credit: str
    licence: str


def find_image(data: bytes) -> Image | None:
    """The picture that was made from these very bytes, or was before it was replaced. One query."""
    known = content_hash(data)
    same = Q(content_hash=known) | Q(former_files__content_hash=known)
    return Image.objects.filter(same).first()


def add_image(*, data: bytes, by: User | None, **words: Unpack[Words]) -> Image:
    """Verify an upload and keep it with all its sizes; the same bytes again give the picture there is.

    Raises PictureRefused, ValidationError for the texts, and OSError if the files cannot be written. Takes
    one to two seconds for a photograph.
    """
    if existing := find_image(data):
        return existing
    return keep_picture(accepted=accept(data), by=by, **words)


def keep_picture(*, accepted: Accepted, by: User | None, **words: Unpack[Words]) -> Image:
    """Keep a verified picture: everything `add_image` does after verifying."""
    image = Image(
        file=original_name(accepted.content_hash, accepted.extension),
        width=accepted.picture.width,
        height=accepted.picture.height,
        content_hash=accepted.content_hash,
        uploaded_by=by,
        **words,
    )
    image.clean_fields(exclude=["file", "uploaded_by"])
    cuts = list(renditions(accepted.picture))  # before the transaction: a writer must not keep others waiting
    try:
        with files_or_nothing() as write, transaction.atomic():
            image.save(force_insert=True)
            write(str(image.file), accepted.data)
            keep_cuts(image, cuts, Framing(), write)
    except IntegrityError:
        if existing := Image.objects.filter(content_hash=accepted.content_hash).first():
            return existing  # somebody uploaded the same bytes meanwhile; nothing of ours was written
        raise
    return image


def make_missing_renditions(*, image: Image) -> int:
    """Make the sizes a picture lacks, by row or by file, and return how many."""
    made = {
        rendition.preset
        for rendition in image.renditions.all()
        if default_storage.exists(str(rendition.file))
    }
    framing = image.framing
    missing = [preset for preset in framing.presets(image.width, image.height) if preset.key not in made]
    if missing:
        cuts = list(renditions(read_original(image), framing=framing, presets=missing))
        with files_or_nothing() as write, transaction.atomic():
            image.renditions.filter(preset__in=[preset.key for preset in missing]).delete()
            keep_cuts(image, cuts, framing, write)
            changed(f"image:{image.pk}")
    return len(missing)


def delete_image(*, image: Image) -> None:
    """Delete a picture, and its files once that is certain. Raises PictureInUse while anything shows it."""
    if uses := uses_of(image):
        raise PictureInUse(uses)
    names = names_of(image)
    try:
        with transaction.atomic():
            image.delete()
            transaction.on_commit(partial(delete_files, names))
    except ProtectedError as error:  # what an earlier version of a story leads with is kept for its history
        rows = [Use(str(row)) for row in error.protected_objects]
        raise PictureInUse(Uses(len(rows), rows[:SHOWN])) from error


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


def thumbnail_of(image: Image) -> str:
    """The address of its smallest whole size. No query if its renditions are prefetched."""
    small = (rendition for rendition in image.renditions.all() if rendition.preset == "w480.webp")
    return next(small, image).file.url


def _family(rendition: Rendition) -> str | None:
    """The family of its preset; None if there is no such preset any more."""
    preset = PRESETS.get(rendition.preset)
    return preset.family if preset else None


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

    The address of a file that was replaced gives the sizes of the picture's new one. Two queries, none if the
    text names no picture of ours, one more if it names a file that is nobody's now. An address that is not
    ours gives None.
    """
    images = _by_file({match.group() for match in FILE_NAME.finditer(markdown)})
    prefetch_related_objects(list(images.values()), "renditions")
    return {
        address: sized(image, "whole") for name, image in images.items() for address in addresses_of(name)
    }.get


def _by_file(names: set[str]) -> dict[str, Image]:
    """Pictures by the names of their files, now or before they were replaced."""
    found = {str(image.file): image for image in Image.objects.filter(file__in=names)} if names else {}
    if others := names - found.keys():
        former = FormerFile.objects.filter(file__in=others).select_related("image")
        found |= {str(file.file): file.image for file in former}
    return found


def markdown_for(image: Image, alt: str) -> str:
    """What an editor writes to show a picture in a story."""
    escaped = "".join(f"\\{character}" if character in r"\[]" else character for character in alt)
    return f"![{escaped}]({image.file.url})"
