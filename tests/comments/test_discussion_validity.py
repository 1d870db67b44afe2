"""The discussion as a signed-in reader sees it, and all the pages around a comment, are valid HTML."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles import discussions
from articles.models import Article
from comments.models import Comment
from comments.moderation import picking, suspending
from comments.writing import post
from tests.comments.conftest import Say
from tests.factories import make_article, make_term, make_user, reject
from tests.valid_html import AssertValid

pytestmark = [pytest.mark.once, pytest.mark.django_db]
LONG = "Some & <words>.\n\n> quoted\n> > twice\n\n- *one*\n- `two`\n\n```\ncode\n```\n\n[link](https://example.com/)"


@pytest.fixture
def story() -> Article:
    """A story with every part that can be commented on."""
    terms = [make_term(name="KV cache", slug="kv-cache")]
    return make_article(
        tldr="Memory is the “wall” & more. Quite so.",
        body="One sentence of the story. And another one.\n\n## A heading\n\nA third.",
        terms=terms,
        impacts=[(["Market"], "Prices rise.")],
    )


def discussed(story: Article, reader: User, say: Say) -> list[Comment]:
    """Threads of every kind: three deep, picked, pinned, gone, one's own, waiting, about a part."""
    somebody, moderator = make_user(name="<Somebody> & co"), make_user(role="Moderator")
    first = say(LONG, on=story, by=somebody)
    mine = say("Mine.", under=first)
    third = say("Third.", under=mine, by=somebody)
    waiting = say("Waiting.", on=story, status="pending")
    gone = say("Gone.", on=story, by=somebody)
    say("To what is gone.", under=gone)
    reject(comment=gone, by=moderator)
    for comment, verb in ((first, picking.pick), (third, picking.pick), (first, picking.pin)):
        comment.refresh_from_db()
        verb(comment=comment, by=moderator, text_number=comment.text_number)
    about = {"tldr": "", "impact": str(story.live_revision().impacts[0]["id"]), "term": "kv-cache"}
    for part, key in about.items():
        comment = say(f"On {part}.", on=story, by=somebody)
        Comment.objects.filter(pk=comment.pk).update(part=part, part_key=key)
    return [first, mine, waiting]


def test_the_article_of_a_signed_in_reader_is_valid(
    client: Client, reader: User, story: Article, say: Say, settings: Any, assert_valid: AssertValid
) -> None:
    """In every state of its discussion, and narrowed to each part of the story."""
    settings.PULSE_COMMENTS_PER_PAGE = 3
    client.force_login(reader)
    address, editor = story.get_absolute_url(), make_user(role="Editor")
    impact = story.live_revision().impacts[0]["id"]
    answers = {"empty": client.get(address)}
    first, *_ = discussed(story, reader, say)
    sentence = client.post(f"{address}comments/", {
        "key": str(uuid.uuid4()), "body": "On words.", "part": "sentence", "quote": "And another one.",
    })  # fmt: skip
    assert sentence.status_code == 303
    asked = [
        "", "?comments=2", "?sort=respect", f"?reply={first.pk}", f"?thread={first.pk}", "?about=tldr",
        f"?about=impact:{impact}", "?about=term:kv-cache",
        f"?about=sentence:{Comment.objects.get(body='On words.').part_key}", "?about=tldr&sort=newest",
    ]  # fmt: skip
    answers |= {query or "open": client.get(f"{address}{query}") for query in asked}
    answers["signed out"] = Client().get(address)
    suspending.suspend(reader=reader, by=make_user(role="Moderator"), span="week", why="Rude & loud.")
    answers["suspended"] = client.get(address)
    for policy in ("read_only", "closed", "hidden"):
        discussions.change_discussion(article=story, discussion=policy, by=editor)
        answers[policy] = client.get(address)
    assert_valid(answers)


def test_the_pages_around_a_comment_are_valid(
    client: Client, reader: User, story: Article, say: Say, assert_valid: AssertValid
) -> None:
    """Writing without a script, refused and previewed; changing, taking back, reporting; one that is gone."""
    client.force_login(reader)
    first, mine, waiting = discussed(story, reader, say)
    write, pages = f"{story.get_absolute_url()}comments/", {"edit": mine, "delete": mine, "report": first}
    forms = {name: f"/comments/{comment.pk}/{name}/" for name, comment in pages.items()}
    answers = {name: client.get(address) for name, address in forms.items()}
    for name in ("edit", "report"):
        answers[f"{name} (sent empty)"] = client.post(forms[name], {"reason": ""})
    unanswered = post(article=story, by=make_user(), body="Nobody answers.", key="alone")
    reject(comment=unanswered, by=make_user(role="Moderator"))
    answers["gone"] = client.get(f"/comments/{unanswered.pk}/")
    answers["edit a waiting one"] = client.get(f"/comments/{waiting.pk}/edit/")
    answers["refused"] = client.post(write, {"body": ""})
    new = {"body": LONG, "key": str(uuid.uuid4()), "part": "tldr"}
    answers["previewed"] = client.post(write, {**new, "preview": "1"})
    answers["answer refused"] = client.post(write, {"body": "", "parent": first.pk})
    answers["reported"] = client.post(forms["report"], {"reason": "spam"}, follow=True)
    answers["reported before"] = client.post(forms["report"], {"reason": "spam"}, follow=True)
    answers["too late"] = client.post(f"/comments/{first.pk}/edit/", {"body": "Not mine."})
    assert_valid(answers)
