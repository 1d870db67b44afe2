"""Ending mail with one click, signed out too (RFC 8058): the links and headers, and what they do.

A link carries whose mail and of which kind, signed. It works for as long as the secret key does, opens
nothing else, and names nobody.
"""

from django.conf import settings
from django.core import signing
from django.db import transaction

from accounts.models import MAIL_CHOICES, User
from pulse.addresses import absolute, path_of
from pulse.mailing import sending_host

ALL = "all"
_signer = signing.Signer(salt="accounts.unsubscribing")


def token_for(user: User, *, what: str) -> str:
    """What a link carries: an account's number and a kind of notification, or ALL."""
    return _signer.sign(f"{user.pk}.{what}").replace(":", "~")


def read(token: str) -> tuple[int, str] | None:
    """Whose mail and what of it a token is about; None if we did not sign it."""
    try:
        pk, what = _signer.unsign(token.replace("~", ":")).split(".")
    except (signing.BadSignature, ValueError):
        return None
    return (int(pk), what) if what in {ALL, *MAIL_CHOICES} else None


def address(user: User, *, what: str) -> str:
    """The whole address of the page on which mail ends."""
    return absolute(path_of("accounts:unsubscribe", token_for(user, what=what)))


def headers(user: User) -> dict[str, str]:
    """By which a mail program offers to unsubscribe, from all of it, and knows a list when it sees one."""
    return {
        "List-Id": f"{settings.PULSE_SITE_NAME} notifications <notifications.{sending_host()}>",
        "List-Unsubscribe": f"<{address(user, what=ALL)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "list",
    }


@transaction.atomic
def unsubscribe(*, pk: int, what: str) -> str:
    """End mail of one kind or all, and return how often there was some: never, if the account is gone."""
    user = User.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if user is None:
        return User.Digest.NEVER
    before = user.digest
    if what == ALL:
        user.digest = User.Digest.NEVER
        user.save(update_fields=["digest"])
    else:
        setattr(user, MAIL_CHOICES[what], False)
        user.save(update_fields=[MAIL_CHOICES[what]])
    return before


@transaction.atomic
def subscribe_again(*, pk: int, what: str, digest: str) -> None:
    """Take that back: mail of this kind, or any, as often as before."""
    user = User.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if user is None:
        return
    if what != ALL:
        setattr(user, MAIL_CHOICES[what], True)
    if user.digest == User.Digest.NEVER:
        often = {User.Digest.HOURLY.value, User.Digest.DAILY.value}
        user.digest = digest if digest in often else User.Digest.HOURLY
    user.save(update_fields=["digest", *([MAIL_CHOICES[what]] if what != ALL else [])])
