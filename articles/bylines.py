"""Who stands over a story, as far as accounts need to know."""

from django.db.models import QuerySet

from accounts.models import User
from articles.models import Author


def names_of_authors(besides: int | None) -> QuerySet[Author, str]:
    """The names of all authors, the one aside whose account has this key. One query."""
    mine = Author.objects.filter(user=besides) if besides else Author.objects.none()
    return Author.objects.exclude(pk__in=mine).values_list("name", flat=True)


def refuse_deletion(user: User) -> str:
    """Why an account whose name stands over stories is not deleted; empty if it may be. One query."""
    if Author.objects.filter(user=user).exists():
        return (
            "Your name stands over stories here. Ask an editor to part your account from it; then you can "
            "delete the account."
        )
    return ""
