"""The public pages of the glossary: all terms by letter, and one term."""

import unicodedata
from string import ascii_uppercase
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from glossary.models import PreviousSlug, Term

DIGITS = "0–9"  # the heading of names that begin with no letter from A to Z


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every published term under its letter. One query."""
    terms = sorted(Term.objects.published().only("name", "slug", "definition"), key=_sort_key)
    letters: dict[str, list[Term]] = {letter: [] for letter in [DIGITS, *ascii_uppercase]}
    for term in terms:
        letters[_letter(term)].append(term)
    if not letters[DIGITS]:
        del letters[DIGITS]
    return render(request, "glossary/index.html", {"letters": letters, "count": len(terms)})


@require_safe
def term(request: HttpRequest, slug: str) -> HttpResponse:
    """One published term; an address it had before leads to it. Two queries, and those of its stories."""
    shown = Term.objects.published().filter(slug=slug).first()
    if shown is None:
        return _moved(slug)
    see_also = sorted(shown.see_also.published().only("name", "slug"), key=_sort_key)
    context = {
        "term": shown,
        "explanation": SafeString(shown.explanation_html),  # the sanitiser's output, stored by save_term
        "see_also": see_also,
        "structured": _defined_term(shown),
    }
    return render(request, "glossary/term.html", context)


def _moved(slug: str) -> HttpResponsePermanentRedirect:
    """One hop to the published term that had this address; Http404 if there is none."""
    previous = PreviousSlug.objects.select_related("term").filter(slug=slug).first()
    if previous is None or not previous.term.is_published:
        raise Http404
    return HttpResponsePermanentRedirect(previous.term.get_absolute_url())


def _sort_key(term: Term) -> str:
    """As a reader looks it up: capitals and accents make no difference."""
    decomposed = unicodedata.normalize("NFKD", term.name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _letter(term: Term) -> str:
    first = _sort_key(term)[:1].upper()
    return first if first.isascii() and first.isalpha() else DIGITS


def _defined_term(term: Term) -> dict[str, Any]:
    """The term for machines, in schema.org's words."""
    data = {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "name": term.name,
        "description": term.definition,
        "url": settings.BASE_URL + term.get_absolute_url(),
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "name": f"{settings.PULSE_SITE_NAME}: glossary",
            "url": settings.BASE_URL + reverse("glossary:index"),
        },
    }
    return data | ({"alternateName": term.aliases} if term.aliases else {})
