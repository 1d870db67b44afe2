"""What readers say under a story, the texts they replaced, and whom they respect and name."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from comments.querysets import CommentQuerySet
from comments.sameness import fingerprint
from pulse.addresses import path_of
from pulse.characters import validate_no_control_characters
from pulse.text import Mark, reader

MAX_DEPTH = 2  # three levels: a comment, an answer, an answer to that; later answers stand beside the last


def new_key() -> str:
    return str(uuid.uuid4())


class Comment(models.Model):
    """One contribution to an article's discussion, written by the verbs of `writing` and `moderation`."""

    class Status(models.TextChoices):
        VISIBLE = "visible", "Visible"
        PENDING = "pending", "Waiting for review"
        WITHHELD = "withheld", "Withheld by the system"
        REJECTED = "rejected", "Removed by a moderator"
        DELETED = "deleted", "Deleted by its author"

    class Part(models.TextChoices):
        STORY = "", "The whole story"
        TLDR = "tldr", "The TL;DR"
        IMPACT = "impact", "Real-World Impact"
        TERM = "term", "Technical Briefing"
        SENTENCE = "sentence", "A sentence of the story"

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
    text_number = models.PositiveIntegerField(
        default=1,
        db_default=1,
        editable=False,
        help_text="Counts its texts: an approval holds for the text that was read.",
    )
    part = models.CharField(
        max_length=10,
        choices=Part,
        blank=True,
        default="",
        db_default="",
        help_text="The part of the article it is about.",
    )
    part_key = models.CharField(
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="Which impact, term or sentence of that part.",
    )
    quote = models.CharField(
        max_length=400,
        blank=True,
        default="",
        db_default="",
        validators=[validate_no_control_characters],
        help_text="The words it is about, as the story had them.",
    )
    respect_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    picked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When an editor put it on top of the thread."
    )
    pinned_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was pinned: one in a discussion."
    )
    flagged_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when moderators are asked to look at it; empty once one has.",
    )
    fingerprint = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="The same for comments that say much the same; empty for short ones.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()
    mark: Mark | None = None  # marks the names in the body while save() renders it; see `mentions`

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["article", "root", "created_at"], name="comment_threads"),
            models.Index(fields=["article", "status"], name="comment_counts"),
            models.Index(fields=["author", "-created_at"], name="comment_by_author"),
            models.Index(fields=["status", "-id"], name="comment_by_status"),
            models.Index(fields=["-created_at"], name="comment_by_time"),
            models.Index(
                fields=["-created_at", "status"],
                name="comment_not_visible",
                condition=~models.Q(status="visible"),
            ),
            models.Index(fields=["article", "root", "-respect_count", "id"], name="comment_by_respect"),
            models.Index(
                fields=["article", "part", "part_key"],
                name="comment_by_part",
                condition=~models.Q(part=""),
            ),
            models.Index(
                fields=["article", "picked_at"],
                name="comment_picks",
                condition=models.Q(picked_at__isnull=False),
            ),
            models.Index(
                fields=["flagged_at", "id"],
                name="comment_flagged",
                condition=models.Q(flagged_at__isnull=False),
            ),
            models.Index(
                fields=["fingerprint", "-created_at"],
                name="comment_copies",
                condition=~models.Q(fingerprint=""),
            ),
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
            models.CheckConstraint(
                condition=models.Q(part__in=["", "tldr", "impact", "term", "sentence"]),
                name="comment_part_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status="visible") | models.Q(picked_at=None, pinned_at=None),
                name="comment_shown_off_is_visible",
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(pinned_at__isnull=False),
                name="comment_pinned_one",
                violation_error_message="Another comment is pinned in this discussion. Unpin it first.",
            ),
        ]
        permissions = [("moderate_comment", "Can hide and restore comments")]

    def __str__(self) -> str:
        return f"Comment {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Render the body, take its fingerprint, give a new answer its place. Raises TextTooLong.

        With `update_fields` that leave out the body, both stay as they are. bulk_create does none of it.
        """
        if self._state.adding and self.parent is not None:
            self.root = self.parent.root or self.parent
            self.depth = min(self.parent.depth + 1, MAX_DEPTH)
        fields = kwargs.get("update_fields")
        if fields is None or "body" in fields:
            self.body_html = str(reader(self.body, mark=self.mark))
            self.fingerprint = fingerprint(self.body)
            if fields is not None:
                kwargs["update_fields"] = {*fields, "body_html", "fingerprint"}
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

    @property
    def is_its_authors(self) -> bool:
        """Whether its author may still take it back: nobody removed it, nor they themselves."""
        return self.status in {self.Status.VISIBLE, self.Status.PENDING, self.Status.WITHHELD}

    @property
    def edit_ends_at(self) -> dt.datetime:
        """Until when its author may change it."""
        return self.created_at + dt.timedelta(minutes=settings.PULSE_COMMENT_EDIT_MINUTES)

    @property
    def may_be_edited(self) -> bool:
        """Whether its author may change it now."""
        return self.is_its_authors and timezone.now() <= self.edit_ends_at


class EarlierText(models.Model):
    """What a comment said before it was edited. For moderators, and its author's export."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="earlier_texts")
    number = models.PositiveIntegerField(help_text="The comment’s text_number while it stood.")
    body = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["comment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "number"], name="earlier_text_once"),
        ]

    def __str__(self) -> str:
        return f"Text {self.number} of {self.comment}"


class Respect(models.Model):
    """One reader's respect for another's comment. `Comment.respect_count` counts these exactly."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="respects")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="respects_given")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "by"], name="respect_once"),
        ]

    def __str__(self) -> str:
        return f"Respect for {self.comment}"


class Mention(models.Model):
    """A reader whom a comment names."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")

    class Meta:
        ordering = ["comment", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "reader"], name="mention_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reader} in {self.comment}"
