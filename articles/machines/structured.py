"""What machines read in a page: schema.org's words for stories, lists and the site, as JSON-LD.

Sources: https://schema.org/NewsArticle, https://schema.org/BreadcrumbList, https://schema.org/WebSite.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from articles.models import Article, Author, Section, Topic
from articles.social import pictures_of
from articles.stories import Story
from pulse.addresses import absolute
from pulse.trails import Step, graph, trail


def news_article(story: Story) -> dict[str, Any]:
    """The story as NewsArticle, and the way to it. No query on a live story."""
    steps = [(story.section.name, story.section.get_absolute_url())] if story.section else []
    return graph(_news_article(story), trail(*steps, (story.headline, story.article.get_absolute_url())))


def _news_article(story: Story) -> dict[str, Any]:
    url = absolute(story.article.get_absolute_url())
    data: dict[str, Any] = {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "headline": story.headline,
        "abstract": story.tldr,
        "description": story.dek or story.tldr,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": settings.LANGUAGE_CODE,
        "author": [_person(author) for author in story.authors] or publisher(),
        "publisher": publisher(),
        "isPartOf": {"@type": "WebSite", "@id": absolute("/#site"), "name": settings.PULSE_SITE_NAME},
        "isAccessibleForFree": True,
        "wordCount": story.words,
    }
    if story.article.discussion != Article.Discussion.HIDDEN:
        data["commentCount"] = story.article.comment_count
        data["discussionUrl"] = f"{url}#discussion"
    if story.published_at:
        data["datePublished"] = story.published_at.isoformat()
        changes = [story.changed_at or story.published_at, *(made.made_at for made in story.corrections)]
        data["dateModified"] = max(changes).isoformat()
    if story.section:
        data["articleSection"] = story.section.name
    if story.topics:
        data["keywords"] = [topic.name for topic in story.topics]
    if pictures := _pictures(story):
        data["image"] = pictures
    if story.terms:
        data["mentions"] = [
            {"@type": "DefinedTerm", "name": term.name, "url": absolute(term.get_absolute_url())}
            for term in story.terms
        ]
    if story.corrections:
        data["correction"] = [
            {
                "@type": "CorrectionComment",
                "text": correction.text,
                "datePublished": correction.made_at.isoformat(),
                "url": f"{url}#correction-{correction.pk}",
            }
            for correction in story.corrections
        ]
    return data


def _pictures(story: Story) -> list[str]:
    """Square, 4:3 and 16:9 where they are made, or else the photograph itself."""
    found = pictures_of(story)
    if not found and story.lead_image:
        found = [absolute(story.lead_image.file.url)]
    return found


def _person(author: Author) -> dict[str, str]:
    person = {"@type": "Person", "name": author.name, "url": absolute(author.get_absolute_url())}
    return person | ({"jobTitle": author.role} if author.role else {})


def publisher() -> dict[str, Any]:
    """Who publishes all this."""
    return {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#publisher"),
        "name": settings.PULSE_SITE_NAME,
        "url": absolute("/"),
        "correctionsPolicy": absolute(reverse("articles:corrections")),
    }


def website() -> dict[str, Any]:
    """The site and how it is searched, for the front page. No query."""
    search = absolute(reverse("articles:search"))
    site = {
        "@type": "WebSite",
        "@id": absolute("/#site"),
        "name": settings.PULSE_SITE_NAME,
        "description": settings.PULSE_SITE_TAGLINE,
        "url": absolute("/"),
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": publisher(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    return graph(site)


def filed_under(filed: Section | Topic | Author) -> dict[str, Any]:
    """The page of a section, topic or author, and the way to it. No query."""
    url = absolute(filed.get_absolute_url())
    is_author = isinstance(filed, Author)
    page: dict[str, Any] = {
        "@type": "ProfilePage" if is_author else "CollectionPage",
        "name": filed.name,
        "url": url,
        "isPartOf": {"@type": "WebSite", "@id": absolute("/#site"), "name": settings.PULSE_SITE_NAME},
    }
    if isinstance(filed, Author):
        about = {"description": filed.bio} if filed.bio else {}
        page["mainEntity"] = _person(filed) | about | {"worksFor": publisher()}
    elif filed.description:
        page["description"] = filed.description
    return graph(page, trail((filed.name, filed.get_absolute_url())))


def archive_trail(year: int | None = None, month: int | None = None) -> dict[str, Any]:
    """The way to the archive, to one of its years, or to one of its months. No query."""
    steps: list[Step] = [("Archive", reverse("articles:archive"))]
    if year is not None:
        steps.append((str(year), reverse("articles:archive_year", args=[f"{year:04}"])))
    if year is not None and month is not None:
        address = reverse("articles:archive_month", args=[f"{year:04}", f"{month:02}"])
        steps.append((date_format(dt.date(year, month, 1), "F Y"), address))
    return graph(trail(*steps))
