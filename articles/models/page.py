"""Pages that are no stories: About, Contact, Ethics."""

from django.db import models
from markdownx.models import MarkdownxField

from articles.models.filing import CLEAN
from pulse.addresses import path_of
from pulse.text import validate_editorial


class Page(models.Model):
    """A page that an editor writes once and changes seldom. It stands at the top of the site: /about/."""

    title = models.CharField(max_length=80, validators=CLEAN)
    slug = models.SlugField(max_length=60, unique=True, help_text="Its address: /…/")
    summary = models.CharField(
        max_length=300,
        blank=True,
        validators=CLEAN,
        help_text="One sentence under the title, and for search engines.",
    )
    body = MarkdownxField(
        "text",
        blank=True,
        max_length=50_000,
        validators=[*CLEAN, validate_editorial],
        help_text="Markdown, as in a story.",
    )
    body_html = models.TextField(blank=True, editable=False)
    is_published = models.BooleanField(
        "published", default=False, help_text="Readers see it, and the foot of every page leads to it."
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Order at the foot of the site, from 0.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "title"]
        constraints = [models.CheckConstraint(condition=~models.Q(title=""), name="page_has_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_of("page", self.slug)
