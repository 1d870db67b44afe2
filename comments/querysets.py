"""Which comments, said once. `visible()` is the only public list; what follows it is the shape of a page."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

VISIBLE = Q(status="visible")
SHOWN = ["article", "parent", "root", "depth", "status", "created_at", "edited_at", "body_html", "part",
         "part_key", "quote", "respect_count", "picked_at", "pinned_at", "author__display_name",
         "author__is_staff"]  # fmt: skip
# Of the threads of a discussion, by what an address calls them; the first goes without saying. Each begins
# with what is empty on all of them, so that PostgreSQL finds them in this order in an index.
ORDERS = {
    "": ["root_id", "created_at", "pk"],
    "newest": ["-root_id", "-created_at", "-pk"],
    "respect": ["root_id", "-respect_count", "pk"],
}
MOST_PARTS = 100  # of a story that are named with their number of comments


class CommentQuerySet(models.QuerySet[Any]):
    def visible(self) -> Self:
        """What readers may see. Counts, permalinks and threads start here."""
        return self.filter(VISIBLE)

    def not_visible(self) -> Self:
        """What readers may not see: few, and in an index of their own, by time."""
        return self.filter(~VISIBLE)

    def rejected(self) -> Self:
        """What moderators removed, as the rest of the few that are not visible: in the index by status it
        could only be counted for all time."""
        return self.not_visible().exclude(status__in=["pending", "withheld", "deleted"])

    def readable(self) -> Self:
        """What anybody can read now: visible, in a discussion that is shown, under a live story."""
        return self.visible().discussed()

    def discussed(self) -> Self:
        """In a discussion that is shown, under a live story, whatever may be seen of them.

        The story of each is looked up: a list of all such stories would first be made, by SQLite.
        """
        revisions = self.model.article.field.related_model.revisions.rel.related_model.objects
        return self.filter(Exists(revisions.discussed().filter(article=OuterRef("article"))))

    def in_order(self) -> Self:
        """As it was said, oldest first."""
        return self.order_by("created_at", "pk")

    def roots(self, article: Any) -> Self:
        """An article's top-level comments: the visible, and those gone that have visible replies."""
        return self.filter(VISIBLE | self._has_visible("root"), article=article, root=None)

    def replies(self, article: Any, roots: Collection[int]) -> Self:
        """What stands under these: the visible, and those gone that a visible one answers directly."""
        return self.filter(VISIBLE | self._has_visible("parent"), article=article, root__in=roots)

    def shown(self, article: Any) -> Self:
        """All of an article's discussion, for a small one."""
        is_answered = Exists(self._visible(parent=OuterRef("pk"))) | Exists(
            self._visible(root=OuterRef("pk"))
        )
        return self.filter(VISIBLE | is_answered, article=article)

    def about(self, part: str, key: str) -> Self:
        """Those that are about a part of the story."""
        return self.filter(part=part, part_key=key)

    def first_replies(self, article: Any, roots: Collection[int], most: int) -> Self:
        """The first replies of these threads. Each thread gives up its last ones, not one all of its own."""
        place = Window(RowNumber(), partition_by=F("root"), order_by=["created_at", "pk"])
        return self.replies(article, roots).annotate(place=place).order_by("place", "created_at", "pk")[:most]

    def before(self, comment: Any) -> Self:
        """Those said before a comment."""
        at = comment.created_at
        return self.filter(Q(created_at__lt=at) | Q(pk__lt=comment.pk), created_at__lte=at)

    def after(self, comment: Any) -> Self:
        """Those said after a comment."""
        at = comment.created_at
        return self.filter(Q(created_at__gt=at) | Q(pk__gt=comment.pk), created_at__gte=at)

    def for_page(self, article: Any) -> Self:
        """With what showing them takes.

        Of a top-level comment also how many visible `answers` it has; of the whole discussion the `newest`,
        and whether something is on top or about a part of the story.
        """
        decisions = self.model.decisions.rel.related_model.objects.order_by("-pk")
        reason = Subquery(decisions.filter(comment=OuterRef("pk"), action="hide").values("reason")[:1])
        under = (
            self._visible(root=OuterRef("pk")).values("root").annotate(number=Count("pk")).values("number")
        )
        answers = Coalesce(Subquery(under, output_field=models.PositiveIntegerField()), 0)
        newest = self._visible(article=article).order_by("-pk").values("pk")[:1]
        return (
            self.select_related("author")
            .only(*SHOWN)
            .annotate(
                answers=Case(When(root=None, then=answers), default=Value(0)),
                broken_rule=Case(When(status="rejected", then=reason), default=Value("")),
                parent_status=F("parent__status"),
                parent_name=F("parent__author__display_name"),
                newest=Subquery(newest),
                has_top=Exists(self.on_top(article)),
                has_parts=Exists(self._visible(article=article).exclude(part="")),
            )
        )

    def on_top(self, article: Any) -> Self:
        """What editors put on top of a discussion: the pinned comment, then their picks, the newest first."""
        chosen = self._visible(article=article).filter(
            Q(picked_at__isnull=False) | Q(pinned_at__isnull=False)
        )
        return chosen.order_by(F("pinned_at").asc(nulls_last=True), "-picked_at", "-pk")

    def part_counts(self, article: Any) -> Any:
        """How many visible comments each part of the story has, with the words meant; of the passages those
        with most."""
        is_passage = Case(When(part="sentence", then=Value(1)), default=Value(0))
        return (
            self._visible(article=article)
            .exclude(part="")
            .values("part", "part_key")
            .annotate(number=Count("pk"), words=Max("quote"), is_passage=is_passage)
            .order_by("is_passage", "-number", "part", "part_key")[:MOST_PARTS]
        )

    def for_their_author(self) -> Self:
        """The newest first, each with the live headline of its story, empty if there is none now, and with
        what was decided about it. Two queries."""
        own = self.exclude(status="deleted").with_story().prefetch_related("decisions")
        return own.order_by("-created_at", "-pk")

    def with_story(self) -> Self:
        """With `headline`, what readers see their story under, empty if it is not live: never the draft's."""
        revisions = self.model.article.field.related_model.revisions.rel.related_model.objects.live()
        headline = revisions.filter(article=OuterRef("article")).values("headline")[:1]
        return self.select_related("article").annotate(headline=Coalesce(Subquery(headline), Value("")))

    def _visible(self, **which: Any) -> Self:
        """For subqueries, whatever this list is of."""
        return self.model._default_manager.filter(VISIBLE, **which).order_by()

    def _has_visible(self, name: str) -> Q:
        """Whether a visible comment names this one as its parent or root.

        Not with EXISTS: PostgreSQL would make a list of all that are answered, for the few that are gone.
        """
        return Q(pk=Subquery(self._visible(**{name: OuterRef("pk")}).values(f"{name}_id")[:1]))
