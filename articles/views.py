"""The public pages of the publication. Each starts from `Revision.objects.live()`."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles.mentions import term_of_the_day
from articles.models import Article, Author, Correction, PreviousSlug, Revision, Section, Topic
from articles.querysets import RevisionQuerySet
from articles.stories import live_story
from articles.structured import news_article
from articles.withdrawals import is_withdrawn
from pulse.addresses import absolute
from pulse.art import STYLE_HASHES, as_svg, print_marks

FRONT_TOP = 4  # the lead story and the three after it
PRINT_SIZES = {"wide": (1200, 800), "square": (1000, 1000)}
PRINT_GROUNDS = {"ridge": "signal", "steps": "chart", "polar": "ink", "bars": "chart", "strip": "chart"}


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """Lead, next three, term of the day, river, most discussed. Eight queries."""
    stories = list(Revision.objects.live().newest_first().for_cards()[: settings.PULSE_PAGE_SIZE])
    context = {
        "lead": stories[0] if stories else None,
        "trio": stories[1:FRONT_TOP],
        "river": stories[FRONT_TOP:],
        "term": term_of_the_day(),
        "most_discussed": list(Revision.objects.live().most_discussed()[:3]),
    }
    return render(request, "articles/front_page.html", context)


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """Every story, newest first: where “Older stories” leads."""
    return _list_page(request, "articles/latest.html", Revision.objects.live(), {})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One story with its five parts, at most eight queries; an old address leads to the present one, a
    withdrawn one is gone."""
    revision = Revision.objects.live().for_page().filter(article__slug=slug).first()
    if revision is None:
        return _not_here(request, slug)
    story = live_story(revision)
    return render(
        request,
        "articles/article.html",
        {"story": story, "article": revision.article, "structured": news_article(story)},
    )


def _not_here(request: HttpRequest, slug: str) -> HttpResponse:
    """410 for a story that was withdrawn, otherwise where a story moved to from this address."""
    here = Article.objects.filter(slug=slug).first()
    if here is not None and is_withdrawn(here):
        response = render(request, "articles/withdrawn.html", {"article": here}, status=410)
        response["X-Robots-Tag"] = "noindex"
        return response
    return _moved(slug)


def _moved(slug: str) -> HttpResponsePermanentRedirect:
    """One hop to the live or withdrawn article that had this address; Http404 if there is none."""
    previous = PreviousSlug.objects.select_related("article").filter(slug=slug).first()
    if previous is None or not (previous.article.revisions.live().exists() or is_withdrawn(previous.article)):
        raise Http404
    return HttpResponsePermanentRedirect(previous.article.get_absolute_url())


# The drawing carries one style sheet of ours; its hash is the only thing the policy lets through.
print_policy: Any = csp_replace({"default-src": ["'none'"], "style-src": STYLE_HASHES})


@print_policy
@require_safe
def print_picture(request: HttpRequest, slug: str, shape: str) -> HttpResponse:
    """The drawing a story gets instead of a photograph, made from its own sentences. One query."""
    revision = get_object_or_404(
        Revision.objects.live().select_related("section").only("paragraphs", "section__print_kind"),
        article__slug=slug,
    )
    return svg_response(draw(revision.paragraphs, kind=print_kind(revision.section), shape=shape, seed=slug))


def print_kind(section: Section | None) -> str:
    return section.print_kind if section else Section.Print.STRIP


def draw(paragraphs: list[list[int]], *, kind: str, shape: str, seed: str) -> str:
    """A story's print as SVG."""
    width, height = PRINT_SIZES[shape]
    return as_svg(
        print_marks(paragraphs, kind=kind, width=width, height=height, seed=seed), PRINT_GROUNDS[kind]
    )


def svg_response(svg: str) -> HttpResponse:
    return HttpResponse(svg, content_type="image/svg+xml")


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Section, slug=slug)
    stories = Revision.objects.live().filter(section=found)
    return _list_page(request, "articles/section.html", stories, {"section": found})


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic.objects.in_use(), slug=slug)
    stories = Revision.objects.live().filter(topics=found)
    return _list_page(request, "articles/topic.html", stories, {"topic": found})


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Author.objects.in_use(), slug=slug)
    stories = Revision.objects.live().filter(authors=found)
    return _list_page(request, "articles/author.html", stories, {"author": found})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction of a story that readers see, newest first, under its live headline. Three queries."""
    live = Revision.objects.live().filter(article=OuterRef("article"))
    made = Correction.objects.annotate(headline=Subquery(live.values("headline")[:1]))
    made = made.filter(headline__isnull=False).select_related("article").order_by("-made_at", "-pk")
    return _paged(request, "articles/corrections.html", made, {})


def _list_page(
    request: HttpRequest, template: str, stories: RevisionQuerySet, context: dict[str, Any]
) -> HttpResponse:
    """A page of stories, newest first."""
    return _paged(request, template, stories.newest_first().for_cards(), context)


def _paged(request: HttpRequest, template: str, rows: QuerySet[Any], context: dict[str, Any]) -> HttpResponse:
    """A page of a list. A page past the end, or not a number, is 404."""
    number = request.GET.get("page", "1")
    if "page" in request.GET and number == "1":
        return redirect(request.path, permanent=True)
    paginator = Paginator(rows, settings.PULSE_PAGE_SIZE)
    try:
        page = paginator.page(number)
    except (PageNotAnInteger, EmptyPage) as error:
        raise Http404 from error
    page.object_list = list(page.object_list)  # read once, used twice: the first story is shown large
    if page.number > 1:
        context["canonical_url"] = absolute(f"{request.path}?page={page.number}")
    return render(request, template, {"page": page, **context})
