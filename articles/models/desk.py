"""What the newsroom leaves beside the text: who did what, who has a form open, who was shown a draft."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.article import Article
from articles.models.filing import CLEAN
from articles.models.revision import Revision


class Event(models.Model):
    """Something that was done to an article: who, when, and why if they said so. Never changed."""

    class Verb(models.TextChoices):
        CREATED = "created", "Started"
        DUPLICATED = "duplicated", "Copied from another article"
        SUBMITTED = "submitted", "Submitted for review"
        TAKEN_BACK = "taken_back", "Taken back from review"
        SENT_BACK = "sent_back", "Sent back"
        READY = "ready", "Marked as ready"
        REOPENED = "reopened", "Changed after review, so in review again"
        SCHEDULED = "scheduled", "Scheduled"
        UNSCHEDULED = "unscheduled", "Schedule cancelled"
        PUBLISHED = "published", "Published"
        WENT_LIVE = "went_live", "Went live as scheduled"
        END_PLANNED = "end_planned", "End planned"
        END_CANCELLED = "end_cancelled", "Planned end cancelled"
        ENDED = "ended", "Taken off as planned"
        UNPUBLISHED = "unpublished", "Unpublished"
        WITHDRAWN = "withdrawn", "Withdrawn"
        RESTORED = "restored", "Older revision taken as draft"
        ROLLED_BACK = "rolled_back", "Older revision put back live"
        CORRECTED = "corrected", "Correction added"
        JUDGED = "judged", "Verdict given"
        MOVED = "moved", "Address changed"
        DISCUSSION = "discussion", "Discussion changed"
        TLDR_APPROVED = "tldr_approved", "TL;DR confirmed"
        LINK_MADE = "link_made", "Preview link made"
        LINK_REVOKED = "link_revoked", "Preview link revoked"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="events")
    verb = models.CharField(max_length=15, choices=Verb)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True, max_length=1_000)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["article", "-at", "-id"], name="event_of_article"),
            models.Index(fields=["-at", "-id"], name="event_recent"),
            models.Index(fields=["verb", "at"], name="event_sent_back", condition=models.Q(verb="sent_back")),
        ]

    def __str__(self) -> str:
        return self.get_verb_display()


class Sitting(models.Model):
    """One form open in one window: who works there, and which text that window started from.

    `base` is the story as the window last loaded or sent it. What differs between it and what is stored,
    somebody else wrote in the meantime.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sittings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    base = models.JSONField()
    sequence = models.PositiveIntegerField(
        default=0,
        help_text="The last save taken from this window: an earlier one that arrives late is ignored.",
    )

    class Meta:
        ordering = ["opened_at", "pk"]
        indexes = [
            models.Index(fields=["article", "seen_at"], name="sitting_of_article"),
            models.Index(fields=["seen_at"], name="sitting_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at “{self.article}”"


class PreviewLink(models.Model):
    """A link that shows a draft to people without an account, until it ends."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="preview_links")
    revision = models.ForeignKey(
        Revision,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="preview_links",
        help_text="The revision it shows for good; empty, it follows the draft.",
    )
    for_whom = models.CharField(
        "for",
        max_length=80,
        blank=True,
        validators=CLEAN,
        help_text="Whom you send it to, to know it again.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    openings = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["expires_at"], name="preview_link_open", condition=models.Q(revoked_at=None))
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="preview_link_ends_later"
            )
        ]

    def __str__(self) -> str:
        return self.for_whom or f"Link of {self.created_at:%d %B %Y}"


class Due(models.Model):
    """What follows a planned moment, done by the worker once: readers see the right page without it."""

    class What(models.TextChoices):
        WENT_LIVE = "went_live", "Went live"
        ENDED = "ended", "Ended"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="dues")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "what"], name="due_once"),
            models.CheckConstraint(condition=models.Q(what__in=["went_live", "ended"]), name="due_known"),
        ]
        indexes = [models.Index(fields=["at"], name="due_waiting", condition=models.Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.at:%d %B %Y, %H:%M}"
