"""The pictures' hooks, for pages: which show a picture, and showing it anew when its file is replaced."""

from collections import defaultdict
from collections.abc import Collection

from django.urls import reverse

from accounts.models import User
from articles.access import may_publish
from articles.models import Page
from articles.pages import render_page
from images.models import Image
from images.uses import Use, Uses, named_in, stems_of
from pulse.tags import changed


def showing_pictures(
    images: Collection[Image], *, in_history: bool, seen_by: User | None, most: int
) -> dict[int, Uses]:
    """The pages that show these pictures, by the pictures' pk. Two queries; reads the text of every page.

    Pages have no history. Only editors may open one; of a page that is not public others learn no name.
    """
    stems, is_editor = stems_of(images), seen_by is None or may_publish(seen_by)
    found: dict[int, list[Use]] = defaultdict(list)
    for page in Page.objects.all():
        if is_editor:
            use = Use(f"{page.title} (page)", reverse("admin:articles_page_change", args=[page.pk]))
        else:
            use = Use(f"{page.title} (page)" if page.is_published else "A page that is not public")
        for pk in named_in(f"{page.body}\n{page.body_html}", stems):
            found[pk].append(use)
    return {pk: Uses(len(uses), uses[:most]) for pk, uses in found.items()}


def picture_replaced(image: Image) -> None:
    """Render the pages again that show a picture with another file now. Pages are few."""
    stems = stems_of([image])
    for page in Page.objects.all():
        if named_in(f"{page.body}\n{page.body_html}", stems):
            render_page(page)
            page.save(update_fields=["body_html"])
            changed(f"page:{page.pk}")
