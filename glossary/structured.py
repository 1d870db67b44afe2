"""What machines read in the glossary: https://schema.org/DefinedTerm and DefinedTermSet."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from glossary.models import Term
from pulse.addresses import absolute
from pulse.trails import graph, trail


def defined_term(term: Term) -> dict[str, Any]:
    """One term, and the way to it. No query."""
    data = _named(term) | {"description": term.definition, "inDefinedTermSet": _set()}
    if term.aliases:
        data["alternateName"] = term.aliases
    return graph(data, trail(_index(), (term.name, term.get_absolute_url())))


def term_set(terms: Iterable[Term]) -> dict[str, Any]:
    """The whole glossary by its terms' names: what each means stands on the page. No query."""
    return graph(_set() | {"hasDefinedTerm": [_named(term) for term in terms]}, trail(_index()))


def _named(term: Term) -> dict[str, Any]:
    url = absolute(term.get_absolute_url())
    return {"@type": "DefinedTerm", "@id": f"{url}#term", "name": term.name, "url": url}


def _set() -> dict[str, Any]:
    url = absolute(reverse("glossary:index"))
    name = f"{settings.PULSE_SITE_NAME}: glossary"
    return {"@type": "DefinedTermSet", "@id": f"{url}#glossary", "name": name, "url": url}


def _index() -> tuple[str, str]:
    return "Glossary", reverse("glossary:index")
