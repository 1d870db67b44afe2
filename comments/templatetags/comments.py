"""The discussion under a story, and a reader's own comments on their account page."""

import datetime as dt
from typing import Any

from django import template
from django.conf import settings
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from articles.models import Article
from articles.stories import Story
from comments import anchors, house, reasons
from comments.counting import discussion_tag
from comments.models import Comment, Respect, new_key
from comments.pipeline import closed_sentence, suspended_sentence
from comments.threads import Discussion, page_of_threads, single_thread, waiting
from pulse.tags import shows

register = template.Library()
OWN_COMMENTS = 20
MAX_DIGITS = 12  # a longer number is a mistake, and too long for a database


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: template.Context, article: Article) -> dict[str, Any]:
    """An article's discussion, or nothing if it is hidden. One query for anybody, three more for a reader.

    Reads `?comments=` (a page of threads), `?thread=` with `&replies=` (one thread alone) and `?reply=` (the
    comment to answer) and `?about=` (the part to comment on). Raises Http404 for a page that is not there.
    Uses `story` and `reader` of the context.
    """
    if article.discussion == Article.Discussion.HIDDEN:
        return {"shown": None}
    query = context["request"].GET
    shown = _page(article, query)
    shows(context["request"], discussion_tag(article.pk), *(f"reader:{pk}" for pk in shown.readers))
    reader = context.get("reader")
    story = context.get("story")
    closed = closed_sentence(house.policy_of(article, story.published_at if story else None))
    suspended = suspended_sentence(reader.suspended_until) if reader and reader.is_suspended else ""
    may_post = reader is not None and not closed and not suspended
    return {
        "article": article,
        "url": article.get_absolute_url(),
        "shown": shown,
        "reader": reader,
        "is_open": not closed,
        "sentence": closed or suspended,
        "may_post": may_post,
        "may_reply": not closed and (reader is None or may_post),
        "key": new_key() if may_post else "",
        "reply": _number(query, "reply", default=0) if may_post else 0,
        "about": _about(query, story) if story and may_post else None,
        "respected": _respected(article, reader) if reader else set(),
        "waiting": waiting(article, reader) if reader else [],
        "byline_users": {author.user_id for author in story.authors if author.user_id} if story else set(),
        "max_chars": settings.PULSE_MAX_COMMENT_CHARS,
    }


@register.inclusion_tag("comments/_own_comments.html")
def own_comments(reader: User) -> dict[str, Any]:
    """The reader's last comments, with where each stands. One query."""
    return {"comments": Comment.objects.filter(author=reader).for_their_author()[:OWN_COMMENTS]}


@register.filter
def ago(moment: dt.datetime) -> str:
    """“just now”, “52 minutes ago”, “2 hours ago”; after a day the date."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} minute{'' if minutes == 1 else 's'} ago"
    if minutes < 24 * 60:
        hours = minutes // 60
        return f"{hours} hour{'' if hours == 1 else 's'} ago"
    return date_format(timezone.localtime(moment), "j F Y")


register.filter("why", reasons.why)


def _about(query: QueryDict, story: Story) -> anchors.Anchor:
    """The part of the story that a link “Comment on this” named."""
    return anchors.in_story(anchors.parse(query.get("about", "")), story)


def _respected(article: Article, reader: User) -> set[int]:
    """The comments of an article that a reader respects, by their keys. One query."""
    given = Respect.objects.filter(by=reader, comment__article=article)
    return set(given.values_list("comment", flat=True))


def _page(article: Article, query: QueryDict) -> Discussion:
    root = _number(query, "thread", default=0)
    number = _number(query, "replies" if root else "comments", default=1)
    if not (article.comment_count or root or number > 1):
        return Discussion([], 1)
    shown = single_thread(article, root, number) if root else page_of_threads(article, number)
    if not shown.threads and (root or number > 1):
        raise Http404("There is no such page of this discussion.")
    if root and number > 1 and not shown.threads[0].replies:
        raise Http404("There is no such page of this thread.")
    return shown


def _number(query: QueryDict, name: str, *, default: int) -> int:
    """A positive number of the page's address; Http404 if it is something else."""
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS) or not int(text):
        raise Http404(f"{name} must be a number.")
    return int(text)
