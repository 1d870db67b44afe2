"""The panel “Before publishing”: what to look at in the story as the form holds it, saved or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles.admin.doors import open_article, require_newsroom
from articles.admin.saving import find_sitting
from articles.checks import Check, check_stored, checks, missing
from articles.content import Content, ImpactContent
from articles.models import Article
from pulse.admin import is_key
from pulse.characters import without_controls

MAX_ROWS = 200
SHOWN = 50  # entries under one heading; the others are counted
GROUPS = [
    ("missing", "Still missing"),
    ("serious", "Serious"),
    ("advice", "Worth a look"),
]


@dataclass(frozen=True)
class Panel:
    """What the panel shows: the checks, and the addresses that answer its script."""

    found: list[Check]
    url: str
    approve_url: str = ""

    @property
    def summary(self) -> str:
        """How much there is, for the line that is read out."""
        number = len(self.found)
        return {0: "Nothing to look at", 1: "1 thing to look at"}.get(number, f"{number} things to look at")

    @property
    def groups(self) -> list["Group"]:
        """The checks under their headings, without headings that have none."""
        groups = [
            Group(severity, heading, [check for check in self.found if check.severity == severity])
            for severity, heading in GROUPS
        ]
        return [group for group in groups if group.found]


@dataclass(frozen=True)
class Group:
    """The checks of one severity, and the heading they stand under."""

    severity: str
    heading: str
    found: list[Check]

    @property
    def shown(self) -> list[Check]:
        return self.found[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.found) - len(self.shown)


def panel(article: Article | None) -> Panel:
    """The panel as the form’s page shows it at first, from what is stored."""
    return _panel(article, check_stored(article) if article else missing(_typed(QueryDict())))


@never_cache
@require_POST
def check(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The panel’s list for a form that is not saved. Fifteen queries at most, and those of the sign-in."""
    require_newsroom(request)
    article = open_article(request, pk) if pk is not None else _begun(request)
    found = checks(_typed(request.POST), article, slug=_text(request.POST, "slug").strip())
    context = {"panel": _panel(article, found), "has_fixes": True}
    return render(request, "admin/articles/article/_checks_found.html", context)


def _begun(request: HttpRequest) -> Article | None:
    """What autosave has made of a new article in the meantime; its page still calls it new."""
    sitting = find_sitting(request)
    return open_article(request, sitting.article_id) if sitting else None


def _panel(article: Article | None, found: list[Check]) -> Panel:
    if article is None:
        return Panel(found, reverse("admin:articles_article_checks_new"))
    return Panel(
        found,
        reverse("admin:articles_article_checks", args=[article.pk]),
        reverse("admin:articles_article_approve_tldr", args=[article.pk]),
    )


# The form as it was sent, half filled as it may be: what makes no sense is left out


def _typed(data: QueryDict) -> Content:
    return Content(
        headline=_text(data, "headline"),
        kicker=_text(data, "kicker"),
        dek=_text(data, "dek"),
        tldr=_text(data, "tldr"),
        body=_text(data, "body"),
        section=_key(data.get("section")),
        topics=[],
        authors=_keys(row.get("author") for row in _rows(data, "bylines")),
        terms=_keys(row.get("term") for row in _rows(data, "briefing")),
        lead_image=_key(data.get("lead_image")),
        lead_alt=_text(data, "lead_alt").strip(),
        impacts=[_impact(row) for row in _rows(data, "impacts")],
    )


def _text(data: QueryDict, name: str) -> str:
    return without_controls(data.get(name, "").replace("\r\n", "\n"))


def _key(value: str | None) -> int | None:
    return int(value) if value and is_key(value) else None


def _keys(values: Iterable[str | None]) -> list[int]:
    return list(dict.fromkeys(key for value in values if (key := _key(value))))


def _rows(data: QueryDict, prefix: str) -> list[dict[str, str]]:
    """The rows of an inline in their order, without those that are to go and those without text."""
    rows = []
    for index in range(min(_key(data.get(f"{prefix}-TOTAL_FORMS")) or 0, MAX_ROWS)):
        start = f"{prefix}-{index}-"
        row = {name.removeprefix(start): str(data[name]) for name in data if name.startswith(start)}
        if not row.get("DELETE") and any(row.get(name) for name in ("author", "term", "text", "horizon_on")):
            rows.append(row)
    return sorted(rows, key=lambda row: _key(row.get("position")) or 0)


def _impact(row: dict[str, str]) -> ImpactContent:
    return ImpactContent(
        id=_key(row.get("id")),
        lenses=[],
        text=row.get("text", "").replace("\r\n", "\n"),
        horizon_on=_day(row.get("horizon_on")),
        confidence=row.get("confidence", ""),
        test=row.get("test", ""),
    )


def _day(value: Any) -> str | None:
    try:
        day = forms.DateField(required=False).clean(value)
    except ValidationError:
        return None
    return day.isoformat() if day else None
