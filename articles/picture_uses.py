"""The pictures' hook: which stories show which pictures, leading them or in their text."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Revision
from images.models import Image
from images.uses import Use, address_starts, named_in, stems_of

LIVE, SCHEDULED, DRAFT, EARLIER = "live", "scheduled", "draft", "earlier version"
PLACES = [LIVE, SCHEDULED, DRAFT, EARLIER]  # a story that shows a picture in several is told by the first


def showing_pictures(
    images: Collection[Image], *, in_history: bool, seen_by: User | None
) -> dict[int, list[Use]]:
    """The stories that show these pictures now, will, or would if published; by the pictures' pk.

    `in_history` adds every earlier version. Seven queries at most; reads the text of every story with a
    picture in it.
    """
    stems = stems_of(images)
    pks = set(stems.values())
    found: dict[int, dict[int, str]] = defaultdict(dict)  # picture → article → place
    for article, place, lead, text in _shown(in_history=in_history):
        for pk in named_in(text, stems) | (pks & {lead}):
            found[pk][article] = min(place, found[pk].get(article, EARLIER), key=PLACES.index)
    uses = _uses({pair for shown in found.values() for pair in shown.items()}, seen_by)
    return {
        picture: sorted((uses[pair] for pair in shown.items()), key=lambda use: use.label)
        for picture, shown in found.items()
    }


def _shown(*, in_history: bool) -> Iterator[tuple[int, str, int | None, str]]:
    """Where a picture may be: article, place, its lead picture, and text that may name others."""
    drafts, revisions = Article.objects.order_by(), Revision.objects.public_or_due().order_by()
    leading, now = Q(lead_image__isnull=False), timezone.now()
    for pk, lead in drafts.filter(leading).values_list("pk", "lead_image"):
        yield pk, DRAFT, lead, ""
    for pk, body in _with_files(drafts, "body").values_list("pk", "body").iterator():
        yield pk, DRAFT, None, body
    for pk, start, lead in revisions.filter(leading).values_list("article", "live_from", "lead_image"):
        yield pk, SCHEDULED if start and start > now else LIVE, lead, ""
    texts = _with_files(revisions, "body_html").values_list("article", "live_from", "body_html")
    for pk, start, html in texts.iterator():
        yield pk, SCHEDULED if start > now else LIVE, None, html
    if in_history:
        every = Revision.objects.order_by().values_list("article", "content__lead_image", "content__body")
        for pk, lead, body in every.iterator():
            yield pk, EARLIER, lead, body or ""


def _with_files(texts: QuerySet[Any], field: str) -> QuerySet[Any]:
    """Rows whose text may show a picture. StrIndex and not `contains`, which SQLite is slow at."""
    names = Q()
    for start in address_starts():
        names |= Q(GreaterThan(StrIndex(field, Value(start)), 0))
    return texts.filter(names)


def _uses(shown: set[tuple[int, str]], seen_by: User | None) -> dict[tuple[int, str], Use]:
    """Stories by their headlines, as far as somebody may see them: of others, what is live. Three queries."""
    articles = Article.objects.only("headline", "slug").in_bulk({pk for pk, _ in shown})
    theirs, headlines = set(articles), {}
    if seen_by is not None:
        theirs &= set(Article.objects.editable_by(seen_by).values_list("pk", flat=True))
    if theirs != set(articles):
        headlines = dict(Revision.objects.live().order_by().values_list("article", "headline"))

    def use(pk: int, place: str) -> Use:
        if pk in theirs:
            address = reverse("admin:articles_article_change", args=[pk])
            return Use(f"{articles[pk]} ({place})", address)
        if place == LIVE:
            return Use(f"{headlines[pk]} (live)", articles[pk].get_absolute_url())
        return Use(f"Somebody else’s story ({place})")

    return {(pk, place): use(pk, place) for pk, place in shown}
