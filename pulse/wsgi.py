"""The WSGI entry point that every server here runs: `pulse.wsgi:application`."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulse.settings")

_django = get_wsgi_application()  # before what needs the apps

from django.conf import settings  # noqa: E402

from pulse.page_cache import PageCache  # noqa: E402

CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def _site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site. Every text here is UTF-8, whatever charset a request claims.

    Django looks the claimed one up among Python's codecs while it builds the request, before any middleware,
    and fails on those that do not make text, such as `charset=hex`.
    """
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = CHARSET.sub("", environ["CONTENT_TYPE"])
    return _django(environ, start_response)


application = PageCache(_site) if settings.PAGE_CACHE else _site
