"""No page of the desk reads a whole table of stories or comments: asked of PostgreSQL's own plans."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import pictured
from articles.verdicts import DUE
from comments.writing import post
from pulse import parts
from pulse.models import Tag
from tests.articles.test_explain import COPIED, copy, read_whole
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)
from tests.newsroom.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def form() -> str:
    """The form of one of many stories, all with comments, measured by the database."""
    article = make_article(
        section=make_section(),
        topics=[make_topic()],
        terms=[make_term()],
        authors=[make_author()],
        lead_image=make_image(),
    )
    remark = post(article=article, by=make_user(), body="First.", key="first")
    post(article=article, by=make_user(), body="Second.", key="second", parent=remark)
    for table in COPIED:
        copy(table)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE articles_article SET headline = headline || id, updated_at = now() - interval '1 day'"
        )
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL random_page_cost = 1.1")  # a solid-state disk
    Tag.objects.update(change=0)
    for kind in (DUE.name, pictured.KIND):
        parts.make(kind)
    return f"/admin/articles/article/{article.pk}/change/"


def test_no_page_of_the_desk_reads_a_whole_table(
    form: str, writer: Person, editor: Person, moderator: Person
) -> None:
    writer.draft("A draft")
    pages = {
        "desk": (editor, "/admin/"),
        "writer’s desk": (writer, "/admin/"),
        "moderator’s desk": (moderator, "/admin/"),
        "outlooks": (editor, "/admin/articles/article/outlooks/"),
        "terms": (editor, "/admin/glossary/term/"),
        "topics": (editor, "/admin/articles/topic/"),
        "pictures": (editor, "/admin/images/image/"),
        "form": (editor, form),
    }
    read = {}
    for name, (person, address) in pages.items():
        with CaptureQueriesContext(connection) as captured:
            person.page(address)
        read[name] = [(table, query["sql"]) for query in captured for table in read_whole(query["sql"])]
    assert {name: tables for name, tables in read.items() if tables} == {}
