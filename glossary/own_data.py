"""What a reader may take along of what they asked, and that nothing of it stays when they go."""

from collections.abc import Iterator
from typing import Any

from accounts.models import User
from glossary.models import TermRequest


def asked_about(user: User) -> Iterator[dict[str, Any]]:
    """The words they asked to have defined. One query."""
    for asked in TermRequest.objects.filter(by=user).order_by("pk"):
        yield {"word": asked.word, "asked_at": asked.created_at, "page": asked.path}


def let_go(user: User, keep_comments: bool) -> None:
    """Forget what they asked: nobody is left to be told. The caller has the transaction. One query."""
    TermRequest.objects.filter(by=user).delete()
