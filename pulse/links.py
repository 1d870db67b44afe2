"""Which addresses a text may lead to, and which it may show pictures from."""

import re

from django.conf import settings
from markdown_it.token import Token

# http and https with a host, mailto, a path of this site, or a place on the same page. Not //host and not
# /\host, which browsers take for another site, and no space, backslash or control character anywhere.
LINK = re.compile(r"(?:https?://[^\s\\/?#]|mailto:|/(?!/)|#)[^\s\\\x00-\x1f\x7f]*", re.IGNORECASE)
FILE = re.compile(r"[A-Za-z0-9_\-./]+")
CANDIDATE = re.compile(r"(\S+) (?:\d{1,5}w|\d(?:\.\d{1,2})?x)")


def is_link(address: str) -> bool:
    """Whether a link may lead there."""
    return LINK.fullmatch(address) is not None


def is_ours(address: str) -> bool:
    """Whether an address is that of a file of ours, under MEDIA_URL; only such pictures are shown."""
    path = address.removeprefix(settings.MEDIA_URL)
    return path != address and FILE.fullmatch(path) is not None and ".." not in path


def is_srcset_of_ours(srcset: str) -> bool:
    """Whether every candidate of a srcset is a file of ours."""
    candidates = [CANDIDATE.fullmatch(candidate.strip()) for candidate in srcset.split(",")]
    return all(candidate is not None and is_ours(candidate[1]) for candidate in candidates)


def is_elsewhere(address: str) -> bool:
    """Whether a link leads to another site."""
    here = settings.BASE_URL
    return address.lower().startswith(("http:", "https:")) and not (address + "/").startswith(here + "/")


def keep_good_links(tokens: list[Token]) -> None:
    """Take away links that may not be followed, leaving their text; mark those that lead elsewhere."""
    for token in tokens:
        is_kept = True  # links do not nest, so one answer at a time is enough
        for child in token.children or []:
            if child.type == "link_open":
                address = str(child.attrGet("href") or "")
                is_kept = is_link(address)
                if is_elsewhere(address):
                    child.attrSet("rel", "noopener")
            if child.type in {"link_open", "link_close"} and not is_kept:
                _become_text(child)


def _become_text(edge: Token) -> None:
    """Turn either end of a link into what was typed there: nothing, or the angle brackets of <a:b>."""
    bracket = "<" if edge.nesting == 1 else ">"
    edge.content = bracket if edge.info == "auto" else ""
    edge.type, edge.tag, edge.nesting = "text", "", 0
