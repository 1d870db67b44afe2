"""What every page's template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Site names, the canonical address, and `reader`: who is signed in, or None. No query for strangers.

    Templates use `reader` and never `user`: `reader` looks at the session only when there is a session
    cookie, so an anonymous page neither sets a cookie nor varies on one.
    """
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    user = getattr(request, "user", None) if has_session else None
    return {
        "site_name": settings.PULSE_SITE_NAME,
        "site_tagline": settings.PULSE_SITE_TAGLINE,
        "base_url": settings.BASE_URL,
        "canonical_url": settings.BASE_URL + request.path,
        "reader": user if user is not None and user.is_authenticated else None,
        "has_session": has_session,
    }
