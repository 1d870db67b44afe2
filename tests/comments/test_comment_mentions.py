"""Readers whom a comment names: who is meant, what is marked, what is kept."""

from typing import Any

import pytest

from accounts.models import User
from articles.models import Article
from comments import writing
from comments.mentions import Mentions, mentions
from comments.models import Comment, Mention
from pulse.text import reader as rendered
from tests.comments.conftest import Say
from tests.factories import make_article, make_user

PEOPLE = [("Ada", 1), ("Ada Example", 2), ("Zoë", 3), ("O'Brien", 4), ("Ада", 5), ("x<b>y", 6)]


def marked(text: str, people: Any = PEOPLE) -> tuple[list[int], list[str]]:
    """Who is named in a text, and what its HTML marks."""
    found = Mentions(people)
    html = str(rendered(text, mark=found.mark))
    return found.named, [part.partition("</b>")[0] for part in html.split("<b>")[1:]]


@pytest.mark.parametrize(
    ("text", "named", "marks"),
    [
        ("@Ada, hello", [1], ["@Ada"]),
        ("hello @Ada Example!", [2], ["@Ada Example"]),
        ("@Ada Examples are many", [1], ["@Ada"]),
        ("@ada example and @ADA", [2, 1], ["@ada example", "@ADA"]),
        ("(@Zoe)", [3], ["@Zoe"]),
        ("**@Zoë**", [3], ["@Zoë"]),
        ("@O'Brien’s idea", [4], ["@O’Brien"]),
        ("@O’Brien", [4], ["@O’Brien"]),
        ("@Ada @Ada", [1], ["@Ada", "@Ada"]),
        ("@Adam", [], []),
        ("mail@Ada.example", [], []),
        ("@@Ada", [], []),
        ("`@Ada` and [@Ada](https://example.org)", [], []),
        ("@ Ada", [], []),
        ("@", [], []),
        ("@nobody", [], []),
    ],
)
def test_names_are_found_as_they_look(text: str, named: list[int], marks: list[str]) -> None:
    """The longest name, whatever its case and accents; not within words, addresses, links and code."""
    assert marked(text) == (named, marks)


def test_of_readers_with_one_name_the_later_given_is_meant() -> None:
    """And a name that looks the same is the same name."""
    assert marked("@Ада", [("Ada", 1), ("Ада", 5)])[0] == [5]


def test_a_name_never_becomes_markup() -> None:
    """What is typed is text, whatever names look like."""
    html = str(rendered("@x<b>y <b>@Ada</b>", mark=Mentions(PEOPLE).mark))

    assert "<b>@x&lt;b&gt;y</b>" in html
    assert "&lt;b&gt;<b>@Ada</b>&lt;/b&gt;" in html


def test_a_comment_names_so_many_at_most(settings: Any) -> None:
    """Beyond that a name is only text."""
    settings.PULSE_MENTIONS_PER_COMMENT = 2
    people = [(f"Reader {number}", number) for number in range(5)]

    assert marked(" ".join(f"@Reader {number}" for number in (3, 1, 3, 4)), people)[0] == [3, 1]


@pytest.mark.once
def test_hostile_texts_are_quick() -> None:
    """Thousands of @ and long words take no time worth mentioning; the slowest are refused before."""
    people = [(f"Name {number} of many", number) for number in range(2_000)]
    for text in ("@" * 2_000, "@a " * 660, "@Name " * 330, "@" + "a.b" * 660, "@Name 1 of man" * 140):
        assert marked(text, people)[0] == []


def test_so_many_signs_of_one_text_are_looked_at(settings: Any) -> None:
    """An author's discussion waits while their text is looked through."""
    settings.PULSE_MENTIONS_TRIED = 3
    assert marked("@nobody @nobody @nobody @Ada", [("Ada", 1)])[0] == []


def test_in_a_long_discussion_those_who_spoke_last_can_be_named(
    article: Article, reader: User, say: Say, settings: Any
) -> None:
    settings.PULSE_VOICES_NAMED = 1
    say(by=make_user(name="Early"))
    late = make_user(name="Late")
    say(by=late)
    text = "@Early and @Late, see above."
    comment = writing.post(article=article, by=reader, body=text, key="1")
    assert list(comment.mentions.values_list("reader", flat=True)) == [late.pk]


# In a discussion


def test_posting_keeps_whom_it_names(article: Article, reader: User, say: Say) -> None:
    """Somebody visible in the same discussion; once each, and marked in the text."""
    ada = make_user(name="Ada Example")
    say(by=ada)
    comment = writing.post(article=article, by=reader, body="@Ada Example: @ada example!", key="1")

    assert [mention.reader for mention in comment.mentions.all()] == [ada]
    assert Comment.objects.get(pk=comment.pk).body_html.count("<b>") == 2


def test_only_who_is_seen_in_this_discussion_can_be_named(article: Article, reader: User, say: Say) -> None:
    """Not somebody who is held, gone, elsewhere, closed or oneself: a name gives nobody away."""
    held, gone, elsewhere = (make_user(name=name) for name in ("Held", "Gone", "Elsewhere"))
    closed = make_user(name="Closed")
    say(by=held, status="pending")
    say(by=gone, status="deleted")
    say(by=elsewhere, on=make_article())
    say(by=closed)
    say(by=reader)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    body = "@Held @Gone @Elsewhere @Closed @Some Reader"
    comment = writing.post(article=article, by=reader, body=body, key="1")

    assert "<b>" not in comment.body_html
    assert not Mention.objects.exists()


def test_of_two_with_one_name_who_spoke_last_is_meant(article: Article, reader: User, say: Say) -> None:
    """Names are not unique."""
    first, second = make_user(name="Ada"), make_user(name="ADA")
    say(by=second)
    say(by=first)
    assert mentions("@ada", article, by=reader)._people == {"ada": first.pk}
    say(by=second)
    assert mentions("@ada", article, by=reader)._people == {"ada": second.pk}


def test_an_edit_changes_whom_it_names(article: Article, reader: User, say: Say) -> None:
    """Who is named no longer is forgotten, who stays stays the same row, who is new is added."""
    for name in ("Ada", "Bo", "Cy"):
        say(by=make_user(name=name))
    comment = writing.post(article=article, by=reader, body="@Ada and @Bo.", key="1")
    stays = comment.mentions.get(reader__display_name="Bo").pk
    comment = writing.edit(comment=comment, by=reader, body="@Bo and @Cy.")

    named = dict(comment.mentions.values_list("reader__display_name", "pk"))
    assert named.keys() == {"Bo", "Cy"}
    assert named["Bo"] == stays


@pytest.mark.django_db
def test_a_text_without_a_name_asks_nobody(
    article: Article, reader: User, django_assert_num_queries: Any
) -> None:
    """Most comments name nobody, and cost nothing for it."""
    with django_assert_num_queries(0):
        mentions("Nothing to see.", article, by=reader)
