"""For load balancers and operators: /healthz says the process answers, /readyz that its parts do."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from pulse import worker

logger = logging.getLogger(__name__)

UNKNOWN = "unknown"  # its table does not answer, as between an upgrade and its migrations
_reports: dict[str, Callable[[], object]] = {"worker": lambda: worker.state(worker.last_beat())}


def report(name: str, ask: Callable[[], object]) -> None:
    """Have /readyz name what a function answers: a number or a word, from one cheap query. It stays 200."""
    _reports[name] = ask


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"process": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 without the database. Everything else is reported and tolerated: the site serves without it."""
    is_database_ok = _database_answers()
    parts = {"database": is_database_ok, "cache": _cache_answers()}
    answer: dict[str, object] = {part: "ok" if is_ok else "unreachable" for part, is_ok in parts.items()}
    if is_database_ok:
        answer |= {name: _ask(name, ask) for name, ask in _reports.items()}
    return JsonResponse(answer, status=200 if is_database_ok else 503)


def _ask(name: str, ask: Callable[[], object]) -> object:
    try:
        return ask()
    except Error as error:
        logger.error("/readyz cannot say “%s”: %s", name, error)
        return UNKNOWN


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        logger.error("The database does not answer: %s", error)
        return False
    return True


def _cache_answers() -> bool:
    """Whether the cache keeps what it is given. Writes once a minute at most: the cache may be a table."""
    try:
        if cache.get("readyz") != "ok":
            cache.set("readyz", "ok", 60)
        return cache.get("readyz") == "ok"
    except Error as error:
        logger.error("The cache's table does not answer: %s", error)
        return False
