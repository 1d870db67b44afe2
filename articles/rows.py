"""A story as one row of a list. The same few rows stand on many lists, so a process makes each but once.

Nothing has to be forgotten when something changes: a row is kept under all that it shows, so a story with one
more comment is another row. What its template is not given here, it cannot show.
"""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles.models import Article, Revision
from pulse.slots import Slot

HIDDEN = Article.Discussion.HIDDEN


class Row(NamedTuple):
    """All that a row shows."""

    slug: str
    headline: str
    kicker: str
    section_slug: str
    section_name: str
    published_at: dt.datetime | None
    authors: str
    comments: int | Slot | None  # None where the discussion is hidden
    minutes: int
    trace: str
    trace_width: int


def row_html(story: Revision, *, show_section: bool, with_day: bool = False) -> SafeString:
    """A row's HTML. No query on `for_rows()`."""
    article, section = story.article, story.section
    row = Row(
        slug=article.slug,
        headline=story.headline,
        kicker=story.kicker,
        section_slug=section.slug if section else "",
        section_name=section.name if section else "",
        published_at=story.first_published_at,
        authors=_in_words([author.name for author in story.byline_authors]),
        comments=None if article.discussion == HIDDEN else article.comment_count,
        minutes=story.minutes,
        trace=story.trace,
        trace_width=story.trace_width,
    )
    make = _made.__wrapped__ if settings.DEBUG else _made  # while templates are being changed
    return make(row, show_section, with_day, settings.TIME_ZONE)


def comments_in_words(count: int) -> str:
    """“1,204 comments”."""
    return f"{count:,} comment{'' if count == 1 else 's'}"


def _in_words(names: list[str]) -> str:
    """“Ada, Ben and Cy”."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


@lru_cache(maxsize=settings.PULSE_ROWS_KEPT)
def _made(row: Row, show_section: bool, with_day: bool, time_zone: str) -> SafeString:
    context = {"row": row, "show_section": show_section, "with_day": with_day}
    return render_to_string("articles/_row.html", context)
