"""Where somebody is signed in: which browser, from where, since when; and ending that.

allauth writes a row when somebody signs in. The row goes with its session, and the address with it.
"""

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User


def sessions_of(user: User) -> list[UserSession]:
    """The sessions in which somebody is signed in, the newest first. Two queries.

    One that an older password opened is over, though it is still stored.
    """
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user).order_by("-created_at")}
    stored = Session.objects.filter(session_key__in=rows, expire_date__gt=timezone.now())
    now = user.get_session_auth_hash()
    hashes = {session.session_key: session.get_decoded().get(HASH_SESSION_KEY, "") for session in stored}
    return [row for key, row in rows.items() if constant_time_compare(hashes.get(key, ""), now)]


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign somebody out everywhere, except in the session with this key; how many ended. Three queries."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()
    return int(rows.delete()[0])


def forget_ended() -> None:
    """Delete sessions that are over, and with them from where they were opened. For the worker."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
