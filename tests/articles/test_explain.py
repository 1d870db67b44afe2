"""No page of the site reads a whole table of stories or comments: asked of PostgreSQL's own plans."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Revision
from articles.publishing import correct
from comments.writing import post
from tests.factories import make_article, make_author, make_section, make_term, make_topic, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

GROWING = ["articles_article", "articles_revision", "articles_listing", "comments_comment"]
COPIED = [*GROWING, "articles_revisionbyline", "articles_revisionterm", "articles_revision_topics"]
KEYS = {"id", "article_id", "revision_id", "parent_id", "root_id"}
UNIQUE = {"slug", "key"}
MOMENTS = {"live_from", "first_published_at", "published_at"}  # a story every three hours, the newest first
COPIES = 2_000
STEP = 1_000_000  # from one copy's keys to the next one's


@pytest.fixture
def addresses() -> dict[str, str]:
    """The pages of a publication large enough for an index to be worth it, measured by the database."""
    if connection.vendor != "postgresql":
        pytest.skip("a question to PostgreSQL")
    filed: dict[str, Any] = {
        "section": make_section(),
        "topics": [make_topic()],
        "terms": [make_term()],
        "authors": [make_author()],
    }
    editor = make_user(role="Editor")
    article = make_article(by=editor, body="Word. " * 1_000, **filed)
    remark = post(article=article, by=make_user(), body="First.", key="first")
    post(article=article, by=make_user(), body="Second.", key="second", parent=remark)
    for table in COPIED:
        copy(table)
    correct(article=article, by=editor, kind="correction", text="Nine, not ten.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(
            "SET LOCAL random_page_cost = 1.1"
        )  # a solid-state disk: so few rows fit in memory anyway
    lists = {"latest": "/latest/", "section": filed["section"].get_absolute_url()}
    for name in ("topics", "authors", "terms"):
        lists[name] = filed[name][0].get_absolute_url()
    return {
        "front page": "/",
        **lists,
        **{f"{name}, far back": f"{address}?page={COPIES // 25}" for name, address in lists.items()},
        "corrections": "/corrections/",
        "story": article.get_absolute_url(),
        "glossary": "/glossary/",
        "briefing": "/briefing/",
        "outlook": "/outlook/",
        "versions": f"{article.get_absolute_url()}versions/",
        "archive": "/archive/",
        **archive(),
        **{f"feed of {name}": f"{address}feeds/atom/" for name, address in fed(lists).items()},
        "feed of a discussion": f"{article.get_absolute_url()}comments/feeds/json/",
        "search": "/search/?q=word",
        "search by section": f"/search/?q=word&section={filed['section'].slug}",
        "news sitemap": "/sitemap-news.xml",
        "sitemap": "/sitemap.xml",
        "llms.txt": "/llms.txt",
    }


def archive() -> dict[str, str]:
    """The archive's pages of this month, in which every story of the publication went live."""
    today = timezone.localdate()
    return {"year": f"/archive/{today:%Y}/", "month": f"/archive/{today:%Y/%m}/"}


def fed(lists: dict[str, str]) -> dict[str, str]:
    return {"the site": "/", **{name: lists[name] for name in ("section", "topics", "authors")}}


def copy(table: str) -> None:
    """Add COPIES of each row of a table, whose keys lead to the copies of what its own lead to."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        made = [
            f'"{column}" + number_of_copy * {STEP}' if column in KEYS
            else f'"{column}" || number_of_copy' if column in UNIQUE
            else f'"{column}" - number_of_copy * interval \'3 hours\'' if column in MOMENTS
            else f'"{column}"'
            for column in columns
        ]  # fmt: skip
        listed = ", ".join(f'"{column}"' for column in columns)
        rows = f"SELECT {', '.join(made)} FROM {table}, generate_series(1, {COPIES}) AS number_of_copy"  # noqa: S608
        cursor.execute(f"INSERT INTO {table} ({listed}) {rows}")


def test_no_page_reads_a_whole_table(addresses: dict[str, str]) -> None:
    client, read = Client(), {}
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, address
        read[name] = [table for query in captured for table in read_whole(query["sql"])]
    assert {name: tables for name, tables in read.items() if tables} == {}


def test_a_query_that_reads_a_whole_table_is_noticed(addresses: dict[str, str]) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert not Revision.objects.live().filter(dek__contains="nowhere").exists()
    assert read_whole(captured[0]["sql"]) == ["articles_revision"]


def read_whole(sql: str) -> list[str]:
    """The growing tables that a query reads from end to end."""
    if not sql.startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    nodes = _nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    scans = [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"]
    return [table for table in scans if table in GROWING]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)
