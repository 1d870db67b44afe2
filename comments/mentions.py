"""Readers whom a comment names: `@Ada Example`, somebody who has said something in the same discussion.

Names hold spaces and are not unique. Of the names that the text could mean the longest counts, compared as
they look (`pulse.lookalikes`); of several readers with that name the one who spoke last.
"""

import re
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Max
from markdown_it.token import Token

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Mention
from pulse.lookalikes import folded

AT = re.compile(r"(?<![\w@.])@(?=\w)")
ENDS = re.compile(r"\b|(?<=\W)(?=\W)|$")  # where a name can end: not within a word
APOSTROPHES = str.maketrans("’‘ʼ`", "''''")


class Mentions:
    """Marks the names in one text, and remembers whose they were: `named`, in the order of the text."""

    def __init__(self, people: Iterable[tuple[str, int]]) -> None:
        """`people`: names and keys of readers. Of two with one name, the later given has it."""
        self._people = {_folded(name): pk for name, pk in people}
        # characters after the @; accents may be typed apart
        self._longest = 2 * max(map(len, self._people), default=0)
        self.named: list[int] = []
        self._looked_at = 0

    def mark(self, tokens: list[Token]) -> None:
        """Put <b> around each name in the tree of a text; not in code, nor in links, which keep their own."""
        if not self._people:
            return
        for token in tokens:
            if token.type == "inline":
                token.children = list(self._marked(token.children or []))

    def _marked(self, children: list[Token]) -> Iterator[Token]:
        in_link = False
        for child in children:
            in_link = child.type == "link_open" or (in_link and child.type != "link_close")
            if child.type == "text" and not in_link and "@" in child.content:
                yield from self._divided(child.content)
            else:
                yield child

    def _divided(self, text: str) -> Iterator[Token]:
        done = 0
        for at in AT.finditer(text):
            if self._looked_at >= settings.PULSE_MENTIONS_TRIED:
                break
            self._looked_at += 1
            end = self._end_of_name(text, at.end())
            if end is None or at.start() < done:
                continue
            yield _text(text[done : at.start()])
            yield Token("mention_open", "b", 1)
            yield _text(text[at.start() : end])
            yield Token("mention_close", "b", -1)
            done = end
        yield _text(text[done:])

    def _end_of_name(self, text: str, start: int) -> int | None:
        """Where the longest name that begins there ends; None if there is none, or enough have been named."""
        typed = text[start : start + self._longest]
        ends = sorted({end.start() for end in ENDS.finditer(typed)} - {0}, reverse=True)
        for end in ends:
            reader = self._people.get(_folded(typed[:end]))
            if reader is None or typed[:end] != typed[:end].rstrip():
                continue
            if reader not in self.named:
                if len(self.named) >= settings.PULSE_MENTIONS_PER_COMMENT:
                    return None
                self.named.append(reader)
            return start + end
        return None


def mentions(body: str, article: Article, *, by: User) -> Mentions:
    """What marks the names in a comment under this article. One query, and none for a text without an @.

    Of a very long discussion those who spoke last can be named: PULSE_VOICES_NAMED of them.
    """
    if "@" not in body:
        return Mentions([])
    voices = (
        Comment.objects.visible()
        .filter(article=article, author__is_active=True)
        .exclude(author=by)
        .order_by()
        .values_list("author", "author__display_name")
        .annotate(spoke_at=Max("created_at"), last=Max("pk"))
        .order_by("-spoke_at", "-last")[: settings.PULSE_VOICES_NAMED]
    )
    return Mentions((name, pk) for pk, name, _, _ in reversed(voices))


def keep(comment: Comment, named: list[int]) -> None:
    """Store whom a comment names now, and nobody else. Up to three queries."""
    before = set(comment.mentions.values_list("reader", flat=True))
    if gone := before - set(named):
        comment.mentions.filter(reader__in=gone).delete()
    Mention.objects.bulk_create(Mention(comment=comment, reader_id=pk) for pk in named if pk not in before)


def _folded(name: str) -> str:
    return folded(name.translate(APOSTROPHES))


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
