"""The forms by which the newsroom adds a picture, describes it, says what its crops show, and replaces it.

Adding and cropping write files, which can fail: both are done while the form is validated, so that a
failure is a sentence beside the field and nothing typed is lost.
"""

import logging
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from images.cropping import crop_again
from images.framing import PLACEMENTS, Box, Framing, box_of, fitting_box
from images.library import find_image, keep_picture
from images.models import Crop, Image
from images.pace import TooManyUploads, count_upload
from images.processing import Accepted, PictureRefused, accept

logger = logging.getLogger(__name__)
WORDS = ["alt", "is_decoration", "caption", "credit", "licence"]
NOT_STORED = "could not be stored. Try again; if it happens again, tell the operator."
ACCEPTED_TYPES = "image/jpeg,image/png,image/webp,image/gif,image/avif"


def in_library_already(image: Image) -> SafeString:
    """A sentence that leads to the picture that has a file already."""
    address = reverse("admin:images_image_change", args=[image.pk])
    return format_html('This picture is in the library already: <a href="{}">“{}”</a>.', address, image)


class WordsForm(forms.ModelForm):
    """What a picture shows and who made it."""

    class Meta:
        model = Image
        fields = WORDS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "alt" in cleaned and not cleaned["alt"] and not cleaned.get("is_decoration"):
            self.add_error("alt", "Say what the picture shows, or tick “Decoration only”.")
        if cleaned.get("alt") and cleaned.get("is_decoration"):
            self.add_error(
                "is_decoration", "A decoration has no alternative text. Untick this, or empty the text."
            )
        return cleaned


class ShortWordsForm(WordsForm):
    """The two that are asked for right where a picture was dropped."""

    class Meta(WordsForm.Meta):
        fields = ["alt", "is_decoration", "credit"]


class UploadForm(forms.Form):
    """A file, counted and small enough. `by` is who sends it."""

    upload = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG, WebP, GIF or AVIF. Turned upright and freed of location and camera data.",
        widget=forms.FileInput(attrs={"accept": ACCEPTED_TYPES}),
    )
    by: User
    too_many: TooManyUploads | None = None  # the answer is then 429

    def clean_upload(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["upload"]
        try:
            count_upload(self.by)
        except TooManyUploads as refusal:
            self.too_many = refusal
            raise forms.ValidationError(str(refusal)) from refusal
        if upload.size and upload.size > settings.PULSE_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                f"A picture may have at most {settings.PULSE_UPLOAD_MAX_BYTES // 1_000_000} MB."
            )
        return upload


class AddPictureForm(UploadForm, WordsForm):
    """A new picture with its words. A valid form has kept it: `instance` is the picture."""

    accepted: Accepted

    def clean_upload(self) -> UploadedFile:
        upload = super().clean_upload()
        data = upload.read()
        if existing := find_image(data):
            raise forms.ValidationError(in_library_already(existing))
        try:
            self.accepted = accept(data)
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return upload

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        words = {field: self.cleaned_data[field] for field in WORDS}
        try:
            self.instance = keep_picture(accepted=self.accepted, by=self.by, **words)
        except OSError:
            logger.exception("A picture could not be stored")
            self.add_error("upload", f"The picture {NOT_STORED}")


def percent(label: str) -> forms.DecimalField:
    """A number of per mille, typed in percent with one decimal."""
    number = forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_value=100, decimal_places=1, widget=number
    )


class CropForm(forms.Form):
    """What one placement shows: its own box, or as much as fits about the focal point.

    Three numbers are a box: its height follows from the placement's proportions.
    """

    is_own = forms.BooleanField(label="Own crop", required=False)
    left = percent("Left, %")
    top = percent("Top, %")
    across = percent("Width, %")

    def __init__(self, *, placement: str, image: Image, data: Any) -> None:
        framing, self.placement, self.image = image.framing, placement, image
        box = box_of(placement, framing, width=image.width, height=image.height)
        initial = {
            "is_own": placement in framing.boxes,
            "left": Decimal(box.left) / 10,
            "top": Decimal(box.top) / 10,
            "across": Decimal(box.width) / 10,
        }
        super().__init__(data, prefix=placement, initial=initial, auto_id="id_%s")

    @property
    def title(self) -> str:
        return str(Crop.Placement(self.placement).label)

    @property
    def proportions(self) -> tuple[int, int]:
        return PLACEMENTS[self.placement]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_own"):
            for field in ("left", "top", "across"):
                if field not in self.errors and cleaned.get(field) is None:
                    self.add_error(field, "Give a number.")
        return cleaned

    def box(self) -> Box | None:
        """The box of a valid form, moved into the picture; None if it follows the focal point."""
        if not self.cleaned_data["is_own"]:
            return None
        left, top, across = (int(self.cleaned_data[field] * 10) for field in ("left", "top", "across"))
        return fitting_box(
            self.placement,
            left=left,
            top=top,
            across=across,
            width=self.image.width,
            height=self.image.height,
        )


class PictureForm(WordsForm):
    """A picture's words, and what its crops show. A valid form has cut the crops that changed."""

    class Meta(WordsForm.Meta):
        fields = [*WORDS, "focal_x", "focal_y"]
        labels = {"focal_x": "Percent from the left", "focal_y": "Percent from the top"}
        help_texts = {"focal_x": "", "focal_y": ""}

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.crops = [
            CropForm(placement=placement, image=self.instance, data=data) for placement in PLACEMENTS
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for crop in self.crops:
            if not crop.is_valid():
                self.add_error(None, f"{crop.title}: a crop of its own needs three numbers from 0 to 100.")
        return cleaned

    def _post_clean(self) -> None:
        before = self.instance.framing
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        boxes = {crop.placement: box for crop in self.crops if (box := crop.box())}
        framing = Framing(focal=(self.instance.focal_x, self.instance.focal_y), boxes=boxes)
        if framing == before:
            return
        try:
            crop_again(image=self.instance, framing=framing)
        except PictureRefused as refusal:
            self.add_error(None, str(refusal))
        except OSError:
            logger.exception("A picture could not be cropped")
            self.add_error(None, f"The crops {NOT_STORED}")


class ReplaceForm(UploadForm):
    """The file that a picture gets."""
