"""The picture library: pictures, the sizes of each, what its crops show, and the files it had before."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from images.framing import Box, Framing
from pulse.characters import validate_no_control_characters

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


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
    is_decoration = models.BooleanField(
        "decoration only",
        default=False,
        db_default=False,
        help_text="Tick if readers who do not see the picture miss nothing. It then has no alternative text.",
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
        help_text="Sizes of earlier crops and files, kept until the picture goes: other sites link to them.",
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

    if TYPE_CHECKING:
        renditions: "RelatedManager[Rendition]"
        crops: "RelatedManager[Crop]"
        former_files: "RelatedManager[FormerFile]"

    class Meta:
        verbose_name = "picture"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_inside"
            )
        ]

    def __str__(self) -> str:
        words = self.alt or self.caption
        return words or f"{'Decoration' if self.is_decoration else 'Not described yet'} (picture {self.pk})"

    @property
    def lacks_alt(self) -> bool:
        """Whether nobody has yet said what it shows, nor that it is decoration."""
        return not self.alt and not self.is_decoration

    @property
    def framing(self) -> Framing:
        """What its crops show. No query if its crops are prefetched."""
        boxes = {crop.placement: crop.box for crop in self.crops.all()}
        return Framing(focal=(self.focal_x, self.focal_y), boxes=boxes)

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


class Crop(models.Model):
    """A part of a picture chosen for one placement, in place of what lies about its focal point."""

    class Placement(models.TextChoices):
        CARD = "card", "Lead and lists"
        SQUARE = "square", "Above a story"
        SOCIAL = "social", "On other sites"

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="crops")
    placement = models.CharField(max_length=10, choices=Placement)
    left = models.PositiveSmallIntegerField(help_text="In per mille of the picture’s width.")
    top = models.PositiveSmallIntegerField(help_text="In per mille of the picture’s height.")
    width = models.PositiveSmallIntegerField(help_text="In per mille of the picture’s width.")
    height = models.PositiveSmallIntegerField(help_text="In per mille of the picture’s height.")

    class Meta:
        ordering = ["placement"]
        constraints = [
            models.UniqueConstraint(fields=["image", "placement"], name="crop_once"),
            models.CheckConstraint(
                condition=models.Q(placement__in=["card", "square", "social"]), name="crop_placement_known"
            ),
            models.CheckConstraint(
                condition=models.Q(width__gte=1, height__gte=1)
                & models.Q(left__lte=1000 - models.F("width"), top__lte=1000 - models.F("height")),
                name="crop_inside_picture",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.image_id} {self.placement}"

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.width, self.height)


class FormerFile(models.Model):
    """A file that a picture had before it was replaced. Its address goes on working and means the picture."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="former_files")
    file = models.FileField(upload_to="", max_length=120, unique=True)
    content_hash = models.CharField(max_length=64, unique=True)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return str(self.file)
