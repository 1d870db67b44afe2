"""A story as JSON: what a revision keeps, read from the working copy and written back to it.

Every id of a many-to-many is kept, in order, so that an old revision can be shown and restored whole.
"""

import datetime as dt
from typing import Any, NotRequired, TypedDict

from articles.models import Article, Author, BriefingEntry, Byline, Impact, Lens, Section, Topic, Verdict
from glossary.models import Term
from images.models import Image
from pulse.tags import changed


class ImpactContent(TypedDict):
    id: int | None
    lenses: list[int]
    text: str
    horizon_on: str | None  # ISO date
    confidence: str
    test: str


class Content(TypedDict):
    headline: str
    kicker: str
    dek: str
    tldr: str
    body: str
    section: int | None
    topics: list[int]
    authors: list[int]
    terms: list[int]
    lead_image: int | None
    lead_alt: NotRequired[str]  # revisions from before it was asked for have none
    impacts: list[ImpactContent]


TEXT_FIELDS = ("headline", "kicker", "dek", "tldr", "body")


def snapshot(article: Article) -> Content:
    """The working copy as it is stored now. Five queries."""
    return Content(
        headline=article.headline,
        kicker=article.kicker,
        dek=article.dek,
        tldr=article.tldr,
        body=article.body,
        section=article.section_id,
        topics=list(article.topics.order_by("name").values_list("pk", flat=True)),
        authors=list(article.bylines.values_list("author_id", flat=True)),
        terms=list(article.briefing.values_list("term_id", flat=True)),
        lead_image=article.lead_image_id,
        lead_alt=article.lead_alt,
        impacts=[_impact_content(impact) for impact in article.impacts.prefetch_related("lenses")],
    )


def _impact_content(impact: Impact) -> ImpactContent:
    return ImpactContent(
        id=impact.pk,
        lenses=[lens.pk for lens in impact.lenses.all()],
        text=impact.text,
        horizon_on=impact.horizon_on.isoformat() if impact.horizon_on else None,
        confidence=impact.confidence,
        test=impact.test,
    )


def restore(article: Article, content: Content) -> None:
    """Write content into the working copy, and save it. What has been deleted since is left out.

    Impacts keep their rows where they still exist, so that verdicts given on them stay; the number of a new
    row is written into its content.
    """
    for field in TEXT_FIELDS:
        setattr(article, field, content[field])  # type: ignore[literal-required]
    article.section = Section.objects.filter(pk=content["section"] or 0).first()
    article.lead_image = Image.objects.filter(pk=content["lead_image"] or 0).first()
    article.lead_alt = content.get("lead_alt", "")
    article.save(update_fields=[*TEXT_FIELDS, "section", "lead_image", "lead_alt"])
    article.topics.set(Topic.objects.filter(pk__in=content["topics"]))
    _restore_order(article, Byline, "author", _existing(Author, content["authors"]))
    _restore_order(article, BriefingEntry, "term", _existing(Term, content["terms"]))
    _restore_impacts(article, content["impacts"])


def _existing(model: Any, pks: list[int]) -> list[int]:
    known = set(model.objects.filter(pk__in=pks).values_list("pk", flat=True))
    return [pk for pk in pks if pk in known]


def _restore_order(article: Article, through: Any, field: str, pks: list[int]) -> None:
    through.objects.filter(article=article).delete()
    through.objects.bulk_create(
        through(article=article, position=position, **{f"{field}_id": pk}) for position, pk in enumerate(pks)
    )


def _restore_impacts(article: Article, impacts: list[ImpactContent]) -> None:
    dropped = article.impacts.exclude(pk__in=[impact["id"] for impact in impacts if impact["id"]])
    _, gone = dropped.delete()
    if gone.get(Verdict._meta.label):
        changed("outlooks")  # what was judged is due again, for as long as readers see it
    kept = {impact.pk: impact for impact in article.impacts.all()}
    for position, content in enumerate(impacts):
        horizon = content["horizon_on"]
        impact = kept.get(content["id"] or 0) or Impact(article=article)
        impact.text = content["text"]
        impact.horizon_on = dt.date.fromisoformat(horizon) if horizon else None
        impact.confidence = content["confidence"]
        impact.test = content["test"]
        impact.position = position
        impact.save()
        impact.lenses.set(Lens.objects.filter(pk__in=content["lenses"]))
        content["id"] = impact.pk
