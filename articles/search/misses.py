"""What readers searched for and did not find, kept for editors: the words, how often, and when last.

Nothing is kept of who searched, nor what looks as if it were about a person.
"""

import datetime as dt
import hashlib
import logging
import re

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from articles.models import MissedSearch
from articles.search.query import QUOTES, Query

logger = logging.getLogger(__name__)
ONCE_IN = 60  # seconds: a reader who tries again and again is counted once
PERSONAL = re.compile(r"@|\d(?:[\s./-]?\d){6}")  # mail addresses; numbers of telephones, cards and papers


def remember_missed(query: Query) -> None:
    """Count a search that found nothing, once a minute. Three queries; what cannot be written is no error."""
    text = query.text.translate(QUOTES).casefold()
    longest = MissedSearch._meta.get_field("query").max_length or 0
    if not query or len(text) > longest or PERSONAL.search(text):
        return
    key = hashlib.sha256(text.encode()).hexdigest()
    if not cache.add(f"missed:{key}", 1, timeout=ONCE_IN):
        return
    try:
        with transaction.atomic():
            _count(text)
    except DatabaseError:
        logger.warning("A search without results could not be counted", exc_info=True)


def forget_missed() -> bool:
    """The worker's daily job: forget what nobody asked for again. Never more to do."""
    earliest = timezone.now() - dt.timedelta(days=settings.PULSE_MISSED_SEARCH_DAYS)
    MissedSearch.objects.filter(last_at__lt=earliest).delete()
    return False


def _count(text: str) -> None:
    now = timezone.now()
    if MissedSearch.objects.filter(query=text).update(count=F("count") + 1, last_at=now):
        return
    MissedSearch.objects.bulk_create([MissedSearch(query=text, last_at=now)], ignore_conflicts=True)
    kept = settings.PULSE_MISSED_SEARCHES
    rarest = MissedSearch.objects.order_by("-count", "-last_at").values_list("pk", flat=True)[kept:]
    MissedSearch.objects.filter(pk__in=list(rarest)).delete()
