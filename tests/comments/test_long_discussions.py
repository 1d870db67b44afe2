"""A discussion of ten thousand comments costs what one of a hundred does: in queries, bytes and rows read."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments.counting import recount
from comments.models import Comment
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

QUERIES, BYTES = 20, 300_000  # of the first page, and of any other
WHOLE = re.compile(r"COUNT\(|OFFSET")
READ = 1_000  # rows that one query may take from the comments, unless it counts or passes over earlier pages
WORDS = "Memory is the wall, and the price of a long conversation is what it costs to remember it. " * 4


def fill(article: Article, threads: int, *, replies: int = 0, under: int = 0) -> None:
    """Put comments there in bulk: threads, each with so many replies, one with many more."""
    authors = [make_user() for _ in range(5)]
    start = timezone.now() - dt.timedelta(days=9)
    roots = Comment.objects.bulk_create(
        _comment(article, authors[number % 5], start + dt.timedelta(seconds=number), number)
        for number in range(threads)
    )
    answered = [root for root in roots for _ in range(replies)] + roots[:1] * under
    Comment.objects.bulk_create(
        _comment(article, authors[number % 5], start + dt.timedelta(days=1, seconds=number), number, root)
        for number, root in enumerate(answered)
    )
    recount(article)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _comment(article: Article, by: Any, at: dt.datetime, number: int, root: Comment | None = None) -> Comment:
    return Comment(
        article=article,
        author=by,
        parent=root,
        root=root,
        depth=1 if root else 0,
        body=WORDS,
        body_html=f'<p dir="auto">{number}. {WORDS}</p>',
        key=str(uuid.uuid4()),
        created_at=at,
        respect_count=number * 7_919 % 101,
    )


def cost(address: str) -> tuple[int, int]:
    """Queries and bytes of a page."""
    with CaptureQueriesContext(connection) as captured:
        response = Client().get(address)
    assert response.status_code == 200, address
    return len(captured), len(response.content)


@pytest.fixture
def elsewhere() -> Article:
    """Another story that is discussed, so that the table is more than one discussion."""
    other = make_article()
    fill(other, 1_000, replies=4)
    return other


@pytest.fixture
def long(elsewhere: Article) -> Article:
    """Ten thousand comments: 9,000 threads, one of them with a thousand replies."""
    article = make_article()
    fill(article, 9_000, under=1_000)
    chosen = Comment.objects.filter(article=article, root=None).order_by("-pk")
    Comment.objects.filter(pk__in=chosen.values("pk")[:3]).update(picked_at=timezone.now())
    Comment.objects.filter(pk=chosen[10].pk).update(pinned_at=timezone.now())
    Comment.objects.filter(pk__in=chosen.values("pk")[100:130]).update(part="tldr")
    Comment.objects.filter(article=article, pk__in=list(chosen.values_list("pk", flat=True)[25::50])).update(
        status="rejected"
    )
    recount(article)
    return article


def addresses(article: Article) -> list[str]:
    root = Comment.objects.filter(article=article, root=None).earliest("pk")
    queries = [
        *["", "?comments=2", "?comments=400", "?sort=newest", "?sort=newest&comments=400", "?sort=respect"],
        *["?sort=respect&comments=400", "?about=tldr", "?about=tldr&sort=respect&comments=2"],
        *[f"?thread={root.pk}", f"?thread={root.pk}&replies=16"],
    ]
    last = Comment.objects.filter(article=article).latest("pk")
    new = f"comments/new/?after={last.pk - 5}"
    return [*(article.get_absolute_url() + query for query in [*queries, new]), last.get_absolute_url()]


def test_ten_thousand_comments_cost_what_a_hundred_do(elsewhere: Article) -> None:
    """The first page, in every order, keeps to its budget, and to the queries of a short one."""
    few, many = make_article(), make_article()
    fill(few, 40, under=60)
    fill(many, 9_000, under=1_000)
    for query in ["", "?sort=newest", "?sort=respect"]:
        short, long = cost(few.get_absolute_url() + query), cost(many.get_absolute_url() + query)
        assert short[0] == long[0] <= QUERIES
        assert long[1] <= BYTES
        assert long[1] <= short[1] * 1.2


def test_every_page_of_ten_thousand_comments_keeps_to_its_budget(long: Article) -> None:
    costs = {address: cost(address) for address in addresses(long)[:-1]}
    assert {
        address: found for address, found in costs.items() if found[0] > QUERIES or found[1] > BYTES
    } == {}


def test_the_longest_words_keep_to_the_bytes(long: Article) -> None:
    """Even where everybody writes as much as a comment may have."""
    Comment.objects.filter(article=long).update(body_html=f"<p>{'word ' * 400}</p>")
    assert cost(long.get_absolute_url())[1] <= BYTES


def test_no_query_reads_the_whole_discussion(long: Article) -> None:
    """Asked of PostgreSQL's own plans: rows come through an index, few at a time, unless they are counted."""
    if connection.vendor != "postgresql":
        pytest.skip("a question to PostgreSQL")
    found = {}
    for address in addresses(long):
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(address).status_code in {200, 302}, address
        found[address] = [tell for query in captured for tell in too_much(query["sql"])]
    assert {address: tells for address, tells in found.items() if tells} == {}


def too_much(sql: str) -> list[str]:
    """Where a query reads the comments from end to end, or more of them than a page needs."""
    if not sql.startswith("SELECT") or "comments_comment" not in sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    tells = []
    for node in nodes(plan):
        if node.get("Relation Name") != "comments_comment":
            continue
        read = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        if node["Node Type"] == "Seq Scan" or (read > READ and not WHOLE.search(sql)):
            tells.append(f"{node['Node Type']} of {read} rows: {sql}")
    return tells


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)
