"""Posting, answering, reporting and finding comments, through the pages a reader uses."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments import moderation
from comments.models import Comment, Report
from tests.comments.conftest import Say
from tests.factories import change_headline, make_article, make_draft, make_user

JSON = {"Accept": "application/json"}


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def form_of(html: str, form_id: str = "comment") -> dict[str, str]:
    """The hidden fields of a form on a page."""
    form = re.search(rf'<form class="form" id="{form_id}".*?</form>', html, re.DOTALL)
    assert form, f"no form {form_id}"
    return dict(re.findall(r'<input type="hidden" name="(key|parent)" value="(.*?)">', form.group()))


def send(client: Client, article: Article, body: str, **more: Any) -> HttpResponse:
    headers = more.pop("headers", None)
    fields = {"key": str(uuid.uuid4()), "body": body, **more}
    return client.post(f"/articles/{article.slug}/comments/", fields, headers=headers)  # type: ignore[return-value]


def kept_text(response: HttpResponse) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", response.content.decode(), re.DOTALL)
    assert found
    return found.group(1)


# Posting


def test_reader_posts_from_the_page_and_is_led_to_the_comment(signed_in: Client, article: Article) -> None:
    """The form on the page makes a comment; the answer leads to it, and it is there and counted."""
    fields = form_of(page(signed_in, article.get_absolute_url()))

    response = send(signed_in, article, "A *thought*.", **fields)

    comment = Comment.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"{article.get_absolute_url()}#comment-{comment.pk}"
    html = page(signed_in, article.get_absolute_url())
    assert "<em>thought</em>" in html
    assert 'Discussion <span class="num">1</span><span class="vh"> comment</span>' in html


def test_reader_answers_from_the_page(signed_in: Client, article: Article, say: Say) -> None:
    """A reply link opens one form under that comment, without script; what it sends stands there."""
    comment = say(by=make_user(name="Ada"))
    html = page(signed_in, article.get_absolute_url())
    link = re.search(r'href="(\?reply=\d+)#reply">Reply<span class="vh"> to Ada</span>', html)
    assert link
    html = page(signed_in, article.get_absolute_url() + link.group(1))
    fields = form_of(html, "reply")

    response = send(signed_in, article, "An answer.", **fields)

    assert fields["parent"] == str(comment.pk)
    assert '<label for="reply-body">Reply to Ada</label>' in html
    assert f'href="{article.get_absolute_url()}#comment-{comment.pk}">Cancel</a>' in html
    assert response.status_code == 303
    assert Comment.objects.get(parent=comment).root == comment


def test_reader_who_sends_a_form_twice_has_one_comment(signed_in: Client, article: Article) -> None:
    """A double press, a reload of the answer: one comment, and both lead to it."""
    fields = form_of(page(signed_in, article.get_absolute_url()))

    first = send(signed_in, article, "Once.", **fields)
    second = send(signed_in, article, "Once.", **fields)

    assert Comment.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_reader_who_goes_back_and_writes_something_else_loses_nothing(
    signed_in: Client, article: Article
) -> None:
    """The browser's Back brings the old form with its old key; other words in it are another comment."""
    fields = form_of(page(signed_in, article.get_absolute_url()))

    send(signed_in, article, "One thing.", **fields)
    send(signed_in, article, "Another thing.", **fields)

    assert Comment.objects.count() == 2


def test_reader_posts_to_a_storys_old_address(signed_in: Client) -> None:
    """A page that was open while the story moved still posts."""
    story = make_article()
    old = story.slug
    publishing.change_slug(article=story, slug="a-new-address")

    response = signed_in.post(f"/articles/{old}/comments/", {"key": str(uuid.uuid4()), "body": "Still here."})

    assert response["Location"].startswith("/articles/a-new-address/#comment-")


def test_script_gets_the_comment_as_json(signed_in: Client, article: Article, reader: User) -> None:
    """A script gets the rendered comment, the new count and where it is; again for the same form."""
    fields = form_of(page(signed_in, article.get_absolute_url()))

    response = send(signed_in, article, "A thought.", headers=JSON, **fields)
    again = send(signed_in, article, "A thought.", headers=JSON, **fields)

    comment = Comment.objects.get()
    assert response.status_code == again.status_code == 201
    assert response.json() == again.json()  # type: ignore[attr-defined]
    answer = response.json()  # type: ignore[attr-defined]
    assert answer["count"] == 1
    assert answer["url"] == f"{article.get_absolute_url()}#comment-{comment.pk}"
    assert answer["html"].strip().startswith(f'<li id="comment-{comment.pk}">')
    assert "Some Reader <span>(you)</span>" in answer["html"]
    assert f'data-reply="{comment.pk}"' in answer["html"]


# Who may


@pytest.mark.parametrize("somebody", ["reader", "editor", "moderator", "writer"])
def test_everybody_with_an_account_may_post(somebody: str, client: Client, article: Article) -> None:
    """Readers and newsroom alike."""
    client.force_login(make_user(role=None if somebody == "reader" else somebody.title()))

    assert send(client, article, "A thought.").status_code == 303
    assert Comment.objects.count() == 1


def test_anonymous_is_led_to_sign_in_and_back(client: Client, article: Article) -> None:
    """Whoever is not signed in is sent to sign in, and from there to the discussion; a script is told."""
    response = send(client, article, "A thought.")
    told = send(client, article, "A thought.", headers=JSON)

    assert response.status_code == 303
    assert response["Location"] == f"/accounts/login/?next=%2Farticles%2F{article.slug}%2F%23discussion"
    assert told.status_code == 401
    assert "Sign in" in told.json()["error"]  # type: ignore[attr-defined]
    assert not Comment.objects.exists()


def test_anonymous_links_lead_through_sign_in_to_the_discussion(
    client: Client, article: Article, say: Say
) -> None:
    """The prompt leads back to the discussion, a comment's reply link to its reply form."""
    comment = say()
    html = page(client, article.get_absolute_url())

    assert f'href="/accounts/login/?next=/articles/{article.slug}/%23discussion"' in html
    assert f'next=/articles/{article.slug}/%3Freply%3D{comment.pk}%23reply">Reply' in html


@pytest.mark.parametrize("headers", [None, JSON])
def test_post_needs_the_forms_token(headers: Any, article: Article, reader: User) -> None:
    """Another site cannot post in a reader's name."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)

    assert send(client, article, "A thought.", headers=headers).status_code == 403
    assert not Comment.objects.exists()


def test_post_page_is_for_posting_only(signed_in: Client, article: Article) -> None:
    """There is nothing to read at the form's address."""
    assert signed_in.get(f"/articles/{article.slug}/comments/").status_code == 405


# Refusals


def refused(
    client: Client, article: Article, body: str, status: int, sentence: str, **more: Any
) -> HttpResponse:
    """Send a comment that must be refused, with script and without, and return the page without."""
    told = send(client, article, body, headers=JSON, **more)
    response = send(client, article, body, **more)
    assert (response.status_code, told.status_code) == (status, status)
    assert sentence in told.json()["error"]  # type: ignore[attr-defined]
    assert sentence in response.content.decode()
    assert "<title>Error: your comment was not posted" in response.content.decode()
    return response


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Write something before you post."),
        ("x" * 2_001, "This one has 2,001"),
        ("[" * 20_000, "This one has 20,000"),
        ("a" + chr(7), "Character 2 is a control character (U+0007)"),
        (">" * 30 + "x", "20 deep"),
    ],
)
def test_refused_words_are_kept_in_the_form(
    body: str, sentence: str, signed_in: Client, article: Article
) -> None:
    """What cannot be posted comes back in the same form, with a sentence and a fresh start."""
    response = refused(signed_in, article, body, 400, sentence)

    assert kept_text(response).replace("&gt;", ">") == body
    form_of(response.content.decode())
    assert not Comment.objects.exists()


def test_nul_in_a_comment_is_a_sentence(signed_in: Client, article: Article) -> None:
    """U+0000, which PostgreSQL cannot store, is refused before it gets there."""
    for body in ("a\x00b", "\x00"):
        assert send(signed_in, article, body).status_code == 400
    for field in ("key", "parent"):
        assert send(signed_in, article, "Fine.", **{field: "1\x00"}).status_code == 400
    assert not Comment.objects.exists()


def test_refused_markup_comes_back_as_text(signed_in: Client, article: Article) -> None:
    """Typed HTML is text in the page that gives it back."""
    response = send(signed_in, article, "</textarea><script>alert(1)</script>" + "x" * 2_000)

    assert "<script>alert" not in response.content.decode()
    assert "&lt;/textarea&gt;" in kept_text(response)


def test_suspended_reader_is_told_until_when(signed_in: Client, article: Article, reader: User) -> None:
    """A suspended reader reads, sees no form but a sentence, and is refused with the same sentence."""
    reader.suspended_until = dt.datetime(2099, 12, 4, 9, 30, tzinfo=dt.UTC)
    reader.save()
    sentence = "You cannot comment until 4 December 2099, 09:30 UTC."
    html = page(signed_in, article.get_absolute_url())

    assert sentence in html
    assert "<textarea" not in html
    assert kept_text(refused(signed_in, article, "A thought.", 403, sentence)) == "A thought."


def test_closed_discussion_is_read_and_not_written(
    client: Client, signed_in: Client, article: Article, say: Say
) -> None:
    """Closed: everything stays readable, nobody gets a form, a reply link or a prompt; posts are refused."""
    say("Said before.")
    Article.objects.update(discussion="closed")

    for somebody in (Client(), signed_in):
        html = page(somebody, article.get_absolute_url())
        assert "This discussion is closed. You can still read it." in html
        assert "Said before." in html
        for absent in ("<textarea", ">Reply<", "Sign in to join"):
            assert absent not in html
    refused(signed_in, article, "Too late.", 403, "This discussion is closed.")


def test_hidden_discussion_leaves_no_trace(signed_in: Client, article: Article, say: Say) -> None:
    """Hidden: no heading, no comments, no count, no permalinks; posts are refused."""
    comment = say("Said before.")
    Article.objects.update(discussion="hidden")

    for somebody in (Client(), signed_in):
        html = page(somebody, article.get_absolute_url())
        assert 'id="discussion"' not in html
        assert "Said before." not in html
        assert somebody.get(comment.get_absolute_url()).status_code == 404
    assert signed_in.get(f"{comment.get_absolute_url()}report/").status_code == 404
    refused(signed_in, article, "Hello?", 403, "no discussion")


def test_story_that_is_not_public_is_refused_like_one_that_never_was(signed_in: Client, say: Say) -> None:
    """A draft's address cannot be told from an empty one; a withdrawn story's reader keeps their words."""
    draft, withdrawn = make_draft(), make_article()
    comment = say(on=withdrawn)
    publishing.unpublish(article=withdrawn, by=make_user(role="Editor"))
    nothing = Article(slug="never-was")

    answers = [send(signed_in, story, "A thought.") for story in (draft, withdrawn, nothing)]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({re.sub(r'value="\w{64}"', "", a.content.decode().replace(s.slug, "")) for a, s in
                zip(answers, (draft, withdrawn, nothing), strict=True)}) == 1  # fmt: skip
    assert kept_text(answers[0]) == "A thought."
    assert signed_in.get(comment.get_absolute_url()).status_code == 404
    assert (
        send(Client(), draft, "A thought.").status_code == send(Client(), nothing, "A thought.").status_code
    )


def test_sixth_comment_in_a_minute_is_the_last(signed_in: Client, article: Article) -> None:
    """A seventh is refused with 429 and kept."""
    for number in range(6):
        assert send(signed_in, article, f"Thought {number}.").status_code == 303

    response = refused(signed_in, article, "Thought 6.", 429, "6 comments in the last minute")

    assert kept_text(response) == "Thought 6."


def test_same_words_again_are_refused(signed_in: Client, article: Article) -> None:
    """A new form with the same words is refused with 409."""
    send(signed_in, article, "Buy now.")

    refused(signed_in, article, "Buy now.", 409, "a few minutes ago")


def test_answer_to_a_removed_comment_is_kept_as_one_of_its_own(
    signed_in: Client, article: Article, say: Say, moderator: User
) -> None:
    """If the comment was removed meanwhile, the answer comes back in a form that posts it by itself."""
    comment = say()
    moderation.hide(comment=comment, by=moderator, reason="spam")

    response = refused(signed_in, article, "I disagree.", 409, "no longer here", parent=comment.pk)

    fields = form_of(response.content.decode())
    assert "parent" not in fields
    assert send(signed_in, article, kept_text(response), **fields).status_code == 303


def test_refused_answer_stays_an_answer(signed_in: Client, article: Article, say: Say) -> None:
    """A too long answer, shortened in the form it came back in, still stands under what it answers."""
    comment = say(by=make_user(name="Ada"))
    response = send(signed_in, article, "x" * 2_001, parent=comment.pk)
    assert "Reply to Ada" in response.content.decode()

    send(signed_in, article, "Short.", **form_of(response.content.decode()))

    assert Comment.objects.get(body="Short.").parent == comment


@pytest.mark.parametrize("fields", [
    {"key": ""}, {"key": "x"}, {"key": "1" * 5_000}, {"parent": "x"}, {"parent": "999999"},
    {"parent": "9" * 40}, {"parent": "-1"}, {"parent": "1.5"},
])  # fmt: skip
def test_broken_form_is_refused_with_its_words(
    fields: dict[str, str], signed_in: Client, article: Article
) -> None:
    """Hidden fields that no form of ours holds are a clear refusal, never a crash or another comment."""
    response = send(signed_in, article, "A thought.", **fields)

    assert response.status_code == 400
    assert kept_text(response) == "A thought."
    assert not Comment.objects.exists()


# Permalinks


def test_permalink_leads_to_the_right_page(client: Client, say: Say, article: Article, settings: Any) -> None:
    """Wherever a comment stands, its permalink leads to a page on which it is."""
    settings.PULSE_COMMENTS_PER_PAGE, settings.PULSE_MAX_REPLIES_SHOWN = 3, 4
    roots = [say() for _ in range(5)]
    answers = [say(under=roots[1]) for _ in range(10)]
    answers.append(say(under=answers[0]))

    for comment in [*roots, *answers]:
        response = client.get(comment.get_absolute_url())
        assert response.status_code == 302
        path, _, anchor = response["Location"].partition("#")
        assert anchor == comment.anchor
        assert f'<li id="{anchor}">' in page(client, path)
    assert (
        client.get(roots[0].get_absolute_url())["Location"]
        == f"{article.get_absolute_url()}#{roots[0].anchor}"
    )
    assert "?comments=2#" in client.get(roots[4].get_absolute_url())["Location"]
    assert client.get("/comments/999999/").status_code == 404


# Reports


def test_reader_reports_a_comment_once(signed_in: Client, say: Say, reader: User) -> None:
    """The page asks for the rule; reporting again is thanked and changes nothing."""
    comment = say("Buy now.", by=make_user(name="Seller"))
    address = f"{comment.get_absolute_url()}report/"
    html = page(signed_in, address)
    assert "Buy now." in html

    for reason in ("spam", "hate"):
        response = signed_in.post(address, {"reason": reason})
        assert "Thank you. A moderator will read this comment." in response.content.decode()

    assert list(Report.objects.values_list("by", "reason")) == [(reader.pk, "spam")]


@pytest.mark.parametrize("reason", ["", "x", "\x07"])
def test_report_needs_a_reason(reason: str, signed_in: Client, say: Say) -> None:
    """Without a known reason the page asks again."""
    comment = say(by=make_user())

    response = signed_in.post(f"{comment.get_absolute_url()}report/", {"reason": reason})

    assert response.status_code == 400
    assert "Error: " in response.content.decode()
    assert not Report.objects.exists()


def test_report_of_oneself_is_refused(signed_in: Client, say: Say, reader: User) -> None:
    """One's own comment has no Report button, and its form is refused."""
    comment = say(by=reader)

    assert "Report" not in page(signed_in, comment.article.get_absolute_url())
    response = signed_in.post(f"{comment.get_absolute_url()}report/", {"reason": "spam"})
    assert response.status_code == 403
    assert not Report.objects.exists()


def test_report_is_for_signed_in_readers(client: Client, say: Say) -> None:
    """Anybody else is led to sign in and back to the report."""
    address = f"{say().get_absolute_url()}report/"

    for response in (client.get(address), client.post(address, {"reason": "spam"})):
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={address}"
    assert not Report.objects.exists()


# One's own


def own(reader: User) -> str:
    return Template("{% load comments %}{% own_comments reader %}").render(Context({"reader": reader}))


def test_own_comments_show_what_became_of_each(
    say: Say, reader: User, article: Article, moderator: User, django_assert_num_queries: Any
) -> None:
    """A reader's own list: the visible with links, the rest with what became of it. One query."""
    visible, waiting, removed = say("Visible."), say("Waiting.", status="pending"), say("Removed.")
    moderation.hide(comment=removed, by=moderator, reason="spam")
    say("Taken back.", status="deleted")
    say("Somebody else’s.", by=make_user())
    change_headline(article, "Not public yet")
    with django_assert_num_queries(1):
        html = own(reader)

    assert f'<a href="{visible.get_absolute_url()}">Visible.</a>' in html
    assert "Waiting for review" in html
    assert "Removed by a moderator" in html
    for absent in (
        waiting.get_absolute_url(),
        removed.get_absolute_url(),
        "Taken back",
        "else’s",
        "Not public yet",
    ):
        assert absent not in html
    assert "You have not commented yet." in own(make_user())


def test_own_comments_do_not_lead_to_what_is_not_public(say: Say, reader: User) -> None:
    """Under a withdrawn story the words are listed, without its headline and without a link."""
    story = make_article(headline="Withdrawn headline")
    say("I was here.", on=story)
    publishing.unpublish(article=story, by=make_user(role="Editor"))
    html = own(reader)

    assert "I was here." in html
    assert "a story that is no longer published" in html
    assert "<a " not in html
    assert "Withdrawn headline" not in html
