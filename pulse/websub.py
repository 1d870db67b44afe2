"""WebSub (https://www.w3.org/TR/websub/): the hub is told which feeds have changed, and tells their readers.

Apps name their feeds with `feeds_changed_by`. The worker looks through what changed on the site's pages, and
tells the hub of a feed if what it holds is not what it held when the hub last heard of it.
"""

import datetime as dt
import logging
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from pulse.changes import LATE
from pulse.models import Change, Heartbeat
from pulse.syndication import FORMS

logger = logging.getLogger(__name__)

JOB = "tell the hub"
TOLD_AT_ONCE = 60  # feeds named in one call
REMEMBERED = 30 * 24 * 60 * 60  # seconds; of a feed that was silent for longer the hub is told once too often

Held = tuple[str, object]  # where a feed stands, and what is in it: its repr() is compared
Ask = Callable[[set[str]], Iterable[Held]]

_asked: list[Ask] = []


def feeds_changed_by(ask: Ask) -> None:
    """Ask this function which feeds may show what these tags changed, and what each holds now.

    Tags are those of `pulse.tags`. Apps say so when they start. A feed too many does no harm.
    """
    _asked.append(ask)


def tell_hub() -> None:
    """The worker's job. Raises OSError if the hub cannot be reached or refuses: then it is told later.

    Changes are looked at for two minutes, since a transaction may commit that long after it named its change.
    """
    if not settings.WEBSUB_HUB:
        return
    marks = {root: mark for root, mark in _marks() if cache.get(_key(root)) != mark}
    addresses = [f"{settings.BASE_URL}{root}feeds/{form}/" for root in marks for form in FORMS]
    for start in range(0, len(addresses), TOLD_AT_ONCE):
        _tell(addresses[start : start + TOLD_AT_ONCE])
    cache.set_many({_key(root): mark for root, mark in marks.items()}, REMEMBERED)


def _marks() -> Iterator[tuple[str, str]]:
    """Of each feed that may have changed, where it stands and a mark of what it holds now."""
    tags = _changed_tags()
    for ask in _asked if tags else []:
        yield from ((root, _digest(repr(held))) for root, held in ask(tags))


def _changed_tags() -> set[str]:
    beat = Heartbeat.objects.filter(name=JOB).values_list("beat_at", flat=True).first()
    since = (beat or timezone.now()) - dt.timedelta(seconds=LATE)
    rows = Change.objects.filter(made_at__gt=since).values_list("tags", flat=True)
    return {tag for tags in rows for tag in tags.split()}


def _key(root: str) -> str:
    return f"websub:{_digest(root)}"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _tell(addresses: list[str]) -> None:
    """One form to the hub, which answers with any success. Each `hub.url` is a feed to be fetched."""
    form = [("hub.mode", "publish"), *(("hub.url", address) for address in addresses)]
    request = urllib.request.Request(  # noqa: S310 - the operator's own address
        settings.WEBSUB_HUB, data=urllib.parse.urlencode(form).encode()
    )
    with urllib.request.urlopen(request, timeout=settings.PULSE_WEBSUB_TIMEOUT):  # noqa: S310
        logger.info("The hub was told of %s feeds.", len(addresses))
