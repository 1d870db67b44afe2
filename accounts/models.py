"""The user: somebody with an e-mail address, a name to show, and perhaps a role in the newsroom."""

from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone

from accounts.names import validate_display_name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save a user with a hashed password; without a password the account cannot sign in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A reader or a member of the newsroom. The e-mail address is the login and is never shown."""

    email = models.EmailField("e-mail address", max_length=254)
    display_name = models.CharField(
        max_length=40,
        validators=[validate_display_name],
        help_text="The name shown beside comments. Up to 40 characters.",
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="Untick to close the account without deleting what was written."
    )
    is_staff = models.BooleanField("newsroom", default=False, help_text="May open the admin.")
    suspended_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then this person may read and sign in, and may not comment."
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        ordering = ["display_name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="There is already an account with this e-mail address.",
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()


def staff_names(besides: int | None) -> "models.QuerySet[User, str]":
    """The names of the newsroom's members, one user's aside. One query."""
    return User.objects.filter(is_staff=True).exclude(pk=besides).values_list("display_name", flat=True)


def member(request: HttpRequest) -> User:
    """Who is signed in, on a page that lets nobody else in."""
    return cast(User, request.user)


def display_name(user: User) -> str:
    """What allauth calls somebody in its pages and mails."""
    return user.display_name
