"""What a page says to machines in its head: the other forms of a list, and what the page is."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from articles.machines import structured
from articles.models import Author, Section, Topic
from pulse.templatetags.structured import json_ld

register = template.Library()


@register.inclusion_tag("articles/_feed_links.html")
def feed_links(filed: Section | Topic | Author | None = None) -> dict[str, str]:
    """The three feeds of a section, topic or author, or of the whole site. No query."""
    name = settings.PULSE_SITE_NAME
    return {
        "title": f"{name}: {filed.name}" if filed else name,
        "root": filed.get_absolute_url() if filed else "/",
    }


@register.simple_tag
def about_list(filed: Section | Topic | Author) -> SafeString:
    """JSON-LD of the page of a section, topic or author. No query."""
    return json_ld(structured.filed_under(filed))


@register.simple_tag
def about_site() -> SafeString:
    """JSON-LD of the front page. No query."""
    return json_ld(structured.website())


@register.simple_tag
def about_archive(year: Any = None, month: Any = None) -> SafeString:
    """JSON-LD of the archive, of a year or of a month in it. No query."""
    return json_ld(structured.archive_trail(year, month))
