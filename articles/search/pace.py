"""How many searches one network may make in a minute."""

import ipaddress
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MINUTE = 60
STEP = 10  # searches of a network that a process counts by itself, so that most searches write nothing
IPV6_NETWORK = 64  # bits; a household or a server has that many addresses of its own


class TooManySearches(Exception):  # noqa: N818 - what happened, as in images.pace
    """A network searches faster than anybody reads; `seconds` says when to go on."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Wait {seconds} seconds.")
        self.seconds = seconds


@dataclass
class Minute:
    """What this process counted in one minute, by network, and what it last heard of all processes."""

    number: int = 0
    own: dict[str, int] = field(default_factory=dict)
    everybody: dict[str, int] = field(default_factory=dict)


_now = Minute()


def count_search(request: HttpRequest) -> None:
    """Count a search; TooManySearches beyond PULSE_SEARCHES_PER_MINUTE.

    All processes count together, through the cache, in steps of ten. Where that forgets or does not answer,
    each counts for itself.
    """
    global _now
    minute, passed = divmod(int(time.time()), MINUTE)
    if _now.number != minute:
        _now = Minute(minute)
    counted, network = _now, network_of(request)
    own = counted.own[network] = counted.own.get(network, 0) + 1
    if own % STEP == 0:
        counted.everybody[network] = _shared(f"searches:{network}:{minute}")
    if max(own, counted.everybody.get(network, 0) + own % STEP) > settings.PULSE_SEARCHES_PER_MINUTE:
        raise TooManySearches(MINUTE - passed)


def forget_paces() -> None:
    """Begin to count anew, in this process."""
    global _now
    _now = Minute()


def _shared(key: str) -> int:
    """Tell the others of a step, and hear how many searches there were in all. Two calls to the cache."""
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        return cache.incr(key, STEP)
    except ValueError:  # gone from the cache between the two calls
        return 0


def network_of(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 address.

    What the request says of itself in X-Forwarded-For counts only behind PULSE_TRUSTED_PROXIES, and then
    only what the outermost of those wrote.
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    is_forwarded = 0 < proxies <= len(forwarded)
    text = forwarded[-proxies] if is_forwarded else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
    return str(address)
