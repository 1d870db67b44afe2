"""The discussion under a story, and a reader's own comments on their account page."""

from typing import Any

from django import template
from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.safestring import SafeString

from accounts.models import User
from articles.models import Article
from articles.stories import Story
from comments import house, reasons
from comments.counting import discussion_tag
from comments.models import Comment, Respect, new_key
from comments.parts import WHOLE_STORY, StoryPart, gone, named, parts_of
from comments.passages import with_counts
from comments.pipeline import closed_sentence, suspended_sentence
from comments.threads import SORTS, Discussion, page_of_threads, single_thread, waiting
from pulse.addresses import is_number
from pulse.moments import ago
from pulse.tags import ends, shows
from pulse.text import plain

register = template.Library()
register.filter(ago)
OWN_COMMENTS = 20
MAX_DIGITS = 12  # of a page's number, and of a thread's: a longer one is a mistake


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: template.Context, article: Article) -> dict[str, Any]:
    """An article's discussion, or nothing if it is hidden.

    At most six queries for anybody, one for a small one with nothing on top and about no part; three more
    for a reader. Reads `?comments=` (a page of threads), `?sort=`, `?about=` (the part of the story to which
    it is narrowed, and on which to comment), `?thread=` with `&replies=` (one thread alone) and `?reply=`
    (the comment to answer). Raises Http404 for a page that is not there. Uses `story` and `reader`.
    """
    if article.discussion == Article.Discussion.HIDDEN:
        return {"shown": None}
    query, story = context["request"].GET, context.get("story")
    shown = _shown(context, article)
    parts = parts_of(story) if story else {}
    for note in shown.notes:
        if about := note.about:
            note.part = parts.get(about.address)
    readers = (f"reader:{pk}" for pk in shown.readers)
    shows(context["request"], house.DISCUSSIONS, discussion_tag(article.pk), *readers)
    reader = context.get("reader")
    policy, closes_at = house.policy_and_closing(article, story.published_at if story else None)
    ends(context["request"], closes_at)
    narrowed = _narrowed(shown, parts)
    closed = closed_sentence(policy)
    suspended = suspended_sentence(reader.suspended_until) if reader and reader.is_suspended else ""
    may_post = reader is not None and not closed and not suspended
    return {
        "article": article,
        "url": article.get_absolute_url(),
        "shown": shown,
        "narrowed": narrowed,
        "parts": _in_reading_order(shown.part_counts, parts),
        "pinned": [comment for comment in shown.top if comment.pinned_at],
        "picks": [comment for comment in shown.top if not comment.pinned_at][: settings.PULSE_PICKS_SHOWN],
        "reader": reader,
        "is_open": not closed,
        "sentence": closed or suspended,
        "may_post": may_post,
        "may_reply": not closed and (reader is None or may_post),
        "may_respect": policy != Article.Discussion.CLOSED and not suspended,
        "key": new_key() if may_post else "",
        "reply": _number(query, "reply", default=0) if may_post else 0,
        "about": _about(narrowed, story, parts) if narrowed and story and may_post else WHOLE_STORY,
        "respected": _respected(article, reader) if reader else set(),
        "waiting": waiting(article, reader) if reader else [],
        "byline_users": {author.user_id for author in story.authors if author.user_id} if story else set(),
        "max_chars": settings.PULSE_MAX_COMMENT_CHARS,
        "live_seconds": settings.PULSE_LIVE_SECONDS,
    }


@register.inclusion_tag("comments/_part_comments.html", takes_context=True)
def part_comments(context: template.Context, part: str, key: str = "") -> dict[str, Any]:
    """Beside a part of the story: how many comments are about it, if any. No query but the discussion's."""
    address = StoryPart(part, key).address
    found = [about for about in _part_counts(context) if about.address == address]
    return {"about": found[0], "article": context["article"]} if found else {}


@register.simple_tag(takes_context=True)
def story_text(context: template.Context) -> SafeString:
    """The story, with how many comments are about a passage beside each. No query but the discussion's."""
    text = context["story"].body_html
    passages = tuple(about for about in _part_counts(context) if about.part == Comment.Part.SENTENCE)
    return with_counts(text, passages, context["article"].get_absolute_url()) if passages else text


@register.inclusion_tag("comments/_own_comments.html")
def own_comments(reader: User, most: int = OWN_COMMENTS) -> dict[str, Any]:
    """The reader's last comments, with where each stands and why. Two queries."""
    return {"comments": Comment.objects.filter(author=reader).for_their_author()[:most]}


register.filter("why", reasons.why)


def _part_counts(context: template.Context) -> list[StoryPart]:
    """The parts of the page's story that comments are about; none where its discussion is not shown."""
    article = context.get("article")
    if not (article and article.pk and article.comment_count) or context.get("is_preview"):
        return []
    if article.discussion == Article.Discussion.HIDDEN or "request" not in context:
        return []
    return _shown(context, article).part_counts


def _about(narrowed: StoryPart, story: Story, parts: dict[str, StoryPart]) -> StoryPart:
    """What a comment is about that is written below this list: the part it is narrowed to, if that stands."""
    if narrowed.part == Comment.Part.SENTENCE:
        is_there = bool(narrowed.words) and narrowed.words in plain(story.body_html)
    else:
        is_there = narrowed.address in parts
    return narrowed if is_there else WHOLE_STORY


def _respected(article: Article, reader: User) -> set[int]:
    """The comments of an article that a reader respects, by their keys. One query."""
    given = Respect.objects.filter(by=reader, comment__article=article)
    return set(given.values_list("comment", flat=True))


def _shown(context: template.Context, article: Article) -> Discussion:
    """The page of the discussion that the address asks for, read once for everything on the page."""
    if not hasattr(article, "shown_discussion"):
        article.shown_discussion = _page(article, context["request"].GET)  # type: ignore[attr-defined]
    return article.shown_discussion  # type: ignore[attr-defined]


def _page(article: Article, query: QueryDict) -> Discussion:
    if root := _number(query, "thread", default=0):
        shown = single_thread(article, root, _number(query, "replies", default=1))
        return _not_empty(shown, "There is no such page of this thread.")
    number, sort, about = _number(query, "comments", default=1), query.get("sort", ""), query.get("about", "")
    if "sort" in query and sort not in list(SORTS)[1:]:
        raise Http404("Comments are not sorted so.")
    if "about" in query:
        try:
            named(about)
        except ValueError:
            raise Http404("A story has no such part.") from None
    if not (article.comment_count or number > 1):
        return Discussion([], 1, sort=sort, about=about)
    shown = page_of_threads(article, number, sort=sort, about=about)
    return _not_empty(shown, "There is no such page of this discussion.") if number > 1 else shown


def _not_empty(shown: Discussion, sentence: str) -> Discussion:
    if not shown.threads:
        raise Http404(sentence)
    return shown


def _in_reading_order(counted: list[StoryPart], parts: dict[str, StoryPart]) -> list[StoryPart]:
    """The parts that were commented on, as the story has them now; then passages, those with most first."""
    found = {part.address: part for part in counted}
    here = [part.counted(found.pop(address).number) for address, part in parts.items() if address in found]
    return here + list(found.values())


def _narrowed(shown: Discussion, parts: dict[str, StoryPart]) -> StoryPart | None:
    """The part to which a discussion is narrowed, with its number of comments, if it is narrowed. Http404 for
    a part that the story has not, and nobody spoke of."""
    if not shown.about:
        return None
    found = {part.address: part for part in shown.part_counts}.get(shown.about)
    if shown.about not in parts and not shown.threads:
        raise Http404("The story has no such part.")
    words = shown.threads[0].comment.quote if shown.threads else ""
    about = parts.get(shown.about) or found or gone(*named(shown.about), words)
    return about.counted(found.number if found else 0)


def _number(query: QueryDict, name: str, *, default: int) -> int:
    """A positive number of the page's address; Http404 if it is something else."""
    text = query.get(name)
    if text is None:
        return default
    if not is_number(text, MAX_DIGITS) or not int(text):
        raise Http404(f"{name} must be a number.")
    return int(text)
