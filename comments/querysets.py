"""Which comments, said once. `visible()` is the only public list; what follows it is the shape of a page."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, RowRange, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

VISIBLE = Q(status="visible")
SHOWN = ["article", "parent", "root", "depth", "status", "created_at", "body_html", "author__display_name",
         "author__is_staff", "respect_count", "edited_at"]  # fmt: skip
IN_THREAD = [F("root").asc(nulls_first=True), F("created_at").asc(), F("pk").asc()]


class CommentQuerySet(models.QuerySet[Any]):
    def visible(self) -> Self:
        """What readers may see. Counts, permalinks and threads start here."""
        return self.filter(VISIBLE)

    def in_order(self) -> Self:
        """As it was said, oldest first."""
        return self.order_by("created_at", "pk")

    def roots(self, article: Any) -> Self:
        """An article's top-level comments in order: the visible, and those gone that have visible replies."""
        answered = self._under(article).visible().filter(root__isnull=False).values("root")
        return self.filter(VISIBLE | Q(pk__in=answered), article=article, root=None).in_order()

    def in_threads(self, article: Any, roots: Any) -> Self:
        """Comments of these threads that are shown, or stay as a tombstone because somebody answered them."""
        answered = self._under(article).filter(parent__isnull=False).values("parent")
        return self.annotate(thread=Coalesce("root", "pk")).filter(
            VISIBLE | Q(pk__in=answered), article=article, thread__in=roots
        )

    def page_of_threads(self, article: Any, number: int) -> Self:
        """One page of threads with their first replies, and `seen`: how many are visible up to its end.

        When there are more replies than a page may hold, every thread gives up its last ones, not one thread
        all of its own. One query.
        """
        size = settings.PULSE_COMMENTS_PER_PAGE
        roots = self.roots(article).values("pk")
        return (
            self.in_threads(article, roots[(number - 1) * size : number * size])
            .for_thread()
            .annotate(seen=self._number_visible(article, roots[: number * size]))
            .order_by("place", "created_at", "pk")[: size + settings.PULSE_MAX_REPLIES_SHOWN]
        )

    def page_of_replies(self, article: Any, root: int, number: int) -> Self:
        """One thread alone, a page of its replies at a time, under its top-level comment. One query."""
        size = settings.PULSE_MAX_REPLIES_SHOWN
        first = 2 + (number - 1) * size  # place 1 is the top-level comment's
        return (
            self.in_threads(article, self.roots(article).filter(pk=root).values("pk"))
            .for_thread()
            .filter(Q(place=1) | Q(place__range=(first, first + size - 1)))
            .order_by("place")
        )

    def for_their_author(self) -> Self:
        """The newest first, each with the live headline of its story, empty if there is none now."""
        return self.exclude(status="deleted").with_story().order_by("-created_at", "-pk")

    def with_story(self) -> Self:
        """With `headline`, what readers see their story under, empty if it is not live: never the draft's."""
        revisions = self.model.article.field.related_model.revisions.rel.related_model.objects.live()
        headline = revisions.filter(article=OuterRef("article")).values("headline")[:1]
        return self.select_related("article").annotate(headline=Coalesce(Subquery(headline), Value("")))

    def places(self, article: Any, root: int) -> list[int]:
        """The keys of one thread's comments in the order a page shows them. One query."""
        thread = self.in_threads(article, [root]).order_by(*IN_THREAD)
        return list(thread.values_list("pk", flat=True))

    def for_thread(self) -> Self:
        """With what showing a comment takes, its place in its thread, and how many visible ones follow."""
        decisions = self.model.decisions.rel.related_model.objects.order_by("-pk")
        reason = Subquery(decisions.filter(comment=OuterRef("pk"), action="hide").values("reason")[:1])
        thread: dict[str, Any] = {"partition_by": F("thread"), "order_by": IN_THREAD}
        return (
            self.select_related("author")
            .only(*SHOWN)
            .annotate(
                place=Window(RowNumber(), **thread),
                visible_after=Window(
                    Count("pk", filter=VISIBLE), **thread, frame=RowRange(start=1, end=None)
                ),
                broken_rule=Case(When(status="rejected", then=reason), default=Value("")),
                parent_status=F("parent__status"),
                parent_name=F("parent__author__display_name"),
            )
        )

    def _under(self, article: Any) -> Self:
        """For subqueries: unless they name the article too, the whole table is read for them."""
        return self.model._default_manager.filter(article=article)

    def _number_visible(self, article: Any, roots: Any) -> Subquery:
        counted = (
            self._under(article)
            .visible()
            .order_by()
            .annotate(thread=Coalesce("root", "pk"))
            .filter(thread__in=roots)
            .values("article")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return Subquery(counted, output_field=models.PositiveIntegerField())
