"""The Respect button, with script and without."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.models import User
from comments import writing
from comments.answers import SeeOther, in_time, limit, refused_as_json, sign_in_first, wants_json
from comments.forms import RespectForm
from comments.models import Comment
from comments.pipeline import Refused
from comments.threads import address


@require_POST
def respect(request: HttpRequest, pk: int) -> HttpResponse:
    """Give respect to a comment (`given=1`) or take it back (`given=0`); doing it twice is once.

    A form is led back to the comment, a script gets the number as JSON.
    """
    comment = get_object_or_404(Comment.objects.visible().select_related("article", "root"), pk=pk)
    if not isinstance(request.user, User):
        return sign_in_first(request, back=comment.get_absolute_url())
    try:
        return _given(request, request.user, comment)
    except Refused as refusal:
        if wants_json(request):
            return refused_as_json(refusal)
        messages.error(request, refusal.sentence)
        return SeeOther(address(comment))


@in_time
def _given(request: HttpRequest, by: User, comment: Comment) -> HttpResponse:
    limit(request, "respects", reader=by.pk, most=settings.PULSE_RESPECTS_PER_MINUTE)
    form = RespectForm(request.POST)
    if not form.is_valid():
        raise Refused("This button was incomplete. Load the page again and press it once more.", 400)
    given = form.cleaned_data["given"]
    number = writing.respect(comment=comment, by=by, given=given)
    if wants_json(request):
        return JsonResponse({"count": number, "given": given})
    return SeeOther(address(comment))
