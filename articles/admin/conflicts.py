"""Two texts side by side: what somebody else stored while this form was open, and what this form holds."""

from dataclasses import dataclass
from typing import Any

from articles.models import Article

PARTS = ("headline", "kicker", "dek", "tldr", "body", "section", "lead_image", "slug", "discussion", "status")


@dataclass(frozen=True)
class Difference:
    """One part of the article that differs, in words."""

    label: str
    theirs: str
    yours: str


def differences(form: Any, formsets: Any) -> list[Difference]:
    """What differs between the stored article and the refused form, field by field and row set by row set."""
    stored: Article = form.conflict
    found = []
    for name in PARTS:
        if name not in form.fields:
            continue
        theirs = _stored_text(stored, name)
        yours = _typed_text(form, name)
        if theirs.split() != yours.split():
            found.append(Difference(form.fields[name].label or name, theirs, yours))
    for rows in formsets:
        label = str(rows.opts.verbose_name_plural)
        theirs = _stored_rows(stored, label)
        yours = _typed_rows(rows.formset)
        if theirs.split() != yours.split():
            found.append(Difference(label, theirs, yours))
    return found


def _stored_text(stored: Article, name: str) -> str:
    value = getattr(stored, name)
    return "" if value is None else str(value)


def _typed_text(form: Any, name: str) -> str:
    value = form.cleaned_data.get(name, form[name].value())
    return "" if value is None else str(value)


def _stored_rows(stored: Article, label: str) -> str:
    rows = {
        "Real-World Impact": [impact.text for impact in stored.impacts.all()],
        "Technical Briefing": [entry.term.name for entry in stored.briefing.select_related("term")],
        "Bylines": [byline.author.name for byline in stored.bylines.select_related("author")],
    }
    return "\n".join(rows.get(label, []))


def _typed_rows(formset: Any) -> str:
    kept = []
    for row in formset.forms:
        data = getattr(row, "cleaned_data", None) or {}
        if data.get("DELETE"):
            continue
        value = data.get("text") or data.get("term") or data.get("author")
        if value is not None:
            kept.append((data.get("position") or 0, str(value)))
    return "\n".join(text for _, text in sorted(kept, key=lambda pair: pair[0]))
