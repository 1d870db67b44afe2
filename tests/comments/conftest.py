"""A story, the people around it, and a way to say things under it."""

import itertools
from collections.abc import Callable
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from articles.models import Article
from comments.counting import recount
from comments.models import Comment
from comments.writing import post
from pulse.limits import forget_counts
from tests.factories import make_article, make_user

_numbers = itertools.count(1)


Enter = Callable[..., Page]


class Say(Protocol):
    def __call__(
        self,
        body: str = "",
        *,
        under: Comment | None = None,
        by: User | None = None,
        on: Article | None = None,
        status: str = "visible",
    ) -> Comment: ...


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """Each test may try as often as its limits say, whoever tried before it under the same number."""
    forget_counts()
    cache.clear()


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


@pytest.fixture
def reader(db: None) -> User:
    return make_user(name="Some Reader")


@pytest.fixture
def moderator(db: None) -> User:
    return make_user(role="Moderator")


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


@pytest.fixture
def ana(db: None) -> User:
    return make_user(name="Ana")


@pytest.fixture
def bo(db: None) -> User:
    return make_user(name="Bo")


@pytest.fixture
def first(article: Article, ana: User) -> Comment:
    """What Ana said."""
    return post(article=article, by=ana, body="The first word.", key="1")


@pytest.fixture
def say(article: Article, reader: User) -> Say:
    """Put a comment there without asking the checks, in whatever status, and count."""

    def say(
        body: str = "",
        *,
        under: Comment | None = None,
        by: User | None = None,
        on: Article | None = None,
        status: str = "visible",
    ) -> Comment:
        comment = Comment.objects.create(
            article=under.article if under else on or article,
            author=by or reader,
            parent=under,
            body=body or f"Remark {next(_numbers)}.",
            status=status,
        )
        recount(comment.article)
        return comment

    return say


@pytest.fixture
def enter(
    live_server: Any, new_context: Callable[..., BrowserContext], article: Article, reader: User
) -> Enter:
    """The article's page as a signed-in reader sees it."""

    def enter(query: str = "", **options: Any) -> Page:
        client = Client()
        client.force_login(reader)
        context = new_context(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}{article.get_absolute_url()}{query}")
        return page

    return enter
