"""The pages that are made when something is saved: a story's and the front page, kept as `pulse.parts`.

They are made by the same views' templates, for a reader who is not signed in. What is another for every
request, or changes far more often than the rest, is left open as a slot (`pulse.slots`).
"""

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from articles import listings
from articles.ageing import next_birthday
from articles.announcing import count_tag, story_tag
from articles.machines.structured import news_article
from articles.mentions import term_of_the_day
from articles.models import Revision, RevisionTerm
from articles.related import read_next
from articles.rendering import STORY
from articles.showing import tags_of_list, tags_of_page, tags_of_rows
from articles.stories import live_story
from pulse import parts
from pulse.changes import plans
from pulse.models import Part
from pulse.moments import next_midnight
from pulse.parts import Made
from pulse.slots import Slot
from pulse.tags import ENDS, NOTES

FRONT = "front"
FRONT_TOP = 4  # the lead story and the three after it
MOST_DISCUSSED = 3


def register() -> None:
    """Say how these parts are made; called when the site starts."""
    parts.kind(STORY, parts.Kind(make=_make_story, missing=_stories_missing))
    parts.kind(FRONT, parts.Kind(make=_make_front, missing=parts.only_one))


def stranger(path: str) -> HttpRequest:
    """A request for a page by somebody who is not signed in, made by nobody."""
    request = HttpRequest()
    request.method, request.path, request.path_info, request.GET = "GET", path, path, QueryDict()
    request.META = {NOTES: set(), ENDS: set()}
    return request


def _later(section: int | None, **own: Slot) -> dict[str, Slot]:
    """The slots that every page has, and its own."""
    return {"masthead": Slot("masthead", section or 0), "footer": Slot("footer"), **own}


# A story


def story_context(revision: Revision) -> dict[str, Any]:
    """What a story's page is made of. One query on a revision loaded with `for_page()`."""
    story = live_story(revision)
    return {
        "story": story,
        "article": revision.article,
        "related": read_next(revision),
        "structured": news_article(story),
    }


def story_tags(revision: Revision, context: dict[str, Any]) -> set[str]:
    """What a story's page shows, but for what is said in its discussion."""
    related = {f"section:{one.section_id}" for one in context["related"]}
    related |= {story_tag(pk) for pk in revision.related}
    return tags_of_page(context["story"]) | related | {count_tag(revision.article_id)}


def _make_story(pk: int) -> Made | None:
    now = timezone.now()
    revision = Revision.objects.public_or_due().for_page().filter(pk=pk).first()
    if revision is None:
        return None
    context, request = story_context(revision), stranger(revision.get_absolute_url())
    context["later"] = _later(revision.section_id)
    html = render_to_string("articles/article.html", context, request)
    tags = story_tags(revision, context) | _drafts(revision) | request.META[NOTES]
    birthday = next_birthday(revision.first_published_at) if revision.first_published_at else None
    said = [moment for moment in request.META[ENDS] if moment > now]
    ends = filter(None, [birthday, plans.next_planned(tags, after=now), *said])
    return Made(html, tags, min(ends, default=None))


def _drafts(revision: Revision) -> set[str]:
    """The terms of its briefing that a story would show, were they published. One query."""
    terms = RevisionTerm.objects.filter(revision=revision).values_list("term", flat=True)
    return {f"term:{pk}" for pk in terms}


def _stories_missing(made: QuerySet[Part]) -> QuerySet[Revision, int]:
    kept = Exists(made.filter(of=OuterRef("pk")))
    lacking = Revision.objects.public_or_due().filter(~kept).newest_first()
    return lacking.values_list("pk", flat=True)


# The front page


def front_context() -> dict[str, Any]:
    """What the front page is made of, but for the most discussed. Seven queries."""
    stories = listings.newest(size=settings.PULSE_PAGE_SIZE, pictures=FRONT_TOP)
    return {
        "lead": stories[0] if stories else None,
        "trio": stories[1:FRONT_TOP],
        "river": stories[FRONT_TOP:],
        "term": term_of_the_day(),
    }


def front_tags(context: dict[str, Any]) -> set[str]:
    """What the front page shows, but for the most discussed."""
    lead, term = context["lead"], context["term"]
    stories = [*([lead] if lead else []), *context["trio"], *context["river"]]
    tags = {"stories", "glossary", *tags_of_rows(stories)}
    return tags | set(tags_of_list(term.term) if term else ())


def _make_front(of: int) -> Made:
    now = timezone.now()
    context = front_context()
    tags = {tag for tag in front_tags(context) if not tag.startswith("comments:")}
    for story in filter(None, [context["lead"], *context["trio"], *context["river"]]):
        story.article.comment_count = Slot("comments", story.article_id)
    among = [story.article_id for story in listings.discussed_among()]
    context["later"] = _later(None, discussed=Slot("discussed", *among))
    html = render_to_string("articles/front_page.html", context, stranger("/"))
    return Made(html, tags, min(filter(None, [next_midnight(now), plans.next_planned(tags, after=now)])))
