"""Where pictures are used, asked of the apps to the right: they subscribe when they start."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from accounts.models import User
from images.files import STEM, addresses_of
from images.models import FormerFile, Image

NAMED = re.compile(rf"/([0-9a-f]{{{STEM}}})[-.]")  # begins with one letter, which is found fast


@dataclass(frozen=True)
class Use:
    """Something that shows a picture: in words for an editor, and where it is in the admin, or nothing."""

    label: str
    address: str = ""


class Subscriber(Protocol):
    def __call__(
        self, images: Collection[Image], *, in_history: bool, seen_by: User | None
    ) -> Mapping[int, Collection[Use]]: ...


_subscribers: list[Subscriber] = []


def subscribe(uses: Subscriber) -> None:
    """Ask this function too: what uses which of these pictures, by pk, in a constant number of queries.

    It answers with what readers see, will see, or somebody is writing; `in_history` asks for earlier versions
    as well, which might be shown or restored. Names and addresses are for `seen_by`, who may not see every
    draft; None is told everything.
    """
    _subscribers.append(uses)


def uses_of_each(
    images: Collection[Image], *, in_history: bool = False, seen_by: User | None = None
) -> dict[int, list[Use]]:
    """What uses each of these pictures, by pk; those that nothing uses are left out."""
    found: dict[int, list[Use]] = {}
    for subscriber in _subscribers if images else []:
        for pk, uses in subscriber(images, in_history=in_history, seen_by=seen_by).items():
            found.setdefault(pk, []).extend(uses)
    return {pk: uses for pk, uses in found.items() if uses}


def uses_of(image: Image, *, in_history: bool = False, seen_by: User | None = None) -> list[Use]:
    """What uses a picture."""
    return uses_of_each([image], in_history=in_history, seen_by=seen_by).get(image.pk, [])


# For subscribers, which look for pictures in texts


def address_starts() -> set[str]:
    """What comes before the file's name in every address of a picture: a text without any shows none."""
    return {address.partition("?")[0].rpartition("/")[0] + "/" for address in addresses_of("a")}


def stems_of(images: Collection[Image]) -> dict[str, int]:
    """What the names of these pictures' files begin with, now or before a replacement → pk. One query."""
    stems = {image.content_hash[:STEM]: image.pk for image in images}
    pks = set(stems.values())
    for pk, content_hash in FormerFile.objects.values_list("image_id", "content_hash"):
        if pk in pks:  # asked here: all pictures at once would be too many for a query
            stems.setdefault(content_hash[:STEM], pk)
    return stems


def named_in(text: str, stems: Mapping[str, int]) -> set[int]:
    """The pks of the pictures that a text names by any address of any of their files."""
    return {stems[stem] for stem in NAMED.findall(text) if stem in stems}
