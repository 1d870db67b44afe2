"""What a reader may still do with a comment of their own: change it for a while, and take it back."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from articles.models import Article
from comments import writing
from comments.answers import (
    SeeOther,
    forget_kept,
    in_time,
    kept,
    limit,
    refused_as_json,
    sign_in_first,
    wants_json,
    write_page,
)
from comments.forms import EditForm
from comments.models import Comment
from comments.pipeline import Refused
from comments.posting import place, rendered, shown
from comments.reasons import why
from pulse.addresses import path_of

GONE = "This comment is no longer here."


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words of one's own comment, for PULSE_COMMENT_EDIT_MINUTES: a page, or JSON for a script.

    Refused: the reason, and the new words in the same form.
    """
    if not isinstance(request.user, User):
        return sign_in_first(request, back=request.path, keep=request.method == "POST")
    comment = _own(request.user, pk)
    body = request.POST.get("body", "")
    try:
        if request.method == "POST":
            return _changed(request, request.user, comment, body)
        return _form(request, comment)
    except Refused as refusal:
        if wants_json(request):
            return refused_as_json(refusal)
        comment.refresh_from_db()
        heading = "Your comment was not changed"
        return _page(request, comment, body or comment.body, heading=heading, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to take one's own comment back, and do it. Taking it back twice is once."""
    if not isinstance(request.user, User):
        return sign_in_first(request, back=request.path)
    comment = _own(request.user, pk, gone_too=True)
    sentence, status = "", 200
    if request.method == "POST":
        try:
            return _deleted(request, request.user, comment)
        except Refused as refusal:
            if wants_json(request):
                return refused_as_json(refusal)
            sentence, status = refusal.sentence, refusal.status
    elif comment.status == Comment.Status.DELETED:
        raise Http404(GONE)
    back = place(comment) if _is_public(comment) else path_of("accounts:comments")
    context = {"comment": comment, "sentence": sentence, "back": back}
    return render(request, "comments/delete.html", context, status=status)


def _own(by: User, pk: int, *, gone_too: bool = False) -> Comment:
    """A comment of this reader's. Http404 for anybody else's.

    With `gone_too` also a deleted one, and one whose story is off the site: it may come back.
    """
    comments = Comment.objects.filter(author=by).select_related("article", "author")
    comment: Comment = get_object_or_404(comments, pk=pk)
    if not gone_too and (comment.status == Comment.Status.DELETED or not _is_public(comment)):
        raise Http404(GONE)
    return comment


@in_time
def _changed(request: HttpRequest, by: User, comment: Comment, body: str) -> HttpResponse:
    """A preview, or the changed comment. Raises Refused."""
    if "preview" in request.POST:
        limit(request, "previews", reader=by.pk, most=settings.PULSE_PREVIEWS_PER_MINUTE)
        html = rendered(body, comment.article, by)
        if wants_json(request):
            return JsonResponse({"html": html})
        return _page(request, comment, body, heading="Preview of your change", preview=html)
    limit(request, "comments", most=settings.PULSE_COMMENTS_PER_NETWORK)
    limit(request, "edits", reader=by.pk, most=settings.PULSE_EDITS_PER_MINUTE)
    form = EditForm(request.POST)
    if not form.is_valid():
        raise Refused("This form was incomplete. Your text is here: save it again.", 400)
    found = writing.edit(comment=comment, by=by, body=body, text_number=form.cleaned_data["text_number"])
    forget_kept(request)
    told = "" if found.is_visible else why(found)
    if wants_json(request):
        answer = {"html": shown(request, found), "url": place(found), "status": found.status}
        return JsonResponse({**answer, "count": found.article.comment_count, "told": told})
    if told:
        messages.info(request, told)
    return SeeOther(place(found))


@in_time
def _deleted(request: HttpRequest, by: User, comment: Comment) -> HttpResponse:
    if not writing.delete(comment=comment, by=by) and comment.status == Comment.Status.REJECTED:
        raise Refused("A moderator has removed this comment already.", 409)
    comment.article.refresh_from_db(fields=["comment_count"])
    if wants_json(request):
        return JsonResponse({"count": comment.article.comment_count, "told": "Comment deleted"})
    messages.info(request, "Your comment has been deleted.")
    discussion = f"{comment.article.get_absolute_url()}#discussion"
    return SeeOther(discussion if _is_public(comment) else path_of("accounts:comments"))


def _is_public(comment: Comment) -> bool:
    """Whether there is a page that shows the comment's discussion, so that its author can be led there."""
    return Article.objects.live().filter(pk=comment.article_id).exists()


def _form(request: HttpRequest, comment: Comment) -> HttpResponse:
    """The words to be changed: as they are, or those that waited for sign-in. Raises Refused."""
    waiting = kept(request)
    body = waiting.get("body", comment.body)
    writing.refuse_late_edit(comment)
    heading = "Your change is still here" if waiting else "Change your comment"
    return _page(request, comment, body, heading=heading)


def _page(
    request: HttpRequest,
    comment: Comment,
    body: str,
    *,
    heading: str,
    refusal: Refused | None = None,
    preview: str = "",
) -> HttpResponse:
    told = {"heading": heading, "body": body, "refusal": refusal, "preview": preview}
    return write_page(request, comment.article, editing=comment, **told)
