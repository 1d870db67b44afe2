"""The forms by which the newsroom adds a picture and describes it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from images.library import find_image
from images.models import Image
from images.processing import Accepted, PictureRefused, accept


class PictureForm(forms.ModelForm):
    """What a picture shows, who made it, and what must stay in view."""

    is_decoration = forms.BooleanField(
        label="Decoration only",
        required=False,
        help_text="Tick if readers who do not see the picture miss nothing. It then has no alternative text.",
    )

    class Meta:
        model = Image
        fields = ["alt", "caption", "credit", "licence", "focal_x", "focal_y"]
        labels = {"focal_x": "Percent from the left", "focal_y": "Percent from the top"}
        help_texts = {"focal_x": "", "focal_y": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["is_decoration"] = not self.instance.alt

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "alt" in cleaned and not cleaned["alt"] and not cleaned.get("is_decoration"):
            self.add_error("alt", "Say what the picture shows, or tick “Decoration only”.")
        if cleaned.get("alt") and cleaned.get("is_decoration"):
            self.add_error(
                "is_decoration", "A decoration has no alternative text. Untick this, or empty the text."
            )
        if {"focal_x", "focal_y"} & set(self.changed_data) and self._file_is_gone():
            self.add_error(
                None, "The file of this picture is missing, so it cannot be cropped. Upload it again."
            )
        return cleaned

    def _file_is_gone(self) -> bool:
        return bool(self.instance.pk) and not default_storage.exists(self.instance.file.name)


class AddPictureForm(PictureForm):
    """The same with a file, which is verified while the form is."""

    upload = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG, WebP, GIF or AVIF. Turned upright and freed of location and camera data.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"}),
    )
    accepted: Accepted

    class Meta(PictureForm.Meta):
        fields = ["alt", "caption", "credit", "licence"]

    def clean_upload(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["upload"]
        if upload.size and upload.size > settings.PULSE_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                f"A picture may have at most {settings.PULSE_UPLOAD_MAX_BYTES // 1_000_000} MB."
            )
        data = upload.read()
        if existing := find_image(data):
            raise forms.ValidationError(f"This picture is in the library already: “{existing}”.")
        try:
            self.accepted = accept(data)
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return upload
