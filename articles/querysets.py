"""Which articles and revisions, said once. `live()` is the only definition of what is public."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import PermissionsMixin


# What only editors see of an article, and may be long.
WORKING_COPY = ["headline", "kicker", "dek", "tldr", "body", "lead_alt", "tldr_basis"]


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows with a period in which readers see something: `live_from` and `live_until`."""

    def live(self, at: dt.datetime | None = None) -> Self:
        """What readers see at a moment, now by default. Every public page, feed and list starts here."""
        moment = at or timezone.now()
        return self.filter(Q(live_until__isnull=True) | Q(live_until__gt=moment), live_from__lte=moment)

    def scheduled(self, at: dt.datetime | None = None) -> Self:
        """What will go live after a moment."""
        return self.filter(live_from__gt=at or timezone.now())

    def public_or_due(self, at: dt.datetime | None = None) -> Self:
        """Live now or scheduled: what a change of a term or a picture must reach."""
        moment = at or timezone.now()
        return self.filter(Q(live_until__isnull=True) | Q(live_until__gt=moment), live_from__isnull=False)


class ListingQuerySet(PeriodQuerySet):
    """Places on lists."""

    def number_on(self, kind: int) -> Coalesce:
        """How many of these places are on the list of each row that this annotates, such as each topic.

        Counted in the index of lists: no story is read. 200,000 places take some 50 ms.
        """
        places = self.filter(kind=kind, of=OuterRef("pk")).order_by().values("of")
        return Coalesce(Subquery(places.annotate(number=Count("*")).values("number")), 0)


class RevisionQuerySet(PeriodQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-first_published_at", "-id")

    def discussed(self, at: dt.datetime | None = None) -> Self:
        """Live stories under which readers see the discussion, open or not."""
        return self.live(at).exclude(article__discussion="hidden")

    def for_rows(self) -> Self:
        """With what one row of a list needs, without the text. Two queries."""
        return (
            self.select_related("article", "section")
            .only(
                "article__slug",
                "article__comment_count",
                "article__discussion",
                "section__name",
                "section__slug",
                "section__print_kind",
                "headline",
                "kicker",
                "dek",
                "tldr",
                "first_published_at",
                "live_from",
                "live_until",
                "words",
                "trace",
                "lead_image",
                "lead_alt",
            )
            .prefetch_related(self._bylines())
        )

    def for_page(self) -> Self:
        """With everything the article page shows but its discussion, and nothing that is wide and not shown.
        Six queries."""
        return (
            self.select_related("article", "section", "lead_image")
            .defer("content", "trace", *(f"article__{field}" for field in WORKING_COPY))
            .prefetch_related(
                self._bylines(),
                "topics",
                Prefetch("briefing", queryset=self._published_terms(), to_attr="published_briefing"),
                "article__corrections",
                "lead_image__renditions",
            )
        )

    def _bylines(self) -> Prefetch:
        through = self.model.bylines.rel.related_model
        bylines = through.objects.select_related("author").order_by("position")
        return Prefetch("bylines", queryset=bylines)

    def _published_terms(self) -> models.QuerySet[Any]:
        through = self.model.briefing.rel.related_model
        return through.objects.filter(term__status="published").select_related("term")


class FiledQuerySet(models.QuerySet[Any]):
    def in_use(self) -> Self:
        """Topics or authors with a live story. The name of any other could give a story away.

        One look at the index of lists for each, however many stories have it.
        """
        listings = self.model.revisions.rel.related_model.listings.rel.related_model
        kind = listings.Kind[self.model.__name__.upper()]
        return self.filter(Exists(listings.objects.live().filter(kind=kind, of=OuterRef("pk"))))


class ArticleQuerySet(models.QuerySet[Any]):
    def editable_by(self, user: "PermissionsMixin") -> Self:
        """The articles whose drafts somebody may see and change: editors all, writers those they began or
        have a byline on."""
        if user.has_perm("articles.publish_article"):
            return self
        if not user.has_perm("articles.change_article"):
            return self.none()
        return self.written_by(user)

    def written_by(self, user: "PermissionsMixin") -> Self:
        """The articles somebody began or has a byline on, found by both and not among all there are."""
        bylines = self.model.bylines.rel.related_model.objects.filter(author__user=user).order_by()
        began = self.model.objects.filter(created_by=user).order_by()
        return self.filter(pk__in=began.values("pk").union(bylines.values("article"), all=True))

    def with_state(self) -> Self:
        """Adds live_since, live_number, latest_number and scheduled_for for the admin. No extra query."""
        revisions = self.model.revisions.rel.related_model.objects.filter(article=OuterRef("pk"))
        live = revisions.live()
        return self.annotate(
            live_since=Subquery(live.values("first_published_at")[:1]),
            live_number=Subquery(live.values("number")[:1]),
            latest_number=Subquery(revisions.order_by("-number").values("number")[:1]),
            scheduled_for=Subquery(revisions.scheduled().order_by("live_from").values("live_from")[:1]),
        )

    def live(self, at: dt.datetime | None = None) -> Self:
        """Articles that have a live revision."""
        revisions = self.model.revisions.rel.related_model.objects.filter(article=OuterRef("pk"))
        return self.filter(Exists(revisions.live(at)))


def in_order(rows: models.QuerySet[Any, Any], pks: Iterable[int]) -> list[Any]:
    """These of the rows, in the order of their keys, without those that are gone. The queries of `rows`."""
    wanted = list(pks)
    found = {row.pk: row for row in rows.filter(pk__in=wanted)}
    return [found[pk] for pk in wanted if pk in found]
