"""Pages from their parts, beside the same pages made afresh."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles import serving
from tests.articles.kept import Publication


@pytest.fixture(autouse=True)
def fresh_process() -> None:
    """What a process keeps of one test's rows is nothing to the next."""
    for kept in (serving._masthead, serving._footer):
        kept.cache_clear()


@pytest.fixture
def here() -> Publication:
    return Publication()


def answers(address: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """A page from its parts, and made afresh."""
    kept = Client().get(address)
    with monkeypatch.context() as patch:
        patch.setattr("articles.views.may_have_kept", lambda request: False)
        return kept, Client().get(address)


@pytest.fixture
def assert_right(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Every page is what it would be if made afresh, header by header and byte for byte."""

    def check(*addresses: str) -> None:
        for address in addresses:
            kept, fresh = answers(address, monkeypatch)
            assert kept.status_code == fresh.status_code
            assert kept.content.decode() == fresh.content.decode(), address
            assert kept.headers == fresh.headers

    return check
