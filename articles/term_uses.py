"""Which stories explain a term: the articles' answer to `glossary.uses`."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import User
from articles.listings import NEWEST_FIRST, on_list
from articles.models import Article, BriefingEntry, Revision, RevisionTerm
from articles.querysets import PeriodQuerySet
from glossary.models import Term
from glossary.uses import SHOWN, Kind, Use, Uses


def using_term(term: Term, by: User) -> Iterator[Uses]:
    """The stories with a term in their briefing, each counted once: live before scheduled, draft and past.

    What is not public is counted for everybody and named to those who may edit it. Nine queries at most: of
    the index of lists, and of the rows that say which stories have the term.
    """
    places = on_list(term)
    live, public = places.live(), places.public_or_due()
    yield Uses(Kind.LIVE, live.count(), list(_live(live, by)))
    drafted = BriefingEntry.objects.filter(term=term).order_by()
    earlier = RevisionTerm.objects.filter(term=term).order_by()
    past = earlier.filter(~Exists(public.filter(revision=OuterRef("revision"))))
    is_drafted = Exists(drafted.filter(article=OuterRef("pk")))
    kinds = {
        Kind.SCHEDULED: _articles(places.scheduled().values("revision__article")).filter(~_on(live)),
        Kind.DRAFT: _articles(drafted.values("article")).filter(~_on(public)),
        Kind.PAST: _articles(past.values("revision__article")).filter(~is_drafted, ~_on(public)),
    }
    for kind, stories in kinds.items():
        number = stories.count()
        yield Uses(kind, number, [_draft(article) for article in _first(stories, by)] if number else [])


def _articles(pks: QuerySet[Any, Any]) -> QuerySet[Article]:
    return Article.objects.filter(pk__in=pks)


def _on(places: PeriodQuerySet) -> Exists:
    """Whether a revision of an article is at one of these places of a list."""
    return Exists(places.filter(revision__article=OuterRef("pk")))


def _first(stories: QuerySet[Article], by: User) -> QuerySet[Article]:
    mine = stories.editable_by(by)  # type: ignore[attr-defined]
    return mine.only("headline").order_by("-updated_at", "-pk")[:SHOWN]


def _draft(article: Article) -> Use:
    return Use(str(article), reverse("admin:articles_article_change", args=[article.pk]))


def _live(places: PeriodQuerySet, by: User) -> Iterator[Use]:
    """The newest live stories by the headline readers see; whoever may not edit one is led to its page. Two
    queries."""
    newest = places.order_by(*NEWEST_FIRST).values("revision")[:SHOWN]
    stories = (
        Revision.objects.filter(pk__in=newest).select_related("article").only("headline", "article__slug")
    )
    found = list(stories.newest_first())
    mine = Article.objects.editable_by(by).filter(pk__in=[story.article_id for story in found])
    theirs = set(mine.values_list("pk", flat=True))
    for story in found:
        change = reverse("admin:articles_article_change", args=[story.article_id])
        yield Use(story.headline, change if story.article_id in theirs else story.article.get_absolute_url())
