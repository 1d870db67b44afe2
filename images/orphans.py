"""What the picture library holds for nobody: pictures that nothing shows, and files that no picture knows."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.core.files.storage import default_storage
from django.db.models import Max, Q

from images.files import FILE_NAME, names_of
from images.models import FormerFile, Image, Rendition
from images.uses import uses_of_each


def find_orphans(*, before: dt.datetime) -> list[Image]:
    """Pictures added, and last replaced, before a moment, that no story shows or ever did. Oldest first.

    Reads the text of every version of every story: an earlier one might be shown or restored.
    """
    old = (
        Image.objects.annotate(replaced_at=Max("former_files__replaced_at"))
        .filter(Q(replaced_at__isnull=True) | Q(replaced_at__lt=before), uploaded_at__lt=before)
        .prefetch_related("renditions", "former_files")
        .order_by("uploaded_at", "pk")
    )
    images = list(old)
    used = uses_of_each(images, in_history=True)
    return [image for image in images if image.pk not in used]


def find_unknown_files(*, before: dt.datetime) -> list[str]:
    """Files last written before a moment, under names as we give them, that no row knows, by name.

    What a crash between file and row left, or a restored backup of another day. Files under other names are
    somebody else's and left alone.
    """
    known = set(_known_names())
    return sorted(
        name
        for name in _stored_names()
        if FILE_NAME.fullmatch(name)
        and name not in known
        and default_storage.get_modified_time(name) < before  # an upload may be on its way
    )


def _stored_names() -> list[str]:
    try:
        return default_storage.listdir("")[1]
    except FileNotFoundError:  # no picture has been added yet
        return []


def _known_names() -> Iterator[str]:
    for model in (Image, Rendition, FormerFile):
        yield from model._default_manager.values_list("file", flat=True).iterator()
    for retired in Image.objects.values_list("retired_files", flat=True).iterator():
        yield from retired


def size_of(names: Iterable[str]) -> int:
    """How many bytes files take; those that are gone take none."""
    return sum(default_storage.size(name) for name in names if default_storage.exists(name))


def size_on_disk(image: Image) -> int:
    """How many bytes all files of a picture take. Two queries, none of what is prefetched."""
    return size_of(names_of(image))
