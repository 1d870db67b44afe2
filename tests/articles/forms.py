"""The article form as a browser sends it, for tests that press its buttons."""

from typing import Any

from django.test import Client

from articles.models import Article, Lens
from tests.factories import TLDR, make_author, make_section, make_term, make_user


def signed_in_as(role: str) -> tuple[Client, Any]:
    """Somebody of a role, and their browser."""
    user, client = make_user(role=role), Client()
    client.force_login(user)
    return client, user


def signed_in(role: str | None = "Editor", **fields: Any) -> Client:
    client = Client()
    client.force_login(make_user(role=role, **fields))
    return client


def form(**fields: Any) -> dict[str, Any]:
    """An article form as the browser sends it: empty but for what is given."""
    data: dict[str, Any] = {"discussion": "open", "status": "draft", "base_version": "0"}
    for prefix in ("impacts", "briefing", "bylines"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return data | fields


def rows(prefix: str, entries: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(entries), f"{prefix}-INITIAL_FORMS": initial}
    for index, entry in enumerate(entries):
        data |= {f"{prefix}-{index}-{field}": value for field, value in entry.items()}
        data.setdefault(f"{prefix}-{index}-position", index)
    return data


def whole_form(**fields: Any) -> dict[str, Any]:
    lenses = [lens.pk for lens in Lens.objects.all()]
    return (
        form(
            headline="Typed by hand",
            tldr=TLDR,
            body="One.\n\nTwo.\n\nThree.\n\nFour.",
            section=make_section().pk,
            **rows("bylines", [{"author": make_author().pk}]),
            **rows("briefing", [{"term": make_term().pk} for _ in range(3)]),
            **rows("impacts", [{"lenses": lenses, "text": "It matters to all."}]),
        )
        | fields
    )


def change_url(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def stored_form(article: Article, **fields: Any) -> dict[str, Any]:
    """The form of a stored article, as its page shows it."""
    article.refresh_from_db()
    bylines = [
        {"id": row.pk, "article": article.pk, "author": row.author_id} for row in article.bylines.all()
    ]
    briefing = [{"id": row.pk, "article": article.pk, "term": row.term_id} for row in article.briefing.all()]
    impacts = [
        {
            "id": row.pk,
            "article": article.pk,
            "text": row.text,
            "lenses": [lens.pk for lens in row.lenses.all()],
        }
        for row in article.impacts.all()
    ]
    return form(
        headline=article.headline, kicker=article.kicker, dek=article.dek, tldr=article.tldr,
        body=article.body, section=article.section_id or "",
        topics=[topic.pk for topic in article.topics.all()],
        lead_image=article.lead_image_id or "", lead_alt=article.lead_alt,
        slug=article.slug, base_version=article.version,
        **rows("bylines", bylines, len(bylines)),
        **rows("briefing", briefing, len(briefing)),
        **rows("impacts", impacts, len(impacts)),
    ) | fields  # fmt: skip
