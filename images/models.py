"""The picture library: pictures, and the sizes of each that were made when it was uploaded."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from pulse.characters import validate_no_control_characters


class Image(models.Model):
    """A picture as it was accepted: decoded, turned upright, stripped of metadata, re-encoded by us."""

    file = models.FileField(upload_to="", max_length=120, unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    content_hash = models.CharField(
        max_length=64,
        unique=True,
        editable=False,
        help_text="SHA-256 of the uploaded bytes, to recognise it.",
    )
    alt = models.CharField(
        "alternative text",
        max_length=300,
        blank=True,
        validators=[validate_no_control_characters],
        help_text="What the picture shows, for readers who do not see it. Empty only if it is decoration.",
    )
    caption = models.CharField(max_length=400, blank=True, validators=[validate_no_control_characters])
    credit = models.CharField(
        max_length=120,
        blank=True,
        validators=[validate_no_control_characters],
        help_text="Photographer, agency.",
    )
    licence = models.CharField(
        max_length=120, blank=True, validators=[validate_no_control_characters], help_text="Terms of use."
    )
    focal_x = models.PositiveSmallIntegerField(
        default=50,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="What must stay in view when the picture is cropped: percent from the left.",
    )
    focal_y = models.PositiveSmallIntegerField(
        default=50,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="Percent from the top.",
    )
    retired_files = models.JSONField(
        default=list,
        editable=False,
        help_text="Crops about earlier focal points, kept until the picture goes: other sites link to them.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_inside"
            )
        ]

    def __str__(self) -> str:
        return self.alt or self.caption or str(self.file)

    @property
    def social_url(self) -> str:
        """The address of the crop for other sites' previews. No query if renditions are prefetched."""
        for rendition in self.renditions.all():
            if rendition.preset == "social.jpg":
                return rendition.file.url
        return self.file.url


class Rendition(models.Model):
    """One size of a picture, made at upload. A page only reads names; nothing is resized for a reader."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")
    preset = models.CharField(max_length=20, help_text="A key of images.processing.PRESETS: “w960.webp”.")
    file = models.FileField(upload_to="", max_length=140)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["width", "pk"]
        constraints = [models.UniqueConstraint(fields=["image", "preset"], name="rendition_once")]

    def __str__(self) -> str:
        return f"{self.image_id} {self.preset}"
