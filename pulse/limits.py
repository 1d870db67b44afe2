"""How often somebody may do something: one way of counting, for readers and for networks.

    count("comments", of_network(request), most=settings.PULSE_COMMENTS_PER_NETWORK)      # a minute
    count("reports", of_reader(user.pk), most=settings.PULSE_REPORTS_PER_HOUR, within=HOUR)

raises TooMany, which knows how long: `refusal.seconds` for Retry-After, `refusal.wait` for a sentence.
"""

import ipaddress
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
IPV6_NETWORK = 64  # bits; a household or a server has that many addresses of its own
REMEMBERED = 10_000  # counts that one process keeps; beyond that it forgets those that are over
UNKNOWN = "unknown"


class TooMany(Exception):  # noqa: N818 - an answer, not a fault
    """Enough for now. `seconds` says when the next one is taken, as in Retry-After."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"Wait {self.wait}.")

    @property
    def wait(self) -> str:
        """“1 second”, “40 seconds”; from two minutes on “3 minutes”, never less than the seconds are."""
        number, unit = (self.seconds, "second") if self.seconds < 2 * MINUTE else self._minutes()
        return f"{number} {unit}{'' if number == 1 else 's'}"

    def _minutes(self) -> tuple[int, str]:
        if self.seconds <= 2 * HOUR:
            return -(-self.seconds // MINUTE), "minute"
        return -(-self.seconds // HOUR), "hour"


@dataclass
class Counted:
    """What this process counted of one thing in one period, and what it last heard of all processes."""

    ends_at: int
    own: int = 0
    everybody: int = 0


_counts: dict[str, Counted] = {}


def count(name: str, who: str, *, most: int, within: int = MINUTE, step: int = 1) -> None:
    """Count one more try of somebody, taken or not; raise TooMany beyond `most` within so many seconds.

    `name` says what is counted; `who` comes from `of_network` or `of_reader`. Periods begin on the clock, at
    each full minute or hour. All processes count together, through the cache, in steps of `step`: with a
    larger one most tries cost nothing, and up to a step for each process slips through. Where the cache
    forgets or does not answer, each process counts for itself. Two calls to the cache a step. Count before a
    transaction begins: inside one the count would be rolled back with it.
    """
    period, passed = divmod(int(time.time()), within)
    left = within - passed
    counted = _counted(f"{name}:{who}:{period}", ends_at=(period + 1) * within)
    counted.own += 1
    if counted.own % step == 0:
        counted.everybody = _shared(f"limit:{name}:{who}:{period}", step, left)
    if max(counted.own, counted.everybody + counted.own % step) > most:
        raise TooMany(left)


def forget_counts() -> None:
    """Begin to count anew, in this process."""
    _counts.clear()


def of_reader(pk: int) -> str:
    """Somebody who is signed in, as `count` knows them."""
    return f"reader-{pk}"


def of_network(request: HttpRequest) -> str:
    """Where a request comes from, as `count` knows it: an IPv4 address, or the network of an IPv6 address."""
    address = _parsed(address_of(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(address or UNKNOWN)


def address_of(request: HttpRequest) -> str:
    """The address a request comes from; “unknown” if it is none.

    What the request says of itself in X-Forwarded-For counts only behind PULSE_TRUSTED_PROXIES, and then
    only what the outermost of those wrote.
    """
    proxies = settings.TRUSTED_PROXIES
    header = request.headers.get("X-Forwarded-For", "")
    forwarded = header.split(",") if header else []
    is_forwarded = 0 < proxies <= len(forwarded)
    return str(
        _parsed(forwarded[-proxies] if is_forwarded else request.META.get("REMOTE_ADDR", "")) or UNKNOWN
    )


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address, without the zone of a local one; an IPv4 address that is written as IPv6 is itself."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _counted(key: str, *, ends_at: int) -> Counted:
    if key not in _counts and len(_counts) >= REMEMBERED:
        _forget_ended()
    return _counts.setdefault(key, Counted(ends_at))


def _forget_ended() -> None:
    """Make room. If all periods are still running, they are forgotten here and the cache still knows them."""
    now = time.time()
    running = {key: counted for key, counted in _counts.items() if counted.ends_at > now}
    _counts.clear()
    if len(running) < REMEMBERED:
        _counts.update(running)


def _shared(key: str, step: int, left: int) -> int:
    """Tell the other processes of a step, and hear how many there were in all; 0 if nobody knows."""
    cache.add(key, 0, timeout=left + MINUTE)
    try:
        number = cache.incr(key, step)
    except ValueError:  # gone from the cache between the two calls
        return 0
    if left > MINUTE:
        cache.touch(key, timeout=left + MINUTE)  # the database's cache forgets the time when it counts
    return number
