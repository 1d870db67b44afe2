"""One person of each role."""

import pytest

from tests.newsroom.people import Person


@pytest.fixture
def writer(db: None) -> Person:
    return Person("Writer")


@pytest.fixture
def editor(db: None) -> Person:
    return Person("Editor")


@pytest.fixture
def moderator(db: None) -> Person:
    return Person("Moderator")


@pytest.fixture
def administrator(db: None) -> Person:
    return Person(None, is_superuser=True)
