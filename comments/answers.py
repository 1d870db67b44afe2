"""How a form of the discussion is answered: to a page or to a script, and with every word that was typed.

Whatever goes wrong, the words are in the answer or wait for their writer to sign in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url

from articles.models import Article
from comments.models import Comment, new_key
from comments.pipeline import Refused
from pulse.limits import TooMany, count, of_network, of_reader

KEPT = "kept_comment"  # in the session: words that wait for their writer to sign in
KEPT_FIELDS = ["body", "key", "parent", "part", "part_key", "quote", "text_number", "reason", "note"]

BUSY = "Too much is going on at the moment. Nothing is lost: wait a few seconds and send it again."

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class SeeOther(HttpResponseRedirect):
    """After a form: fetch that page, whatever the method was."""

    status_code = 303


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def in_time(act: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """For what writes to the database: raise Refused with 503 where that has no time or was interrupted.

    A row that stays locked, two who wait for each other, a database that starts again: what was sent is not
    stored then, and may be sent again. A key makes sure that it is stored once.
    """

    @wraps(act)
    def tried(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        try:
            return act(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            raise Refused(BUSY, 503, seconds=settings.PULSE_RETRY_SECONDS) from error

    return tried


def limit(request: HttpRequest, name: str, *, reader: int | None = None, most: int) -> None:
    """Count one more try, of a reader or else of the network. Raises Refused with 429."""
    who = of_network(request) if reader is None else of_reader(reader)
    try:
        count(name, who, most=most)
    except TooMany as refusal:
        sentence = f"That was too often in a short time. Wait {refusal.wait}, then send it again."
        raise Refused(sentence, 429, seconds=refusal.seconds) from refusal


def refused_as_json(refusal: Refused) -> JsonResponse:
    return with_retry(JsonResponse({"error": refusal.sentence}, status=refusal.status), refusal)


def with_retry(response: Any, refusal: Refused) -> Any:
    """The same response, saying after how many seconds to try again if it is a matter of time."""
    if refusal.seconds:
        response["Retry-After"] = str(refusal.seconds)
    return response


def sign_in_first(request: HttpRequest, *, back: str, keep: bool = False) -> HttpResponse:
    """To sign-in, and from there `back`. With `keep` the words wait in the session, to be read by `kept`."""
    if wants_json(request):
        return JsonResponse({"error": "You are signed out. Sign in, then send this again."}, status=401)
    fields = {name: request.POST[name] for name in KEPT_FIELDS if name in request.POST}
    if keep and _may_be_kept(request, fields):
        request.session[KEPT] = {"path": back, **fields}
    return SeeOther(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def _may_be_kept(request: HttpRequest, fields: dict[str, str]) -> bool:
    """Whether what was typed signed out is no more than a person writes: it is stored for anybody."""
    try:
        limit(request, "kept", most=settings.PULSE_COMMENTS_PER_NETWORK)
    except Refused:
        return False
    return sum(map(len, fields.values())) <= settings.PULSE_KEPT_TEXT_CHARS


def kept(request: HttpRequest) -> dict[str, str]:
    """The fields of a form at this address that was sent signed out; empty if there was none."""
    found: dict[str, str] = request.session.get(KEPT, {})
    return found if found.get("path") == request.path else {}


def forget_kept(request: HttpRequest) -> None:
    """What waited has been sent."""
    if KEPT in request.session:
        del request.session[KEPT]


def write_page(request: HttpRequest, article: Article | None, **context: Any) -> HttpResponse:
    """The page on which a comment is written that needs another look: refused, previewed, or to be changed.

    `heading` and `body`; perhaps `sentence` (why it was not taken), `preview`, `parent`, `about`, and
    `editing`, the comment to be changed.
    """
    status = context.pop("status", 200)
    refusal: Refused | None = context.pop("refusal", None)
    if refusal:
        context["sentence"], status = refusal.sentence, refusal.status
    editing: Comment | None = context.get("editing")
    parent: Comment | None = context.pop("parent", None)
    context["label"] = "Your comment" if editing else "Add to the discussion"
    if article is not None:
        live = article.revisions.live().only("headline").first()
        context |= {
            "article": article,
            "headline": live.headline if live else "",
            "url": article.get_absolute_url(),
            "key": context.get("key") or new_key(),
            "max_chars": settings.PULSE_MAX_COMMENT_CHARS,
        }
        if parent and parent.is_visible and parent.article_id == article.pk:
            context |= {"label": f"Reply to {parent.author}", "parent": parent.pk}
    response = render(request, "comments/write.html", context, status=status)
    return with_retry(response, refusal) if refusal else response
