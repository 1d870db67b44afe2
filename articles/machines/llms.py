"""/llms.txt (https://llmstxt.org): what the site is, and where machines find its parts as Markdown."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import listings
from articles.announcing import story_tag
from articles.models import Revision, Section
from glossary.models import Term
from pulse.characters import without_controls
from pulse.portable import as_text, link
from pulse.syndication import FORMS
from pulse.tags import SITE, reads, shows

MOST_TERMS = settings.PULSE_LLMS_TERMS
ABOUT = """\
Every story has a TL;DR, the story itself, a Real-World Impact outlook and a Technical Briefing with the \
terms it uses. Stories and terms can be had as Markdown: put .md in the place of the last slash of the \
address. What is corrected says so on the story and on the page of all corrections."""


@require_safe
@reads()
def llms(request: HttpRequest) -> HttpResponse:
    """Sections, the newest stories, terms and feeds. Five queries."""
    stories = listings.newest(size=settings.PULSE_FEED_SIZE)
    terms = list(Term.objects.published().order_by("name").only("name", "slug", "definition")[:MOST_TERMS])
    shows(request, SITE, "stories", "glossary", *(story_tag(story.article_id) for story in stories))
    shows(request, *(f"term:{term.pk}" for term in terms))
    text = "\n\n".join(_parts(stories, terms)) + "\n"
    return HttpResponse(without_controls(text), content_type="text/plain; charset=utf-8")


def _parts(stories: list[Revision], terms: list[Term]) -> Iterator[str]:
    yield f"# {as_text(settings.PULSE_SITE_NAME)}"
    yield f"> {as_text(settings.PULSE_SITE_TAGLINE)}"
    yield ABOUT
    yield from _listed(
        "Newest stories",
        [
            (story.headline, reverse("articles:markdown", args=[story.article.slug]), story.tldr)
            for story in stories
        ],
    )
    yield from _listed(
        "Sections",
        [
            (section.name, section.get_absolute_url(), section.description)
            for section in Section.objects.all()
        ],
    )
    yield from _listed(
        "Glossary",
        [(term.name, reverse("glossary:markdown", args=[term.slug]), term.definition) for term in terms],
    )
    yield from _listed("Feeds", [(f"Every story, {form}", reverse(f"articles:{form}"), "") for form in FORMS])
    yield from _listed(
        "Optional",
        [
            ("Archive", reverse("articles:archive"), "Every story by year and month."),
            ("Glossary", reverse("glossary:index"), "Every term."),
            ("Corrections", reverse("articles:corrections"), "What we got wrong, and what is right."),
        ],
    )


def _listed(heading: str, rows: list[tuple[str, str, str]]) -> Iterator[str]:
    """A heading and a list of (name, path, a sentence about it); nothing if the list is empty."""
    if rows:
        yield f"## {heading}"
        yield "\n".join(
            f"- {link(name, path)}" + (f": {as_text(about)}" if about else "") for name, path, about in rows
        )
