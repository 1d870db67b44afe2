"""How long somebody waits who tried to sign in, or its like, too often: read from what allauth has counted.

allauth says that a limit is reached and not until when, so this looks where it keeps its counts.
"""

import math
import time
from collections.abc import Iterator

from allauth.account.internal.stagekit import get_pending_stage
from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.contrib.sites.shortcuts import get_current_site
from django.core.cache import cache
from django.http import HttpRequest

UNKNOWN = 60  # seconds, where nothing says which limit it was
WAIT = "accounts.wait"  # where a request's refusal is noted, in its environment
ACCOUNT = "allauth.account"
# The limits that a page can run into, by the name of its address.
LIMITS = {
    "account_login": ["login", "login_failed", "confirm_email"],
    "account_signup": ["signup", "confirm_email"],
    "account_reset_password": ["reset_password"],
    "account_reset_password_from_key": ["reset_password_from_key"],
    "account_email": ["manage_email", "confirm_email"],
    "account_change_password": ["change_password"],
    "account_set_password": ["change_password"],
    "account_reauthenticate": ["reauthenticate", "login_failed"],
    "mfa_authenticate": ["login_failed"],
    "mfa_activate_totp": ["login_failed"],
    "mfa_reauthenticate": ["reauthenticate", "login_failed"],
    "mfa_reauthenticate_webauthn": ["reauthenticate"],
}


def seconds_to_wait(request: HttpRequest) -> int:
    """Until this request would be taken; a minute if no limit is known to be reached. No query."""
    match = request.resolver_match
    name = match.url_name if match and match.url_name else ""
    waits = [wait for action in LIMITS.get(name, []) for wait in _waits(request, action, ACCOUNT)]
    if name == "mfa_login_webauthn":
        waits = list(_waits(request, "webauthn_login", "allauth.mfa"))
    return max(waits, default=0) or UNKNOWN


def note(request: HttpRequest) -> int:
    """Have this request answered with 429, whatever its page says; after how many seconds to come back."""
    seconds = seconds_to_wait(request)
    request.META[WAIT] = seconds
    return seconds


def _waits(request: HttpRequest, action: str, app: str) -> Iterator[int]:
    """The seconds that each limit of an action still holds for this request."""
    typed = (request.POST.get("email") or request.POST.get("login") or "").strip().lower()
    key = _whose(request, typed) if action == "login_failed" else typed
    now = time.time()
    for rate in get_rates(app=app, action=action):
        if rate.per == "user" and not request.user.is_authenticated:
            continue
        tries = cache.get(get_cache_key(request, app=app, action=action, rate=rate, key=key), [])
        if len(tries) >= rate.amount:  # the newest first: when the oldest is over, there is room for one
            yield max(1, math.ceil(tries[-1] + rate.duration - now))


def _whose(request: HttpRequest, typed: str) -> str:
    """The key under which failures to sign in are counted: at a second step the account's, or the address."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if not (name or "").startswith("mfa_"):
        return f"{get_current_site(request).domain}:{typed}"
    stage = get_pending_stage(request)  # of somebody whose password was right
    return f"mfa-auth-user-{stage.login.user.pk if stage else request.user.pk}"
