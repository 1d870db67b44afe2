"""The part of a story that a comment is about: checked against the story readers see."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments import writing
from comments.models import Comment
from comments.parts import StoryPart
from tests.comments.surface import JSON, kept_text, page, send
from tests.factories import change_headline, make_article, make_term, make_user

pytestmark = pytest.mark.once

BODY = "It was *quiet*. Then “everything” changed,\nthey said.\n\n- One item\n- Another"


@pytest.fixture
def story(db: None) -> Article:
    return make_article(
        tldr="Memory is the wall. " * 8,
        body=BODY,
        terms=[make_term(name="prefill", slug="prefill"), make_term(name="secret", is_published=False)],
        impacts=[(["Market"], "Prices fall.")],
    )


def impact_of(story: Article) -> str:
    return str(story.impacts.get().pk)


def post(story: Article, by: User, about: StoryPart) -> tuple[str, str, str]:
    body = f"About {about.part} {about.key} {about.words[:50]}."
    comment = writing.post(article=story, by=by, body=body, key=body[:36], about=about)
    return comment.part, comment.part_key, comment.quote


def test_parts_that_are_there_are_kept(story: Article, reader: User, settings: Any) -> None:
    """The TL;DR, an impact by its row, a published term by its slug, words of the story by themselves."""
    settings.PULSE_COMMENTS_PER_MINUTE = 100
    key = impact_of(story)
    assert post(story, reader, StoryPart("tldr")) == ("tldr", "", "")
    assert post(story, reader, StoryPart("impact", key)) == ("impact", key, "")
    assert post(story, reader, StoryPart("impact", key, "Prices")) == ("impact", key, "Prices")
    assert post(story, reader, StoryPart("term", "prefill")) == ("term", "prefill", "")
    quote = "Then “everything”\n  changed, they said."
    part, fingerprint, kept = post(story, reader, StoryPart("sentence", "whatever", quote))
    assert (part, kept) == ("sentence", "Then “everything” changed, they said.")
    again = StoryPart("sentence", "", kept)
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint)
    assert post(story, make_user(), again)[1] == fingerprint


@pytest.mark.parametrize(
    "about",
    [
        StoryPart("impact", "999999"),
        StoryPart("impact", ""),
        StoryPart("impact", "x"),
        StoryPart("term", "secret"),
        StoryPart("term", "never-was"),
        StoryPart("sentence", "", "It was loud."),
        StoryPart("sentence", "", "  "),
        StoryPart("sentence", "", "Itwas quiet."),
        StoryPart("sentence", "", "<em>quiet</em>"),
        StoryPart("tldr", "", "Not in it."),
        StoryPart("term", "prefill" * 50),
    ],
)
def test_parts_that_are_not_there_leave_the_comment_about_the_story(
    about: StoryPart, story: Article, reader: User
) -> None:
    """What somebody made up, or an editor changed meanwhile, costs the anchor and not the comment."""
    assert post(story, reader, about) == ("", "", "")


def test_the_reader_is_told_that_the_passage_is_gone(signed_in: Client, story: Article) -> None:
    """On the page, and to the script."""
    told = send(signed_in, story, "One.", part="sentence", quote="Gone.", headers=JSON)
    assert "no longer in the story" in told.json()["told"]  # type: ignore[attr-defined]
    send(signed_in, story, "Two.", part="sentence", quote="Gone.")
    assert "no longer in the story" in page(signed_in, story.get_absolute_url())
    assert Comment.objects.count() == 2


def test_only_what_is_live_counts(story: Article, reader: User) -> None:
    """A draft's words are no words of the story; a change that is live is."""
    story.refresh_from_db()
    story.body = "Secret words."
    story.save()
    change_headline(story, "Another")
    assert post(story, reader, StoryPart("sentence", "", "Secret words.")) == ("", "", "")
    publishing.publish(article=story, by=make_user(role="Editor"))
    assert post(story, make_user(), StoryPart("sentence", "", "Secret words."))[0] == "sentence"


def test_long_quotations_are_cut_between_words(story: Article, reader: User, settings: Any) -> None:
    """To the limit that the column holds."""
    settings.PULSE_MAX_QUOTE_CHARS = 20
    quote = "Memory is the wall. Memory is the wall."
    assert post(story, reader, StoryPart("tldr", "", quote))[2] == "Memory is the wall."


def test_an_answer_is_about_what_it_answers(story: Article, reader: User) -> None:
    """It has no part of its own."""
    parent = writing.post(article=story, by=make_user(), body="First.", key="1")
    answer = writing.post(
        article=story, by=reader, body="Second.", key="2", parent=parent, about=StoryPart("tldr")
    )
    assert answer.part == ""


def test_a_link_fills_the_form_with_what_it_is_about(signed_in: Client, story: Article) -> None:
    """Without script: the form says it, carries it, and the comment has it."""
    html = page(signed_in, f"{story.get_absolute_url()}?about=impact:{impact_of(story)}")
    form = html.partition('id="comment"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(key|part|part_key|quote)" value="(.*?)"', form))

    assert "Real-World Impact: Market" in form
    assert 'class="about" hidden' not in form
    send(signed_in, story, "A thought.", **fields)
    assert Comment.objects.get().part_key == impact_of(story)


@pytest.mark.parametrize("about", ["", "impact:0", "term:secret", "x" * 5_000, "tldr%00", "<b>"])
def test_links_to_parts_that_are_not_there_lead_nowhere(
    about: str, signed_in: Client, story: Article
) -> None:
    """A clear answer, and nothing of it on the page."""
    response = signed_in.get(f"{story.get_absolute_url()}?about={about}")

    assert response.status_code in {400, 404}
    assert "<b>" not in response.content.decode()


def test_what_it_is_about_can_be_removed_without_script(signed_in: Client, story: Article) -> None:
    """The words stay, the part goes; a preview and a refusal keep both."""
    fields = {"part": "term", "part_key": "prefill", "quote": ""}
    for more in ({"preview": "1"}, {"key": ""}):
        response = send(signed_in, story, "Words.", **fields, **more)
        assert "<bdi>prefill</bdi>" in response.content.decode()
        assert kept_text(response) == "Words."
    response = send(signed_in, story, "Words.", **fields, drop_about="1")
    assert 'class="about" hidden' in response.content.decode()
    assert kept_text(response) == "Words."


@pytest.mark.parametrize("fields", [{"part": "x"}, {"part": "tldr", "quote": "a\x00"}, {"part": "term" * 9}])
def test_broken_parts_are_refused_with_the_words(
    fields: dict[str, str], signed_in: Client, story: Article
) -> None:
    """What no form of ours holds is a clear refusal."""
    response = send(signed_in, story, "Words.", **fields)

    assert response.status_code == 400
    assert kept_text(response) == "Words."
