"""What the publication's templates need of stories: navigation, days, bylines, drawings, terms in use."""

import datetime as dt
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles import in_section
from articles import mentions as mention_counts
from articles.listings import page_of_stories
from articles.models import Author, Page, Revision, Section
from articles.navigation import LINKS, Links
from articles.rows import comments_in_words, row_html
from articles.showing import tags_of_list, tags_of_rows
from glossary.models import Term
from pulse.addresses import path_of
from pulse.moments import in_words
from pulse.paging import page_number
from pulse.slots import Slot
from pulse.tags import shows

register = template.Library()


def _links(context: template.Context) -> Links:
    """What masthead and footer lead to. No query, or one a page without a page cache."""
    request = context["request"]
    if not hasattr(request, "pulse_links"):
        request.pulse_links = LINKS.get()
    return request.pulse_links


@register.inclusion_tag("articles/_section_nav.html", takes_context=True)
def section_nav(context: template.Context) -> dict[str, Any]:
    """The sections in the masthead; `current` is the section of the page, if it has one."""
    story = context.get("story")
    current = context.get("section") or (story.section if story is not None else None)
    request, glossary = context["request"], path_of("glossary:index")
    return {
        "sections": _links(context)[0],
        "current": current,
        "request": request,
        "glossary": glossary,
        "is_in_glossary": request.path.startswith(glossary),
    }


@register.inclusion_tag("articles/_section_list.html", takes_context=True)
def section_list(context: template.Context) -> dict[str, Any]:
    return {"sections": _links(context)[0]}


@register.inclusion_tag("articles/_page_list.html", takes_context=True)
def page_list(context: template.Context, label: str = "About", current: Page | None = None) -> dict[str, Any]:
    """The published pages: at the foot of the site, and beside each of them."""
    return {"pages": _links(context)[1], "label": label, "current": current}


@register.inclusion_tag("articles/_section_side.html", takes_context=True)
def section_side(context: template.Context, section: Section) -> dict[str, Any]:
    """Who writes in a section, and which terms its newest stories explain. Two queries."""
    authors, terms = in_section.writers(section), in_section.terms(section)
    shows(context["request"], *(f"author:{one.pk}" for one in authors), *(f"term:{one.pk}" for one in terms))
    return {"authors": authors, "terms": terms}


@register.inclusion_tag("articles/_stories_with_term.html", takes_context=True)
def stories_with_term(context: template.Context, term: Term) -> dict[str, Any]:
    """A page of the live stories whose briefing holds a term, newest first. Three queries.

    Reads `?page=`. Raises Http404 for a page that is not there.
    """
    request = context["request"]
    page = page_of_stories(term, number=page_number(request))
    shows(request, *tags_of_list(term), *tags_of_rows(page.object_list))
    return {"page": page, "stories": page.object_list, "request": request}


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
def story_row(story: Revision, show_section: bool = False, with_day: bool = False) -> SafeString:
    """A story as a row of a list. No query on `for_rows()`."""
    return row_html(story, show_section=bool(show_section), with_day=with_day)


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
def comments_label(count: int | Slot) -> str:
    """“1,204 comments”, or where that is filled in when the page is served."""
    return count if isinstance(count, Slot) else comments_in_words(count)


@register.inclusion_tag("articles/_art.html")
def story_art(story: Revision, placement: str = "card", eager: bool = False) -> dict[str, Any]:
    """A story's lead picture, or the drawing made from its sentences. No query if all is loaded."""
    return {"story": story, "placement": placement, "eager": eager, "site_name": settings.PULSE_SITE_NAME}


@register.filter
def until(moment: dt.datetime) -> str:
    """How far away a moment is: “in 3 h 20 min”."""
    return in_words(moment - timezone.now())
