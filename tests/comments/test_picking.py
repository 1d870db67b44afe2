"""What is shown off: only what readers see, one pin a discussion, and no longer than it is seen."""

import pytest

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from comments.moderation import picking, undoing
from comments.pipeline import Refused
from tests.comments.conftest import Say
from tests.factories import make_user, reject


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


def test_undo_shows_a_comment_off_as_it_was(say: Say, moderator: User) -> None:
    comment, other = say(), say()
    picking.pick(comment=comment, by=moderator, text_number=1)
    picking.pin(comment=comment, by=moderator, text_number=1)
    before = stored(comment)
    reject(comment=comment, by=moderator)
    undoing.undo(by=moderator)
    assert (stored(comment).picked_at, stored(comment).pinned_at) == (before.picked_at, before.pinned_at)

    picking.unpin(comment=comment, by=moderator)
    undoing.undo(by=moderator)
    assert stored(comment).pinned_at
    picking.unpick(comment=comment, by=moderator)
    reject(comment=comment, by=moderator)
    undoing.undo(by=moderator)
    assert stored(comment).picked_at is None, "It was no pick any more when it was rejected."
    assert stored(comment).pinned_at

    reject(comment=comment, by=moderator)
    picking.pin(comment=other, by=moderator, text_number=1)
    picking.unpin(comment=other, by=moderator)
    picking.pin(comment=other, by=moderator, text_number=1)
    for _ in range(3):
        undoing.undo(by=moderator)
    assert stored(other).pinned_at is None
    undoing.undo(by=moderator)
    assert stored(comment).pinned_at


def test_undo_takes_no_place_that_another_pin_has(say: Say, moderator: User) -> None:
    comment, other = say(), say()
    picking.pin(comment=comment, by=moderator, text_number=1)
    reject(comment=comment, by=moderator)
    picking.pin(comment=other, by=make_user(role="Moderator"), text_number=1)
    undoing.undo(by=moderator)
    assert stored(comment).is_visible
    assert stored(comment).pinned_at is None
    picking.unpin(comment=other, by=moderator)
    picking.pin(comment=comment, by=make_user(role="Moderator"), text_number=1)
    with pytest.raises(Refused, match="pinned since"):
        undoing.undo(by=moderator)
