"""The newsroom's records: what stories are filed under, the story being worked on, and what went live."""

from articles.models.article import (
    Article,
    BriefingEntry,
    Byline,
    Correction,
    Impact,
    PreviousSlug,
    Verdict,
)
from articles.models.desk import Due, Event, PreviewLink, Sitting
from articles.models.filing import Author, Lens, Section, Topic
from articles.models.revision import Revision, RevisionByline, RevisionTerm

__all__ = [
    "Article",
    "Author",
    "BriefingEntry",
    "Byline",
    "Correction",
    "Due",
    "Event",
    "Impact",
    "Lens",
    "PreviewLink",
    "PreviousSlug",
    "Revision",
    "RevisionByline",
    "RevisionTerm",
    "Section",
    "Sitting",
    "Topic",
    "Verdict",
]
