"""What stands in an article form that nobody has saved, as the content of a story."""

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.http import QueryDict

from articles.content import Content, ImpactContent
from articles.models import Impact
from pulse.addresses import is_number
from pulse.characters import without_controls


def typed_content(form: QueryDict) -> Content:
    """The content a form as it was posted would have. Nothing is refused: what cannot be read is left out."""
    return Content(
        headline=_text(form, "headline"),
        kicker=_text(form, "kicker"),
        dek=_text(form, "dek"),
        tldr=_text(form, "tldr"),
        body=_text(form, "body"),
        section=_key(form.get("section", "")),
        topics=_keys(form.getlist("topics")),
        authors=_keys(form.get(f"{row}-author", "") for row in _rows(form, "bylines")),
        terms=_keys(form.get(f"{row}-term", "") for row in _rows(form, "briefing")),
        lead_image=_key(form.get("lead_image", "")),
        lead_alt=_text(form, "lead_alt"),
        impacts=[impact for row in _rows(form, "impacts") if (impact := _impact(form, row))["text"]],
    )


def _rows(form: QueryDict, prefix: str) -> list[str]:
    """The prefixes of an inline's rows in the order of their positions, without those to be removed."""
    total = _key(form.get(f"{prefix}-TOTAL_FORMS", "")) or 0
    rows = [f"{prefix}-{index}" for index in range(min(total, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS))]
    kept = [row for row in rows if f"{row}-DELETE" not in form]
    return sorted(kept, key=lambda row: _key(form.get(f"{row}-position", "")) or 0)


def _impact(form: QueryDict, row: str) -> ImpactContent:
    confidence = form.get(f"{row}-confidence", "")
    return ImpactContent(
        id=_key(form.get(f"{row}-id", "")),
        lenses=_keys(form.getlist(f"{row}-lenses")),
        text=_text(form, f"{row}-text"),
        horizon_on=_day(form.get(f"{row}-horizon_on", "")),
        confidence=confidence if confidence in Impact.Confidence.values else "",
        test=_text(form, f"{row}-test"),
    )


def _text(form: QueryDict, name: str) -> str:
    """One kind of line end, and none of the characters that PostgreSQL refuses to look for."""
    return without_controls(form.get(name, "").replace("\r\n", "\n")).strip()


def _day(typed: str) -> str | None:
    try:
        day = forms.DateField(required=False).clean(typed)
    except forms.ValidationError:
        return None
    return day.isoformat() if day else None


def _key(typed: str) -> int | None:
    return int(typed) if is_number(typed) else None


def _keys(typed: Iterable[str]) -> list[int]:
    """Each number once, in the order they came."""
    return list(dict.fromkeys(int(text) for text in typed if is_number(text)))
