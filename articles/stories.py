"""A Story: everything the article page shows but its discussion. Page and preview are made from one."""

import datetime as dt
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.content import Content, snapshot
from articles.models import Article, Author, Correction, Revision, Section, Topic
from articles.querysets import in_order
from articles.rendering import ShownImpact, render_body, shown_impacts
from glossary.models import Term
from images.models import Image
from pulse.art import trace
from pulse.text import reading_minutes

CHANGED_AFTER = dt.timedelta(minutes=10)  # a change in the first minutes is not called an update


@dataclass(frozen=True)
class ImpactView:
    """One entry of Real-World Impact, ready to show."""

    lenses: list[str]
    text: str
    horizon_on: dt.date | None = None
    confidence: str = ""
    test: str = ""
    key: str = ""  # what a comment on it names it by; empty if it has no row yet

    @property
    def is_outlook(self) -> bool:
        return self.horizon_on is not None


@dataclass(frozen=True)
class Story:
    """What a reader sees of an article. Building one is the only way to draw the page."""

    headline: str
    kicker: str
    dek: str
    tldr: str
    body_html: SafeString
    headings: list[tuple[str, str]]
    words: int
    paragraphs: list[list[int]]
    section: Section | None
    topics: list[Topic]
    authors: list[Author]
    terms: list[Term]
    lead_image: Image | None
    lead_alt: str
    impacts: list[ImpactView]
    article: Article
    corrections: list[Correction] = field(default_factory=list)
    published_at: dt.datetime | None = None
    changed_at: dt.datetime | None = None
    is_public: bool = False
    social_picture: str = ""  # its card for messengers, by its name in storage
    drawing_url: str = ""  # for those who may see the draft but not the admin

    @property
    def print_square_url(self) -> str:
        """Where its drawing is: on the site for a published story, in the admin for a draft."""
        if self.drawing_url:
            return self.drawing_url
        name = "articles:print" if self.is_public else "admin:articles_article_print"
        key = self.article.slug if self.is_public else self.article.pk
        return reverse(name, args=[key, "square"])

    @property
    def image_alt(self) -> str:
        """What the lead picture shows here, or else what the library says it shows."""
        return self.lead_alt or (self.lead_image.alt if self.lead_image else "")

    @property
    def minutes(self) -> int:
        return reading_minutes(self.words)

    @property
    def was_updated(self) -> bool:
        return bool(
            self.published_at and self.changed_at and self.changed_at - self.published_at > CHANGED_AFTER
        )

    @property
    def present_impacts(self) -> list[ImpactView]:
        return [impact for impact in self.impacts if not impact.is_outlook]

    @property
    def outlooks(self) -> list[ImpactView]:
        return [impact for impact in self.impacts if impact.is_outlook]

    @property
    def strip(self) -> str:
        """SVG path of the reading strip: one beat a paragraph."""
        return trace([sum(paragraph) for paragraph in self.paragraphs], width=1312, height=34).path


def live_story(revision: Revision) -> Story:
    """The story of a revision loaded with `for_page()`. No query."""
    return Story(
        headline=revision.headline,
        kicker=revision.kicker,
        dek=revision.dek,
        tldr=revision.tldr,
        body_html=mark_safe(revision.body_html),  # noqa: S308 - the sanitiser's output, stored by rendering.py
        headings=[(anchor, text) for anchor, text in revision.headings],
        words=revision.words,
        paragraphs=revision.paragraphs,
        section=revision.section,
        topics=list(revision.topics.all()),
        authors=revision.byline_authors,
        terms=[entry.term for entry in revision.published_briefing],
        lead_image=revision.lead_image,
        lead_alt=revision.lead_alt,
        impacts=_impacts(revision.impacts),
        article=revision.article,
        corrections=list(revision.article.corrections.all()),
        published_at=revision.first_published_at,
        changed_at=revision.live_from,
        is_public=True,
        social_picture=str(revision.social_picture),
    )


def draft_story(article: Article, content: Content | None = None) -> Story:
    """The story as it would be published now, from the stored working copy or from given content."""
    content = content or snapshot(article)
    terms = in_order(Term.objects.published(), content["terms"])
    rendered = render_body(content["body"], terms)
    return Story(
        headline=content["headline"] or "Untitled",
        kicker=content["kicker"],
        dek=content["dek"],
        tldr=content["tldr"],
        body_html=rendered.html,
        headings=rendered.headings,
        words=rendered.words,
        paragraphs=rendered.paragraphs,
        section=Section.objects.filter(pk=content["section"] or 0).first(),
        topics=list(Topic.objects.filter(pk__in=content["topics"])),
        authors=in_order(Author.objects.all(), content["authors"]),
        terms=terms,
        lead_image=Image.objects.filter(pk=content["lead_image"] or 0).first(),
        lead_alt=content.get("lead_alt", ""),
        impacts=_impacts(shown_impacts(content)),
        article=article,
        corrections=list(article.corrections.all()) if article.pk else [],
        published_at=timezone.now(),
    )


def _impacts(shown: list[ShownImpact]) -> list[ImpactView]:
    return [
        ImpactView(
            lenses=entry["lenses"],
            text=entry["text"],
            horizon_on=dt.date.fromisoformat(entry["horizon_on"]) if entry["horizon_on"] else None,
            confidence=entry["confidence"],
            test=entry["test"],
            key=str(entry.get("id") or ""),
        )
        for entry in shown
    ]
