"""What anybody does with a comment they read: report it."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from comments import reporting
from comments.answers import forget_kept, in_time, kept, limit, sign_in_first, with_retry
from comments.forms import ReportForm
from comments.models import Comment
from comments.pipeline import Refused

FORBIDDEN = HTTPStatus.FORBIDDEN


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which rule a comment breaks, and pass it on to the moderators, once per reader.

    What was chosen and typed signed out waits until its writer has signed in.
    """
    reader = request.user
    if not isinstance(reader, User):
        return sign_in_first(request, back=request.path, keep=request.method == "POST")
    found = get_object_or_404(Comment.objects.readable().select_related("author"), pk=pk)
    form = ReportForm(request.POST or None, initial=kept(request))
    context: dict[str, Any] = {"comment": found, "form": form, "back": found.get_absolute_url()}
    status, refused = 200, None
    try:
        if request.method == "POST":
            limit(request, "reports", most=settings.PULSE_REPORTS_PER_NETWORK)
        if form.is_valid():
            in_time(reporting.report)(comment=found, by=reader, **form.cleaned_data)
            forget_kept(request)
            context["sentence"] = "Thank you. A moderator will read this comment."
        elif request.method == "POST":
            status = 400
    except Refused as refusal:
        refused, status = refusal, refusal.status
        # What can be mended or waited for keeps the form, with what was typed.
        context["sentence" if status == FORBIDDEN else "trouble"] = refusal.sentence
    response = render(request, "comments/report.html", context, status=status)
    return with_retry(response, refused) if refused else response
