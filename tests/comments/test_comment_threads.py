"""The discussion as readers find it: order, levels, pages, tombstones, and what it costs."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from articles.models import Article
from comments.counting import recount
from comments.models import Comment
from comments.templatetags.comments import ago
from tests.comments.conftest import Say
from tests.factories import make_article, make_author, make_user, reject

pytestmark = pytest.mark.once

Show = Callable[..., str]


@pytest.fixture
def show(article: Article, rf: RequestFactory) -> Show:
    """The HTML of the discussion alone, for an address's query and a reader."""

    def show(query: str = "", reader: User | None = None) -> str:
        request = rf.get(f"{article.get_absolute_url()}{query}")
        request.user = reader or AnonymousUser()
        fresh = Article.objects.get(pk=article.pk)
        template = Template("{% load comments %}{% discussion article %}")
        return template.render(Context({"request": request, "article": fresh, "reader": reader}))

    return show


def shown(html: str) -> list[str]:
    """The remarks on a page, in their order."""
    return re.findall(r'<p dir="auto">(.*?)</p>', html)


def outline(html: str) -> str:
    """Where each comment stands: an id, and its answers in brackets."""
    marks = re.findall(r'<li id="comment-(\d+)"|(<ol>)|(</ol>)', html)
    return "".join(pk + " " if pk else "(" if opened else ")" for pk, opened, _ in marks).replace(" )", ")")


def test_discussion_shows_threads_oldest_first(show: Show, say: Say) -> None:
    """The conversation reads downwards, every answer under what it answers."""
    first = say("First.")
    say("Second.")
    answer = say("To the first.", under=first)
    say("To the answer.", under=answer)
    say("To the first again.", under=first)

    assert shown(show()) == ["First.", "To the first.", "To the answer.", "To the first again.", "Second."]


def test_discussion_nests_three_levels_and_then_names_whom_is_answered(show: Show, say: Say) -> None:
    """Deeper answers stand at the third level, saying whom they answer; nobody is indented off the screen."""
    one = say(by=make_user(name="Ada"))
    two = say(under=one)
    three = say(under=two, by=make_user(name="Bo"))
    four = say(under=three, by=make_user(name="Cy"))
    five = say(under=four)
    html = show()

    assert outline(html).startswith(f"{one.pk} ({two.pk} ({three.pk} {four.pk} {five.pk}))")
    assert re.findall(r'href="#(comment-\d+)">Replying to <span dir="auto">(.*?)</span>', html) == [
        (three.anchor, "Bo"),
        (four.anchor, "Cy"),
    ]


def test_discussion_shows_a_chain_of_a_thousand_answers(show: Show, say: Say, settings: LazySettings) -> None:
    """However long two people go on answering each other, the page stands, and every page of the thread."""
    say()
    comment = root = say()
    for number in range(1_000):
        comment = Comment.objects.create(
            article=root.article, author=root.author, parent=comment, body=f"Answer {number}."
        )
    recount(root.article)

    assert len(shown(show())) == 2 + settings.PULSE_MAX_REPLIES_SHOWN
    assert "Show 940 more replies" in show()
    last = show(f"?thread={root.pk}&replies=17")
    assert shown(last)[1:] == [f"Answer {number}." for number in range(960, 1_000)]
    assert "more repl" not in last


def test_discussion_gives_every_comment_once_across_its_pages(
    show: Show, say: Say, article: Article, settings: LazySettings
) -> None:
    """Following the links reads each comment once, and the numbers they promise are right."""
    address = article.get_absolute_url()
    settings.PULSE_COMMENTS_PER_PAGE, settings.PULSE_MAX_REPLIES_SHOWN = 3, 4
    roots = [say(f"Root {number}.") for number in range(7)]
    for number in range(11):
        say(f"Answer {number}.", under=roots[1])
    say("Only answer.", under=roots[2])

    first, second, third = show(), show("?comments=2"), show("?comments=3")

    assert shown(first) == [
        "Root 0.",
        "Root 1.",
        "Answer 0.",
        "Answer 1.",
        "Answer 2.",
        "Root 2.",
        "Only answer.",
    ]
    assert f'href="{address}?thread={roots[1].pk}#comment-{roots[1].pk}">Show 8 more replies<' in first
    assert f'href="{address}?comments=2#discussion">Show 3 more comments<' in first
    assert shown(second) == ["Root 3.", "Root 4.", "Root 5."]
    assert f'href="{address}?comments=3#discussion">Show 1 more comment<' in second
    assert shown(third) == ["Root 6."]
    assert "more comment" not in third
    replies = [show(f"?thread={roots[1].pk}&replies={number}") for number in (1, 2, 3)]
    assert [len(shown(html)) - 1 for html in replies] == [4, 4, 3]
    assert "Show 7 more replies" in replies[0]
    assert "Show 3 more replies" in replies[1]
    assert "more repl" not in replies[2]


@pytest.mark.parametrize(
    "query",
    ["?comments=2", "?comments=0", "?comments=-1", "?comments=x", "?comments=", "?comments=٣",
     "?thread=999999", "?comments=99999999999999999999", "?thread=x",
     "?comments=1e3", "?replies=2&thread=1", "?reply=x"],
)  # fmt: skip
def test_discussion_has_no_page_that_is_not_there(
    query: str, client: Client, article: Article, say: Say
) -> None:
    """A page past the end, or no number, is 404, signed in or not."""
    say()
    if query == "?reply=x":
        client.force_login(make_user())

    assert client.get(f"{article.get_absolute_url()}{query}").status_code == 404


def test_discussion_keeps_the_place_of_what_was_removed_and_answered(
    show: Show, say: Say, moderator: User
) -> None:
    """A removed comment leaves a tombstone that names the rule if it was answered, else nothing."""
    attacked, spam, other = say("You fool.", by=make_user(name="Rude")), say("Buy."), say("Hm.")
    say("Calm down.", under=attacked)
    say("Why removed?", under=other)
    for comment, reason in [(attacked, "attacks"), (spam, "spam"), (other, "other")]:
        reject(comment=comment, by=moderator, reason=reason)
    html = show()

    assert shown(html) == ["Calm down.", "Why removed?"]
    assert "Removed by a moderator because it broke our rule on personal attacks." in html
    assert "<p>Removed by a moderator.</p>" in html
    assert html.count("Removed by") == 2
    assert "Rude" not in html
    assert spam.anchor not in html


def test_discussion_keeps_no_thread_in_which_nothing_is_left(show: Show, say: Say, moderator: User) -> None:
    """When the answers are gone as well, so is the tombstone, at every level."""
    root = say()
    answer = say(under=root)
    last = say(under=answer)
    for comment in (root, answer):
        reject(comment=comment, by=moderator, reason="spam")
    assert show().count("Removed by") == 2

    reject(comment=last, by=moderator, reason="spam")

    assert "Removed by" not in show()
    assert "No comments yet" in show()


def test_discussion_drops_a_removed_branch_under_a_comment_that_stays(
    show: Show, say: Say, moderator: User
) -> None:
    """A tombstone is kept for the answers it has; when those are gone too, the branch is."""
    root = say("Stays.")
    answer = say(under=root)
    last = say(under=answer)
    for comment in (answer, last):
        reject(comment=comment, by=moderator, reason="spam")
    html = show()

    assert shown(html) == ["Stays."]
    assert "Removed by" not in html
    assert outline(html) == f"{root.pk})"


def test_discussion_names_nobody_who_was_removed(show: Show, say: Say, moderator: User) -> None:
    """“Replying to” does not bring back the name of a removed comment's author."""
    third = say(under=say(under=say()), by=make_user(name="Removed Person"))
    say(under=third)
    reject(comment=third, by=moderator, reason="spam")

    assert "Removed Person" not in show()
    assert 'Replying to <span dir="auto">a removed comment<' in show()


@pytest.mark.parametrize("status", ["pending", "withheld", "rejected", "deleted"])
def test_discussion_hides_what_is_not_visible_from_everybody(
    status: str, client: Client, say: Say, article: Article, moderator: User
) -> None:
    """What is not visible is on no page, in no feed, under no permalink; not even for a moderator."""
    say("Seen by all.")
    hidden = say("Unspeakable words.", status=status)
    answer = say("Unspeakable answer.", under=hidden, status=status)
    addresses = [article.get_absolute_url(), "/", "/latest/", "/feeds/rss/", f"?thread={hidden.pk}"]

    for somebody in (None, make_user(), moderator):
        if somebody:
            client.force_login(somebody)
        for address in addresses:
            page = client.get(address if address.startswith("/") else article.get_absolute_url() + address)
            assert "Unspeakable" not in page.content.decode()
        for gone in (hidden, answer):
            response = client.get(gone.get_absolute_url())
            assert response.status_code == (410 if status == "deleted" else 404)
            assert "Unspeakable" not in response.content.decode()
        assert client.get(f"{hidden.get_absolute_url()}report/").status_code in {302, 303, 404}
    assert 'Discussion <span class="num">1</span>' in client.get(article.get_absolute_url()).content.decode()


def test_a_comment_that_nobody_ever_saw_was_never_there(client: Client, say: Say, moderator: User) -> None:
    """Rejected from the queue: 404 as before. Removed after readers saw it: 410."""
    queued, seen = say(status="pending"), say()
    for comment, status in ((queued, 404), (seen, 410)):
        reject(comment=comment, by=moderator)
        assert client.get(comment.get_absolute_url()).status_code == status


def test_discussion_shows_a_waiting_comment_to_its_author_alone(show: Show, say: Say, reader: User) -> None:
    """Whoever waits for review sees their words, marked; nobody else does."""
    waiting = say("Please let me through.", status="pending")

    mine, theirs = show(reader=reader), show(reader=make_user())

    assert shown(mine) == ["Please let me through."]
    assert 'class="note wait"' in mine
    assert f'<li id="{waiting.anchor}">' in mine
    assert shown(theirs) == []


def test_discussion_marks_authors_staff_and_oneself(client: Client, say: Say, reader: User) -> None:
    """The story's author and the newsroom wear a badge; one's own comments say so."""
    writer, colleague = make_user(name="Writer"), make_user(name="Colleague", role="Writer")
    story = make_article(authors=[make_author(user=writer), make_author()])
    for person in (writer, colleague, reader):
        say(on=story, by=person)
    client.force_login(reader)
    html = client.get(story.get_absolute_url()).content.decode()

    badges = re.findall(r'<b dir="auto">(.*?)</b>(?:<span class="badge">(.*?)</span></span>)?', html)
    assert badges == [
        ("Writer", 'Author<span class="vh"> of this story'),
        ("Colleague", 'Staff<span class="vh"> of the newsroom'),
        ("Some Reader <span>(you)</span>", ""),
    ]


def test_a_small_discussion_costs_one_query(
    show: Show, say: Say, django_assert_num_queries: DjangoAssertNumQueries, article: Article
) -> None:
    """All of it, with removed ones among them, where it fits on one page."""
    root = say()
    for number in range(24):
        by, status = make_user(), "visible" if number % 4 else "rejected"
        say(under=root if number % 3 else None, by=by, status=status)
    with django_assert_num_queries(3):  # the article itself, the house rules, and this
        show()


def test_discussion_is_the_same_for_every_stranger(client: Client, say: Say, article: Article) -> None:
    """An anonymous page sets no cookie and varies on nothing; its discussion has no form, no script."""
    say()
    response = client.get(article.get_absolute_url())
    html = response.content.decode().partition('id="discussion"')[2]

    assert not response.cookies
    assert not response.has_header("Vary")
    assert "Sign in to join the discussion" in html
    for absent in ("<form", "csrfmiddlewaretoken", "discussion.js", "<template", "data-reply"):
        assert absent not in html


@pytest.mark.parametrize(("seconds", "words"), [
    (0, "just now"), (59, "just now"), (60, "1 minute ago"), (3_599, "59 minutes ago"), (3_600, "1 hour ago"),
    (86_399, "23 hours ago"), (86_400, "19 November 2026"), (-30, "just now"),
])  # fmt: skip
def test_ago_counts_up_to_a_day(seconds: int, words: str) -> None:
    """Minutes and hours up to a day, then the date."""
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC), tick=False):
        assert ago(timezone.now() - dt.timedelta(seconds=seconds)) == words
