"""The revisions of an article and its record: who saved and did what, what was live, and the way back."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import member
from articles import editing, publishing
from articles.access import may_publish
from articles.admin.doors import open_article, open_revision
from articles.models import Article, Event, Revision

SHOWN = 200  # revisions to choose from when comparing
PER_PAGE = 50
EVENTS_SHOWN = 100
FILTERS = {"": "All", "kept": "Saved by hand", "named": "Named", "live": "Seen by readers"}


def revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Revisions, newest first, and the record. About ten queries, none of which reads a story's text."""
    article = open_article(request, pk)
    chosen = request.GET.get("show", "")
    rows = Paginator(_filtered(article, chosen), PER_PAGE)
    context = {
        **admin.site.each_context(request),
        "title": f"History of “{article}”",
        "article": article,
        "opts": Article._meta,
        "page": rows.get_page(request.GET.get("page")),
        "filters": FILTERS,
        "chosen": chosen if chosen in FILTERS else "",
        "events": _events(article),
        "can_publish": may_publish(member(request)),
        "now": timezone.now(),
    }
    return render(request, "admin/articles/article/history.html", context)


def _events(article: Article) -> QuerySet[Event]:
    return article.events.select_related("by", "revision").only(
        "article", "verb", "at", "note", "by__display_name", "revision__number"
    )[:EVENTS_SHOWN]


def _filtered(article: Article, chosen: str) -> QuerySet[Revision]:
    """Without the text, which would be megabytes: of the content only the headline."""
    shown = (
        article.revisions.select_related("by")
        .only(
            "article",
            "number",
            "created_at",
            "note",
            "name",
            "is_autosave",
            "live_from",
            "live_until",
            "by__display_name",
        )
        .annotate(title=KeyTextTransform("headline", "content"))
        .order_by("-number")
    )
    match chosen:
        case "named":
            return shown.exclude(name="")
        case "live":
            return shown.filter(live_from__isnull=False)
        case "kept":
            return shown.filter(Q(is_autosave=False) | Q(live_from__isnull=False))
    return shown


@require_POST
def use_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an old revision the draft, or, with `_publish`, what readers see."""
    revision = open_revision(request, pk, number)
    article = revision.article
    try:
        if "_publish" in request.POST:
            publishing.roll_back(article=article, to=revision, by=member(request))
            messages.success(request, f"Revision {number} is what readers see now, as a new revision.")
        else:
            editing.restore_revision(article=article, to=revision, by=member(request))
            messages.success(request, f"The draft is revision {number} again. Readers see no change.")
    except editing.NotPublishable as refusal:
        messages.error(request, f"Not published. {refusal}")
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


@require_POST
def name_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give a revision a name, or take it away."""
    revision = open_revision(request, pk, number)
    name = request.POST.get("name", "")
    try:
        editing.name_revision(revision=revision, name=name, by=member(request))
        messages.success(
            request, f"Revision {number} is called “{name}”." if name else "The name is taken away."
        )
    except ValidationError as error:
        messages.error(request, f"“{name}” was not kept as a name: {' '.join(error.messages)}")
    return HttpResponseRedirect(reverse("admin:articles_article_history", args=[pk]))


@require_POST
def approve_tldr(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that the TL;DR still holds for the story as it is stored now."""
    article = open_article(request, pk)
    editing.approve_tldr(article=article, by=member(request))
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)  # the panel says it in its place
    messages.success(request, "Kept: the TL;DR holds for the story as it stands.")
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
