"""Changing and taking back one's own comment: who may, how long, and what is kept."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments import writing
from comments.models import Comment, Decision
from comments.moderation import picking, undoing
from comments.pipeline import Refused
from tests.comments.conftest import Say
from tests.comments.surface import JSON, kept_text, page
from tests.factories import PASSWORD, approve, make_user, reject

LATER = dt.timedelta(minutes=11)


def change(client: Client, comment: Comment, body: str, **more: Any) -> HttpResponse:
    headers = more.pop("headers", None)
    fields = {"text_number": comment.text_number, "body": body, **more}
    return client.post(f"/comments/{comment.pk}/edit/", fields, headers=headers)  # type: ignore[return-value]


def delete(client: Client, comment: Comment, **more: Any) -> HttpResponse:
    return client.post(f"/comments/{comment.pk}/delete/", **more)  # type: ignore[return-value]


# Changing


def test_author_changes_a_comment_from_the_page(signed_in: Client, article: Article, say: Say) -> None:
    """The link leads to a form with the words; sent, it leads back, and the comment says “Edited”."""
    comment = say("A thougt.")
    link = f'href="/comments/{comment.pk}/edit/">Edit'
    assert link in page(signed_in, article.get_absolute_url())
    html = page(signed_in, f"/comments/{comment.pk}/edit/")
    assert "A thougt.</textarea>" in html
    number = re.search(r'name="text_number" value="(\d+)"', html)
    assert number

    response = change(signed_in, comment, "A *thought*.", text_number=number.group(1))

    assert response.status_code == 303
    assert response["Location"] == f"{article.get_absolute_url()}#{comment.anchor}"
    html = page(Client(), article.get_absolute_url())
    assert "<em>thought</em>" in html
    assert "<span>Edited " in html


def test_earlier_texts_are_kept(say: Say, reader: User) -> None:
    """Every text it had, in order; readers see the last."""
    comment = say("One.")
    for text in ("Two.", "Three."):
        comment = writing.edit(comment=comment, by=reader, body=text)

    assert list(comment.earlier_texts.values_list("number", "body")) == [(1, "One."), (2, "Two.")]
    assert (comment.body, comment.text_number) == ("Three.", 3)
    assert comment.edited_at


def test_saving_the_same_words_changes_nothing_however_late(signed_in: Client, say: Say) -> None:
    """A form sent twice, or again because the answer was lost, is one change and no refusal."""
    comment = say("One.")
    change(signed_in, comment, "Two.")
    with time_machine.travel(timezone.now() + LATER):
        assert change(signed_in, comment, " Two. ").status_code == 303

    comment.refresh_from_db()
    assert (comment.text_number, comment.earlier_texts.count()) == (2, 1)


def test_edit_after_its_time_is_refused_and_keeps_the_words(signed_in: Client, say: Say) -> None:
    """A form opened in time and sent too late gives the words back and says why; nothing is changed."""
    comment = say("One.")
    with time_machine.travel(timezone.now() + LATER):
        response = change(signed_in, comment, "Two <b>.")
        told = change(signed_in, comment, "Two.", headers=JSON)
        opened = signed_in.get(f"/comments/{comment.pk}/edit/")
        article_page = page(signed_in, comment.article.get_absolute_url())

    assert response.status_code == told.status_code == opened.status_code == 403
    assert "can be changed for 10 minutes" in response.content.decode()
    assert kept_text(response) == "Two &lt;b&gt;."
    assert "can be changed for 10 minutes" in told.json()["error"]  # type: ignore[attr-defined]
    assert "Edit<span" not in article_page
    assert "Delete<span" in article_page
    assert Comment.objects.get().body == "One."


def test_edit_from_an_older_text_is_refused_once(signed_in: Client, say: Say) -> None:
    """Two windows do not overwrite each other unseen: the second is told, and may insist."""
    comment = say("One.")
    change(signed_in, comment, "From one window.")
    response = change(signed_in, comment, "From the other.")

    assert response.status_code == 409
    assert kept_text(response) == "From the other."
    number = re.search(r'name="text_number" value="(\d+)"', response.content.decode())
    assert number
    assert change(signed_in, comment, "From the other.", text_number=number.group(1)).status_code == 303
    assert Comment.objects.get().body == "From the other."


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_nobody_touches_anybody_elses_comment(act: str, signed_in: Client, say: Say) -> None:
    """The pages are not there for others, whatever their role; the verbs refuse."""
    comment, editor = say(by=make_user()), make_user(role="Editor")
    for somebody in (signed_in, Client()):
        if somebody is not signed_in:
            somebody.force_login(editor)
        assert somebody.get(f"/comments/{comment.pk}/{act}/").status_code == 404
        assert somebody.post(f"/comments/{comment.pk}/{act}/", {"body": "x"}).status_code == 404
    with pytest.raises(Refused, match="not yours"):
        writing.edit(comment=comment, by=editor, body="x")
    with pytest.raises(Refused, match="not yours"):
        writing.delete(comment=comment, by=editor)


def test_edit_goes_through_the_checks(signed_in: Client, say: Say, article: Article, reader: User) -> None:
    """What may not be posted may not be put there by an edit; nor by somebody suspended, nor when closed."""
    comment = say("One.")
    assert change(signed_in, comment, "").status_code == 400
    assert change(signed_in, comment, "x" * 2_001).status_code == 400
    assert change(signed_in, comment, "Two.", text_number="x").status_code == 400
    Article.objects.update(discussion="closed")
    assert change(signed_in, comment, "Two.").status_code == 403
    Article.objects.update(discussion="open")
    User.objects.filter(pk=reader.pk).update(suspended_until=timezone.now() + LATER)
    assert change(signed_in, comment, "Two.").status_code == 403
    assert Comment.objects.get().body == "One."


def test_edit_of_an_approved_text_waits_for_review(
    signed_in: Client, say: Say, article: Article, moderator: User
) -> None:
    """Approval was of the text that was read: its author sees the comment with the reason, others not."""
    comment = say("One.", status="pending")
    approve(comment=comment, by=moderator)
    change(signed_in, comment, "Two.")

    comment.refresh_from_db()
    assert comment.status == "pending"
    mine, others = page(signed_in, article.get_absolute_url()), page(Client(), article.get_absolute_url())
    assert "Your change waits for review." in mine
    assert "Two." in mine
    assert "Two." not in others
    article.refresh_from_db()
    assert article.comment_count == 0
    assert Decision.objects.filter(comment=comment, action="hold", text_number=2).count() == 1


@pytest.mark.parametrize("status", ["pending", "withheld"])
def test_edit_frees_nothing_that_is_held(status: str, say: Say, reader: User) -> None:
    """Harmless words do not let a held comment through: somebody has to look."""
    comment = writing.edit(comment=say("One.", status=status), by=reader, body="Harmless.")

    assert comment.status == status


@pytest.mark.parametrize("status", ["rejected", "deleted"])
def test_what_is_gone_is_not_changed(status: str, say: Say, reader: User) -> None:
    """Neither what a moderator removed nor what its author deleted comes back by an edit."""
    with pytest.raises(Refused, match="no longer here"):
        writing.edit(comment=say("One.", status=status), by=reader, body="Two.")


def test_change_is_previewed(signed_in: Client, say: Say) -> None:
    """The second button shows how it would look; nothing is changed."""
    comment = say("One.")
    response = change(signed_in, comment, "*Two*.", preview="1")
    told = change(signed_in, comment, "*Two*.", preview="1", headers=JSON)

    assert "<em>Two</em>" in response.content.decode()
    assert kept_text(response) == "*Two*."
    assert told.json()["html"].strip() == '<p dir="auto"><em>Two</em>.</p>'  # type: ignore[attr-defined]
    assert Comment.objects.get().body == "One."


def test_script_gets_the_changed_comment(signed_in: Client, say: Say) -> None:
    """As JSON: the comment as its author sees it, and the count."""
    comment = say("One.")
    told = change(signed_in, comment, "Two.", headers=JSON).json()  # type: ignore[attr-defined]

    assert told["html"].strip().startswith(f'<li id="{comment.anchor}">')
    assert "Two." in told["html"]
    assert told["count"] == 1


def test_change_sent_signed_out_waits_for_its_writer(client: Client, say: Say, reader: User) -> None:
    """After sign-in the form is there with the new words."""
    comment = say("One.")
    sent = change(client, comment, "Two.")
    assert sent["Location"] == f"/accounts/login/?next=%2Fcomments%2F{comment.pk}%2Fedit%2F"
    client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})

    assert "Two.</textarea>" in page(client, f"/comments/{comment.pk}/edit/")
    assert change(client, comment, "x", headers=JSON).status_code == 200
    assert "x</textarea>" in page(client, f"/comments/{comment.pk}/edit/")


# Taking back


def test_author_deletes_a_comment_after_being_asked(signed_in: Client, article: Article, say: Say) -> None:
    """A page asks first; then it is gone from the page and from the count."""
    comment = say("Regretted.")
    assert "Delete your comment?" in page(signed_in, f"/comments/{comment.pk}/delete/")
    assert Comment.objects.visible().exists()

    response = delete(signed_in, comment)

    assert response.status_code == 303
    assert response["Location"] == f"{article.get_absolute_url()}#discussion"
    assert "Your comment has been deleted." in page(signed_in, article.get_absolute_url())
    assert "Regretted." not in page(Client(), article.get_absolute_url())
    article.refresh_from_db()
    assert article.comment_count == 0
    assert signed_in.get(f"/comments/{comment.pk}/delete/").status_code == 404
    assert delete(signed_in, comment).status_code == 303


def test_deleted_comment_with_answers_leaves_its_place(signed_in: Client, article: Article, say: Say) -> None:
    """The thread stays whole: a line says that its author deleted it."""
    comment = say("Regretted.")
    say("An answer.", under=comment, by=make_user())
    told = delete(signed_in, comment, headers=JSON)

    assert told.json()["count"] == 1  # type: ignore[attr-defined]
    html = page(Client(), article.get_absolute_url())
    assert "Deleted by its author." in html
    assert "An answer." in html
    assert "Regretted." not in html


def test_a_comment_may_be_taken_back_whatever_happened_meanwhile(
    signed_in: Client, say: Say, reader: User
) -> None:
    """Late, held, closed or suspended: one's own words are one's own."""
    held = say("Held.", status="pending")
    User.objects.filter(pk=reader.pk).update(suspended_until=timezone.now() + LATER * 10)
    Article.objects.update(discussion="closed")
    with time_machine.travel(timezone.now() + LATER):
        assert delete(signed_in, held).status_code == 303
    assert Comment.objects.get().status == "deleted"


def test_what_a_moderator_removed_stays_removed(say: Say, reader: User) -> None:
    """Deleting does not wipe a decision away."""
    comment = say(status="rejected")

    assert not writing.delete(comment=comment, by=reader)
    assert Comment.objects.get().status == "rejected"


def test_taking_back_what_a_moderator_removed_says_so(signed_in: Client, say: Say) -> None:
    answer = delete(signed_in, say(status="rejected"), headers=JSON)
    assert answer.status_code == 409
    assert "A moderator has removed this comment already." in answer.content.decode()


def test_a_reader_changes_comments_so_often_a_minute(signed_in: Client, say: Say, settings: Any) -> None:
    settings.PULSE_EDITS_PER_MINUTE = 1
    comment = say()
    assert change(signed_in, comment, "Once.").status_code == 303
    answer = change(signed_in, Comment.objects.get(), "Twice.")
    assert answer.status_code == 429
    assert kept_text(answer) == "Twice."


def test_an_approval_that_was_undone_holds_no_later_change(say: Say, reader: User, moderator: User) -> None:
    comment = say()
    picking.pick(comment=comment, by=moderator, text_number=1)
    undoing.undo(by=moderator)
    assert writing.edit(comment=comment, by=reader, body="Other words of mine.").is_visible


def test_the_record_tells_of_no_ruling_that_did_not_hold(say: Say, article: Article) -> None:
    """A moderator changes their own comment, which is withheld: it stays so, and nobody approved it."""
    moderator = make_user(role="Moderator")
    comment = say(status="withheld", by=moderator)
    writing.edit(comment=comment, by=moderator, body="Other words of mine.")
    assert not Decision.objects.filter(comment=comment, action="approve").exists()


def test_a_comment_can_be_taken_back_though_its_story_is_off_the_site(
    signed_in: Client, article: Article, say: Say
) -> None:
    """The story may come back, and the comment with it. The account page leads to the button."""
    comment = say("Not any more.")
    publishing.unpublish(article=article, by=make_user(role="Editor"))
    html = page(signed_in, "/account/comments/")
    assert f'href="/comments/{comment.pk}/delete/"' in html
    assert "/account/comments/" in page(signed_in, f"/comments/{comment.pk}/delete/")
    assert delete(signed_in, comment)["Location"] == "/account/comments/"
    assert Comment.objects.get().status == "deleted"
    assert f'href="/comments/{comment.pk}/delete/"' not in page(signed_in, "/account/comments/")


# Where it stands


def test_author_reads_on_the_account_page_why_a_comment_is_not_shown(
    signed_in: Client, say: Say, moderator: User
) -> None:
    """Removed by a moderator: which rule; held or rejected by a check: its sentence. Nobody else reads it."""
    removed, held = say("Removed remark."), say("Held remark.", status="pending")
    reject(comment=removed, by=moderator, reason="attacks")
    Decision.objects.create(
        comment=held, action="hold", check_name="x", note="Links are read first.", status_after="pending"
    )
    html = page(signed_in, "/account/")

    assert "It was removed because it broke our rule on personal attacks." in html
    assert "Links are read first." in html
