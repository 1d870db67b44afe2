"""Structured data of every app: the way to a page (https://schema.org/BreadcrumbList), and a graph."""

from typing import Any

from django.conf import settings

from pulse.addresses import absolute

Step = tuple[str, str]  # a name and a path


def trail(*steps: Step) -> dict[str, Any]:
    """The way to a page from the front page, which is the first step of each; the page itself is the last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": absolute(path)}
            for number, (name, path) in enumerate([(settings.PULSE_SITE_NAME, "/"), *steps], start=1)
        ],
    }


def graph(*things: dict[str, Any]) -> dict[str, Any]:
    """Several things in one block of JSON-LD."""
    return {"@context": "https://schema.org", "@graph": list(things)}
