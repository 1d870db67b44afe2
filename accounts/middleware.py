"""What accounts need between a request and its answer."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import pace

View = Callable[[HttpRequest], HttpResponse]


def other_sites_by_link(get_response: View) -> View:
    """Answer a form that would lead to another site with a page that leads there.

    Our Content-Security-Policy lets no form end anywhere else (`form-action`), and a browser counts where it
    is redirected to. A page goes on by itself, or by its link.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        goes_on = request.method == "POST" and response.status_code in {302, 303}
        host = urlsplit(response["Location"]).netloc if goes_on else ""
        if not host or host == request.get_host():
            return response
        return render(request, "accounts/other_site.html", {"address": response["Location"], "host": host})

    return middleware


def too_many_is_429(get_response: View) -> View:
    """Say by status and Retry-After what a form says in words: too many tries. What was typed stays in it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if seconds := request.META.get(pace.WAIT):
            response.status_code = 429
            response["Retry-After"] = str(seconds)
        return response

    return middleware
