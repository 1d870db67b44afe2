"""Two texts side by side: what somebody else stored while this form was open, and what this form holds."""

from dataclasses import dataclass
from typing import Any

from articles.comparison import impact_in_words
from articles.models import Article, Impact

PARTS = (
    *("headline", "kicker", "dek", "tldr", "body", "section", "topics", "lead_image", "slug", "discussion"),
    "status",
)


@dataclass(frozen=True)
class Difference:
    """One part of the article that differs, in words."""

    label: str
    theirs: str
    yours: str


def differences(form: Any, formsets: Any) -> list[Difference]:
    """What differs between the stored article and the refused form, field by field and row set by row set."""
    stored: Article = form.conflict
    found = [
        Difference(str(form.fields[name].label), _stored_text(stored, name), _typed_text(form, name))
        for name in PARTS
        if name in form.fields
    ]
    for rows in formsets:
        label = str(rows.opts.verbose_name_plural)
        found.append(Difference(label, _stored_rows(stored, label), _typed_rows(rows.formset)))
    return [difference for difference in found if difference.theirs != difference.yours]


def _in_words(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) and hasattr(value, "__iter__"):
        return ", ".join(sorted(str(one) for one in value))
    return str(value).replace("\r\n", "\n").strip()


def _stored_text(stored: Article, name: str) -> str:
    return _in_words(stored.topics.all() if name == "topics" else getattr(stored, name))


def _typed_text(form: Any, name: str) -> str:
    return _in_words(form.cleaned_data.get(name, form[name].value()))


def _stored_rows(stored: Article, label: str) -> str:
    match label:
        case "Real-World Impact":
            rows = [_stored_impact(impact) for impact in stored.impacts.prefetch_related("lenses")]
        case "Technical Briefing":
            rows = [entry.term.name for entry in stored.briefing.select_related("term")]
        case _:
            rows = [byline.author.name for byline in stored.bylines.select_related("author")]
    return "\n".join(rows)


def _stored_impact(impact: Impact) -> str:
    lenses = [lens.name for lens in impact.lenses.all()]
    return impact_in_words(lenses, impact.text, impact.horizon_on, impact.confidence, impact.test)


def _typed_rows(formset: Any) -> str:
    kept = []
    for row in formset.forms:
        data = getattr(row, "cleaned_data", None) or {}
        if data.get("DELETE"):
            continue
        if "text" in data:
            fields = ("lenses", "text", "horizon_on", "confidence", "test")
            kept.append(
                (data.get("position") or 0, impact_in_words(*(data.get(field) or "" for field in fields)))
            )
        elif value := data.get("term") or data.get("author"):
            kept.append((data.get("position") or 0, str(value)))
    return "\n".join(text for _, text in sorted(kept, key=lambda pair: pair[0]))
