"""A story's Markdown made into HTML, with its terms linked and its pictures in sizes."""

from collections.abc import Iterable
from typing import TypedDict

from articles.content import Content
from articles.models import Lens, Revision
from glossary.linking import linker
from glossary.models import Term
from images.library import sizes_lookup
from pulse.art import trace
from pulse.text import Rendered, editorial, reading_minutes


def render_body(body: str, terms: Iterable[Term]) -> Rendered:
    """Render Markdown for a story whose briefing holds these terms. Two queries if it shows pictures."""
    published = [term for term in terms if term.is_published]
    return editorial(body, link=linker(published), sizes=sizes_lookup(body))


class ShownImpact(TypedDict):
    """One entry of Real-World Impact as the page shows it: lenses by name."""

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


RENDERED_FIELDS = ["body_html", "headings", "paragraphs", "words", "trace", "impacts"]


def render_again(pks: Iterable[int]) -> None:
    """Render stored revisions once more, for what their HTML or impacts show and somebody changed.

    That is a term's name, aliases or visibility, or a lens. A new definition needs none of this: stored HTML
    holds the link, never the definition. Each is read and written by itself, so that writers elsewhere never
    wait for more than one.
    """
    for pk in list(pks):
        revision = Revision.objects.prefetch_related("terms").get(pk=pk)
        render_revision(revision, revision.terms.all())
        revision.save(update_fields=RENDERED_FIELDS)


def term_changed(term: Term, *, matching_changed: bool) -> None:
    """The glossary's hook: render the stories that show a term whose name, aliases or visibility changed."""
    if matching_changed:
        shown = Revision.objects.public_or_due().filter(terms=term)
        render_again(shown.values_list("pk", flat=True))


def showing_lens(lens: Lens) -> list[int]:
    """The public and scheduled revisions with an impact under a lens. Reads the impacts of all of them."""
    contents = Revision.objects.public_or_due().values_list("pk", "content__impacts")
    return [pk for pk, impacts in contents if any(lens.pk in impact["lenses"] for impact in impacts)]
