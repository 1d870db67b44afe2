"""A reader's own page, and the page for somebody who tried too often."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import AccountNameForm
from accounts.models import User
from pulse.tags import changed

RETRY_AFTER = 60  # seconds; no limit of allauth's that answers 429 lasts longer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show and change what a signed-in reader may change about themselves."""
    form = AccountNameForm(request.POST or None, instance=cast(User, request.user))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            changed(f"reader:{form.save().pk}")
        messages.success(request, "Your display name has been changed.")
        return redirect("accounts:account")
    return render(request, "accounts/account.html", {"form": form})


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """429: which limit it was stays unsaid; when to come back is in the page and in Retry-After."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
