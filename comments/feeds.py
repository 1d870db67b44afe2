"""The feed of a discussion: what is said under a story, newest first."""

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from articles.announcing import story_tag
from articles.machines.feed_changes import story_keys
from articles.models import Article, PreviousSlug, Revision
from articles.querysets import RevisionQuerySet
from comments.counting import discussion_tag
from comments.models import Comment
from comments.querysets import CommentQuerySet
from pulse.addresses import absolute
from pulse.portable import portable_html
from pulse.syndication import Channel, Entry, Person, answer
from pulse.tags import reads, shows
from pulse.text import plain
from pulse.websub import Held


@require_safe
@reads()
def discussion(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest visible comments under a public story whose discussion is shown. Two queries.

    An old address leads to the present one.
    """
    revision = _discussed().filter(article__slug=slug).first()
    if revision is None:
        return _moved(request, slug, form)
    comments = list(_newest(revision.article).select_related("author"))
    readers = (f"reader:{comment.author_id}" for comment in comments)
    shows(request, story_tag(revision.article_id), discussion_tag(revision.article_id), *readers)
    return answer(_channel(revision, comments), form)


def changed_by(tags: set[str]) -> Iterator[Held]:
    """For the hub: the discussions of changed stories. One query, and one for each."""
    discussed = story_keys(tags) | story_keys(tags, "discussion")
    for revision in _discussed().filter(article__in=discussed):
        comments = _newest(revision.article).values_list("pk", "edited_at")
        yield _root(revision.article), list(comments)


def _discussed() -> RevisionQuerySet:
    """The live stories under which a discussion is shown, open or closed."""
    found: RevisionQuerySet = Revision.objects.discussed().select_related("article")
    return found.only("headline", "article__slug", "article__discussion", "article__comment_count")


def _newest(article: Article) -> CommentQuerySet:
    found = Comment.objects.visible().filter(article=article).order_by("-created_at", "-pk")
    return found[: settings.PULSE_FEED_SIZE]


def _root(article: Article) -> str:
    return f"{article.get_absolute_url()}comments/"


def _channel(revision: Revision, comments: list[Comment]) -> Channel:
    article = revision.article
    return Channel(
        title=f"{settings.PULSE_SITE_NAME}: discussion of “{revision.headline}”",
        description=f"What readers say about “{revision.headline}”, newest first.",
        page=absolute(f"{article.get_absolute_url()}#discussion"),
        root=_root(article),
        entries=[_entry(comment, revision.headline) for comment in comments],
    )


def _entry(comment: Comment, headline: str) -> Entry:
    address = absolute(comment.get_absolute_url())
    return Entry(
        id=f"{settings.BASE_URL}/comments/{comment.pk}",
        address=address,
        title=f"{comment.author} on “{headline}”",
        html=portable_html(_quoted(comment) + comment.body_html, address),
        summary=Truncator(plain(comment.body_html)).words(30),
        published=comment.created_at,
        updated=comment.edited_at or comment.created_at,
        authors=[Person(str(comment.author))],
    )


def _quoted(comment: Comment) -> str:
    """The words of the story that a comment is about, before its own."""
    return format_html('<blockquote dir="auto">{}</blockquote>', comment.quote) if comment.quote else ""


def _moved(request: HttpRequest, slug: str, form: str) -> HttpResponsePermanentRedirect:
    """One hop to the discussion of the story that had this address; Http404 if there is none to be seen."""
    previous = get_object_or_404(PreviousSlug.objects.select_related("article"), slug=slug)
    if not _discussed().filter(article=previous.article_id).exists():
        raise Http404
    shows(request, story_tag(previous.article_id))
    return HttpResponsePermanentRedirect(reverse(f"comments:{form}", args=[previous.article.slug]))
