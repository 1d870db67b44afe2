"""Every page of the account passes axe in both themes, and nothing scrolls sideways at 320 pixels."""

import pytest
from django.core.cache import cache

from accounts import deletion
from tests.accounts.test_passkeys import confirm_password, sign_in
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_the_pages_of_an_account_are_accessible_and_fit(page, assert_accessible):
    """Overview, comments, notifications, security, data, and the way out."""
    cache.clear()
    reader = make_user(name="Rita")
    deletion.plan(user=reader, keep_comments=True)
    page.set_viewport_size({"width": 320, "height": 800})
    sign_in(page, reader.email)
    page.wait_for_url(lambda url: "login" not in url)
    page.goto("/account/delete/")
    assert_accessible(page)
    confirm_password(page)
    for address in [
        "/account/delete/", "/account/", "/account/comments/", "/account/notifications/",
        "/account/security/", "/account/security/totp/activate/", "/account/connections/", "/account/data/",
        "/accounts/email/", "/accounts/password/change/",
    ]:  # fmt: skip
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        assert_accessible(page)
