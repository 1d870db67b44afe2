"""The people of the demo publication: four accounts to sign in with, its writers, and readers who comment."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group

from accounts.models import User

DOMAIN = "pulse.example"  # reserved for examples (RFC 2606): no mail ever leaves for it


@dataclass(frozen=True)
class Role:
    name: str
    group: str | None
    display_name: str

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


ROLES = [
    Role("editor", "Editor", "Edda Demo"),
    Role("writer", "Writer", "Willem Demo"),
    Role("moderator", "Moderator", "Mona Demo"),
    Role("reader", None, "Rita Demo"),
]


def accounts_file() -> Path:
    return settings.DATA_DIR / "demo-accounts.txt"


def make_accounts() -> str:
    """Create the four accounts with random passwords, keep them in a file of mode 600, and return it."""
    lines = [f"{role.name:<10} {role.email:<28} {_make(role)}" for role in ROLES]
    path = accounts_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _make(role: Role) -> str:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user = make_user(role.name, role.display_name, password=password, is_staff=role.group is not None)
    if role.group:
        user.groups.add(Group.objects.get(name=role.group))
    return password


def make_user(name: str, display_name: str, *, password: str | None = None, is_staff: bool = False) -> User:
    """A user with a confirmed address at the example domain; without a password nobody is let in."""
    email = f"{name}@{DOMAIN}"
    user = User.objects.create_user(email, password, display_name=display_name, is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
