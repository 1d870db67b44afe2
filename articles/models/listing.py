"""Which stories stand on which list, in rows so slim that a list of any length is read by its index."""

from django.db import models

from articles.models.revision import Revision
from articles.querysets import ListingQuerySet


class Listing(models.Model):
    """A live or scheduled revision's place on one list. Written by `articles.listings`, and by nothing else.

    It repeats the revision's dates: a revision's own row is wide, and a list skips over thousands of them.
    """

    class Kind(models.IntegerChoices):
        SITE = 0
        SECTION = 1
        TOPIC = 2
        AUTHOR = 3
        TERM = 4
        OUTLOOK = 5

    kind = models.SmallIntegerField(choices=Kind)
    of = models.BigIntegerField(
        help_text="The key of what the list is of; 0 for the site; for an outlook its day, as 20281231."
    )
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="listings")
    first_published_at = models.DateTimeField()
    live_from = models.DateTimeField()
    live_until = models.DateTimeField(null=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "kind", "of"], name="listing_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[0, 1, 2, 3, 4, 5]), name="listing_kind_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "of", "-first_published_at", "-revision", "live_from", "live_until"],
                name="listing_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.of}: {self.revision_id}"
