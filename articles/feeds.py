"""RSS of the whole site and of one section, topic or author: full text, newest first."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from articles.models import Author, Revision, Section, Topic
from articles.querysets import RevisionQuerySet
from pulse.addresses import absolute

LOCAL_ADDRESS = re.compile(r'\b(href|src)="(/[^/"][^"]*|/)"')
SOURCE_SIZES = re.compile(r"<source\b[^>]*>|\s(?:srcset|sizes)=\"[^\"]*\"")


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with content:encoded, and dc:creator because RSS's own author must be an e-mail address."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["full_text"])
        for name in item["creators"]:
            handler.addQuickElement("dc:creator", name)


class SiteFeed(Feed):
    """The whole site. Three queries, however many items."""

    feed_type = FullTextRss
    title = settings.PULSE_SITE_NAME
    description = f"{settings.PULSE_SITE_NAME}: {settings.PULSE_SITE_TAGLINE}"

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().__call__(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    def link(self, filed: Any) -> str:
        return absolute(filed.get_absolute_url() if filed else reverse("articles:front_page"))

    def feed_url(self, filed: Any) -> str:
        kind = type(filed).__name__.lower()
        return absolute(
            reverse(f"articles:{kind}_rss", args=[filed.slug]) if filed else reverse("articles:rss")
        )

    def stories(self, filed: Any) -> RevisionQuerySet:
        return Revision.objects.live()

    def items(self, filed: Any) -> Iterable[Revision]:
        return (
            self.stories(filed)
            .newest_first()
            .for_rows()
            .defer(None)
            .select_related("article", "section")
            .defer("content", "headings", "paragraphs", "impacts")[: settings.PULSE_FEED_SIZE]
        )

    def item_title(self, item: Revision) -> str:
        return item.headline

    def item_description(self, item: Revision) -> str:
        return item.tldr

    def item_link(self, item: Revision) -> str:
        return absolute(item.get_absolute_url())

    def item_guid(self, item: Revision) -> str:
        return f"{settings.BASE_URL}/articles/{item.article_id}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Revision) -> dt.datetime | None:
        return item.first_published_at

    def item_updateddate(self, item: Revision) -> dt.datetime | None:
        return item.live_from

    def item_categories(self, item: Revision) -> list[str]:
        return [item.section.name] if item.section else []

    def item_extra_kwargs(self, item: Revision) -> dict[str, Any]:
        return {
            "full_text": portable(item.body_html),
            "creators": [author.name for author in item.byline_authors],
        }


class FiledFeed(SiteFeed):
    """The stories filed under one section, topic or author."""

    model: type[Section] | type[Topic] | type[Author]
    relation: str

    def get_object(self, request: HttpRequest, slug: str) -> Any:
        return get_object_or_404(self.model, slug=slug)

    def title(self, filed: Any) -> str:  # type: ignore[override]
        return f"{settings.PULSE_SITE_NAME}: {filed.name}"

    def stories(self, filed: Any) -> RevisionQuerySet:
        return super().stories(filed).filter(**{self.relation: filed})


class SectionFeed(FiledFeed):
    model, relation = Section, "section"


class TopicFeed(FiledFeed):
    model, relation = Topic, "topics"


class AuthorFeed(FiledFeed):
    model, relation = Author, "authors"


def portable(html: str) -> str:
    """A story's HTML with whole addresses and one size of each picture, as a feed reader wants it."""
    return LOCAL_ADDRESS.sub(rf'\1="{settings.BASE_URL}\2"', SOURCE_SIZES.sub("", html))
