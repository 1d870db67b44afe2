"""What an export holds of the account itself."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts import export
from accounts.browsers import browser_name
from accounts.models import Notification, User
from accounts.sessions import sessions_of


def subscribe() -> None:
    """Say what of the account is exported. Its secrets are not: whoever found the file could sign in."""
    export.part("account", account)
    export.part("ways in", ways_in)
    export.part("sessions", sessions)
    export.part("notifications", notifications)


def account(user: User) -> Iterator[dict[str, Any]]:
    yield {
        "display_name": user.display_name,
        "email": user.email,
        "email_addresses": [
            {"address": address.email, "confirmed": address.verified}
            for address in EmailAddress.objects.filter(user=user)
        ],
        "joined_at": user.joined_at,
        "last_signed_in_at": user.last_login,
        "may_not_comment_until": user.suspended_until,
        "deletion_planned_for": user.deletion_at,
        "roles": list(user.groups.values_list("name", flat=True)),
    }


def ways_in(user: User) -> Iterator[dict[str, Any]]:
    if user.has_usable_password():
        yield {"way": "password"}
    for key in Authenticator.objects.filter(user=user).order_by("pk"):
        yield {"way": str(key), "added_at": key.created_at, "last_used_at": key.last_used_at}
    for other in SocialAccount.objects.filter(user=user).order_by("pk"):
        yield {"way": other.provider, "name_there": other.uid, "added_at": other.date_joined}


def sessions(user: User) -> Iterator[dict[str, Any]]:
    for session in sessions_of(user):
        yield {
            "browser": browser_name(session.user_agent),
            "user_agent": session.user_agent,
            "network_address": session.ip,
            "since": session.created_at,
        }


def notifications(user: User) -> Iterator[dict[str, Any]]:
    """What somebody was told, without who did it and what they said."""
    for told in Notification.objects.filter(to=user).order_by("pk").iterator(200):
        yield {
            "about": told.get_kind_display(),
            "address": told.path,
            "told_at": told.created_at,
            "read_at": told.read_at,
        }
