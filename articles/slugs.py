"""Addresses of articles: made from headlines, never given to two, and kept as redirects when they change."""

import re

from django.utils.crypto import get_random_string
from django.utils.text import slugify

from articles.models import Article, PreviousSlug

PLACEHOLDER = "untitled-"
PLACEHOLDER_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PLACEHOLDER_SLUG = re.compile(rf"{PLACEHOLDER}[{PLACEHOLDER_LETTERS}]{{8}}")
MAX_SLUG = 100


def is_slug_taken(slug: str, *, by_other_than: Article) -> bool:
    """Whether an address belongs, or belonged, to another article."""
    return (
        Article.objects.filter(slug=slug).exclude(pk=by_other_than.pk).exists()
        or PreviousSlug.objects.filter(slug=slug).exclude(article_id=by_other_than.pk).exists()
    )


def free_slug(article: Article) -> str:
    """An unused address made from the headline; a placeholder while there is no headline. A few queries."""
    stem = slugify(article.headline)[: MAX_SLUG - 8].strip("-")
    if not stem:
        return PLACEHOLDER + get_random_string(8, PLACEHOLDER_LETTERS)
    candidate, number = stem, 2
    while is_slug_taken(candidate, by_other_than=article):
        candidate, number = f"{stem}-{number}", number + 1
    return candidate


def is_placeholder(article: Article) -> bool:
    """Whether an article stands under an address made for want of a headline. One query at most."""
    return PLACEHOLDER_SLUG.fullmatch(article.slug) is not None and not was_public(article)


def needs_address(article: Article) -> bool:
    """Whether an article stands under a placeholder and has a headline to do better by now."""
    return is_placeholder(article) and slugify(article.headline) != ""


def was_public(article: Article) -> bool:
    """Whether readers ever saw the article, or will at a time that is set. One query."""
    return article.revisions.filter(live_from__isnull=False).exists()
