"""How the discussion is kept readable: reports, decisions, and the rules of the house."""

from typing import Any, Never

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from articles.models import Article
from comments.models.comment import Comment
from pulse.characters import validate_no_control_characters


class Rule(models.TextChoices):
    """What a comment may break; each label ends the sentence “it broke our rule on …”."""

    ATTACKS = "attacks", "personal attacks"
    HATE = "hate", "hateful speech"
    SPAM = "spam", "advertising"
    PRIVACY = "privacy", "other people’s privacy"
    OFF_TOPIC = "off_topic", "keeping to the subject"
    OTHER = "other", "something else"


class Report(models.Model):
    """A reader says that a comment breaks a rule. Once per reader and comment."""

    class Outcome(models.TextChoices):
        OPEN = "", "Not decided yet"
        UPHELD = "upheld", "The comment was removed"
        DISMISSED = "dismissed", "The comment stays"

    class Weight(models.IntegerChoices):
        NONE = 0, "Not counted: this reader’s reports are mostly dismissed"
        QUEUES = 1, "Asks moderators to look"
        HIDES = 2, "Counts towards withholding: this reader has a record here"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports_made")
    reason = models.CharField(max_length=10, choices=Rule)
    note = models.CharField(
        max_length=500,
        blank=True,
        db_default="",
        validators=[validate_no_control_characters],
        help_text="The reporter’s own words. Only moderators read them.",
    )
    weight = models.PositiveSmallIntegerField(
        choices=Weight, default=Weight.QUEUES, db_default=1, editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="", db_default="")
    resolved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["comment"], name="report_open", condition=models.Q(resolved_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "by"],
                name="report_once",
                violation_error_message="You have reported this comment already.",
            ),
            models.CheckConstraint(condition=models.Q(reason__in=Rule.values), name="report_reason_known"),
            models.CheckConstraint(
                condition=models.Q(outcome="", resolved_at=None)
                | models.Q(outcome__in=["upheld", "dismissed"], resolved_at__isnull=False),
                name="report_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.comment}"


class DecisionQuerySet(models.QuerySet[Any]):
    def update(self, **changes: Any) -> Never:
        raise TypeError("A decision is never changed.")

    def delete(self) -> Never:
        raise TypeError("A decision is never deleted.")


class Decision(models.Model):
    """What was decided about a comment or a reader, by whom or what, and why: kept as long as they are.

    A later decision does not change this one, it follows it. `by` is empty where a check of the pipeline
    decided; then `check_name` names it.
    """

    class Action(models.TextChoices):
        APPROVE = "approve", "Approved"
        HIDE = "hide", "Removed"
        RESTORE = "restore", "Shown again"
        HOLD = "hold", "Held for review"
        WITHHOLD = "withhold", "Withheld"
        REJECT = "reject", "Rejected"
        FLAG = "flag", "Published and flagged"
        PICK = "pick", "Made an editors’ pick"
        UNPICK = "unpick", "No longer a pick"
        PIN = "pin", "Pinned"
        UNPIN = "unpin", "Unpinned"
        SUSPEND = "suspend", "Reader suspended"
        LIFT = "lift", "Suspension lifted"
        UNDO = "undo", "Undone"

    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="decisions"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="decisions",
        help_text="Where it was about a person, not one comment.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    check_name = models.CharField(
        max_length=40, blank=True, db_default="", help_text="The check that decided, if nobody did."
    )
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=10, choices=Rule, blank=True)
    note = models.CharField(max_length=500, blank=True, db_default="", help_text="Why, in words.")
    text_number = models.PositiveIntegerField(
        null=True, blank=True, help_text="Which text of the comment was read; see Comment.text_number."
    )
    status_before = models.CharField(max_length=10, blank=True, db_default="")
    status_after = models.CharField(max_length=10, blank=True, db_default="")
    until = models.DateTimeField(null=True, blank=True, help_text="Of a suspension.")
    batch = models.UUIDField(null=True, blank=True, help_text="Decisions taken in one go share it.")
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_by"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["batch"], name="decision_batch", condition=models.Q(batch__isnull=False)),
            models.Index(fields=["-created_at"], name="decision_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(comment__isnull=False) | models.Q(reader__isnull=False),
                name="decision_has_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    action__in=[
                        "approve", "hide", "restore", "hold", "withhold", "reject", "flag", "pick", "unpick",
                        "pin", "unpin", "suspend", "lift", "undo",
                    ]
                ),
                name="decision_action_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(action="hide", reason__in=Rule.values)
                | models.Q(
                    action__in=["hold", "withhold", "reject", "flag", "suspend"],
                    reason__in=["", *Rule.values],
                )
                | (models.Q(reason="") & ~models.Q(action="hide")),
                name="decision_reason_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.created_at:%d %B %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A decision is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("A decision is never deleted.")


class HouseRules(models.Model):
    """What the newsroom has set for every discussion. One row, made when it is first asked for."""

    mode = models.CharField(
        "moderation",
        max_length=10,
        choices=[choice for choice in Article.Moderation.choices if choice[0]],
        default=Article.Moderation.AFTER,
    )
    close_after_days = models.PositiveSmallIntegerField(
        "close after",
        null=True,
        blank=True,
        validators=[MaxValueValidator(3_650)],
        help_text="Days after which a story’s discussion closes by itself. Empty: never.",
    )
    banned_words = models.TextField(
        blank=True,
        max_length=20_000,
        validators=[validate_no_control_characters],
        help_text="One word or phrase a line. A comment with one of them is rejected, however it is spelt.",
    )
    suspect_words = models.TextField(
        blank=True,
        max_length=20_000,
        validators=[validate_no_control_characters],
        help_text="One word or phrase a line. Moderators are shown a comment with one of them.",
    )
    banned_hosts = models.TextField(
        blank=True,
        max_length=20_000,
        default="",
        db_default="",
        validators=[validate_no_control_characters],
        help_text="One a line, such as example.com. A comment that links there, or below it, is rejected.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "house rules"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="house_rules_are_one"),
            models.CheckConstraint(
                condition=models.Q(mode__in=["after", "first", "before", "off"]),
                name="house_rules_mode_known",
            ),
        ]

    def __str__(self) -> str:
        return "House rules"
