"""A stored story in words, part by part, as its form calls them: what two versions are compared by."""

from typing import Any

from articles.comparison import impact_in_words
from articles.content import Content
from articles.models import Author, Section, Topic
from articles.querysets import in_order
from articles.rendering import shown_impacts
from glossary.models import Term
from images.models import Image


def part_names() -> dict[str, str]:
    """What the form calls each part of a story, in its order."""
    return {
        "headline": "Headline",
        "kicker": "Kicker",
        "dek": "Standfirst",
        "tldr": "The Pulse TL;DR",
        "body": "Story",
        "impacts": "Real-World Impact",
        "terms": "Technical Briefing",
        "section": "Section",
        "topics": "Topics",
        "authors": "Bylines",
        "lead_image": "Lead picture",
        "lead_alt": "What the lead picture shows",
    }


def in_words(content: Content) -> dict[str, str]:
    """Each part of a story as text, by the name the form gives it. Six queries."""
    section = Section.objects.filter(pk=content["section"] or 0).first()
    picture = Image.objects.filter(pk=content["lead_image"] or 0).first()
    words = {
        "headline": content["headline"],
        "kicker": content["kicker"],
        "dek": content["dek"],
        "tldr": content["tldr"],
        "body": content["body"],
        "impacts": "\n\n".join(impact_in_words(**impact) for impact in shown_impacts(content)),
        "terms": _names(Term, content["terms"]),
        "section": str(section or ""),
        "topics": _names(Topic, content["topics"]),
        "authors": _names(Author, content["authors"]),
        "lead_image": str(picture or ""),
        "lead_alt": content.get("lead_alt", ""),
    }
    return {label: words[part].replace("\r\n", "\n").strip() for part, label in part_names().items()}


def _names(model: Any, pks: list[int]) -> str:
    return "\n\n".join(str(row) for row in in_order(model.objects.all(), pks))
