"""The sitemap: an index of files, each of a bounded size."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, x_robots_tag
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.models import Author, Revision, Section, Topic
from glossary.models import Term
from pulse.addresses import absolute

_base = urlsplit(settings.BASE_URL)


class SiteSitemap(Sitemap):
    """Addresses on the site's own host, whatever host was asked."""

    limit = settings.PULSE_SITEMAP_SIZE
    protocol = _base.scheme

    def get_domain(self, site: Any = None) -> str:
        return _base.netloc


class Stories(SiteSitemap):
    def items(self) -> QuerySet[Revision]:
        return (
            Revision.objects.live()
            .select_related("article")
            .only("article__slug", "first_published_at", "live_from")
            .newest_first()
        )

    def lastmod(self, item: Revision) -> dt.datetime | None:
        return item.live_from


class Terms(SiteSitemap):
    def items(self) -> QuerySet[Term]:
        return Term.objects.published().order_by("pk")

    def lastmod(self, item: Term) -> dt.datetime:
        return item.updated_at


class Sections(SiteSitemap):
    def items(self) -> QuerySet[Section]:
        return Section.objects.all()


class Topics(SiteSitemap):
    def items(self) -> QuerySet[Topic]:
        return Topic.objects.in_use().order_by("pk")


class Authors(SiteSitemap):
    def items(self) -> QuerySet[Author]:
        return Author.objects.in_use().order_by("pk")


SITEMAPS: dict[str, type[SiteSitemap]] = {
    "stories": Stories,
    "terms": Terms,
    "sections": Sections,
    "topics": Topics,
    "authors": Authors,
}


@x_robots_tag
def index(request: HttpRequest) -> TemplateResponse:
    """The list of the sitemap's files, on the site's own host; Django's view names the one asked."""
    items = []
    for name, sitemap in SITEMAPS.items():
        address = absolute(reverse("sitemap", args=[name]))
        pages = sitemap().paginator.num_pages
        items.append(SitemapIndexItem(address))
        items += [SitemapIndexItem(f"{address}?p={page}") for page in range(2, pages + 1)]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": items}, content_type="application/xml")
