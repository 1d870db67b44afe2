"""The public pages of the glossary: all terms by letter, and one term."""

import unicodedata
from string import ascii_uppercase
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from glossary.models import PreviousSlug, Term
from glossary.structured import defined_term, term_set
from pulse.paging import names_first_page, page_number
from pulse.tags import reads, shows

DIGITS = "0–9"  # the heading of names that begin with no letter from A to Z


@require_safe
@reads()
def index(request: HttpRequest) -> HttpResponse:
    """Every published term under its letter. One query."""
    terms = sorted(Term.objects.published().only("name", "slug", "definition"), key=_sort_key)
    letters: dict[str, list[Term]] = {letter: [] for letter in [DIGITS, *ascii_uppercase]}
    for term in terms:
        letters[_letter(term)].append(term)
    shows(request, "glossary", *(f"term:{term.pk}" for term in terms))
    if not letters[DIGITS]:
        del letters[DIGITS]
    context = {"letters": letters, "count": len(terms), "structured": term_set(terms)}
    return render(request, "glossary/index.html", context)


@require_safe
@reads("page")
def term(request: HttpRequest, slug: str) -> HttpResponse:
    """One published term; an address it had before leads to it. Two queries, and those of its stories."""
    shown = Term.objects.published().filter(slug=slug).first()
    if shown is None:
        return _moved(request, slug)
    if names_first_page(request):
        return redirect(request.path, permanent=True)
    number = page_number(request)
    see_also = sorted(shown.see_also.published().only("name", "slug"), key=_sort_key)
    shows(request, "glossary", f"term:{shown.pk}", *(f"term:{other.pk}" for other in see_also))
    context: dict[str, Any] = {
        "term": shown,
        "number": number,
        "explanation": SafeString(shown.explanation_html),  # the sanitiser's output, stored by save_term
        "see_also": see_also,
        "structured": defined_term(shown),
    }
    if number > 1:
        context["canonical_url"] = f"{settings.BASE_URL}{request.path}?page={number}"
    return render(request, "glossary/term.html", context)


def _moved(request: HttpRequest, slug: str) -> HttpResponsePermanentRedirect:
    """One hop to the published term that had this address; Http404 if there is none."""
    previous = PreviousSlug.objects.select_related("term").filter(slug=slug).first()
    if previous is None or not previous.term.is_published:
        raise Http404
    shows(request, f"term:{previous.term_id}")
    return HttpResponsePermanentRedirect(previous.term.get_absolute_url())


def _sort_key(term: Term) -> str:
    """As a reader looks it up: capitals and accents make no difference."""
    decomposed = unicodedata.normalize("NFKD", term.name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _letter(term: Term) -> str:
    first = _sort_key(term)[:1].upper()
    return first if first.isascii() and first.isalpha() else DIGITS
