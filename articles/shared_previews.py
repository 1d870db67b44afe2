"""What a preview link shows: a draft on the public page's template, for whoever holds the link.

The page is the same for everybody: it reads no session, sets no cookie and is kept by nobody.
"""

import re
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.drawings import draw, print_kind
from articles.models import Article
from articles.preview_links import count_opening, find_link, state_of, token_of
from articles.print_pictures import print_policy, svg_response
from articles.stories import Story, draft_story

GONE = 410
NOBODY: dict[str, Any] = {"reader": None, "has_session": False}
# Browsers call themselves so; programs that fetch a page to show it in a chat mostly say what they are.
BROWSER = "Mozilla/"
PROGRAM = re.compile(r"bot|crawl|spider|preview|externalhit|compatible;", re.IGNORECASE)


@require_safe
def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """The draft, or the pinned revision, that a link shows; 410 with a sentence once the link has ended."""
    link = _find(token)
    state = state_of(link)
    if state.is_over:
        live = link.article.revisions.live().select_related("article").first()
        context = {"state": state, "live": live, **NOBODY}
        return _kept_by_nobody(render(request, "articles/preview_ended.html", context, status=GONE))
    if _is_opening(request):
        count_opening(link)
    story = _story(link)
    context = {"story": story, "article": story.article, "link": link, "state": state, "is_preview": True}
    return _kept_by_nobody(render(request, "articles/shared_preview.html", context | NOBODY))


@print_policy
@require_safe
def shared_print(request: HttpRequest, token: str, shape: str) -> HttpResponse:
    """The drawing of a story without a photograph, for as long as the link works."""
    link = _find(token)
    if state_of(link).is_over:
        return _kept_by_nobody(HttpResponse(status=GONE))
    story = _story(link)
    svg = draw(story.paragraphs, kind=print_kind(story.section), shape=shape, seed=story.article.slug)
    return _kept_by_nobody(svg_response(svg))


def _find(token: str) -> Any:
    link = find_link(token)
    if link is None:
        raise Http404
    return link


def _story(link: Any) -> Story:
    """The text as it is stored, or was in the pinned revision, with the terms as they are now."""
    article = link.article
    article.discussion = Article.Discussion.HIDDEN  # never saved: a preview has no way to the discussion
    story = draft_story(article, link.revision.content if link.revision else None)
    drawing_url = reverse("articles:shared_print", args=[token_of(link), "square"])
    return replace(story, drawing_url=drawing_url, published_at=None)  # nothing has been published here


def _is_opening(request: HttpRequest) -> bool:
    """Whether somebody looks at the page: not a HEAD, a robot, nor a browser fetching it in advance."""
    agent = request.headers.get("User-Agent", "")
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return (
        request.method == "GET"
        and "prefetch" not in purpose
        and agent.startswith(BROWSER)
        and not PROGRAM.search(agent)
    )


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """No search engine, cache or site that the page links to learns of its address."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    return response
