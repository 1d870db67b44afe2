"""What a page may cost: a fixed number of queries, with one story or with fifty."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Page
from articles.publishing import correct
from comments.writing import post
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

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def fill():
    """Publish n stories, all filed alike, every second one with a picture."""
    section, topic, term = make_section(), make_topic(), make_term()
    authors, editor, image = [make_author(), make_author()], make_user(role="Editor"), make_image()

    def make(number: int) -> list:
        return [
            make_article(
                authors=authors,
                by=editor,
                lead_image=image if index % 2 == 0 else None,
                impacts=[(["Market"], "It matters.")],
                section=section,
                topics=[topic],
                terms=[term],
            )
            for index in range(number)
        ]

    return SimpleNamespace(stories=make, author=authors[0], section=section, topic=topic, term=term)


def queries(address: str) -> int:
    client = Client()
    client.get(address)  # the first answer warms what is loaded once a process
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_page_costs_the_same_with_one_story_and_with_fifty(fill):
    filed = [fill.section, fill.topic, fill.author, fill.term]
    budgets = {
        "/": 8,
        "/latest/": 8,
        **{thing.get_absolute_url(): 8 for thing in filed},
        "/glossary/": 4,
        "/feeds/rss/": 6,
        "/sitemap-stories-1.xml": 3,
    }
    fill.stories(1)
    with_one = {address: queries(address) for address in budgets}
    fill.stories(49)
    assert {address: queries(address) for address in budgets} == with_one
    assert {address: cost for address, cost in with_one.items() if cost > budgets[address]} == {}


def test_a_list_costs_the_same_on_its_first_page_and_far_back(fill, settings):
    settings.PULSE_PAGE_SIZE = 1
    article = fill.stories(30)[-1]
    for _ in range(30):
        correct(article=article, by=make_user(role="Editor"), kind="correction", text="Nine, not ten.")
    lists = [fill.section, fill.topic, fill.author, fill.term]
    addresses = ["/latest/", "/corrections/", *(filed.get_absolute_url() for filed in lists)]
    first = {address: queries(address) for address in addresses}
    # The pictures of the 29th page are those of the first: every second story has one.
    assert {address: queries(f"{address}?page=29") for address in addresses} == first
    assert {address: cost for address, cost in first.items() if cost > 8} == {}


def test_no_list_is_counted(fill, settings):
    settings.PULSE_PAGE_SIZE = 1
    fill.stories(3)
    for filed in (fill.topic, fill.author, fill.term):
        with CaptureQueriesContext(connection) as captured:
            Client().get(f"{filed.get_absolute_url()}?page=2")
        assert not [query["sql"] for query in captured if query["sql"].startswith("SELECT COUNT(")]


def test_an_article_costs_one_query_with_everything_on_it_and_nine_if_made_afresh(fill, settings):
    settings.PAGE_CACHE = True  # a process that keeps pages keeps the navigation too
    article = fill.stories(5)[-1]
    assert article.live_revision().related
    assert article.live_revision().lead_image
    Page.objects.create(title="About", slug="about", is_published=True)
    correct(article=article, by=make_user(role="Editor"), kind="correction", text="Nine, not ten.")
    for number in range(3):
        post(article=article, by=make_user(), body=f"Remark {number}", key=f"key-{number}")
    assert queries(article.get_absolute_url()) <= 9  # the first looks for the parts that are kept
    assert parts.make("story", article.live_revision().pk)
    assert queries(article.get_absolute_url()) == 1


@pytest.mark.parametrize(
    "name",
    [
        *[f"articles/{name}" for name in ("article", "section", "topic", "author", "lens", "correction")],
        "glossary/term",
        "images/image",
        "comments/comment",
        "accounts/user",
    ],
)
def test_a_list_in_the_admin_costs_the_same_with_one_row_and_with_many(fill, name):
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/admin/{name}/").status_code == 200
        return len(captured)

    fill.stories(2)
    cost()
    few = cost()
    fill.stories(10)
    article = Article.objects.latest("pk")
    for number in range(5):
        make_section(), make_topic(), make_author(), make_term(), make_image()
        post(article=article, by=make_user(), body=f"Remark {number}", key=f"key-{number}")
    assert cost() == few
