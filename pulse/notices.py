"""What the site tells robots, and those who found a weakness: two short files that need no database."""

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulse.addresses import absolute
from pulse.tags import SITE, reads, shows

VALID_DAYS = 180  # of a year that RFC 9116 allows: the file is made anew every day


@require_safe
@reads()
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309: where the sitemaps are, and what is nobody's to index."""
    shows(request, SITE)
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
@reads()
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a weakness, and until when this holds."""
    shows(request, SITE)
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    contact = settings.SECURITY_CONTACT or f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
    expires = (today + dt.timedelta(days=VALID_DAYS)).astimezone(dt.UTC)
    fields = {
        "Contact": contact,
        "Expires": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": "en",
        "Canonical": absolute(reverse("security")),
    }
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
