"""What the publication's templates need of stories: navigation, days, bylines, drawings, terms in use."""

import datetime as dt
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import mentions as mention_counts
from articles.models import Author, Revision, Section
from glossary.models import Term
from pulse.moments import in_words

register = template.Library()
STORIES_WITH_TERM = 20


def _sections(context: template.Context) -> list[Section]:
    """All sections in order: one query a page, shared by masthead and footer."""
    request = context["request"]
    if not hasattr(request, "pulse_sections"):
        request.pulse_sections = list(Section.objects.all())
    return request.pulse_sections


@register.inclusion_tag("articles/_section_nav.html", takes_context=True)
def section_nav(context: template.Context) -> dict[str, Any]:
    """The sections in the masthead; `current` is the section of the page, if it has one."""
    story = context.get("story")
    current = context.get("section") or (story.section if story is not None else None)
    return {"sections": _sections(context), "current": current, "request": context["request"]}


@register.inclusion_tag("articles/_section_list.html", takes_context=True)
def section_list(context: template.Context) -> dict[str, Any]:
    return {"sections": _sections(context)}


@register.inclusion_tag("articles/_stories_with_term.html")
def stories_with_term(term: Term) -> dict[str, Any]:
    """The newest live stories whose briefing holds a term. Two queries."""
    return {"stories": mention_counts.stories_with(term).for_rows()[:STORIES_WITH_TERM]}


@register.inclusion_tag("articles/_term_mentions.html")
def term_mentions(term: Term) -> dict[str, Any]:
    """How often a term came up, month by month. One query."""
    return {"mentions": mention_counts.mentions(term)}


@register.filter
def story_day(moment: dt.datetime) -> str:
    """“Today, 20 November”, “Yesterday, …”, “Wednesday, 18 November”, with the year if not this one."""
    day, today = timezone.localtime(moment).date(), timezone.localdate()
    name = {0: "Today", 1: "Yesterday"}.get((today - day).days) or date_format(day, "l")
    return f"{name}, {date_format(day, 'j F' if day.year == today.year else 'j F Y')}"


@register.filter
def dateline(moment: dt.datetime) -> str:
    """“20 November 2026, 07:40 UTC”, in the newsroom's zone."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"


@register.simple_tag
def names(authors: list[Author], linked: bool = False) -> SafeString:
    """“Ada, Ben and Cy”, each leading to its author's page if linked."""
    shown = [
        format_html('<b><a href="{}">{}</a></b>', author.get_absolute_url(), author.name)
        if linked
        else format_html("{}", author.name)
        for author in authors
    ]
    first = format_html_join(", ", "{}", ((name,) for name in shown[:-1]))
    return format_html("{} and {}", first, shown[-1]) if first else shown[-1] if shown else SafeString("")


@register.filter
def comments_label(count: int) -> str:
    return f"{count:,} comment{'' if count == 1 else 's'}"


@register.inclusion_tag("articles/_art.html")
def story_art(story: Revision, placement: str = "card", eager: bool = False) -> dict[str, Any]:
    """A story's lead picture, or the drawing made from its sentences. No query on `for_cards()`."""
    return {"story": story, "placement": placement, "eager": eager, "site_name": settings.PULSE_SITE_NAME}


@register.filter
def until(moment: dt.datetime) -> str:
    """How far away a moment is: “in 3 h 20 min”."""
    return in_words(moment - timezone.now())
