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
from articles.models.drawing import Drawing
from articles.models.filing import Author, Lens, Section, Topic
from articles.models.listing import Listing
from articles.models.page import Page
from articles.models.revision import Revision, RevisionByline, RevisionTerm
from articles.models.search import MissedSearch, SearchEntry, SearchWord

__all__ = [
    "Article",
    "Author",
    "BriefingEntry",
    "Byline",
    "Correction",
    "Drawing",
    "Due",
    "Event",
    "Impact",
    "Lens",
    "Listing",
    "MissedSearch",
    "Page",
    "PreviewLink",
    "PreviousSlug",
    "Revision",
    "RevisionByline",
    "RevisionTerm",
    "SearchEntry",
    "SearchWord",
    "Section",
    "Sitting",
    "Topic",
    "Verdict",
]
