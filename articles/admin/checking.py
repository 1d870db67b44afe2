"""The panel “Before publishing”: what to look at in the story as the form holds it, saved or not."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles.admin.doors import open_article, require_newsroom
from articles.admin.saving import find_sitting
from articles.admin.typed import typed_content
from articles.checks import Check, check_stored, checks, missing
from articles.models import Article
from pulse.characters import without_controls

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
    return _panel(article, check_stored(article) if article else missing(typed_content(QueryDict())))


@never_cache
@require_POST
def check(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The panel’s list for a form that is not saved. Fifteen queries at most, and those of the sign-in."""
    require_newsroom(request)
    article = open_article(request, pk) if pk is not None else _begun(request)
    found = checks(
        typed_content(request.POST), article, slug=without_controls(request.POST.get("slug", "")).strip()
    )
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
