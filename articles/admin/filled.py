"""The story as a valid form holds it: validated fields and rows in, content out."""

from typing import Any

from articles.content import Content, ImpactContent


def filled_content(form: Any, formsets: Any) -> Content:
    """What somebody filled in, in the shape of a stored story, with one kind of line end. One query."""
    rows = {formset.prefix: formset for formset in formsets}
    data = form.cleaned_data
    return Content(
        headline=_text(data["headline"]),
        kicker=_text(data["kicker"]),
        dek=_text(data["dek"]),
        tldr=_text(data["tldr"]),
        body=_text(data["body"]),
        section=data["section"].pk if data["section"] else None,
        topics=list(data["topics"].order_by("name").values_list("pk", flat=True)) if data["topics"] else [],
        authors=rows["bylines"].keys() if "bylines" in rows else [],
        terms=rows["briefing"].keys() if "briefing" in rows else [],
        lead_image=data["lead_image"].pk if data["lead_image"] else None,
        lead_alt=" ".join(_text(data["lead_alt"]).split()),
        impacts=[_impact(row) for row in rows["impacts"].entries()] if "impacts" in rows else [],
    )


def _impact(row: dict[str, Any]) -> ImpactContent:
    return ImpactContent(
        id=row["id"].pk if row.get("id") else None,
        lenses=[lens.pk for lens in row["lenses"]],
        text=_text(row["text"]),
        horizon_on=row["horizon_on"].isoformat() if row["horizon_on"] else None,
        confidence=row["confidence"],
        test=row["test"],
    )


def _text(value: str) -> str:
    return value.replace("\r\n", "\n")
