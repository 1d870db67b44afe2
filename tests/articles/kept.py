"""A publication whose pages are kept, and how a test sees that they are."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.models import Page
from articles.pages import save_page
from comments import writing
from pulse import parts
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)


class Publication:
    """A story with everything on it, two that are related, and the front page, all kept."""

    def __init__(self) -> None:
        self.editor, self.reader = make_user(role="Editor"), make_user(name="Iris")
        self.section, self.topic, self.author = make_section(name="Chips"), make_topic(), make_author()
        self.term, self.draft = make_term(name="photonic memory"), make_term(name="flux", is_published=False)
        self.image = make_image(alt="A wafer")
        filed: dict[str, Any] = {
            "section": self.section,
            "topics": [self.topic],
            "authors": [self.author],
            "terms": [self.term, self.draft],
            "by": self.editor,
        }
        self.other = make_article(headline="Light forgets", **filed)
        self.story = make_article(
            headline="Light “remembers” & more",
            body="About photonic memory and flux.",
            impacts=[(["Market"], "It could matter.")],
            lead_image=self.image,
            **filed,
        )
        for number in range(2):
            writing.post(article=self.story, by=self.reader, body=f"Remark {number}", key=str(number))
        publishing.correct(article=self.story, by=self.editor, kind="correction", text="Nine, not ten.")
        save_page(page=Page(title="About", slug="about", body="Us.", is_published=True), by=self.editor)
        keep_all()


def keep_all() -> None:
    """Do what the worker does, until there is nothing more to do."""
    parts._settled = 0
    while parts.tend() or parts.make_missing():
        pass


def queries(address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    return len(captured)


def is_kept(address: str) -> bool:
    """Whether a page comes from its parts: made afresh, it takes many queries."""
    return queries(address) <= 6


def pages_of(here: Publication) -> list[str]:
    return [here.story.get_absolute_url(), "/", here.other.get_absolute_url()]
