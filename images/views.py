"""Pictures in and out: an editor's upload, and the files for sites where nothing in front serves them."""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from images.files import CONTENT_TYPES, FILE_NAME
from images.library import add_image, find_image, markdown_for, thumbnail_of
from images.models import Image
from images.pace import TooManyUploads, count_upload
from images.processing import NotAPicture, PictureRefused, PictureTooLarge

logger = logging.getLogger(__name__)
A_YEAR = 31_536_000


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Keep the picture in the field `image`, for whoever may add images; every answer is JSON.

    The file's name and declared type are not looked at. `alt` and `is_decoration` are optional here: the
    library and the story's editor ask for them. Too many in a minute are 429 with Retry-After.
    """
    user = request.user
    if not (isinstance(user, User) and user.is_staff and user.has_perm("images.add_image")):
        return _error("Only members of the newsroom may add pictures. Sign in with an account that may.", 403)
    file = request.FILES.get("image")
    if file is None:
        return _error("No picture was sent. Choose a file.", 400)
    try:
        count_upload(user)
    except TooManyUploads as refusal:
        return _error(str(refusal), 429, **{"Retry-After": str(refusal.seconds)})
    if file.size and file.size > settings.PULSE_UPLOAD_MAX_BYTES:
        return _error(f"A picture may have at most {settings.PULSE_UPLOAD_MAX_BYTES // 1_000_000} MB.", 413)
    alt = " ".join(request.POST.get("alt", "").split())
    return _kept(file.read(), alt=alt, is_decoration=bool(request.POST.get("is_decoration")), by=user)


def _kept(data: bytes, *, alt: str, is_decoration: bool, by: User) -> JsonResponse:
    try:
        existing = find_image(data)
        image = existing or add_image(data=data, by=by, alt=alt, is_decoration=is_decoration and not alt)
    except PictureTooLarge as refusal:
        return _error(str(refusal), 413)
    except NotAPicture as refusal:
        return _error(str(refusal), 415)
    except PictureRefused as refusal:
        return _error(str(refusal), 400)
    except ValidationError as error:
        return _error(" ".join(error.messages), 400)
    except OSError:
        logger.exception("A picture could not be stored")
        return _error(
            "The picture could not be stored. Try again; if it happens again, tell the operator.", 503
        )
    return JsonResponse(_description(image, alt or image.alt, is_new=existing is None))


def _description(image: Image, alt: str, *, is_new: bool) -> dict[str, str | int | bool]:
    return {
        "id": image.pk,
        "address": image.file.url,
        "markdown": markdown_for(image, alt),
        "width": image.width,
        "height": image.height,
        "is_new": is_new,
        "title": image.alt or image.caption,
        "lacks_alt": image.lacks_alt,
        "thumbnail": thumbnail_of(image),
        "change": reverse("admin:images_image_change", args=[image.pk]),
        "describe": reverse("admin:images_image_describe", args=[image.pk]),
    }


def _error(sentence: str, status: int, **headers: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status, headers=headers)


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of the library's files. No query; names we would not give are 404."""
    if not FILE_NAME.fullmatch(name):
        raise Http404
    return stored_file(request, name)


def stored_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture we made, which under one name never changes; Http404 if it is gone. Callers check the name.

    Should a file ever hold more than a picture, the browser is told to take it for what its name says and
    to run nothing.
    """
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    etag = quote_etag(name)
    not_modified = get_conditional_response(request, etag=etag)
    if not_modified:
        file.close()
    response = not_modified or FileResponse(file, content_type=CONTENT_TYPES[name.rpartition(".")[2]])
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
