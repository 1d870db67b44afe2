"""What machines read in a page: schema.org's NewsArticle (https://schema.org/NewsArticle)."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from articles.models import Article, Author
from articles.stories import Story
from pulse.addresses import absolute


def news_article(story: Story) -> dict[str, Any]:
    """The story as NewsArticle JSON-LD. No query on a live story."""
    url = absolute(story.article.get_absolute_url())
    publisher = {"@type": "NewsMediaOrganization", "name": settings.PULSE_SITE_NAME, "url": absolute("/")}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "abstract": story.tldr,
        "description": story.dek or story.tldr,
        "url": url,
        "mainEntityOfPage": url,
        "author": [_person(author) for author in story.authors],
        "publisher": publisher,
        "isAccessibleForFree": True,
        "wordCount": story.words,
    }
    if story.article.discussion != Article.Discussion.HIDDEN:
        data["commentCount"] = story.article.comment_count
    if story.published_at:
        data["datePublished"] = story.published_at.isoformat()
        data["dateModified"] = (story.changed_at or story.published_at).isoformat()
    if story.section:
        data["articleSection"] = story.section.name
    if story.topics:
        data["keywords"] = [topic.name for topic in story.topics]
    if story.lead_image:
        data["image"] = [absolute(story.lead_image.file.url)]
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
            }
            for correction in story.corrections
        ]
    return data


def _person(author: Author) -> dict[str, str]:
    return {
        "@type": "Person",
        "name": author.name,
        "url": absolute(reverse("articles:author", args=[author.slug])),
    }
