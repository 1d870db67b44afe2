"""The motif in a page: a stored trace, and a reader's signature."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from pulse.art import SIGNATURE_HEIGHT, SIGNATURE_WIDTH, signature

register = template.Library()


@register.inclusion_tag("_trace.html")
def trace_svg(
    path: str, width: int, height: int = 26, css_class: str = "", *, stretch: bool = False
) -> dict[str, Any]:
    """A trace whose path was stored when the story was saved. `stretch` fills the width its CSS gives it.

    Hidden from assistive technology: the minutes stand beside it.
    """
    return {"path": path, "width": width, "height": height, "css_class": css_class, "stretch": stretch}


@register.simple_tag(name="signature")
@lru_cache(maxsize=10_000)
def signature_svg(user_id: object, css_class: str = "") -> SafeString:
    """A reader's avatar, drawn from their id and kept in the process; the name stands beside it."""
    drawn = {"path": signature(user_id), "width": SIGNATURE_WIDTH, "height": SIGNATURE_HEIGHT}
    return render_to_string("_signature.html", drawn | {"css_class": css_class})
