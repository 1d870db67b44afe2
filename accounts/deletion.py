"""Closing an account for good: asked for today, done by the worker a day later, until then taken back.

The user's row stays, inactive and without anything personal, since what was written hangs on it. What becomes
of that is said by the apps it belongs to.
"""

import datetime as dt
import logging
from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from accounts import mails
from accounts.models import Notification, User
from accounts.sessions import end_sessions
from pulse.models import OutgoingMail
from pulse.tags import changed

logger = logging.getLogger(__name__)

SALT = "accounts.deletion"
FORMER_READER = "Former reader"
STAFF = "You belong to the newsroom. Ask an editor to end that first; then you can delete your account here."

Before = Callable[[User, bool], object]
Refusal = Callable[[User], str]
_before: list[Before] = []
_refusals: list[Refusal] = []


class NotDeletable(Exception):  # noqa: N818 - an answer, not a fault
    """This account cannot be deleted by its owner; the sentence says why and what to do."""


def before_deletion(do: Before) -> None:
    """Have a function called with (user, keep_comments) inside the transaction that deletes an account.

    While it runs the user is still who they were. It may run again after a crash that undid everything.
    Apps to the right say so in their AppConfig.
    """
    _before.append(do)


def refused_by(ask: Refusal) -> None:
    """Have a function say why somebody's account cannot be deleted: a sentence for them, or nothing."""
    _refusals.append(ask)


def refusal(user: User) -> str:
    """Why this account cannot be deleted; empty if it can. One query for each app that was asked."""
    if user.is_staff or user.is_superuser:
        return STAFF
    return next((sentence for ask in _refusals if (sentence := ask(user))), "")


@transaction.atomic
def plan(*, user: User, keep_comments: bool) -> User:
    """Have the worker delete an account after PULSE_DELETION_GRACE_HOURS, and tell its owner by mail.

    Asking again changes what becomes of the comments, and not the hour. Raises NotDeletable.
    """
    if sentence := refusal(user):
        raise NotDeletable(sentence)
    user = User.objects.select_for_update().get(pk=user.pk)
    grace = dt.timedelta(hours=settings.PULSE_DELETION_GRACE_HOURS)
    is_new = user.deletion_at is None
    user.deletion_at = user.deletion_at or timezone.now() + grace
    user.deletion_keeps_comments = keep_comments
    user.save(update_fields=["deletion_at", "deletion_keeps_comments"])
    if is_new:
        mails.send("deletion_planned", to=user.email, once=_plan_of(user), user=user, token=token_for(user))
    return user


@transaction.atomic
def cancel(*, user: User) -> bool:
    """Keep an account whose deletion was planned; whether there was anything to cancel."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.deletion_at is None:
        return False
    mails.send("deletion_cancelled", to=user.email, once=_plan_of(user))
    user.deletion_at = None
    user.save(update_fields=["deletion_at"])
    return True


def token_for(user: User) -> str:
    """What the link in the mail carries: whose account, and which plan; a later plan has another one."""
    return signing.dumps(_plan_of(user), salt=SALT)


def user_for(token: str) -> User | None:
    """Whose planned deletion a link belongs to; None if there is none any more, or the link is not ours."""
    try:
        plan_of: str = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=plan_of.partition(":")[0], deletion_at__isnull=False).first()
    return user if user and _plan_of(user) == plan_of else None


def _plan_of(user: User) -> str:
    """A name for this plan of this user; a later one has another."""
    return f"{user.pk}:{user.deletion_at.isoformat() if user.deletion_at else ''}"


def delete_due() -> bool:
    """Delete the accounts whose day has come, each in a transaction of its own. Whether there are more.

    For the worker. A failure undoes the account it happened in, and holds up none of the others: the next
    round tries that one again.
    """
    due = User.objects.filter(deletion_at__lte=timezone.now()).order_by("deletion_at")
    batch = list(due.values_list("pk", flat=True)[: settings.PULSE_DELETION_BATCH])
    done = sum(_deleted(pk) for pk in batch)
    return bool(done) and len(batch) == settings.PULSE_DELETION_BATCH


def _deleted(pk: int) -> bool:
    """Whether an account could be deleted, or need not be."""
    try:
        delete(pk)
    except Exception:
        logger.exception("Account %s could not be deleted, and is tried again", pk)
        return False
    return True


@transaction.atomic
def delete(pk: int) -> None:
    """Take everything personal from an account that is due. Nothing happens to one that is not, or no more.

    Whoever joined the newsroom meanwhile keeps the account, and is told.
    """
    user = User.objects.select_for_update().filter(pk=pk, deletion_at__lte=timezone.now()).first()
    if user is None:
        return
    if refusal(user):
        mails.send("deletion_refused", to=user.email, once=_plan_of(user))
        user.deletion_at = None
        user.save(update_fields=["deletion_at"])
        return
    for do in _before:
        do(user, user.deletion_keeps_comments)
    address = user.email
    _forget(user)
    changed(f"reader:{pk}")
    mails.send("deletion_done", to=address, once=str(pk))
    logger.info("Account %s has been deleted as its owner asked", pk)


def _forget(user: User) -> None:
    """Leave of somebody the number alone."""
    end_sessions(user)
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    for personal in (EmailAddress, Authenticator, SocialAccount):
        personal.objects.filter(user=user).delete()
    Notification.objects.filter(to=user).delete()
    OutgoingMail.objects.filter(to__in=addresses).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.set_unusable_password()
    user.email = f"{user.pk}@deleted.invalid"
    user.display_name = FORMER_READER
    user.is_active = False
    user.last_login = None
    user.suspended_until = None
    user.deletion_at = None
    user.save()
