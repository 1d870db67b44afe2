"""Beside a section's stories: who writes there, and the terms they need. From its newest stories alone."""

from typing import Any

from django.conf import settings
from django.db.models import Count

from articles.listings import on_list
from articles.models import Author, Section
from glossary.models import Term

WRITERS, TERMS = 3, 8


def writers(section: Section) -> list[Author]:
    """Whose bylines the newest stories of a section carry, the most frequent first. One query."""
    return _most_frequent(Author.objects.all(), section, WRITERS)


def terms(section: Section) -> list[Term]:
    """The published terms that a section's newest stories explain, the most frequent first. One query."""
    return _most_frequent(Term.objects.published(), section, TERMS)


def _most_frequent(rows: Any, section: Section, size: int) -> list[Any]:
    """Reads PULSE_SECTION_NEWEST places of the list's index and what those stories carry, nothing else."""
    newest = on_list(section).live().order_by("-first_published_at", "-revision").values("revision")
    counted = rows.filter(revisions__in=newest[: settings.PULSE_SECTION_NEWEST])
    return list(counted.annotate(number=Count("pk")).order_by("-number", "name")[:size])
