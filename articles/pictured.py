"""Which stories show which pictures: kept by the worker, and put right by what was saved since.

A picture may stand in any text of any story, and no index says where. So every hour all texts are read, and
which of them name which pictures is kept (`pulse.parts`). Whoever asks reads that, and afresh the texts of
the few stories saved or published since: the answer is as true as if all had been read.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.db.models import Min, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from articles.models import Article, Revision
from images.models import Image
from images.uses import NAMED, address_starts, stems_of
from pulse import parts
from pulse.edition import edition
from pulse.models import Change, Tag
from pulse.parts import LATE, Made
from pulse.prepared import Prepared

KIND = "pictures in stories"
AGAIN = dt.timedelta(hours=1)  # until all texts are read again: so long the stories saved since add up
STORY = "article:"  # begins the tag of a story; see `announcing.story_tag`
_EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # one that ended is put right like any other
_KEPT = Prepared(lambda by, now: parts.right(KIND, parts.ONE, by, now), str, dt.datetime)


class Place(NamedTuple):
    """A text of a story in which pictures may be named, and what leads it."""

    article: int
    starts: dt.datetime | None  # when readers see it, or saw it first; None for a draft
    lead: int | None
    text: str

    @property
    def names(self) -> set[str]:
        """What stands here for pictures, whether they exist or not."""
        return {*NAMED.findall(self.text), *([_lead_name(self.lead)] if self.lead else [])}


def register() -> None:
    """Have the worker keep it; called when the site starts."""
    parts.kind(KIND, parts.Kind(make=_make, missing=parts.only_one))


def names_of(images: Collection[Image]) -> dict[str, int]:
    """All that may stand for these pictures in a `Place` → pk. One query."""
    return {**stems_of(images), **{_lead_name(image.pk): image.pk for image in images}}


def stories_showing(names: dict[str, int]) -> dict[int, set[int]]:
    """The articles that show pictures as drafts, to readers, or as planned, by the pictures' pk.

    Seven queries, and the texts of what was saved in the last hour; without anything kept, all texts. What
    ends by the clock counts until the worker has followed it.
    """
    kept = _KEPT.rows(edition(), _EVER)
    if kept:
        named, began, change = json.loads(parts.unpacked(kept[0][0]).pieces[0])
        saved = _saved_since(dt.datetime.fromisoformat(began), change)
    else:
        named, saved = {}, None
    fresh = _named(places(saved))
    found: dict[int, set[int]] = defaultdict(set)
    for name, pk in names.items():
        found[pk] |= set(named.get(name, [])).difference(saved or []) | fresh.get(name, set())
    return {pk: articles for pk, articles in found.items() if articles}


def places(articles: Collection[int] | None = None) -> Iterator[Place]:
    """Where pictures may be named, in these articles or in all: drafts, and what is live or planned. Four
    queries, none for no articles."""
    if articles is not None and not articles:
        return
    drafts, revisions = Article.objects.order_by(), Revision.objects.public_or_due().order_by()
    if articles is not None:
        drafts, revisions = drafts.filter(pk__in=articles), revisions.filter(article__in=articles)
    leading = Q(lead_image__isnull=False)
    for pk, lead in drafts.filter(leading).values_list("pk", "lead_image"):
        yield Place(pk, None, lead, "")
    for pk, body in _with_files(drafts, "body").values_list("pk", "body").iterator():
        yield Place(pk, None, None, body)
    for pk, starts, lead in revisions.filter(leading).values_list("article", "live_from", "lead_image"):
        yield Place(pk, starts, lead, "")
    texts = _with_files(revisions, "body_html").values_list("article", "live_from", "body_html")
    for pk, starts, html in texts.iterator():
        yield Place(pk, starts, None, html)


def _lead_name(pk: int) -> str:
    return f"lead:{pk}"


def _with_files(texts: QuerySet[Any], field: str) -> QuerySet[Any]:
    """Rows whose text may show a picture. StrIndex and not `contains`, which SQLite is slow at."""
    names = Q()
    for start in address_starts():
        names |= Q(GreaterThan(StrIndex(field, Value(start)), 0))
    return texts.filter(names)


def _named(some: Iterator[Place]) -> dict[str, set[int]]:
    """What stands for pictures → the articles in which it does."""
    found: dict[str, set[int]] = defaultdict(set)
    for place in some:
        for name in place.names:
            found[name].add(place.article)
    return found


def _make(of: int) -> Made:
    began, change = timezone.now(), _last_settled()
    named = {name: sorted(articles) for name, articles in _named(places()).items()}
    return Made(json.dumps([named, began.isoformat(), change]), set(), began + AGAIN)


def _last_settled() -> int:
    """The last change of all that can have been committed by now only: see `pulse.parts`. Two queries."""
    recent = Change.objects.filter(made_at__gte=timezone.now() - LATE).aggregate(first=Min("pk"))["first"]
    settled = Tag.objects.filter(change__lt=recent) if recent else Tag.objects.all()
    return settled.order_by("-change").values_list("change", flat=True).first() or 0


def _saved_since(began: dt.datetime, change: int) -> set[int]:
    """The articles saved since a moment, or announced to readers since a change. Two queries."""
    saved = Article.objects.filter(updated_at__gt=began - LATE).order_by().values_list("pk", flat=True)
    tags = Tag.objects.filter(name__startswith=STORY, change__gt=change).values_list("name", flat=True)
    return {*saved, *(int(tag.removeprefix(STORY)) for tag in tags)}
