"""What the crops of a picture show: as much as fits about its focal point, or a box chosen for a placement.

Changed crops get new names. The old files stay until the picture is deleted: pages and feeds that are already
out there show them.
"""

from dataclasses import replace

from django.db import transaction

from images.files import files_or_nothing, keep_cuts, read_original, rendition_name
from images.framing import PRESETS, Box, Framing
from images.models import Crop, Image, Rendition
from images.processing import PictureRefused, renditions
from pulse.tags import changed

MEANWHILE = "Somebody else changed this picture in the meantime. Open it again, then set its crops."


def set_focal_point(*, image: Image, x: int, y: int) -> None:
    """Say what must stay in view, in percent from the left and the top. Raises as `crop_again` does."""
    crop_again(image=image, framing=replace(image.framing, focal=(x, y)))


def set_crop(*, image: Image, placement: str, box: Box | None) -> None:
    """Give a placement a crop of its own; None resets it to the focal point. Raises as `crop_again` does."""
    boxes = {key: value for key, value in image.framing.boxes.items() if key != placement}
    crop_again(image=image, framing=replace(image.framing, boxes=boxes | ({placement: box} if box else {})))


def crop_again(*, image: Image, framing: Framing) -> None:
    """Say what every crop of a picture shows, and cut anew those that showed something else.

    Raises ValidationError for a focal point outside 0 to 100 or a box outside the picture, PictureRefused if
    the file is gone or somebody else changes the picture meanwhile, OSError if files cannot be written.
    """
    image.focal_x, image.focal_y = framing.focal
    image.clean_fields(exclude=["file", "uploaded_by"])
    crops = [
        Crop(image=image, placement=placement, **box._asdict()) for placement, box in framing.boxes.items()
    ]
    for crop in crops:
        crop.full_clean(exclude=["image"])  # one of each placement: the old ones go
    before = Image.objects.prefetch_related("renditions", "crops").get(pk=image.pk)
    wanted = {
        rendition_name(before.content_hash, preset, framing): preset
        for preset in framing.presets(before.width, before.height)
        if preset.is_crop
    }
    made = {str(rendition.file) for rendition in before.renditions.all()}
    missing = [preset for name, preset in wanted.items() if name not in made]
    cuts = list(renditions(read_original(before), framing=framing, presets=missing)) if missing else []
    with files_or_nothing() as write, transaction.atomic():
        stored = Image.objects.select_for_update().get(pk=image.pk)
        if (stored.content_hash, stored.framing) != (before.content_hash, before.framing):
            raise PictureRefused(MEANWHILE)
        old = [crop for crop in stored.renditions.all() if is_crop(crop) and str(crop.file) not in wanted]
        there = {*stored.retired_files, *(str(crop.file) for crop in old)}
        stored.renditions.filter(pk__in=[crop.pk for crop in old]).delete()
        stored.crops.all().delete()
        Crop.objects.bulk_create(crops)
        image.retired_files = sorted(there - wanted.keys())
        image.save(update_fields=["focal_x", "focal_y", "retired_files"])
        keep_cuts(stored, cuts, framing, write, there=there)
        changed(f"image:{image.pk}")


def is_crop(rendition: Rendition) -> bool:
    """Whether a size shows a part of the picture; not if there is no such preset any more."""
    return rendition.preset in PRESETS and PRESETS[rendition.preset].is_crop
