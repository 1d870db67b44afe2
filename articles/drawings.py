"""The print of a story, which stands where others have a photograph: made when it is published, and kept.

A draft's print is drawn whenever it is looked at, by the same function.
"""

from django.db.models import Exists, OuterRef

from articles.models import Drawing, Revision, Section
from articles.querysets import RevisionQuerySet
from pulse.art import as_svg, print_marks

PRINT_SIZES = {Drawing.Shape.WIDE: (1200, 800), Drawing.Shape.SQUARE: (1000, 1000)}
PRINT_GROUNDS = {"ridge": "signal", "steps": "chart", "polar": "ink", "bars": "chart", "strip": "chart"}


def print_kind(section: Section | None) -> str:
    """What is drawn for the stories of a section: a key of PRINT_GROUNDS."""
    return section.print_kind if section else Section.Print.STRIP


def draw(paragraphs: list[list[int]], *, kind: str, shape: str, seed: str) -> str:
    """A print as SVG, from the words of each sentence of each paragraph; some milliseconds."""
    width, height = PRINT_SIZES[Drawing.Shape(shape)]
    marks = print_marks(paragraphs, kind=kind, width=width, height=height, seed=seed)
    return as_svg(marks, PRINT_GROUNDS[kind])


def keep_prints(revision: Revision) -> None:
    """Draw a published revision's print in each shape, in place of what there was. One query."""
    kind, seed = print_kind(revision.section), revision.article.slug
    Drawing.objects.bulk_create(
        [
            Drawing(
                revision=revision,
                shape=shape,
                svg=draw(revision.paragraphs, kind=kind, shape=shape, seed=seed),
            )
            for shape in PRINT_SIZES
        ],
        update_conflicts=True,
        unique_fields=["revision", "shape"],
        update_fields=["svg"],
    )


def section_changed(section: Section) -> None:
    """Have the worker draw a section's stories again: its name or its kind of drawing changed. One query.

    They are marked as stale, and show what they showed until they are rendered.
    """
    Revision.objects.public_or_due().filter(section=section).update(is_stale=True)


def without_prints() -> RevisionQuerySet:
    """The public and scheduled revisions, from before prints were kept, that have none. Newest first."""
    kept = Exists(Drawing.objects.filter(revision=OuterRef("pk")))
    return Revision.objects.public_or_due().filter(~kept).newest_first()
