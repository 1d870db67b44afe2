"""The drawings of stories without a photograph."""

from django.db import models

from articles.models.revision import Revision


class Drawing(models.Model):
    """A published story's print in one shape, as SVG, made from its sentences when it is published."""

    class Shape(models.TextChoices):
        WIDE = "wide", "Wide"
        SQUARE = "square", "Square"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="drawings")
    shape = models.CharField(max_length=10, choices=Shape)
    svg = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "shape"], name="drawing_once")]

    def __str__(self) -> str:
        return f"{self.get_shape_display()} drawing of revision {self.revision_id}"
