"""A picture of the library in a page."""

from typing import Any

from django import template

from images.library import sized
from images.models import Image
from pulse.figures import DRAWN_WIDTH

register = template.Library()

# Where a picture stands: the family of presets it shows, and how wide it is drawn (see static/css).
PLACEMENTS = {
    "lead": ("card", "(min-width: 90rem) 56rem, (min-width: 62rem) 64vw, 100vw"),
    "card": ("card", "(min-width: 90rem) 26rem, (min-width: 46rem) 31vw, 100vw"),
    "square": ("square", "(min-width: 90rem) 29rem, (min-width: 62rem) 33vw, 100vw"),
    "inline": ("whole", DRAWN_WIDTH),
}


@register.inclusion_tag("images/_picture.html")
def picture(
    image: Image, placement: str, *, alt: str | None = None, eager: bool = False, css_class: str = ""
) -> dict[str, Any]:
    """A picture in the sizes of its placement. No query if its renditions are prefetched.

    `alt` replaces the picture's own text, and "" says that here it is decoration. `eager` is for the first
    picture of a page, which should not wait.
    """
    family, sizes = PLACEMENTS[placement]
    return {
        "picture": sized(image, family),
        "alt": image.alt if alt is None else alt,
        "sizes": sizes,
        "eager": eager,
        "css_class": css_class,
    }
