"""Links: how many, where to, and from whom."""

import html
import re
from urllib.parse import unquote, urlsplit

from django.conf import settings

from comments.rulings import Attempt, Ruling
from pulse.lookalikes import folded

HREF = re.compile(r'<a href="([^"]*)"')
BARE = re.compile(r"(?:https?://|\bwww\.)[^\s<>()\[\]\"]+", re.IGNORECASE)


def hosts_are_allowed(attempt: Attempt) -> Ruling | None:
    banned = {host for line in attempt.rules.banned_hosts.splitlines() if (host := host_of(line.strip()))}
    for host in hosts(attempt):
        if any(host == one or host.endswith(f".{one}") for one in banned):
            return Ruling(
                "rejected", reason="spam", sentence=f"It was not published: we allow no links to {host}."
            )
    return None


def links_are_few(attempt: Attempt) -> Ruling | None:
    limit = settings.PULSE_COMMENT_LINKS
    if len(hosts(attempt)) <= limit:
        return None
    return Ruling(
        "pending",
        reason="spam",
        sentence=f"A comment with more than {limit} link{'' if limit == 1 else 's'} is read by a moderator "
        "before it appears.",
    )


def links_are_from_somebody_known(attempt: Attempt) -> Ruling | None:
    is_known = attempt.author.has_spoken and not attempt.author.is_new
    if is_known or not hosts(attempt):
        return None
    return Ruling(
        "pending",
        reason="spam",
        sentence="A new reader’s comment with a link is read by a moderator before it appears.",
    )


def hosts(attempt: Attempt) -> list[str]:
    """Where a comment leads, a host for each link, our own left out."""
    followed = [html.unescape(address) for address in HREF.findall(attempt.html)]
    typed = BARE.findall(attempt.body)
    # what is typed bare and followed is one link
    links = dict.fromkeys((host_of(address), _path(address)) for address in [*followed, *typed])
    return [host for host, _ in links if host and host != host_of(settings.BASE_URL)]


def host_of(address: str) -> str:
    """The host of an address, or of a mere host, as it looks, without www; empty if it has none."""
    if address.lower().startswith("mailto:"):
        return address.rpartition("@")[2].partition("?")[0].lower()
    if "://" not in address:
        address = "" if address.startswith(("/", "#")) else f"//{address}"
    try:
        host = urlsplit(address.rstrip(".,;:!?")).hostname or ""
    except ValueError:
        return ""
    return folded(_readable(host)).rstrip(".").removeprefix("www.")


def _path(address: str) -> str:
    return unquote(address.rpartition("://")[2].partition("/")[2]).rstrip(".,;:!?/")


def _readable(host: str) -> str:
    """A host as a browser reads it, where a link has it in the letters of the network (%65, xn--…)."""
    host = unquote(host)
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
