"""What happens to every request before and after its view."""

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.cache import patch_cache_control

from pulse.characters import has_control_characters
from pulse.errors import bad_request, too_large

View = Callable[[HttpRequest], HttpResponse]


def readable_input(get_response: View) -> View:
    """Answer 400 to a path, query or cookie that is not UTF-8 or holds control characters, and to U+0000 in
    a plain form; 413 to a body larger than any form of ours.

    PostgreSQL refuses U+0000 where SQLite lets it through, and other controls break feeds, so without this
    rule such a request is a 500. Other controls in a form are the form's to refuse, beside the field: they
    come along with text that somebody pasted. Forms with files are not read here: their views do that.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if _is_too_large(request):
            return too_large(request)
        if not (
            _is_readable_address(request) and _are_readable_cookies(request) and _is_readable_form(request)
        ):
            return bad_request(request)
        return get_response(request)

    return middleware


def _is_too_large(request: HttpRequest) -> bool:
    """Judged by what the request says of itself, before a byte of its body is stored."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and int(length) > (
        settings.PULSE_UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )


def _are_readable_cookies(request: HttpRequest) -> bool:
    """A quoted cookie can hold U+0000, written as \\000; the session's would reach the database."""
    return not any(has_control_characters(value) for value in request.COOKIES.values())


# Django percent-encodes again what it cannot decode in a path; none of our addresses holds such a thing.
BROKEN_BYTE = re.compile(r"%[89A-F][0-9A-F]")


def _is_readable_address(request: HttpRequest) -> bool:
    # In a query Django would put U+FFFD. WSGI hands the query's bytes over as Latin-1.
    query = unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1"))
    try:
        text = request.path_info + query.decode()
    except UnicodeDecodeError:
        return False
    return not has_control_characters(text) and not BROKEN_BYTE.search(request.path_info)


def _is_readable_form(request: HttpRequest) -> bool:
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return True
    try:
        form = request.POST
    except UnreadablePostError:  # the browser went away; CsrfViewMiddleware knows what to do
        return True
    return not any("\x00" in text for name, values in form.lists() for text in (name, *values))


def cache_headers(get_response: View) -> View:
    """Say who may keep a page: anyone for a moment if the reader is anonymous, nobody otherwise.

    Whether somebody is signed in is decided by the presence of a session cookie alone, so an anonymous
    page reads no session and varies on nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.has_header("Cache-Control"):
            return response
        is_public = (
            request.method in {"GET", "HEAD"}
            and response.status_code in {200, 301, 304, 404, 410}
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not response.cookies
            and not response.has_header("Vary")
        )
        if is_public:
            patch_cache_control(
                response,
                public=True,
                max_age=0,
                s_maxage=settings.PULSE_PUBLIC_MAX_AGE,
                stale_while_revalidate=60,
                stale_if_error=86_400,
            )
        else:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return middleware
