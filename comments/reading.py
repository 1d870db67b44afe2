"""Finding a comment again, and what has been said since a page was made."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.announcing import story_tag
from articles.models import Article, Revision
from comments import house
from comments.counting import discussion_tag
from comments.models import Comment, Decision
from comments.querysets import CommentQuerySet
from comments.threads import Note, byline_users, place
from pulse.addresses import is_number
from pulse.tags import ends, reads, shows

NEVER_SHOWN = [Decision.Action.HOLD, Decision.Action.WITHHOLD, Decision.Action.REJECT]


@require_safe
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment's permalink, which leads to its place on the right page of the discussion.

    One of which a tombstone is left leads there. One that is gone altogether is 410 if readers saw it.
    """
    found = get_object_or_404(Comment.objects.discussed().select_related("article", "root"), pk=pk)
    if Comment.objects.shown(found.article).filter(pk=pk).exists():
        return HttpResponseRedirect(place(found))
    if not _was_shown(found):
        raise Http404
    context = {"sentence": Note(found).tombstone, "article": found.article}
    return render(request, "comments/gone.html", context, status=410)


@require_safe
@reads("after")
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """How many visible comments came after `?after=`, how many there are, and whether more may come.

    The same for everybody, and kept until the discussion changes. Two queries.
    """
    revision = _discussed(slug)
    article = revision.article
    shows(request, story_tag(article.pk), discussion_tag(article.pk), house.HOUSE)
    count = _after(request, article).count()
    is_open = _policy(request, revision) == Article.Discussion.OPEN
    return JsonResponse({"count": count, "total": article.comment_count, "open": is_open})


@require_safe
@reads("after")
def new_list(request: HttpRequest, slug: str) -> HttpResponse:
    """These comments, the first ones said, each saying what it answers. At most five queries."""
    revision = _discussed(slug)
    article, policy = revision.article, _policy(request, revision)
    found = _after(request, article).for_page(article).order_by("pk")[: settings.PULSE_NEW_COMMENTS_SHOWN]
    notes = [Note(comment) for comment in found]
    for note in notes:
        if note.comment.root_id:
            note.name_parent(is_on_page=False)
    readers = (f"reader:{note.comment.author_id}" for note in notes)
    shows(request, story_tag(article.pk), discussion_tag(article.pk), *readers)
    context: dict[str, Any] = {
        "notes": notes,
        "article": article,
        "url": article.get_absolute_url(),
        "shown": {"query_and": "?"},
        "byline_users": byline_users(article),
        "may_reply": policy == Article.Discussion.OPEN,
        "may_respect": policy != Article.Discussion.CLOSED,
    }
    response = render(request, "comments/_new.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _discussed(slug: str) -> Revision:
    found = Revision.objects.discussed().select_related("article").only("first_published_at", "article")
    return get_object_or_404(found, article__slug=slug)


def _policy(request: HttpRequest, revision: Revision) -> str:
    """The policy that holds, as long as it does: the page ends with it."""
    policy, closes_at = house.policy_and_closing(revision.article, revision.first_published_at)
    ends(request, closes_at)
    return policy


def _after(request: HttpRequest, article: Article) -> CommentQuerySet:
    """The visible comments with a higher number than the address says. Raises Http404 if it says none."""
    last = request.GET.get("after", "")
    if not is_number(last):
        raise Http404("after must be a number.")
    found: CommentQuerySet = Comment.objects.visible().filter(article=article, pk__gt=int(last))
    return found


def _was_shown(comment: Comment) -> bool:
    """Whether readers once saw a comment that is gone: what was held first may never have been seen."""
    if comment.status == Comment.Status.REJECTED:
        visible = Comment.Status.VISIBLE
        return comment.decisions.filter(Q(status_before=visible) | Q(status_after=visible)).exists()
    is_deleted = comment.status == Comment.Status.DELETED
    return is_deleted and not comment.decisions.filter(action__in=NEVER_SHOWN).exists()
