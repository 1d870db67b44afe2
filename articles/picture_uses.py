"""The pictures' hook: which stories show which pictures, leading them or in their text."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from heapq import nlargest

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles import pictured
from articles.models import Article, Revision
from articles.pictured import Place
from images.models import Image
from images.uses import Use, Uses

LIVE, SCHEDULED, DRAFT, EARLIER = "live", "scheduled", "draft", "earlier version"
PLACES = [LIVE, SCHEDULED, DRAFT, EARLIER]  # a story that shows a picture in several is told by the first

Shown = dict[int, dict[int, str]]  # picture → article → place


def showing_pictures(
    images: Collection[Image], *, in_history: bool, seen_by: User | None, most: int
) -> dict[int, Uses]:
    """The stories that show these pictures now, will, or would if published; by the pictures' pk.

    The newest are named. `in_history` adds every earlier version, and reads the text of each. Fifteen queries
    at most; see `articles.pictured` for what they read.
    """
    names = pictured.names_of(images)
    everywhere = _shown(names, pictured.places(), _earlier()) if in_history else None
    stories: Mapping[int, Collection[int]]
    stories = pictured.stories_showing(names) if everywhere is None else everywhere
    first = {picture: nlargest(most, articles) for picture, articles in stories.items()}
    told = {article for articles in first.values() for article in articles}
    shown = _shown(names, pictured.places(told)) if everywhere is None else everywhere
    wanted = {
        (picture, article): shown[picture][article]
        for picture, articles in first.items()
        for article in articles
        if article in shown.get(picture, {})
    }
    uses = _uses({(article, place) for (_, article), place in wanted.items()}, seen_by)
    named: dict[int, list[Use]] = defaultdict(list)
    for (picture, article), place in wanted.items():
        named[picture].append(uses[article, place])
    return {picture: Uses(len(articles), named[picture]) for picture, articles in stories.items()}


def _shown(names: dict[str, int], places: Iterable[Place], earlier: Iterable[Place] = ()) -> Shown:
    """In which places these pictures are, the first of each article."""
    found: Shown = defaultdict(dict)
    now = timezone.now()

    def note(place: Place, label: str) -> None:
        for pk in {names[name] for name in place.names & names.keys()}:
            before = found[pk].get(place.article, EARLIER)
            found[pk][place.article] = min(label, before, key=PLACES.index)

    for place in places:
        note(place, DRAFT if place.starts is None else SCHEDULED if place.starts > now else LIVE)
    for place in earlier:
        note(place, EARLIER)
    return found


def _earlier() -> Iterable[Place]:
    """Every version there is. One query."""
    every = Revision.objects.order_by().values_list("article", "content__lead_image", "content__body")
    return (Place(pk, None, lead, body or "") for pk, lead, body in every.iterator())


def _uses(shown: set[tuple[int, str]], seen_by: User | None) -> dict[tuple[int, str], Use]:
    """Stories by their headlines, as far as somebody may see them: of others, what is live. Three queries."""
    pks = {pk for pk, _ in shown}
    articles = Article.objects.only("headline", "slug").in_bulk(pks)
    theirs, headlines = set(articles), {}
    if seen_by is not None:
        theirs &= set(Article.objects.editable_by(seen_by).filter(pk__in=pks).values_list("pk", flat=True))
    if theirs != set(articles):
        live = Revision.objects.live().filter(article__in=pks).order_by()
        headlines = dict(live.values_list("article", "headline"))

    def use(pk: int, place: str) -> Use:
        if pk in theirs:
            address = reverse("admin:articles_article_change", args=[pk])
            return Use(f"{articles[pk]} ({place})", address)
        if place == LIVE:
            return Use(f"{headlines[pk]} (live)", articles[pk].get_absolute_url())
        return Use(f"Somebody else’s story ({place})")

    return {(pk, place): use(pk, place) for pk, place in shown}
