"""What the admin's own pages show of the newsroom: its bar on each, its front desk on the first."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User, member
from newsroom.front_desk import FrontDesk
from newsroom.front_desk import front_desk as desk_of

register = template.Library()


@dataclass(frozen=True)
class Place:
    """Somewhere the bar leads: what it is called, where it is, which permissions open it (any will do)."""

    label: str
    name: str
    permissions: tuple[str, ...] = ()
    below: str = ""  # every page below this address is the same place


PLACES = [
    Place("Front desk", "index"),
    Place("Articles", "articles_article_changelist", ("articles.view_article",)),
    Place("Calendar", "articles_article_calendar", ("articles.change_article",)),
    Place("Pictures", "images_image_changelist", ("images.view_image",)),
    Place("Glossary", "glossary_term_changelist", ("glossary.view_term",)),
    Place("Discussion", "moderation:desk", ("comments.moderate_comment",), below="/comments/"),
]
NEW = Place("New article", "articles_article_add", ("articles.add_article",))


@dataclass(frozen=True)
class Link:
    label: str
    address: str
    current: str  # for aria-current: page, true, or nothing


@register.simple_tag(takes_context=True)
def front_desk(context: template.Context) -> FrontDesk:
    """The front desk of whoever asks. Fifteen queries at most."""
    return desk_of(member(context["request"]))


@register.inclusion_tag("newsroom/_bar.html", takes_context=True)
def newsroom_bar(context: template.Context) -> dict[str, Any]:
    """Where somebody may go in the newsroom, from every page of the admin. No query of its own."""
    request: HttpRequest = context["request"]
    user = request.user
    addresses = {place: _address(place) for place in [*PLACES, NEW] if _may_go(user, place)}
    here = _here(addresses, request.path)
    links = {
        place: Link(place.label, address, _current(place == here, address, request.path))
        for place, address in addresses.items()
        if address
    }
    return {"links": [link for place, link in links.items() if place != NEW], "new": links.get(NEW)}


def _may_go(user: User | AnonymousUser, place: Place) -> bool:
    return not place.permissions or any(user.has_perm(permission) for permission in place.permissions)


def _address(place: Place) -> str:
    """Where a place is; empty while it is not built."""
    try:
        return reverse(place.name if ":" in place.name else f"{admin.site.name}:{place.name}")
    except NoReverseMatch:
        return ""


def _here(addresses: dict[Place, str], path: str) -> Place | None:
    """The place whose address is the longest beginning of a path; the front desk only if it is the path."""
    root = reverse("admin:index")
    begins = {
        place: f"{root.rstrip('/')}{place.below}" if place.below else address
        for place, address in addresses.items()
        if address
    }
    fitting = [
        place for place, begin in begins.items() if path.startswith(begin) and (begin != root or path == root)
    ]
    return max(fitting, key=lambda place: len(begins[place]), default=None)


def _current(is_here: bool, address: str, path: str) -> str:
    if not is_here:
        return ""
    return "page" if address == path else "true"


@register.filter
def span_until(moment: dt.datetime, now: dt.datetime | None = None) -> str:
    """“3 h 20 min” until a moment."""
    return in_words(moment - (now or timezone.now()))


@register.filter
def span_since(moment: dt.datetime, now: dt.datetime | None = None) -> str:
    """“3 h 20 min” since a moment."""
    return in_words((now or timezone.now()) - moment)


@register.filter
def span(length: dt.timedelta) -> str:
    """“3 h 20 min” for a length of time."""
    return in_words(length)


def in_words(span: dt.timedelta) -> str:
    """A span as people at a desk say it: “under a minute”, “20 min”, “3 h 20 min”, “1 day 4 h”, “12 days”."""
    minutes = max(0, int(span.total_seconds() // 60))
    hours, days = minutes // 60, minutes // (24 * 60)
    if not minutes:
        return "under a minute"
    if not hours:
        return f"{minutes} min"
    if not days:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    if days == 1:
        return f"1 day {hours % 24} h" if hours % 24 else "1 day"
    return f"{days} days"
