"""Mails about an account: templates in templates/account/email/ and templates/mfa/email/, in words alone.

How they look is made of these words, so the two parts of a mail never say different things. A text has blocks
with empty lines between them: a paragraph, a code that stands four spaces in, or what a link does with a
colon, and its address on the next line. The last one is the signature.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from pulse import outbox


@dataclass(frozen=True)
class Block:
    """A paragraph of a mail, or a code, or what a link does."""

    words: str
    url: str = ""
    is_code: bool = False


def send(kind: str, *, to: str, once: str, **context: Any) -> None:
    """Send this mail once the transaction commits; with the same `once` never again. One query.

    For those that no page of allauth's sends.
    """
    known = {**site(), **context}
    text = render_to_string(f"account/email/{kind}_message.txt", known).strip()
    outbox.send(
        key=f"{kind}:{once}",
        kind=kind,
        to=to,
        subject=render_to_string(f"account/email/{kind}_subject.txt", known),
        text=f"{text}\n",
        html=html_of(text),
    )


def html_of(text: str) -> str:
    """The same mail as it looks."""
    *blocks, _ = text.strip().split("\n\n")
    return render_to_string("accounts/email/message.html", {**site(), "blocks": map(_block, blocks)})


def _block(text: str) -> Block:
    first, _, second = text.partition("\n")
    if second.startswith(("https://", "http://")):
        return Block(first.removesuffix(":"), url=second.strip())
    return Block(text.strip(), is_code=text.startswith("    "))


def site() -> dict[str, str]:
    """What every mail knows of the publication."""
    return {"site_name": settings.PULSE_SITE_NAME, "base_url": settings.BASE_URL}
