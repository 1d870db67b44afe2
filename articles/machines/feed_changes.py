"""Which feeds of stories may have changed, for the hub that tells their readers (`pulse.websub`)."""

from collections.abc import Iterator

from django.conf import settings

from articles.announcing import LISTS
from articles.listings import NEWEST_FIRST, on_list
from articles.models import Author, Correction, Listing, Section, Topic
from pulse.websub import Held

Kind = Listing.Kind
FILED: dict[Listing.Kind, type[Section] | type[Topic] | type[Author]] = {
    Kind.SECTION: Section,
    Kind.TOPIC: Topic,
    Kind.AUTHOR: Author,
}


def changed_by(tags: set[str]) -> Iterator[Held]:
    """The feeds that hold a changed story, or held it. Four queries, and two for each feed."""
    places = _places(tags)
    if places:
        yield "/", _held(None)
    for kind, model in FILED.items():
        for filed in model.objects.filter(pk__in=[of for place, of in places if place == kind]):
            yield filed.get_absolute_url(), _held(filed)


def story_keys(tags: set[str], kind: str = "article") -> set[int]:
    """The articles that these tags are about: as stories, or by another kind of tag that names them."""
    return {int(tag.removeprefix(f"{kind}:")) for tag in tags if tag.startswith(f"{kind}:")}


def _places(tags: set[str]) -> set[tuple[int, int]]:
    """The lists that these tags are about, and those on which the changed stories stand."""
    stories = Listing.objects.live().filter(revision__article__in=story_keys(tags))
    places = set(stories.values_list("kind", "of"))
    for kind in FILED:
        start, end = LISTS[kind].split("{}")
        found = [tag for tag in tags if tag.startswith(start) and tag.endswith(end)]
        places |= {(int(kind), int(tag.removeprefix(start).removesuffix(end))) for tag in found}
    return places | ({(int(Kind.SITE), 0)} if "stories" in tags else set())


def _held(filed: Section | Topic | Author | None) -> object:
    """The revisions and corrections in a feed: what makes any of its entries another."""
    places = on_list(filed).live().order_by(*NEWEST_FIRST)
    pks = list(places.values_list("revision", flat=True)[: settings.PULSE_FEED_SIZE])
    corrections = Correction.objects.filter(article__revisions__in=pks).order_by("pk")
    return pks, list(corrections.values_list("pk", flat=True))
