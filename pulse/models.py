"""What the kernel remembers: the worker's signs of life, what has changed, parts of pages, and mail."""

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


class OutgoingMail(models.Model):
    """A mail on its way, one row from the transaction that wants it to the mail server's answer.

    Written by `pulse.outbox` and sent by `pulse.mailing`. A sent mail's text is gone from here at once.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being handed over"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"
        UNCERTAIN = "uncertain", "Perhaps sent"

    key = models.CharField(max_length=120, unique=True, help_text="What is asked for twice is sent once.")
    kind = models.CharField(max_length=40)
    to = models.EmailField("address", blank=True, help_text="Empty until it is written.")
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    is_urgent = models.BooleanField("urgent", default=False, help_text="Somebody waits for it.")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    next_at = models.DateTimeField("next try", default=timezone.now)
    ends_at = models.DateTimeField("given up after")
    attempts = models.PositiveSmallIntegerField("tries", default=0)
    trouble = models.CharField("what went wrong", max_length=500, blank=True)
    created_at = models.DateTimeField("asked for", default=timezone.now)
    claimed_at = models.DateTimeField(null=True, help_text="When it was handed over to the mail server.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "outgoing mail"
        verbose_name_plural = "outgoing mail"
        indexes = [
            models.Index(
                fields=["status", "-is_urgent", "next_at"],
                name="mail_on_its_way",
                condition=models.Q(status__in=["waiting", "sending"]),
            ),
            models.Index(fields=["status", "done_at"], name="mail_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["waiting", "sending", "sent", "failed", "uncertain"]),
                name="mail_status_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"  # also in the log, so nobody's address


class Tag(models.Model):
    """Something that parts of pages show, and its last change: what says whether they are still right."""

    name = models.CharField(max_length=80, unique=True)
    change = models.BigIntegerField(default=0, db_index=True, help_text="Its last change's key; 0: none yet.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """A part of a page, made when what it shows was saved. Written by `pulse.parts`, and by nothing else."""

    kind = models.CharField(max_length=20, help_text="What makes it: story, front.")
    of = models.BigIntegerField(help_text="The key of what it shows; 0 where there is one only.")
    edition = models.CharField(max_length=24, db_index=True, help_text="Of the site, that made it.")
    ends_at = models.DateTimeField(null=True, db_index=True, help_text="When it changes by the clock alone.")
    html = models.BinaryField(help_text="Compressed, with the tags that it shows.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "of", "edition"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.of}"


class PartTag(models.Model):
    """That a part shows something, as it was after a certain change."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="tags", db_index=False)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")
    change = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "tag"], name="part_tag_once")]

    def __str__(self) -> str:
        return f"{self.part_id} shows {self.tag_id}"
