"""Revisions: what each save left, and when it was live."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from articles.models.article import Article
from articles.models.filing import Author, Section, Topic
from articles.querysets import RevisionQuerySet
from glossary.models import Term
from images.models import Image
from pulse.addresses import path_of
from pulse.art import trace_width
from pulse.text import reading_minutes

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Revision(models.Model):
    """A snapshot of one save, and the period in which readers saw it, if they did.

    It never changes, but for the one that the autosaves of a sitting share while that sitting lasts.

    `content` is the whole story as JSON (see `articles.content`). The columns after it are what lists and
    pages need; they are written when the revision is given a live period, and kept.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=200, blank=True)
    name = models.CharField(
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text="Given by an editor, to find it again.",
    )
    is_autosave = models.BooleanField(default=False, db_default=False)
    sitting = models.ForeignKey("articles.Sitting", null=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField()

    live_from = models.DateTimeField(null=True, blank=True)
    live_until = models.DateTimeField(null=True, blank=True)

    first_published_at = models.DateTimeField(null=True, blank=True)
    headline = models.CharField(max_length=140, blank=True)
    kicker = models.CharField(max_length=40, blank=True)
    dek = models.TextField(blank=True)
    tldr = models.TextField(blank=True)
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="revisions")
    topics = models.ManyToManyField(Topic, related_name="revisions")
    authors = models.ManyToManyField(Author, through="RevisionByline", related_name="revisions")
    terms = models.ManyToManyField(Term, through="RevisionTerm", related_name="revisions")
    lead_image = models.ForeignKey(Image, null=True, on_delete=models.PROTECT, related_name="+")
    lead_alt = models.CharField(max_length=300, blank=True, default="", db_default="")
    body_html = models.TextField(blank=True)
    headings = models.JSONField(default=list)
    paragraphs = models.JSONField(default=list, help_text="Sentence lengths in words, a list per paragraph.")
    impacts = models.JSONField(default=list, help_text="As shown: lenses by name, in their order.")
    words = models.PositiveIntegerField(default=0)
    is_stale = models.BooleanField(
        default=False, db_default=False, help_text="A term or picture in it changed: to be rendered again."
    )
    trace = models.TextField(blank=True, help_text="SVG path of its small pulse, one beat a minute.")
    related = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="Articles to read next, the nearest first.",
    )
    social_picture = models.FileField(
        upload_to="social", max_length=120, blank=True, default="", db_default="", help_text="For messengers."
    )

    objects = RevisionQuerySet.as_manager()

    if TYPE_CHECKING:
        bylines: "RelatedManager[RevisionByline]"
        published_briefing: "list[RevisionTerm]"  # set by RevisionQuerySet.for_page()

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(live_until__isnull=True)
                | models.Q(live_from__isnull=False, live_until__gt=models.F("live_from")),
                name="revision_period_runs_forward",
            ),
            models.CheckConstraint(
                condition=models.Q(live_from__isnull=True)
                | (
                    models.Q(section__isnull=False, first_published_at__isnull=False) & ~models.Q(headline="")
                ),
                name="revision_live_is_complete",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-first_published_at", "-id"],
                name="revision_newest",
                condition=models.Q(live_from__isnull=False),
            ),
            models.Index(
                fields=["section", "-first_published_at", "-id"],
                name="revision_section_newest",
                condition=models.Q(live_from__isnull=False),
            ),
            models.Index(
                fields=["article", "live_from"],
                name="revision_periods",
                condition=models.Q(live_from__isnull=False),
            ),
            models.Index(
                Upper("headline"), name="revision_headline", condition=models.Q(live_from__isnull=False)
            ),
            models.Index(fields=["id"], name="revision_stale", condition=models.Q(is_stale=True)),
            models.Index(
                fields=["live_until", "social_picture"],
                name="revision_pictures",
                condition=models.Q(live_from__isnull=False, lead_image__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content.get('headline') or 'Untitled'}, revision {self.number}"

    def get_absolute_url(self) -> str:
        """The article's address; reads self.article, so load it with the revision."""
        return self.article.get_absolute_url()

    def is_live(self) -> bool:
        """The instance twin of RevisionQuerySet.live()."""
        now = timezone.now()
        return (
            self.live_from is not None
            and self.live_from <= now
            and (self.live_until is None or self.live_until > now)
        )

    @property
    def published_on(self) -> dt.date | None:
        """The day it first appeared, in the newsroom's zone."""
        return timezone.localtime(self.first_published_at).date() if self.first_published_at else None

    @property
    def image_alt(self) -> str:
        """What the lead picture shows here, or else what the library says it shows."""
        return self.lead_alt or (self.lead_image.alt if self.lead_image else "")

    @property
    def print_url(self) -> str:
        return path_of("articles:print", self.article.slug, "wide")

    @property
    def trace_width(self) -> int:
        return trace_width(self.minutes)

    @property
    def minutes(self) -> int:
        return reading_minutes(self.words)

    @property
    def byline_authors(self) -> list[Author]:
        """Authors in their order; no query when `bylines__author` is prefetched."""
        return [byline.author for byline in self.bylines.all()]


class RevisionByline(models.Model):
    """One author of a published revision, in order."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="revision_bylines")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["revision", "author"], name="revision_byline_once")]

    def __str__(self) -> str:
        return str(self.author)


class RevisionTerm(models.Model):
    """One term of a published revision's briefing, in order."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="briefing")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="revision_terms")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["revision", "term"], name="revision_term_once")]

    def __str__(self) -> str:
        return str(self.term)
