"""Which stories explain a term: the articles' answer to `glossary.uses`."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts.models import User
from articles.models import Article, BriefingEntry, Revision
from glossary.models import Term
from glossary.uses import SHOWN, Kind, Use, Uses


def using_term(term: Term, by: User) -> Iterator[Uses]:
    """The stories with a term in their briefing, each counted once: live before scheduled, draft and past.

    What is not public is counted for everybody and named to those who may edit it. Ten queries.
    """
    revisions = Revision.objects.filter(article=OuterRef("pk"), terms=term)
    live, public = revisions.live(), Exists(revisions.public_or_due())
    drafted = Exists(BriefingEntry.objects.filter(article=OuterRef("pk"), term=term))
    kinds = {
        Kind.LIVE: Exists(live),
        Kind.SCHEDULED: public & ~Exists(live),
        Kind.DRAFT: drafted & ~public,
        Kind.PAST: Exists(revisions) & ~drafted & ~public,
    }
    for kind, condition in kinds.items():
        stories = Article.objects.filter(condition)
        if kind is Kind.LIVE:
            yield Uses(kind, stories.count(), list(_live(stories, live, by)))
        else:
            yield Uses(kind, stories.count(), [_draft(article) for article in _first(stories, by)])


def _first(stories: QuerySet[Article], by: User) -> QuerySet[Article]:
    mine = Article.objects.editable_by(by).values("pk")
    return stories.filter(pk__in=mine).only("headline").order_by("-updated_at", "-pk")[:SHOWN]


def _draft(article: Article) -> Use:
    return Use(str(article), reverse("admin:articles_article_change", args=[article.pk]))


def _live(stories: QuerySet[Article], live: QuerySet[Revision], by: User) -> Iterator[Use]:
    """Live stories by the headline readers see; whoever may not edit one is led to its page."""
    mine = set(_first(stories, by).values_list("pk", flat=True))
    named = stories.annotate(live_headline=Subquery(live.values("headline")[:1]))
    for article in named.only("slug").order_by("-updated_at", "-pk")[:SHOWN]:
        change = reverse("admin:articles_article_change", args=[article.pk])
        yield Use(article.live_headline, change if article.pk in mine else article.get_absolute_url())
