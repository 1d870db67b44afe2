"""Several processes on one machine, and another machine: a change reaches just the pages that show it."""

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments import writing
from glossary.editing import save_term
from tests.factories import (
    change_headline,
    make_article,
    make_author,
    make_draft,
    make_section,
    make_term,
    make_topic,
    make_user,
)
from tests.site.machines import Machine, Seen, machine, shared_directory

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 5  # seconds, on a machine with other things to do; half of one is what it should take


class Publication:
    """Two stories that have nothing in common, and every page that shows one of them."""

    def __init__(self) -> None:
        self.editor, self.reader = make_user(role="Editor"), make_user()
        self.term = make_term(name="photonic memory")
        self.chips, self.policy = make_section(name="Chips"), make_section(name="Policy")
        self.topic, self.author = make_topic(), make_author()
        self.first = make_article(
            headline="Light remembers",
            section=self.chips,
            topics=[self.topic],
            authors=[self.author],
            terms=[self.term],
            body="About photonic memory.",
            by=self.editor,
        )
        self.second = make_article(headline="A law is made", section=self.policy, by=self.editor)
        self.pages = {
            "front": "/",
            "latest": "/latest/",
            "chips": self.chips.get_absolute_url(),
            "policy": self.policy.get_absolute_url(),
            "topic": self.topic.get_absolute_url(),
            "author": self.author.get_absolute_url(),
            "term": self.term.get_absolute_url(),
            "glossary": "/glossary/",
            "corrections": "/corrections/",
            "first": self.first.get_absolute_url(),
            "second": self.second.get_absolute_url(),
            "rss": "/feeds/rss/",
            "chips rss": f"{self.chips.get_absolute_url()}feeds/rss/",
            "policy rss": f"{self.policy.get_absolute_url()}feeds/rss/",
        }


Pages = dict[str, Seen]


class Readers:
    """What every worker of both machines shows."""

    def __init__(self, machines: list[Machine], pages: dict[str, str]) -> None:
        self.machines, self.pages = machines, pages

    def look(self) -> dict[str, list[Seen]]:
        return {
            name: [seen for server in self.machines for seen in server.ask_all(path)]
            for name, path in self.pages.items()
        }

    def settle(self) -> Pages:
        """Look until every worker keeps every page, and shows the same."""
        for _ in range(20):
            seen = self.look()
            if all(len({one.page for one in answers}) == 1 for answers in seen.values()):
                return {name: answers[0] for name, answers in seen.items()}
        raise AssertionError(f"The workers do not agree: {seen}")


@pytest.fixture
def publication() -> Publication:
    return Publication()


@pytest.fixture
def readers(publication: Publication, tmp_path: Path) -> Iterator[Readers]:
    with machine(shared_directory(), workers=2) as here, machine(tmp_path, workers=1) as there:
        yield Readers([here, there], publication.pages)


def test_each_change_reaches_just_the_pages_that_show_it_on_every_worker(
    publication: Publication, readers: Readers
) -> None:
    here = publication
    everywhere_first = {"first", "front", "latest", "chips", "topic", "author", "term"}

    before = readers.settle()

    def expect(*, changes: set[str], leaves: set[str], within: float = PATIENCE) -> None:
        """Within a moment these pages differ everywhere, and those have not even been made again."""
        nonlocal before
        deadline = time.monotonic() + within
        old = changes
        while old and time.monotonic() < deadline:
            seen = readers.look()
            old = {name for name in changes if {one.page for one in seen[name]} & {before[name].page}}
        assert old == set()
        seen = readers.look()
        for name in leaves:
            assert {(one.page, one.how) for one in seen[name]} == {(before[name].page, "hit")}, name
        before = readers.settle()

    writing.post(article=here.first, by=here.reader, body="We measured the same.", key="1")
    expect(changes=everywhere_first, leaves={"second", "policy", "policy rss", "glossary", "corrections"})

    change_headline(here.first, "Light remembers more", by=here.editor)
    expect(changes=set(), leaves=set(here.pages))

    publishing.publish(article=here.first, by=here.editor)
    expect(
        changes={*everywhere_first, "rss", "chips rss"},
        leaves={"second", "policy", "policy rss", "glossary"},
    )

    publishing.correct(article=here.second, by=here.editor, kind="correction", text="It was a Tuesday.")
    expect(changes={"second", "corrections"}, leaves={"first", "chips", "chips rss", "term", "glossary"})

    here.term.name = "optical memory"
    save_term(term=here.term, by=here.editor)
    expect(changes={"first", "term", "glossary"}, leaves={"second", "policy", "policy rss", "corrections"})

    planned(here, by=here.editor)
    expect(changes=set(), leaves={"second", "chips", "chips rss", "first"})
    expect(
        changes={"front", "latest", "policy", "rss", "policy rss"},
        leaves={"first", "second", "chips", "chips rss", "topic", "glossary"},
        within=2.5 + PATIENCE,
    )

    publishing.unpublish(article=here.second, by=here.editor)
    expect(
        changes={"second", "front", "latest", "policy", "rss", "policy rss"},
        leaves={"first", "chips", "chips rss", "term", "glossary"},
    )


def planned(here: Publication, *, by: User) -> Article:
    """A story that goes live in two seconds and a half, with nobody doing anything then."""
    story = make_draft(headline="Later", section=here.policy, by=by)
    publishing.schedule(article=story, by=by, at=timezone.now() + dt.timedelta(seconds=2.5))
    return story


def test_readers_who_come_all_at_once_have_a_page_made_once_by_each_worker(
    publication: Publication, tmp_path: Path
) -> None:
    with machine(tmp_path, workers=2) as server, ThreadPoolExecutor(8) as pool:
        seen = [one for _ in range(5) for one in pool.map(lambda to: server.ask(to, "/"), server.connections)]
    assert 1 <= len([one for one in seen if one.how == "miss"]) <= 2
    assert len({one.etag for one in seen}) == 1
