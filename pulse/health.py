"""For load balancers and operators: /healthz says the process answers, /readyz that its parts do."""

import logging

from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

logger = logging.getLogger(__name__)


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"process": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 without the database. A silent cache is reported and tolerated: the site serves without it."""
    is_database_ok = _database_answers()
    parts = {"database": is_database_ok, "cache": _cache_answers()}
    report = {part: "ok" if is_ok else "unreachable" for part, is_ok in parts.items()}
    return JsonResponse(report, status=200 if is_database_ok else 503)


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
