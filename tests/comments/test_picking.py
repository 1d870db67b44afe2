"""What is shown off: only what readers see, one pin a discussion, and no longer than it is seen."""

import pytest

from accounts.models import User
from articles.models import Article
from comments import picking
from comments.models import Comment
from comments.pipeline import Refused
from tests.comments.conftest import Say
from tests.factories import reject


def stored(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def test_picks_and_pins_end_when_a_comment_leaves_view(say: Say, article: Article, moderator: User) -> None:
    """Rejected, withheld, deleted: it is no longer shown off."""
    comment, other = say(), say()
    picking.pick(comment=comment, by=moderator, text_number=1)
    picking.pin(comment=comment, by=moderator, text_number=1)
    assert stored(comment).picked_at
    assert stored(comment).pinned_at
    with pytest.raises(Refused, match="Another comment is pinned"):
        picking.pin(comment=other, by=moderator, text_number=1)
    reject(comment=comment, by=moderator)
    assert stored(comment).picked_at is None
    assert stored(comment).pinned_at is None
    picking.pin(comment=other, by=moderator, text_number=1)
    picking.unpin(comment=other, by=moderator)
    assert not article.comments.exclude(pinned_at=None).exists()
    with pytest.raises(Refused, match="Approve it first"):
        picking.pick(comment=comment, by=moderator, text_number=1)
