"""What stories are filed under: sections, topics, bylines, and the lenses of Real-World Impact."""

from django.conf import settings
from django.db import models

from articles.querysets import FiledQuerySet
from pulse.addresses import path_of
from pulse.characters import validate_no_control_characters

CLEAN = [validate_no_control_characters]


class Section(models.Model):
    """A part of the publication. Every story stands in exactly one."""

    class Print(models.TextChoices):
        """The drawing a story gets when it has no photograph: one kind a section, so readers learn it."""

        RIDGE = "ridge", "Ridge"
        STEPS = "steps", "Steps"
        POLAR = "polar", "Polar"
        BARS = "bars", "Bars"
        STRIP = "strip", "Strip"

    name = models.CharField(max_length=40, unique=True, validators=CLEAN)
    slug = models.SlugField(max_length=40, unique=True, help_text="Its address: /sections/…/")
    description = models.CharField(
        max_length=300,
        blank=True,
        validators=CLEAN,
        help_text="One sentence under its name, and for search engines.",
    )
    print_kind = models.CharField(
        "drawing",
        max_length=10,
        choices=Print,
        default=Print.STRIP,
        help_text="Drawn for stories without a picture.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in the navigation, from 0.")

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("articles:section", self.slug)


class Topic(models.Model):
    """A subject that runs across sections. A story may have several."""

    name = models.CharField(max_length=60, unique=True, validators=CLEAN)
    slug = models.SlugField(max_length=60, unique=True, help_text="Its address: /topics/…/")
    description = models.CharField(max_length=300, blank=True, validators=CLEAN)

    objects = FiledQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("articles:topic", self.slug)


class Author(models.Model):
    """A byline. It may belong to somebody with an account, or to a guest."""

    name = models.CharField(max_length=80, validators=CLEAN)
    slug = models.SlugField(max_length=80, unique=True, help_text="Its address: /authors/…/")
    role = models.CharField(max_length=80, blank=True, validators=CLEAN, help_text="“Hardware editor”.")
    place = models.CharField(max_length=60, blank=True, validators=CLEAN, help_text="“Lisbon”.")
    bio = models.TextField(max_length=1_000, blank=True, validators=CLEAN)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
        help_text="The account that writes under this byline; comments from it are marked as the author’s.",
    )

    objects = FiledQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("articles:author", self.slug)


class Lens(models.Model):
    """A side from which an impact is looked at. Market, Industry and Society come with migration 2."""

    name = models.CharField(max_length=40, unique=True, validators=CLEAN)
    slug = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Order on the page; smaller comes first."
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "lenses"

    def __str__(self) -> str:
        return self.name
