"""What the kernel remembers: when the worker and each of its jobs last ran."""

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """The last sign of life of the worker, or of one of its jobs, and when that job may run next."""

    name = models.CharField(max_length=60, unique=True)
    beat_at = models.DateTimeField(null=True, help_text="Empty: it has never run through.")
    next_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
