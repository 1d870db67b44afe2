"""A story's Markdown made into HTML, with its terms linked and its pictures in sizes.

What a stored story shows may change without it: a term's name, aliases or visibility, a lens, a picture. Such
a story is marked as stale and rendered again: the newest at once, the rest by the worker. A new definition
needs none of this, since stored HTML holds the link and never the definition.
"""

import logging
from collections.abc import Iterable
from typing import NotRequired, TypedDict

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from articles.content import Content
from articles.drawings import keep_prints
from articles.models import Lens, Revision
from articles.search import index
from articles.social import draw_after_commit
from glossary.linking import linker
from glossary.models import Term
from images.library import sizes_lookup
from images.models import Image
from images.uses import stems_of
from pulse.art import trace
from pulse.parts import make_after_commit
from pulse.tags import changed
from pulse.text import Rendered, editorial, reading_minutes

logger = logging.getLogger(__name__)
STORY = "story"  # a story's page among the parts that are kept; see articles.composing
MARKED_AT_ONCE = 1_000  # rows in one UPDATE: a database takes only so many parameters


def render_body(body: str, terms: Iterable[Term]) -> Rendered:
    """Render Markdown for a story whose briefing holds these terms. Two queries if it shows pictures."""
    published = [term for term in terms if term.is_published]
    return editorial(body, link=linker(published), sizes=sizes_lookup(body))


class ShownImpact(TypedDict):
    """One entry of Real-World Impact as the page shows it: lenses by name."""

    id: NotRequired[int | None]  # of its row, by which comments on it find it; older revisions have none
    lenses: list[str]
    text: str
    horizon_on: str | None
    confidence: str
    test: str


def shown_impacts(content: Content) -> list[ShownImpact]:
    """A story's impacts in the order of their first lens, as the lenses are called now. One query."""
    places = {lens.pk: (place, lens.name) for place, lens in enumerate(Lens.objects.all())}
    shown: list[tuple[int, ShownImpact]] = []
    for entry in content["impacts"]:
        lenses = sorted(places[pk] for pk in entry["lenses"] if pk in places)
        view = ShownImpact(
            id=entry.get("id"),
            lenses=[name for _, name in lenses],
            text=entry["text"],
            horizon_on=entry["horizon_on"],
            confidence=entry["confidence"],
            test=entry["test"],
        )
        shown.append((lenses[0][0] if lenses else len(places), view))
    return [view for _, view in sorted(shown, key=lambda pair: pair[0])]


def render_revision(revision: Revision, terms: Iterable[Term]) -> None:
    """Fill a revision's rendered columns from its content; the caller saves it."""
    rendered = render_body(revision.content["body"], terms)
    revision.body_html = str(rendered.html)
    revision.headings = [list(heading) for heading in rendered.headings]
    revision.paragraphs = rendered.paragraphs
    revision.words = rendered.words
    revision.impacts = shown_impacts(revision.content)
    revision.trace = trace(
        [sum(paragraph) for paragraph in rendered.paragraphs], minutes=reading_minutes(rendered.words)
    ).path
    revision.is_stale = False


def make_from_rendered(revision: Revision) -> None:
    """Make what is made of a rendered revision and its relations: prints, its entry in the search, its page.

    In the transaction that renders it, but for card and page, which follow the commit. Eleven queries.
    """
    keep_prints(revision)
    index(revision)
    draw_after_commit(revision)
    make_after_commit(STORY, revision.pk)


RENDERED_FIELDS = ["body_html", "headings", "paragraphs", "words", "trace", "impacts", "is_stale"]


def render_again(pks: Iterable[int]) -> None:
    """Mark stored revisions as stale, and once that is committed render the newest of all that are stale.

    A few queries, and PULSE_RENDER_AT_ONCE renderings; the worker does the rest.
    """
    chosen = list(pks)
    for start in range(0, len(chosen), MARKED_AT_ONCE):
        some = chosen[start : start + MARKED_AT_ONCE]
        Revision.objects.filter(pk__in=some).update(is_stale=True)
    if chosen:
        transaction.on_commit(lambda: render_stale(limit=settings.PULSE_RENDER_AT_ONCE))


def stale() -> list[int]:
    """The revisions to be rendered again, newest story first. One query."""
    return list(Revision.objects.filter(is_stale=True).newest_first().values_list("pk", flat=True))


def render_stale(*, limit: int) -> int:
    """Render stale revisions again, newest story first, and return how many were. Stopped, it can go on.

    One that cannot be rendered keeps the HTML it has, and stays marked.
    """
    return sum(render_one(pk) for pk in stale()[:limit])


def render_one(pk: int) -> bool:
    """Render one stale revision in a transaction of its own, so that nobody waits for more than one.

    Its row is locked first: what changes while it is rendered marks it again afterwards. Whether it was done;
    False too if somebody else is at it.
    """
    try:
        with transaction.atomic():
            locked = Revision.objects.select_for_update(skip_locked=True, of=("self",))
            revision = locked.filter(pk=pk, is_stale=True).first()
            if revision is None:
                return False
            render_revision(revision, revision.terms.all())
            revision.save(update_fields=RENDERED_FIELDS)
            make_from_rendered(revision)
            changed(f"article:{revision.article_id}")
    except Exception:
        logger.exception("Revision %s cannot be rendered again. Readers see it as it was.", pk)
        return False
    return True


def render_stale_batch() -> bool:
    """The worker's job: whether there is more to render."""
    return render_stale(limit=settings.PULSE_RENDER_BATCH) == settings.PULSE_RENDER_BATCH


def term_changed(term: Term, *, matching_changed: bool) -> None:
    """The glossary's hook: render the stories that show a term whose name, aliases or visibility changed."""
    if matching_changed:
        render_again(Revision.objects.public_or_due().filter(terms=term).values_list("pk", flat=True))


def showing_lens(lens: Lens) -> list[int]:
    """The public and scheduled revisions with an impact under a lens. Reads the impacts of all of them."""
    contents = Revision.objects.public_or_due().values_list("pk", "content__impacts")
    return [pk for pk, impacts in contents if any(lens.pk in impact["lenses"] for impact in impacts)]


def picture_replaced(image: Image) -> None:
    """The pictures' hook: render the stories whose text shows a picture that has another file now."""
    render_again(showing_files(stems_of([image])))


def showing_files(names: Iterable[str]) -> list[int]:
    """The public and scheduled revisions whose text shows one of these files. Reads the text of all of them.

    A picture is shown in its sizes, whose names begin as the file's own does: what follows a full stop counts
    for nothing.
    """
    shows = Q(pk__in=[])
    for name in names:
        shows |= Q(body_html__contains=name.rpartition(".")[0] or name)
    return list(Revision.objects.public_or_due().filter(shows).values_list("pk", flat=True))
