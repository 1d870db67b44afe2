"""What to read next: the stories nearest to one, found when it is published and kept with it."""

import datetime as dt
import math
from collections import defaultdict

from django.conf import settings
from django.utils import timezone

from articles.models import Listing, Revision
from articles.querysets import RevisionQuerySet

SHOWN = 4
# How much it says that two stories stand on one list, before the length of that list is counted.
WORTH = {Listing.Kind.TERM: 1.0, Listing.Kind.TOPIC: 1.0, Listing.Kind.SECTION: 0.25}
FRESHNESS = 0.5  # what a brand-new story gains
FRESH_DAYS = 90  # after so long, half of that is left


def relate(revision: Revision) -> None:
    """Set `revision.related`: up to four articles to read next, the nearest first. The caller saves.

    Stories are near that share terms and topics with this one: the rarer, the nearer, newer ones a little
    more, and its own section counts a little. Only the newest of each list are looked at
    (PULSE_RELATED_CANDIDATES), so the cost does not grow with the archive: one query of one index for each
    term, topic and section of the story, and one at the end.

    Asked when a story is published, about what readers see at the moment it goes live. What other stories
    carry is not touched: an old one learns of a new one when it is itself published again.
    """
    moment = revision.live_from or timezone.now()
    scores: dict[int, float] = defaultdict(float)
    published: dict[int, dt.datetime] = {}
    for kind, of in _lists(revision):
        newest = (
            Listing.objects.live(moment).filter(kind=kind, of=of).order_by("-first_published_at", "-revision")
        )
        rows = newest.values_list("revision", "first_published_at")[: settings.PULSE_RELATED_CANDIDATES]
        found = dict(rows)
        published |= found
        for pk in found:
            scores[pk] += WORTH[kind] / (1 + math.log(len(found)))
    for pk in scores:
        scores[pk] *= 1 + FRESHNESS * _freshness(moment - published[pk])
    # One more than is shown: this story's present version may be among them.
    nearest = sorted(scores, key=lambda pk: (-scores[pk], -published[pk].timestamp(), -pk))[: SHOWN + 1]
    articles = dict(Revision.objects.filter(pk__in=nearest).values_list("pk", "article_id"))
    related = [articles[pk] for pk in nearest if articles[pk] != revision.article_id]
    revision.related = related[:SHOWN]


def unrelated() -> RevisionQuerySet:
    """The live and scheduled revisions with nothing to read next, such as those from before this was done."""
    return Revision.objects.public_or_due().filter(related=[])


def read_next(revision: Revision) -> list[Revision]:
    """The related stories that readers see now, the nearest first, for small cards. One query, or none."""
    if not revision.related:
        return []
    stories = (
        Revision.objects.live()
        .filter(article__in=revision.related)
        .select_related("article", "section")
        .only("article__slug", "section__name", "section__slug", "headline", "first_published_at", "words")
    )
    return sorted(stories, key=lambda story: revision.related.index(story.article_id))


def _lists(revision: Revision) -> list[tuple[Listing.Kind, int]]:
    """The lists that a story shares with those near to it."""
    content = revision.content
    return [
        *((Listing.Kind.TERM, pk) for pk in content["terms"]),
        *((Listing.Kind.TOPIC, pk) for pk in content["topics"]),
        *((Listing.Kind.SECTION, pk) for pk in [content["section"]] if pk),
    ]


def _freshness(age: dt.timedelta) -> float:
    """1 for a story of this moment, half of that after FRESH_DAYS, and so on."""
    return 0.5 ** (max(age, dt.timedelta()) / dt.timedelta(days=FRESH_DAYS))
