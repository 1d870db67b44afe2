"""A reader with a confirmed address, and no tries counted from the test before."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from accounts.models import User

PASSWORD = "a short sentence works"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def reader(client) -> User:
    """Signed in with this test's client."""
    user = User.objects.create_user("reader@example.org", PASSWORD, display_name="A reader")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return user
