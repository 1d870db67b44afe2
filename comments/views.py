"""Posting a comment, with script and without; permalinks; reports."""

from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid5

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from articles.models import Article
from comments import moderation, writing
from comments.forms import PostForm, ReportForm
from comments.models import Comment, new_key
from comments.pipeline import Refused, not_public
from comments.querysets import CommentQuerySet
from comments.threads import Discussion, Note, address, byline_users


class SeeOther(HttpResponseRedirect):
    """After a form: fetch that page, whatever the method was."""

    status_code = 303


@require_POST
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """Post a comment: a form is led to it, a script gets it as JSON.

    Refused: the reason, and the reader's words in the same form. Anonymous: to sign-in, and back from there.
    """
    article = Article.objects.live().filter(Q(slug=slug) | Q(previous_slugs__slug=slug)).first()
    if not isinstance(request.user, User):
        return _sign_in_first(request, article)
    form = PostForm(request.POST)
    body = request.POST.get("body", "")
    try:
        return _posted(request, _post(request.user, article, body, form))
    except Refused as refusal:
        return _refused(request, refusal, article, body, form)


@require_safe
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment's permalink, which leads to its place on the right page of the discussion."""
    found = get_object_or_404(_readable().select_related("article", "root"), pk=pk)
    return HttpResponseRedirect(address(found))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which rule a comment breaks, and pass it on to the moderators, once per reader."""
    reader = cast(User, request.user)
    found = get_object_or_404(_readable().select_related("author"), pk=pk)
    form = ReportForm(request.POST or None)
    context: dict[str, Any] = {"comment": found, "form": form, "back": found.get_absolute_url()}
    status = 200
    try:
        if form.is_valid():
            moderation.report(comment=found, by=reader, reason=form.cleaned_data["reason"])
            context["sentence"] = "Thank you. A moderator will read this comment."
        elif request.method == "POST":
            status = 400
    except Refused as refusal:
        context["sentence"], status = refusal.sentence, refusal.status
    return render(request, "comments/report.html", context, status=status)


def _readable() -> CommentQuerySet:
    """Comments that anybody can read: visible, in a discussion that is shown, under a public story."""
    shown = Article.objects.live().exclude(discussion=Article.Discussion.HIDDEN)
    return Comment.objects.visible().filter(article__in=shown)


def _post(reader: User, article: Article | None, body: str, form: PostForm) -> Comment:
    if article is None:
        raise not_public()
    if not form.is_valid():
        raise Refused("This form was incomplete. Your text is here: post it again.", 400)
    parent = form.cleaned_data["parent"]
    # Sending a form twice is once. The same form reached with Back and filled with other words is not.
    key = uuid5(form.cleaned_data["key"], f"{parent.pk if parent else ''} {body}")
    return writing.post(article=article, by=reader, body=body, parent=parent, key=str(key))


def _posted(request: HttpRequest, comment: Comment) -> HttpResponse:
    url = address(comment)
    if not _wants_json(request):
        return SeeOther(url)
    context = {
        "note": Note(comment),
        "reader": request.user,
        "shown": Discussion([], 1),
        "byline_users": byline_users(comment.article),
        "may_reply": True,
    }
    html = render_to_string("comments/_posted.html", context)
    return JsonResponse({"html": html, "count": comment.article.comment_count, "url": url}, status=201)


def _refused(
    request: HttpRequest, refusal: Refused, article: Article | None, body: str, form: PostForm
) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": refusal.sentence}, status=refusal.status)
    context: dict[str, Any] = {"sentence": refusal.sentence, "article": article, "body": body}
    if article is not None:
        parent, live = form.cleaned_data.get("parent"), article.live_revision()
        context |= {
            "headline": live.headline if live else "",
            "url": article.get_absolute_url(),
            "label": "Add to the discussion",
            "key": new_key(),
            "max_chars": settings.PULSE_MAX_COMMENT_CHARS,
        }
        if parent and parent.is_visible and parent.article_id == article.pk:
            context |= {"label": f"Reply to {parent.author}", "parent": parent.pk}
    return render(request, "comments/refused.html", context, status=refusal.status)


def _sign_in_first(request: HttpRequest, article: Article | None) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": "You are signed out. Sign in, then post this again."}, status=401)
    back = f"{article.get_absolute_url()}#discussion" if article else "/"
    return SeeOther(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
