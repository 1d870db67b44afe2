"""Terms of the glossary, each with its wordings and addresses over time, and the words readers ask about."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from glossary.querysets import TermQuerySet, TermRequestQuerySet
from pulse.addresses import path_of
from pulse.characters import validate_no_control_characters
from pulse.text import validate_editorial

MAX_ALIASES = 20
MAX_NAME = 80
MAX_ASKED = 60  # characters of a word or phrase that a reader may ask about
MAX_FOLDED = 120  # the same without case and accents may be longer: “ß” is “ss”


def validate_aliases(aliases: object) -> None:
    """Aliases are a list of short texts, as the form makes them: one a line."""
    if not isinstance(aliases, list) or not all(
        isinstance(alias, str) and alias.strip() for alias in aliases
    ):
        raise ValidationError("Write one alias a line.")
    if len(aliases) > MAX_ALIASES:
        raise ValidationError(f"These are {len(aliases)} aliases. Keep the {MAX_ALIASES} that matter.")
    for alias in aliases:
        validate_no_control_characters(alias)
        if len(alias) > MAX_NAME:
            raise ValidationError(f"“{alias[:40]}…” is longer than {MAX_NAME} characters. Shorten it.")


class Term(models.Model):
    """A word or phrase readers need, and what it means."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    name = models.CharField(
        max_length=MAX_NAME,
        unique=True,
        validators=[validate_no_control_characters],
        help_text="As it stands in the middle of a sentence: “KV cache”, “inference”.",
    )
    slug = models.SlugField(max_length=MAX_NAME, unique=True, help_text="Its address: /glossary/…/")
    aliases = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_aliases],
        help_text="Other names it goes by, one a line. Plurals are found without being listed.",
    )
    definition = models.TextField(
        max_length=400,
        validators=[validate_no_control_characters],
        help_text="One or two plain sentences, without formatting. Shown wherever the term is explained.",
    )
    explanation = models.TextField(
        blank=True,
        max_length=20_000,
        validators=[validate_no_control_characters, validate_editorial],
        help_text="The full entry, in Markdown: how it works, an example, why it matters.",
    )
    explanation_html = models.TextField(blank=True, editable=False)
    see_also = models.ManyToManyField("self", blank=True, symmetrical=False, related_name="seen_from")
    status = models.CharField(
        max_length=10,
        choices=Status,
        default=Status.DRAFT,
        help_text="A draft term is shown nowhere: not in the glossary, nor in any story.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published"]), name="term_status_known"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="term_has_name"),
        ]
        permissions = [("publish_term", "Can publish terms and change published ones")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("glossary:term", self.slug)

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def anchor(self) -> str:
        """The id of its card in an article's Technical Briefing."""
        return f"term-{self.slug}"

    @property
    def wording(self) -> tuple[str, str, str]:
        """What a version keeps."""
        return self.name, self.definition, self.explanation

    @property
    def matching(self) -> tuple[str, str, list[str], str]:
        """What decides where it is linked, and to which address."""
        return self.name, self.slug, self.aliases, self.status

    @property
    def names(self) -> list[str]:
        """Every spelling that a story may use, the name first."""
        return [self.name, *self.aliases]


class TermVersion(models.Model):
    """One wording of a term, kept when it was replaced or first saved."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(max_length=MAX_NAME)
    definition = models.TextField()
    explanation = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.created_at:%d %B %Y}"


class PreviousSlug(models.Model):
    """An address readers knew a term by. It leads to the term in one hop and is never given to another."""

    slug = models.SlugField(max_length=MAX_NAME, unique=True)
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="previous_slugs")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.slug


class TermRequest(models.Model):
    """A reader asks what a word means. Written only by the verbs of `requests` and `editing`.

    However a word is spelt, its requests gather under one `folded`; each reader counts once.
    """

    word = models.CharField(max_length=MAX_ASKED, validators=[validate_no_control_characters])
    folded = models.CharField(
        max_length=MAX_FOLDED, editable=False, help_text="The word as `near.folded` has it."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="term_requests")
    path = models.CharField(max_length=200, blank=True, help_text="The page it was asked on.")
    headline = models.CharField(max_length=200, blank=True, help_text="What that page was called.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    term = models.ForeignKey(
        Term,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="requests",
        help_text="What answers it. While that is a draft, the reader waits.",
    )
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    dismissed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TermRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "question about a word"
        verbose_name_plural = "words readers ask about"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["folded"],
                name="term_request_waiting",
                condition=models.Q(answered_at=None, dismissed_at=None),
            ),
            models.Index(fields=["by", "-created_at"], name="term_request_by_reader"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["folded", "by"], name="term_request_once"),
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | models.Q(dismissed_at=None),
                name="term_request_one_end",
            ),
            models.CheckConstraint(condition=~models.Q(folded=""), name="term_request_has_word"),
        ]

    def __str__(self) -> str:
        return self.word
