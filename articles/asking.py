"""What a story's page is called: the glossary asks when a reader asks it about a word (`glossary.places`)."""

from django.urls import Resolver404, resolve

from articles.models import Revision


def headline_of(path: str) -> str:
    """The headline of the live story at a path, as readers see it; empty for any other page. One query."""
    try:
        place = resolve(path)
    except Resolver404:
        return ""
    if place.view_name != "articles:article":
        return ""
    live = Revision.objects.live().filter(article__slug=place.kwargs["slug"])
    return live.values_list("headline", flat=True).first() or ""
