"""An article: its identity, which lasts, and its working copy, which editors change."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.text import Truncator
from markdownx.models import MarkdownxField

from articles.models.filing import CLEAN, Author, Lens, Section, Topic
from articles.querysets import ArticleQuerySet
from glossary.models import Term
from images.models import Image
from pulse.addresses import path_of

if TYPE_CHECKING:
    from articles.models.revision import Revision


class Article(models.Model):
    """Identity and working copy. The public never reads this row's text: it reads live revisions."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        READY = "ready", "Ready"

    class Discussion(models.TextChoices):
        OPEN = "open", "Open"
        READ_ONLY = "read_only", "Read-only: nobody writes for now, respect still counts"
        CLOSED = "closed", "Closed: finished, and shown as it is"
        HIDDEN = "hidden", "Hidden: not shown"

    class Closing(models.TextChoices):
        HOUSE = "", "By itself, as the house rules say"
        AT = "at", "By itself, at the time below"
        BY_HAND = "never", "Only by hand"

    class Moderation(models.TextChoices):
        HOUSE = "", "As the house rules say"
        AFTER = "after", "At once, and moderators read afterwards"
        FIRST = "first", "At once, except a reader’s first comment"
        BEFORE = "before", "After a moderator has read it"
        OFF = "off", "Not at all: it takes no comments"

    slug = models.SlugField(
        max_length=100,
        unique=True,
        help_text="Its address: /articles/…/. Left empty, it is made from the headline. "
        "When it changes, the old address leads to the new one.",
    )
    headline = models.CharField(
        max_length=140, blank=True, validators=CLEAN, help_text="Under 60 characters reads best."
    )
    kicker = models.CharField(
        max_length=40, blank=True, validators=CLEAN, help_text="One to three words beside the section."
    )
    dek = models.TextField(
        "standfirst",
        max_length=300,
        blank=True,
        validators=CLEAN,
        help_text="A sentence or two for the front page and lists.",
    )
    tldr = models.TextField(
        "The Pulse TL;DR",
        max_length=800,
        blank=True,
        validators=CLEAN,
        help_text="The story in one paragraph, 25 to 60 words, for somebody who reads nothing else.",
    )
    body = MarkdownxField(
        "story",
        blank=True,
        max_length=settings.PULSE_MAX_BODY_CHARS,
        validators=CLEAN,
        help_text="In Markdown.",
    )
    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")
    authors = models.ManyToManyField(Author, through="Byline", related_name="articles")
    terms = models.ManyToManyField(Term, through="BriefingEntry", related_name="articles")
    lead_image = models.ForeignKey(
        Image,
        verbose_name="lead picture",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Without one, the page draws the story’s own pulse.",
    )
    lead_alt = models.CharField(
        "what it shows here",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        validators=CLEAN,
        help_text="Read out to those who do not see it. Left empty, the library’s description is used.",
    )
    status = models.CharField(
        "desk status",
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        editable=False,
        help_text="How far the working copy is. The buttons of the form move it on.",
    )
    discussion = models.CharField(max_length=10, choices=Discussion, default=Discussion.OPEN)
    discussion_closes = models.CharField(
        "the discussion closes",
        max_length=10,
        choices=Closing,
        blank=True,
        default=Closing.HOUSE,
        db_default="",
        help_text="A discussion that you open or close by hand stays so.",
    )
    discussion_closes_at = models.DateTimeField(
        "closes at", null=True, blank=True, help_text="If that is the choice above."
    )
    moderation = models.CharField(
        "a comment appears",
        max_length=10,
        choices=Moderation,
        blank=True,
        default=Moderation.HOUSE,
        db_default="",
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    tldr_basis = models.JSONField(
        null=True,
        editable=False,
        help_text="The story’s paragraphs, as hashes with lengths, when the TL;DR was last approved.",
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawal_note = models.TextField(
        max_length=400,
        blank=True,
        default="",
        db_default="",
        editable=False,
        validators=[*CLEAN, MaxLengthValidator(400)],
    )
    comment_count = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="article_recent"),
            models.Index(fields=["status"], name="article_with_desk", condition=~models.Q(status="draft")),
            models.Index(fields=["-comment_count", "-id"], name="article_discussed"),
            models.Index(Upper("headline"), name="article_headline"),
            models.Index(
                fields=["discussion_closes_at"],
                name="article_closing",
                condition=models.Q(discussion_closes="at"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "in_review", "ready"]), name="article_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(discussion__in=["open", "read_only", "closed", "hidden"]),
                name="article_discussion_known",
            ),
            models.CheckConstraint(
                condition=models.Q(discussion_closes="at", discussion_closes_at__isnull=False)
                | models.Q(discussion_closes__in=["", "never"], discussion_closes_at=None),
                name="article_closing_known",
                violation_error_message="Choose when the discussion closes.",
            ),
            models.CheckConstraint(
                condition=models.Q(moderation__in=["", "after", "first", "before", "off"]),
                name="article_moderation_known",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawal_note="") | models.Q(withdrawn_at__isnull=False),
                name="article_note_only_if_withdrawn",
            ),
        ]
        permissions = [("publish_article", "Can publish, schedule and unpublish articles")]

    def __str__(self) -> str:
        return self.headline or "Untitled"

    def get_absolute_url(self) -> str:
        return path_of("articles:article", self.slug)

    def live_revision(self) -> "Revision | None":
        """The revision readers see now, or None. One query."""
        return self.revisions.live().first()

    def scheduled_revision(self) -> "Revision | None":
        """The revision that will go live later, or None. One query."""
        return self.revisions.scheduled().first()


class Byline(models.Model):
    """One author of an article's working copy, in order."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"],
                name="byline_once",
                violation_error_message="This author already has a byline here.",
            )
        ]

    def __str__(self) -> str:
        return str(self.author)


class BriefingEntry(models.Model):
    """One term of an article's Technical Briefing, in order."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="briefing")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="briefing_entries")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "briefing entries"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "term"],
                name="briefing_term_once",
                violation_error_message="This term is already in the briefing.",
            )
        ]

    def __str__(self) -> str:
        return str(self.term)


class Impact(models.Model):
    """What a story could mean, seen through one lens or several. With a horizon it is an outlook."""

    class Confidence(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="impacts")
    lenses = models.ManyToManyField(Lens, related_name="impacts")
    text = models.TextField(max_length=1_200, validators=CLEAN, help_text="Two or three plain sentences.")
    horizon_on = models.DateField(
        "by when", null=True, blank=True, help_text="A date makes this an outlook, to be judged on that day."
    )
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    test = models.CharField("what would prove it right", max_length=300, blank=True, validators=CLEAN)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confidence__in=["", "low", "medium", "high"]),
                name="impact_confidence_known",
            )
        ]

    def __str__(self) -> str:
        return Truncator(self.text).words(10)


class Verdict(models.Model):
    """What became of an outlook."""

    class Outcome(models.TextChoices):
        RIGHT = "right", "Right"
        PARTLY = "partly", "Partly right"
        WRONG = "wrong", "Wrong"
        TOO_EARLY = "too_early", "Too early to say"

    impact = models.ForeignKey(Impact, on_delete=models.CASCADE, related_name="verdicts")
    outcome = models.CharField(max_length=10, choices=Outcome)
    evidence = models.TextField(max_length=1_200, validators=CLEAN, help_text="What happened, with a link.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    given_on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["right", "partly", "wrong", "too_early"]),
                name="verdict_outcome_known",
            )
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()


class Correction(models.Model):
    """Something put right after publication, shown on the story for good."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        CLARIFICATION = "clarification", "Clarification"
        UPDATE = "update", "Update"
        RETRACTION = "retraction", "Retraction"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.CORRECTION)
    text = models.TextField(
        max_length=1_200, validators=CLEAN, help_text="What was wrong, and what is right. Plain text."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["-made_at", "-id"], name="correction_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["correction", "clarification", "update", "retraction"]),
                name="correction_kind_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {Truncator(self.text).words(10)}"


class PreviousSlug(models.Model):
    """An address an article once had. It leads to the article in one hop and is never given to another."""

    slug = models.SlugField(max_length=100, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="previous_slugs")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.slug
