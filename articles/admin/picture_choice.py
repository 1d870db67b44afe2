"""Pictures of the library to choose from while writing, as JSON for the form's script."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from images.models import Image

MAX_WORDS = 8  # of a search; more only cost time


@never_cache
@require_safe
def pictures(request: HttpRequest) -> JsonResponse:
    """The newest pictures whose description, caption or credit holds every word of `q`. Two queries.

    Each has `title`, `alt`, `caption`, `thumbnail` and `address`, the one to write into a story; `more`
    says whether there are others.
    """
    if not request.user.has_perms(["articles.change_article", "images.view_image"]):
        raise PermissionDenied("Only the newsroom may look through the library.")
    found = Image.objects.prefetch_related("renditions")
    for word in request.GET.get("q", "").split()[:MAX_WORDS]:
        found = found.filter(Q(alt__icontains=word) | Q(caption__icontains=word) | Q(credit__icontains=word))
    page = list(found[: settings.PULSE_PICTURES_TO_CHOOSE + 1])
    shown = page[: settings.PULSE_PICTURES_TO_CHOOSE]
    return JsonResponse({"pictures": [_entry(image) for image in shown], "more": len(page) > len(shown)})


def _entry(image: Image) -> dict[str, str]:
    return {
        "title": image.alt or image.caption or "Without a description",
        "alt": image.alt,
        "caption": image.caption,
        "thumbnail": _thumbnail(image),
        "address": image.file.url,
    }


def _thumbnail(image: Image) -> str:
    """The smallest size there is; the picture itself if there is none."""
    smallest = min(image.renditions.all(), key=lambda rendition: rendition.width, default=image)
    return smallest.file.url
