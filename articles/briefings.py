"""The briefing: the TL;DRs of the last days on one page, for somebody with five minutes."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.listings import on_list
from articles.models import Revision, RevisionTerm
from articles.querysets import in_order
from pulse.art import Trace, trace
from pulse.tags import reads, shows
from pulse.text import reading_minutes, word_count


@require_safe
@reads()
def briefing(request: HttpRequest) -> HttpResponse:
    """Every TL;DR since the start of the first of PULSE_BRIEFING_DAYS, newest first. Three queries."""
    stories = _stories(_first_day())
    shows(request, "stories")
    for story in stories:
        terms = (f"term:{entry.term_id}" for entry in story.published_briefing)
        shows(request, f"article:{story.article_id}", f"section:{story.section_id}", *terms)
    context = {
        "stories": stories,
        "days_shown": settings.PULSE_BRIEFING_DAYS,
        "minutes": reading_minutes(sum(word_count(story.tldr) for story in stories)),
        "line": _line(stories),
    }
    return render(request, "articles/briefing.html", context)


def _first_day() -> dt.date:
    return timezone.localdate() - dt.timedelta(days=settings.PULSE_BRIEFING_DAYS - 1)


def _stories(since: dt.date) -> list[Any]:
    """The live stories with a TL;DR that appeared since a day, newest first, so many at most."""
    start = dt.datetime.combine(since, dt.time(), tzinfo=timezone.get_default_timezone())
    newest = on_list().live().filter(first_published_at__gte=start)
    newest = newest.order_by("-first_published_at", "-revision")
    pks = newest.values_list("revision", flat=True)[: settings.PULSE_BRIEFING_STORIES]
    terms = RevisionTerm.objects.filter(term__status="published").select_related("term")
    stories = (
        Revision.objects.live()
        .exclude(tldr="")
        .select_related("article", "section")
        .only(
            "article__slug",
            "section__name",
            "section__slug",
            "headline",
            "tldr",
            "first_published_at",
            "words",
        )
        .prefetch_related(Prefetch("briefing", queryset=terms, to_attr="published_briefing"))
    )
    return in_order(stories, pks)


def _line(stories: list[Any]) -> Trace:
    """One beat a TL;DR in the order they are read, as high as it is long."""
    return trace([word_count(story.tldr) for story in stories], width=1312, height=64)
