"""Writing a comment or an answer, with script and without: preview, post, and what is not taken."""

from typing import Any
from uuid import uuid5

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from accounts.models import User
from articles.models import Article
from comments import anchors, writing
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
from comments.forms import PostForm
from comments.mentions import mentions
from comments.models import Comment
from comments.parts import WHOLE_STORY, StoryPart
from comments.pipeline import Refused, not_public, tidy
from comments.reasons import why
from comments.threads import Discussion, Note, address, byline_users
from pulse.addresses import path_of
from pulse.text import TextTooLong, reader

UNANCHORED = "The passage it was about is no longer in the story, so your comment is about the whole story."


@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """Post a comment or show how it would look: a form is led to it, a script gets it as JSON.

    Refused: the reason, and the reader's words in the same form. Signed out: to sign-in, and from there back
    to the words, which wait in the session.
    """
    live = Article.objects.live()
    article = live.filter(slug=slug).first() or live.filter(previous_slugs__slug=slug).first()
    if not isinstance(request.user, User):
        return _signed_out(request, article)
    if request.method != "POST":
        return _write_again(request, article)
    form, body = PostForm(request.POST), request.POST.get("body", "")
    form.is_valid()
    try:
        return _answered(request, request.user, article, body, form)
    except Refused as refusal:
        if wants_json(request):
            return refused_as_json(refusal)
        heading = "Your comment was not posted"
        return _page(request, article, body, form, heading=heading, refusal=refusal)


@in_time
def _answered(
    request: HttpRequest, by: User, article: Article | None, body: str, form: PostForm
) -> HttpResponse:
    """A preview, the form without its passage, or the comment. Raises Refused."""
    if article is None:
        raise not_public()
    if "preview" in request.POST:
        return _preview(request, by, article, body, form)
    if "drop_about" in request.POST:
        form.cleaned_data["part"] = ""
        return _page(request, article, body, form, heading="Your comment")
    limit(request, "comments", most=settings.PULSE_COMMENTS_PER_NETWORK)
    return _posted(request, _post(by, article, body, form), about=form.about)


def rendered(body: str, article: Article, by: User) -> str:
    """A comment as it would look. Raises Refused."""
    text = tidy(body)
    try:
        return reader(text, mark=mentions(text, article, by=by).mark)
    except TextTooLong as error:
        raise Refused(str(error), 400) from error


def _post(by: User, article: Article, body: str, form: PostForm) -> Comment:
    if form.errors:
        raise Refused("This form was incomplete. Your text is here: post it again.", 400)
    parent = form.cleaned_data["parent"]
    # Sending a form twice is once. The same form reached with Back and filled with other words is not.
    key = uuid5(form.cleaned_data["key"], f"{parent.pk if parent else ''} {body}")
    return writing.post(article=article, by=by, body=body, parent=parent, key=str(key), about=form.about)


def _posted(request: HttpRequest, comment: Comment, *, about: StoryPart) -> HttpResponse:
    forget_kept(request)
    told = why(comment) if not comment.is_visible else ""
    if about.part and not comment.part and not comment.parent_id:
        told = f"{told} {UNANCHORED}".strip()
    url = place(comment)
    if wants_json(request):
        answer = {"html": shown(request, comment), "count": comment.article.comment_count, "url": url}
        return JsonResponse({**answer, "status": comment.status, "told": told}, status=201)
    if told:
        messages.info(request, told)
    return SeeOther(url)


def place(comment: Comment) -> str:
    """Where its author reads a comment; one that waits stands on the first page, for them alone."""
    is_waiting = comment.is_its_authors and not comment.is_visible
    return f"{comment.article.get_absolute_url()}#{comment.anchor}" if is_waiting else address(comment)


def shown(request: HttpRequest, comment: Comment) -> str:
    """One comment as its author sees it in its place."""
    context = {
        "note": Note(comment),
        "reader": request.user,
        "shown": Discussion([], 1),
        "byline_users": byline_users(comment.article),
        "url": comment.article.get_absolute_url(),
        "may_reply": True,
        "may_respect": True,
    }
    return render_to_string("comments/_posted.html", context)


def _preview(request: HttpRequest, by: User, article: Article, body: str, form: PostForm) -> HttpResponse:
    """How the words would look. Nothing is stored. Raises Refused."""
    limit(request, "previews", reader=by.pk, most=settings.PULSE_PREVIEWS_PER_MINUTE)
    preview = rendered(body, article, by)
    if wants_json(request):
        return JsonResponse({"html": preview})
    return _page(request, article, body, form, heading="Preview of your comment", preview=preview)


def _page(
    request: HttpRequest, article: Article | None, body: str, form: PostForm, **context: Any
) -> HttpResponse:
    told = getattr(form, "cleaned_data", {})
    return write_page(
        request,
        article,
        body=body,
        parent=told.get("parent"),
        about=_named(article, form.about),
        **context,
    )


def _named(article: Article | None, about: StoryPart) -> StoryPart:
    """The part with its name, for the form that gives the words back."""
    live = article.revisions.live().first() if article and about.part else None
    return anchors.in_revision(about, live) if live else WHOLE_STORY


def _signed_out(request: HttpRequest, article: Article | None) -> HttpResponse:
    if request.method == "POST":
        back = path_of("comments:post", article.slug) if article else "/"
        return sign_in_first(request, back=back, keep=article is not None)
    return _to_discussion(article)


def _write_again(request: HttpRequest, article: Article | None) -> HttpResponse:
    """Back from sign-in: the words that waited. Nothing else is to be read at this address."""
    waiting = kept(request)
    if not waiting:
        return _to_discussion(article)
    form = PostForm(waiting)
    form.is_valid()
    return _page(request, article, waiting.get("body", ""), form, heading="Your comment is still here")


def _to_discussion(article: Article | None) -> HttpResponse:
    if article is None:
        raise Http404
    return SeeOther(f"{article.get_absolute_url()}#discussion")
