"""Which pages a change of a story reaches: every verb tells the page cache."""

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from articles.listings import relist
from articles.models import Article, Due, Listing
from pulse.changes import Plan
from pulse.tags import PLANNED, changed

Place = tuple[int, int]  # the kind of a list, and what it is of

LISTS = {
    Listing.Kind.SITE: "stories",
    Listing.Kind.SECTION: "section:{}:list",
    Listing.Kind.TOPIC: "topic:{}:list",
    Listing.Kind.AUTHOR: "author:{}:list",
    Listing.Kind.TERM: "term:{}:list",
    Listing.Kind.OUTLOOK: "outlooks",
}


def announce(article: Article, *also: str) -> None:
    """After a change of when or how readers see a story: list it anew, and tell which pages that reaches.

    The story itself wherever it stands, and the lists that it joined or left; those of its outlooks anyway,
    since for the same days it may say something else. Seven queries.
    """
    before = _places(article)
    relist(article)
    after = _places(article)
    outlooks = {place for place in before | after if place[0] == Listing.Kind.OUTLOOK}
    changed(PLANNED, story_tag(article.pk), *list_tags((before ^ after) | outlooks), *also)


@transaction.atomic
def moment_came(due: Due) -> None:
    """The worker's hook: what was planned has happened. Other caches and the lists learn of it."""
    places = _all_places(due.revision.article)
    relist(due.revision.article)
    changed(PLANNED, story_tag(due.revision.article_id), *list_tags(places))


def story_tag(pk: int) -> str:
    """The tag of every page that shows a story, in full or as one of a list."""
    return f"article:{pk}"


def count_tag(pk: int) -> str:
    """The tag of every page that shows how many comments a story has."""
    return f"comments:{pk}"


def list_tags(places: Collection[Place]) -> set[str]:
    """The tags of lists; “sections” is that of every page that shows how many stories each section has."""
    tags = {LISTS[Listing.Kind(kind)].format(of) for kind, of in places}
    is_of_section = any(kind == Listing.Kind.SECTION for kind, _ in places)
    return tags | {"sections"} if is_of_section else tags


def planned_changes() -> list[Plan]:
    """What will go live or end by the clock, and the tags that it changes. Two queries."""
    dues = list(
        Due.objects.filter(done_at=None, at__gt=timezone.now()).values_list("at", "revision__article")
    )
    listed: dict[int, set[Place]] = defaultdict(set)
    rows = Listing.objects.filter(revision__article__in={article for _, article in dues})
    for article, kind, of in rows.values_list("revision__article", "kind", "of"):
        listed[article].add((kind, of))
    return [(at, frozenset({story_tag(article), *list_tags(listed[article])})) for at, article in dues]


def _all_places(article: Article) -> set[Place]:
    """The lists that hold a story now, or did until its period ended, or will."""
    return set(Listing.objects.filter(revision__article=article).values_list("kind", "of"))


def _places(article: Article) -> set[Place]:
    """The lists on which readers find a story now."""
    return set(Listing.objects.live().filter(revision__article=article).values_list("kind", "of"))
