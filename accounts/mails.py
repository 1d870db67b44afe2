"""Mails about an account that no page of allauth's sends: templates in templates/account/email/."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from pulse import outbox


def send(kind: str, *, to: str, once: str, **context: Any) -> None:
    """Send this mail once the transaction commits; with the same `once` never again. One query."""
    known = {"site_name": settings.PULSE_SITE_NAME, "base_url": settings.BASE_URL, **context}
    outbox.send(
        key=f"{kind}:{once}",
        kind=kind,
        to=to,
        subject=render_to_string(f"account/email/{kind}_subject.txt", known),
        text=render_to_string(f"account/email/{kind}_message.txt", known).strip() + "\n",
    )
