"""What the kernel remembers: when the worker and its jobs last ran, and what has changed on the pages."""

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


class Change(models.Model):
    """What a committed transaction changed of what pages show. Every machine reads these as they come."""

    tags = models.TextField(help_text="Names with a space between them.")
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    purged_at = models.DateTimeField(null=True, help_text="When the content delivery network was told.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.tags
