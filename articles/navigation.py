"""What masthead and footer lead to, on every page."""

from django.db.models import Value

from articles.models import Page, Section
from pulse.tags import SITE, Remembered

Links = tuple[list[Section], list[Page]]


def read_links() -> Links:
    """All sections and all published pages in their order, with what a link to each needs. One query."""
    sections = Section.objects.order_by().values_list(Value(0), "position", "name", "pk", "slug")
    pages = Page.objects.filter(is_published=True).order_by()
    rows = sections.union(pages.values_list(Value(1), "position", "title", "pk", "slug"), all=True)
    links = sorted(rows)
    return (
        [Section(pk=pk, name=label, slug=slug) for is_page, _, label, pk, slug in links if not is_page],
        [Page(pk=pk, title=label, slug=slug) for is_page, _, label, pk, slug in links if is_page],
    )


LINKS = Remembered(SITE, read_links)
