"""The user: an e-mail address, a name to show, perhaps a role in the newsroom; and what a user is told."""

from typing import Any, cast

from django.conf import settings
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


class MailChoices(models.Model):
    """About what somebody wants mail, and how often. The list on the site has everything anyway."""

    class Digest(models.TextChoices):
        HOURLY = "hourly", "At most once an hour"
        DAILY = "daily", "Once a day, in the morning"
        NEVER = "never", "Never"

    digest = models.CharField(
        "mail", max_length=10, choices=Digest, default=Digest.HOURLY, db_default=Digest.HOURLY.value
    )
    mails_replies = models.BooleanField("answers to my comments", default=True, db_default=True)
    mails_mentions = models.BooleanField("comments that name me", default=True, db_default=True)
    mails_decisions = models.BooleanField("decisions on my comments", default=True, db_default=True)
    mails_reports = models.BooleanField("what came of my reports", default=True, db_default=True)
    mails_terms = models.BooleanField("words that I asked about", default=True, db_default=True)

    class Meta:
        abstract = True


class User(MailChoices, AbstractBaseUser, PermissionsMixin):
    """A reader or a member of the newsroom. The e-mail address is the login and is never shown."""

    email = models.EmailField("e-mail address", max_length=254)
    NAME_LENGTH = 40

    display_name = models.CharField(
        max_length=NAME_LENGTH,
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
    deletion_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the worker deletes the account, as was asked."
    )
    deletion_keeps_comments = models.BooleanField(default=True, db_default=True, editable=False)

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
        indexes = [
            models.Index(
                fields=["deletion_at"], name="user_deletion", condition=models.Q(deletion_at__isnull=False)
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
    others = User.objects.exclude(pk=besides) if besides else User.objects.all()
    return others.filter(is_staff=True).values_list("display_name", flat=True)


def member(request: HttpRequest) -> User:
    """Who is signed in, on a page that lets nobody else in."""
    return cast(User, request.user)


def display_name(user: User) -> str:
    """What allauth calls somebody in its pages and mails."""
    return user.display_name


class NotificationQuerySet(models.QuerySet[Any]):
    def standing(self) -> "NotificationQuerySet":
        """Those not withdrawn: what they are about is still there for their reader."""
        return self.filter(withdrawn_at=None)

    def unread(self) -> "NotificationQuerySet":
        return self.standing().filter(read_at=None)

    def unmailed(self) -> "NotificationQuerySet":
        """What no mail has told yet, and what its reader has not seen on the site either."""
        return self.unread().filter(mailed_at=None)


class Notification(models.Model):
    """Something a reader is told, on the site and perhaps by mail. Written by `accounts.notifications`.

    Whoever did it is looked up when it is shown: a name is never older than the person's own page.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", "Answers to your comments"
        MENTION = "mention", "Comments that name you"
        DECISION = "decision", "Decisions on your comments"
        REPORT = "report", "What came of your reports"
        TERM = "term", "Words you asked about"

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=80, help_text="What is told somebody twice is told once.")
    subject = models.CharField(max_length=80, help_text="What it is about, such as comment:12.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sentence = models.CharField(max_length=400, help_text="With an actor, what follows the name.")
    excerpt = models.CharField(max_length=300, blank=True)
    path = models.CharField(max_length=400, help_text="Where on this site it can be read.")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=120, blank=True, help_text="The key of the mail that tells it.")
    mailed_at = models.DateTimeField(null=True, help_text="When that mail was asked for.")
    withdrawn_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["to", "-id"], name="notification_list"),
            models.Index(
                fields=["to"],
                name="notification_unread",
                condition=models.Q(read_at=None, withdrawn_at=None),
            ),
            models.Index(
                fields=["created_at", "to"],
                name="notification_unmailed",
                condition=models.Q(read_at=None, withdrawn_at=None, mailed_at=None),
            ),
            models.Index(fields=["subject"], name="notification_subject"),
            models.Index(fields=["mail"], name="notification_mail", condition=~models.Q(mail="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["to", "key"], name="notification_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["reply", "mention", "decision", "report", "term"]),
                name="notification_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def who(self) -> str:
        """Whose doing it was, by the name they have now; empty where it says itself who."""
        if self.actor is not None:
            return self.actor.display_name
        return "Somebody" if self.kind in {self.Kind.REPLY, self.Kind.MENTION} else ""


# Which of a user's choices is about mail of which kind.
MAIL_CHOICES: dict[str, str] = {
    Notification.Kind.REPLY.value: "mails_replies",
    Notification.Kind.MENTION.value: "mails_mentions",
    Notification.Kind.DECISION.value: "mails_decisions",
    Notification.Kind.REPORT.value: "mails_reports",
    Notification.Kind.TERM.value: "mails_terms",
}
