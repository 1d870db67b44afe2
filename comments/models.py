"""What readers say under a story, what they report, and what moderators decided."""

import uuid
from typing import Any, Never

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from comments.querysets import CommentQuerySet
from pulse.addresses import path_of
from pulse.characters import validate_no_control_characters
from pulse.text import reader

MAX_DEPTH = 2  # three levels: a comment, an answer, an answer to that; later answers stand beside the last


def new_key() -> str:
    return str(uuid.uuid4())


class Rule(models.TextChoices):
    """What a comment may break; each label ends the sentence “it broke our rule on …”."""

    ATTACKS = "attacks", "personal attacks"
    HATE = "hate", "hateful speech"
    SPAM = "spam", "advertising"
    PRIVACY = "privacy", "other people’s privacy"
    OFF_TOPIC = "off_topic", "keeping to the subject"
    OTHER = "other", "something else"


class Comment(models.Model):
    """One contribution to an article's discussion. Written only by the verbs of `comments.moderation`."""

    class Status(models.TextChoices):
        VISIBLE = "visible", "Visible"
        PENDING = "pending", "Waiting for review"
        WITHHELD = "withheld", "Withheld by the system"
        REJECTED = "rejected", "Removed by a moderator"
        DELETED = "deleted", "Deleted by its author"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,  # an account that has spoken is closed, not deleted: others answered it
        related_name="comments",
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="replies",
        help_text="What it answers.",
    )
    root = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="descendants",
        help_text="The top-level comment of its thread; empty on that one.",
    )
    depth = models.PositiveSmallIntegerField(default=0, help_text="The level it is shown at, from 0.")
    body = models.TextField(
        max_length=settings.PULSE_MAX_COMMENT_CHARS, validators=[validate_no_control_characters]
    )
    body_html = models.TextField(editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.VISIBLE)
    key = models.CharField(
        max_length=36,
        default=new_key,
        editable=False,
        help_text="From the form, so that sending it twice is once.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["article", "root", "created_at"], name="comment_threads"),
            models.Index(fields=["article", "status"], name="comment_counts"),
            models.Index(fields=["author", "-created_at"], name="comment_by_author"),
            models.Index(fields=["status", "-id"], name="comment_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"],
                name="comment_posted_once",
                violation_error_message="This comment has been posted already.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["visible", "pending", "withheld", "rejected", "deleted"]),
                name="comment_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, root__isnull=True, depth=0)
                | models.Q(parent__isnull=False, root__isnull=False, depth__range=(1, MAX_DEPTH)),
                name="comment_reply_has_thread",
            ),
        ]
        permissions = [("moderate_comment", "Can hide and restore comments")]

    def __str__(self) -> str:
        return f"Comment {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Render the body, and give a new answer its place. Raises TextTooLong. bulk_create does neither."""
        if self._state.adding and self.parent is not None:
            self.root = self.parent.root or self.parent
            self.depth = min(self.parent.depth + 1, MAX_DEPTH)
        self.body_html = str(reader(self.body))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its permalink, which leads to the right page of the discussion."""
        return path_of("comments:comment", self.pk)

    @property
    def html(self) -> SafeString:
        return mark_safe(self.body_html)  # noqa: S308 - the sanitiser's output, stored by save()

    @property
    def anchor(self) -> str:
        """The id of its place on the page."""
        return f"comment-{self.pk}"

    @property
    def is_visible(self) -> bool:
        """The instance twin of CommentQuerySet.visible()."""
        return self.status == self.Status.VISIBLE


class Report(models.Model):
    """A reader says that a comment breaks a rule. Once per reader and comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=Rule)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "by"],
                name="report_once",
                violation_error_message="You have reported this comment already.",
            ),
            models.CheckConstraint(condition=models.Q(reason__in=Rule.values), name="report_reason_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.comment}"


class DecisionQuerySet(models.QuerySet[Any]):
    def update(self, **changes: Any) -> Never:
        raise TypeError("A decision is never changed.")

    def delete(self) -> Never:
        raise TypeError("A decision is never deleted.")


class Decision(models.Model):
    """What a moderator did, for good: a later decision does not change this one, it follows it."""

    class Action(models.TextChoices):
        HIDE = "hide", "Hidden"
        RESTORE = "restore", "Restored"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=10, choices=Rule, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action="restore", reason="")
                | models.Q(action="hide", reason__in=Rule.values),
                name="decision_action_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.created_at:%d %B %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A decision is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("A decision is never deleted.")
