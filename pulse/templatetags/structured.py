"""Structured data for machines, in a page."""

import datetime as dt
import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from pulse import addresses

register = template.Library()
register.filter(addresses.absolute)

# Inside <script> a browser looks for </script> and <!-- and nothing else; neither is possible without these.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """`{{ data|json_ld }}`: the data as a JSON-LD block, which no text in it can end."""
    json_text = json.dumps(data, cls=DjangoJSONEncoder).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(json_text))  # noqa: S308


@register.filter
def iso(moment: dt.datetime | None) -> str:
    """A moment as HTML's `datetime` takes it, to the second: of a fraction it takes three digits at most."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""
