"""A live story as one Markdown file, for machines that read and people who keep: `/articles/<slug>.md`."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from articles.announcing import story_tag
from articles.models import Article, Revision
from articles.showing import tags_of_page
from articles.stories import ImpactView, Story, live_story
from articles.withdrawals import is_withdrawn
from pulse.addresses import absolute
from pulse.portable import as_text, link, markdown_file, portable_markdown
from pulse.tags import reads, shows


@require_safe
@reads()
def markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """The story as readers see it now. Seven queries; an old address leads to the present one."""
    revision = Revision.objects.live().for_page().filter(article__slug=slug).first()
    if revision is None:
        return _not_here(request, slug)
    story = live_story(revision)
    shows(request, *tags_of_page(story))
    return markdown_file(as_markdown(story, body=revision.content["body"]), page=_page(story))


def _not_here(request: HttpRequest, slug: str) -> HttpResponse:
    """410 for a story that was withdrawn, one hop for one that moved, otherwise Http404. Three queries."""
    had_it = Article.objects.filter(Q(slug=slug) | Q(previous_slugs__slug=slug)).distinct()
    article = get_object_or_404(had_it)
    shows(request, story_tag(article.pk))
    if is_withdrawn(article):
        return HttpResponse("This story was withdrawn.\n", "text/plain; charset=utf-8", status=410)
    if article.slug == slug or not article.revisions.live().exists():
        raise Http404
    return HttpResponsePermanentRedirect(reverse("articles:markdown", args=[article.slug]))


def as_markdown(story: Story, *, body: str) -> str:
    """A story in five parts, in CommonMark. `body` is its text as it was written. No query."""
    return "\n\n".join([*_opening(story), portable_markdown(body, _page(story)), *_closing(story)]) + "\n"


def _page(story: Story) -> str:
    return absolute(story.article.get_absolute_url())


def _opening(story: Story) -> Iterator[str]:
    yield f"# {as_text(story.headline)}"
    if story.dek:
        yield as_text(story.dek)
    if story.tldr:
        yield f"> **The Pulse TL;DR.** {as_text(story.tldr)}"
    yield " ".join(_sentences(story))
    yield f"Address: <{_page(story)}>"
    for correction in story.corrections:
        made = f"{correction.get_kind_display()}, {_moment(correction.made_at)}"
        yield f"**{made}.** {as_text(correction.text)}"
    if story.lead_image:
        address = absolute(story.lead_image.file.url)
        yield f"![{as_text(story.image_alt)}]({address})"
        if about := " ".join(filter(None, [story.lead_image.caption, story.lead_image.credit])):
            yield as_text(about)


def _sentences(story: Story) -> Iterator[str]:
    """Who wrote it, when, and where it is filed."""
    if story.authors:
        yield f"By {', '.join(link(author.name, author.get_absolute_url()) for author in story.authors)}."
    if story.published_at:
        yield f"Published {_moment(story.published_at)}."
    if story.was_updated and story.changed_at:
        yield f"Updated {_moment(story.changed_at)}."
    if story.section:
        yield f"Section: {link(story.section.name, story.section.get_absolute_url())}."
    if story.topics:
        topics = ", ".join(link(topic.name, topic.get_absolute_url()) for topic in story.topics)
        yield f"Topics: {topics}."


def _closing(story: Story) -> Iterator[str]:
    if story.impacts:
        yield "## Real-World Impact"
    yield from map(_impact, story.present_impacts)
    yield from map(_impact, story.outlooks)
    if story.terms:
        yield "## Technical Briefing"
    for term in story.terms:
        yield f"**{link(term.name, term.get_absolute_url())}:** {as_text(term.definition)}"


def _impact(impact: ImpactView) -> str:
    lenses = " · ".join(impact.lenses)
    if impact.horizon_on:
        lenses = " · ".join(filter(None, [f"Outlook to {date_format(impact.horizon_on, 'F Y')}", lenses]))
    sentences = [f"**{as_text(lenses)}.**"] if lenses else []
    sentences.append(as_text(impact.text))
    if impact.confidence:
        sentences.append(f"Confidence: {impact.confidence}.")
    if impact.test:
        sentences.append(f"Right if: {as_text(impact.test)}")
    return " ".join(sentences)


def _moment(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
