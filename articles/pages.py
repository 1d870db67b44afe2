"""Pages that are no stories: About, Contact, Ethics. Editors write them, and they stand at /<slug>/."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import get_resolver
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.models import User
from articles.access import require_publisher
from articles.models import Page
from articles.rendering import render_body
from pulse.tags import changed, reads, shows

WORD = re.compile(r"[-\w]+")  # the beginning of an address, as far as it is always the same


@require_safe
@reads()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A published page; Http404 for any other. Two queries."""
    found = get_object_or_404(Page, slug=slug, is_published=True)
    shows(request, f"page:{found.pk}")
    return page_response(request, found)


def page_response(request: HttpRequest, shown: Page) -> HttpResponse:
    """A page as readers see it, or will."""
    html = mark_safe(shown.body_html)  # noqa: S308 - the sanitiser's output, stored by save_page
    return render(request, "articles/page.html", {"shown": shown, "html": html})


@transaction.atomic
def save_page(*, page: Page, by: User) -> Page:
    """Save a new or changed page and render its text, as a story's. Two to four queries.

    Raises PermissionDenied unless `by` may publish, ValidationError for an address that the site needs
    itself, and TextTooLong, which `full_clean` finds beforehand.
    """
    require_publisher(by)
    validate_slug(page.slug)
    render_page(page)
    page.save()
    changed("pages", "site", f"page:{page.pk}")
    return page


def render_page(page: Page) -> None:
    """Make a page's HTML from its text; the caller saves. Two queries if it shows pictures."""
    page.body_html = str(render_body(page.body, []).html)


@transaction.atomic
def delete_page(*, page: Page, by: User) -> None:
    """Delete a page. Raises PermissionDenied unless `by` may publish."""
    require_publisher(by)
    tags = ("pages", "site", f"page:{page.pk}")
    page.delete()
    changed(*tags)


def validate_slug(slug: str) -> None:
    """Raise ValidationError for an address under which the site already has something of its own."""
    if slug.lower() in taken_words():
        raise ValidationError(
            {"slug": f"The site uses /{slug}/ itself. Choose another address, such as {slug}-page."}
        )


def taken_words() -> set[str]:
    """The first words of all addresses of the site, read from its URL patterns, and of its files."""
    files = (settings.STATIC_URL, settings.MEDIA_URL)
    return {word for word in (*_first_words(get_resolver().url_patterns), *_words(files)) if word}


def _first_words(patterns: Iterable[Any]) -> Iterator[str]:
    for entry in patterns:
        address = str(entry.pattern).lstrip("^")
        if address:
            yield from _words([address])
        elif hasattr(entry, "url_patterns"):
            yield from _first_words(entry.url_patterns)


def _words(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        found = WORD.match(address.lstrip("/"))
        yield found.group().lower() if found else ""
