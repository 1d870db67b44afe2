"""A published term as one Markdown file: `/glossary/<slug>.md`."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from glossary.models import PreviousSlug, Term
from pulse.addresses import absolute
from pulse.portable import as_text, link, markdown_file, portable_markdown
from pulse.tags import reads, shows


@require_safe
@reads()
def markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """One term as readers see it now. Two queries; an address it had before leads to the present one."""
    term = Term.objects.published().filter(slug=slug).first()
    if term is None:
        return _moved(request, slug)
    see_also = list(term.see_also.published().only("name", "slug"))
    shows(request, *(f"term:{shown.pk}" for shown in [term, *see_also]))
    text = "\n\n".join(_parts(term, see_also)) + "\n"
    return markdown_file(text, page=absolute(term.get_absolute_url()))


def _parts(term: Term, see_also: list[Term]) -> Iterator[str]:
    page = absolute(term.get_absolute_url())
    yield f"# {as_text(term.name)}"
    yield f"> {as_text(term.definition)}"
    if term.aliases:
        yield f"Also called {as_text(', '.join(term.aliases))}."
    yield f"Address: <{page}>"
    if term.explanation:
        yield portable_markdown(term.explanation, page)
    if see_also:
        yield f"See also: {', '.join(link(other.name, other.get_absolute_url()) for other in see_also)}."


def _moved(request: HttpRequest, slug: str) -> HttpResponsePermanentRedirect:
    """One hop to the published term that had this address; Http404 if there is none."""
    had_it = PreviousSlug.objects.select_related("term").filter(term__in=Term.objects.published())
    previous = get_object_or_404(had_it, slug=slug)
    shows(request, f"term:{previous.term_id}")
    return HttpResponsePermanentRedirect(reverse("glossary:markdown", args=[previous.term.slug]))
