"""Giving a picture another file: its row, its words and its place in stories stay.

The old files stay too, since pages and feeds that are out there show them. In the text of a story the old
address goes on meaning the picture, so that a story rendered again shows the new file.
"""

from dataclasses import replace

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from images.changes import picture_replaced
from images.files import files_or_nothing, keep_cuts, names_of, original_name
from images.framing import Framing
from images.library import find_image
from images.models import Image
from images.processing import Accepted, PictureRefused, accept, renditions
from pulse.tags import changed

MEANWHILE = "Somebody else changed this picture in the meantime. Look at it, then go on."
ALIKE = 0.01  # proportions that differ by less than this share are the same, for a box that was chosen


class PictureTaken(PictureRefused):
    """Another picture of the library has this file, or once had; `image` is that picture."""

    def __init__(self, image: Image) -> None:
        super().__init__(f"This file belongs to another picture in the library: “{image}”.")
        self.image = image


def replace_image(*, image: Image, data: bytes, by: User | None) -> None:
    """Give a picture a new file and new sizes, and tell the stories that show it. Its words stay.

    So do its focal point and, if the new file has the same proportions, the crops of its own. A file that it
    had before may come back, and one that was lost may be given anew. Raises PictureTaken, PictureRefused
    (also for the file it has) and OSError. Takes one to two seconds for a photograph.
    """
    owner = find_image(data)
    if owner and owner.pk != image.pk:
        raise PictureTaken(owner)
    accepted = accept(data)
    before = Image.objects.prefetch_related("crops").get(pk=image.pk)
    is_same = accepted.content_hash == before.content_hash
    if is_same and default_storage.exists(str(before.file)):
        raise PictureRefused("This is the file that the picture has already. Choose another.")
    framing = _framing_for(accepted, before)
    cuts = list(renditions(accepted.picture, framing=framing))
    with files_or_nothing() as write, transaction.atomic():
        stored = Image.objects.select_for_update().get(pk=image.pk)
        if (stored.content_hash, stored.framing) != (before.content_hash, before.framing):
            raise PictureRefused(MEANWHILE)
        names = names_of(stored)
        there = {name for name in names if default_storage.exists(name)}
        stored.former_files.filter(content_hash=accepted.content_hash).delete()
        if not is_same:
            stored.former_files.create(
                file=str(stored.file), content_hash=stored.content_hash, replaced_by=by
            )
        stored.renditions.all().delete()
        stored.crops.exclude(placement__in=framing.boxes).delete()
        stored.file.name = original_name(accepted.content_hash, accepted.extension)
        stored.width, stored.height = accepted.picture.size
        stored.content_hash = accepted.content_hash
        if stored.file.name not in there:
            write(stored.file.name, accepted.data)
        keep_cuts(stored, cuts, framing, write, there=there)
        stored.retired_files = sorted(names - _named_by_rows(stored))
        stored.save(update_fields=["file", "width", "height", "content_hash", "retired_files"])
        changed(f"image:{stored.pk}")
        picture_replaced(stored)
    image.refresh_from_db()


def _framing_for(accepted: Accepted, before: Image) -> Framing:
    """The picture's framing, without its boxes if the new file has other proportions."""
    width, height = accepted.picture.size
    is_alike = abs(width * before.height / (height * before.width) - 1) < ALIKE
    return before.framing if is_alike else replace(before.framing, boxes={})


def _named_by_rows(image: Image) -> set[str]:
    """The files that rows of a picture name: the rest of its files are retired."""
    return {
        str(image.file),
        *(str(rendition.file) for rendition in image.renditions.all()),
        *(str(former.file) for former in image.former_files.all()),
    }
