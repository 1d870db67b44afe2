"""What readers saw of a story, and when: each version that was live, and what changed from one to the next.

Versions are read from the columns of revisions that went live, which hold what the page showed and nothing
else: no note, no name, nobody's hand in it, no draft, nothing that is planned. A version's number counts what
readers saw, from 1; the newsroom's own numbers would tell how often somebody saved.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import views
from articles.comparison import SAME, Change, Run, compare, impact_in_words
from articles.models import Article, Correction, Revision, RevisionByline, RevisionTerm
from articles.querysets import RevisionQuerySet
from articles.showing import tags_of_page, tags_of_rows
from articles.stories import live_story
from articles.wording import part_names
from pulse.addresses import absolute
from pulse.art import Trace, trace
from pulse.paging import Page, names_first_page, page_number, page_of
from pulse.tags import reads, shows
from pulse.text import BLOCK_ENDS, plain, word_count

BACK_FROM_NOTE = re.compile(r'<a[^>]*class="footnote-backref"[^>]*>.*?</a>')


@dataclass(frozen=True)
class Changed:
    """One part of a story that differs: the paragraphs that do, with None where others stand between."""

    part: str
    paragraphs: list[list[Run] | None]


@dataclass(frozen=True)
class Version:
    """A text that readers saw for a while, and what was new in it."""

    number: int
    at: dt.datetime
    until: dt.datetime | None  # None: readers see it now
    changes: list[Changed] = field(default_factory=list)
    only_form_changed: bool = False
    kind: str = "version"

    @property
    def is_first(self) -> bool:
        return self.number == 1

    @property
    def words_changed(self) -> int:
        runs = (run for change in self.changes for paragraph in change.paragraphs for run in paragraph or [])
        return sum(word_count(run.text) for run in runs if run.kind != SAME)


@dataclass(frozen=True)
class Gap:
    """A time in which the story was not on the site."""

    at: dt.datetime
    until: dt.datetime
    kind: str = "gap"


@dataclass(frozen=True)
class Put:
    """A correction, in its place among the versions."""

    at: dt.datetime
    correction: Correction
    kind: str = "correction"


Entry = Version | Gap | Put


@require_safe
@reads("page")
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """What was live when, newest first, with corrections and gaps in their places. Six queries.

    A story that readers do not see now answers as its own page does.
    """
    live = _live(slug)
    if live is None:
        return views.article(request, slug)
    shows(request, f"article:{live.article_id}")
    if names_first_page(request):
        return redirect(request.path, permanent=True)
    page = _page(request, live)
    of_page = [entry for entry in page.object_list if isinstance(entry, Version)]
    context = {
        "article": live.article,
        "headline": live.headline,
        "first_published_at": live.first_published_at,
        "total": live.versions,
        "page": page,
        "line": _line(of_page) if len(of_page) > 1 else None,
    }
    if page.number > 1:
        context["canonical_url"] = absolute(f"{request.path}?page={page.number}")
    return render(request, "articles/versions.html", context)


@require_safe
@reads()
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version whole, as it was, with the corrections made since. Seven queries."""
    live = _live(slug)
    if live is None:
        return views.article(request, slug)
    shows(request, f"article:{live.article_id}")
    if not 1 <= number <= live.versions:
        raise Http404("This story has no such version.")
    shown = _seen(live.article).for_page().order_by("live_from")[number - 1]
    # Not public as the story is: nothing to save, to share or to remember as read.
    drawing = reverse("articles:print", args=[slug, "square"])
    story = replace(live_story(shown), is_public=False, drawing_url=drawing)
    shows(request, *tags_of_page(story))
    context = {
        "story": story,
        "article": live.article,
        "is_preview": True,  # without its discussion, which is not of its time
        "number": number,
        "version": Version(number, shown.live_from, _until(shown)),
        "total": live.versions,
    }
    response = render(request, "articles/version.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _seen(article: Article) -> RevisionQuerySet:
    """The revisions of an article that readers have seen, or see."""
    return Revision.objects.filter(article=article, live_from__lte=timezone.now())


def _live(slug: str) -> Any:
    """What readers see at an address now, with the number of versions so far, or None. One query."""
    seen = Revision.objects.filter(article=OuterRef("article"), live_from__lte=timezone.now())
    number = seen.order_by().values("article").annotate(number=Count("pk")).values("number")
    return (
        Revision.objects.live()
        .filter(article__slug=slug)
        .select_related("article")
        .only("article__slug", "headline", "first_published_at")
        .annotate(versions=Subquery(number))
        .first()
    )


# The list


def _page(request: HttpRequest, live: Any) -> Page:
    """A page of what happened to a story, newest first. Five queries. Raises Http404 past the end."""
    number, size = page_number(request), settings.PULSE_VERSIONS_PER_PAGE
    start = (number - 1) * size
    above = 1 if start else 0  # the version after this page's newest: corrections between belong to it
    rows = list(_with_words(_seen(live.article))[start - above : start + size + 1])
    terms = (f"term:{entry.term_id}" for row in rows for entry in row.published_briefing)
    topics = (f"topic:{topic.pk}" for row in rows for topic in row.topics.all())
    shows(request, *tags_of_rows(rows), *terms, *topics)
    page = page_of(rows[above:], number=number, size=size)
    newest = live.versions - start
    entries = [*_versions(rows[above:], newest, size)]
    made_before = rows[0].live_from if above and rows else None
    made_after = page.object_list[-1].live_from if page.has_next else None
    for correction in live.article.corrections.all():
        is_here = (made_before is None or correction.made_at < made_before) and (
            made_after is None or correction.made_at >= made_after
        )
        entries += [Put(correction.made_at, correction)] if is_here else []
    return Page(number, sorted(entries, key=lambda entry: entry.at, reverse=True), page.has_next)


def _with_words(revisions: RevisionQuerySet) -> Any:
    """Newest first, with what their pages showed and the source of their text. Four queries."""
    terms = RevisionTerm.objects.filter(term__status="published").select_related("term")
    return (
        revisions.select_related("section", "lead_image")
        .defer("content", "headings", "paragraphs", "trace")
        .annotate(source=KeyTextTransform("body", "content"))
        .prefetch_related(
            Prefetch("bylines", queryset=RevisionByline.objects.select_related("author")),
            Prefetch("briefing", queryset=terms, to_attr="published_briefing"),
            "topics",
        )
        .order_by("-live_from")
    )


def _versions(rows: list[Any], newest: int, size: int) -> Iterator[Entry]:
    """The versions of a page, and the gaps between them; the row after the last is only compared with."""
    for place, row in enumerate(rows[:size]):
        before = rows[place + 1] if place + 1 < len(rows) else None
        changes = _changes(before, row) if before else []
        yield Version(
            number=newest - place,
            at=row.live_from,
            until=_until(row),
            changes=changes,
            only_form_changed=bool(before and not changes and before.source != row.source),
        )
        if before and before.live_until and before.live_until < row.live_from:
            yield Gap(before.live_until, row.live_from)


def _until(revision: Any) -> dt.datetime | None:
    """When readers stopped seeing it. An end that is only planned is not told."""
    end = revision.live_until
    return end if end and end <= timezone.now() else None


def _line(versions: list[Version]) -> Trace:
    """One beat a version, oldest first, as high as many words changed."""
    counts = [version.words_changed for version in reversed(versions)]
    return trace(counts, width=1312, height=64, linear=True)


# Words


def _changes(before: Any, after: Any) -> list[Changed]:
    """The parts that differ between two versions."""
    return [
        Changed(change.part, _only_changed(change)) for change in compare(_in_words(before), _in_words(after))
    ]


def _only_changed(change: Change) -> list[list[Run] | None]:
    """A part's paragraphs that differ; None stands for those left out between them."""
    shown: list[list[Run] | None] = []
    for paragraph in change.paragraphs:
        if any(run.kind != SAME for run in paragraph):
            shown.append(paragraph)
        elif shown and shown[-1] is not None:
            shown.append(None)
    return shown[:-1] if shown and shown[-1] is None else shown


def _in_words(revision: Any) -> dict[str, str]:
    """What the page of a version said, part by part, by the names the newsroom's form gives them."""
    words = {
        "headline": revision.headline,
        "kicker": revision.kicker,
        "dek": revision.dek,
        "tldr": revision.tldr,
        "body": _paragraphs(revision.body_html),
        "impacts": "\n\n".join(impact_in_words(**impact) for impact in revision.impacts),
        "terms": "\n\n".join(entry.term.name for entry in revision.published_briefing),
        "section": str(revision.section or ""),
        "topics": "\n\n".join(topic.name for topic in revision.topics.all()),
        "authors": "\n\n".join(author.name for author in revision.byline_authors),
        "lead_image": revision.image_alt,
    }
    return {label: words[part].strip() for part, label in part_names().items() if part in words}


def _paragraphs(html: str) -> str:
    """The words of a story as its page shows them, footnotes too, an empty line between blocks."""
    with_notes = html.replace("<section", "<div").replace("</section>", "</div>")  # `plain` drops sections
    blocks = BLOCK_ENDS.split(BACK_FROM_NOTE.sub("", with_notes))
    return "\n\n".join(words for block in blocks if (words := plain(block)))
