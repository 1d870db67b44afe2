"""The page of the stories somebody saved for later. The list is in the browser: here is an empty page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pulse.tags import SITE, reads, shows


@require_safe
@reads()
def reading_list(request: HttpRequest) -> HttpResponse:
    """The same page for everybody; static/js/reading-list.js fills it. No query of its own."""
    shows(request, SITE)
    return render(request, "articles/reading_list.html")
