"""What the pipeline is told of a comment, and what it answers. No models."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from pulse.text import plain, reader


def tidy(body: str) -> str:
    """A comment's words as they are checked, shown and stored, whatever a browser put around them."""
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """Not taken: `sentence` says why to a person, `status` is the HTTP status that says it to a machine, and
    `seconds`, if it is a matter of time, after how many it would be taken."""

    def __init__(self, sentence: str, status: int, *, seconds: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.seconds = seconds


@dataclass(frozen=True)
class Ruling:
    """What becomes of a comment that is taken, and which check said so; none, if nothing was wrong."""

    status: str = "visible"
    check: str = ""
    reason: str = ""  # a Rule that the check thinks is broken
    sentence: str = ""  # what its author is told
    is_flagged: bool = False  # readers see it, and moderators are asked to look

    @property
    def action(self) -> str:
        """What is written into the record, as a Decision's action."""
        if self.status == "visible":
            return "flag" if self.is_flagged else "approve"
        return {"pending": "hold", "withheld": "withhold", "rejected": "reject"}[self.status]


@dataclass(frozen=True)
class Rules:
    """What the newsroom has set, for one story: the house's rules and what the article says otherwise."""

    mode: str = "after"
    closes_at: dt.datetime | None = None
    banned_words: str = ""
    suspect_words: str = ""
    banned_hosts: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known of an author: of the site, and of the last weeks."""

    is_staff: bool = False
    is_new: bool = False  # the account is a few hours old
    has_spoken: bool = True  # readers see a comment of theirs
    decided: int = 0  # comments of the last weeks that readers saw or a moderator refused
    rejected: int = 0  # those of them that were rejected


@dataclass(frozen=True)
class Attempt:
    """Everything the checks look at, gathered before they run."""

    body: str
    now: dt.datetime
    is_public: bool = True
    discussion: str = "open"
    suspended_until: dt.datetime | None = None
    is_parent_visible: bool = True
    is_edit: bool = False
    was_approved: bool = False  # by a moderator, who read an earlier text
    recent: list[tuple[dt.datetime, str]] = field(default_factory=list)  # when and what the author posted
    rules: Rules = Rules()
    author: Standing = Standing()
    copies: int = 0  # other accounts that posted much the same lately
    opinion: str = ""  # what the spam service said: ham, spam, unsure; empty if nobody was asked

    @cached_property
    def html(self) -> str:
        """The body as readers would see it. Raises TextTooLong."""
        return str(reader(self.body))

    @cached_property
    def words(self) -> str:
        """What is read and what was typed: a word may hide in either. Raises TextTooLong."""
        return f"{plain(self.html)}\n{self.body}"


Check = Callable[[Attempt], Refused | Ruling | None]
