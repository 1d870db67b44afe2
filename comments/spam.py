"""A spam service, if the newsroom has one: asked before a comment's transaction begins, and not for long.

PULSE_SPAM_SERVICE is the dotted path of a function that takes a Message and returns "ham", "spam" or
"unsure". It may ask a machine far away. If it is slow, fails or says something else, the comment is taken as
if there were none, and it is left alone for a while.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from articles.models import Article

OPINIONS = {"ham", "spam", "unsure"}
Verb = TypeVar("Verb", bound=Callable[..., Any])

logger = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="spam")
_rests_until = 0.0  # by the monotonic clock: after a failure


@dataclass(frozen=True)
class Message:
    """What a spam service is told: never an e-mail address, nor where somebody writes from."""

    body: str
    author_name: str
    author_joined_at: dt.datetime
    article_path: str
    is_edit: bool


def ask(message: Message) -> str:
    """What the service thinks of a message; empty if there is none, or it gave no answer in time."""
    global _rests_until
    if not settings.SPAM_SERVICE or time.monotonic() < _rests_until:
        return ""
    try:
        service = import_string(settings.SPAM_SERVICE)
        opinion = _threads.submit(service, message).result(timeout=settings.PULSE_SPAM_TIMEOUT)
        if opinion not in OPINIONS:
            raise ValueError(f"The spam service said {str(opinion)[:100]!r}.")
    except Exception:
        _rests_until = time.monotonic() + settings.PULSE_SPAM_REST
        logger.exception("The spam service gave no opinion; comments are taken without one for a while.")
        return ""
    return str(opinion)


def asks_first(verb: Verb) -> Verb:
    """Have the service asked before a verb's transaction begins; the verb gets the answer as `opinion`."""

    @wraps(verb)
    def asking(**given: Any) -> Any:
        if not settings.SPAM_SERVICE or given["by"].is_staff:
            return verb(**given)
        edited = given.get("comment")
        article = edited.article if edited else given["article"]
        return verb(**given, opinion=ask(_message(given["by"], article, given["body"], is_edit=bool(edited))))

    return cast(Verb, asking)


def _message(author: User, article: Article, body: str, *, is_edit: bool) -> Message:
    return Message(
        body=body[: settings.PULSE_MAX_COMMENT_CHARS],
        author_name=author.display_name,
        author_joined_at=author.joined_at,
        article_path=article.get_absolute_url(),
        is_edit=is_edit,
    )
