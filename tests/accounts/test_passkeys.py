"""Passkeys and the second step, in Chromium with an authenticator made of software."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def fingerprint_reader(page):
    """A device with a fingerprint reader that always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()


def confirm_password(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def code_of(secret: str) -> str:
    """What an app with this key shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_passkey_is_added_opens_the_account_and_is_removed(page, fingerprint_reader, assert_accessible):
    """Without a password and without the address being typed; nothing breaks the strict policy."""
    reader = make_user(name="Rita")
    sign_in(page, reader.email)
    page.goto("/account/security/")
    page.get_by_role("link", name="Add a passkey").click()
    confirm_password(page)
    assert_accessible(page)
    page.get_by_label("Name").fill("Rita’s laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert_accessible(page)
    page.goto("/account/security/")
    expect(page.get_by_role("region", name="Passkeys").get_by_text("Rita’s laptop").first).to_be_visible()
    assert_accessible(page)

    sign_out(page)
    page.goto("/accounts/login/?next=/account/comments/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("^[^?]*/account/comments/$"))
    assert_accessible(page)

    sign_out(page)
    sign_in(page, reader.email)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name=reader.display_name)).to_be_visible()  # signed in
    page.goto("/account/security/")
    page.get_by_role("link", name="Remove Rita’s laptop").click()
    confirm_password(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey has been removed.")).to_be_visible()
    assert not Authenticator.objects.filter(user=reader).exists()


def test_without_a_passkey_on_the_device_a_sentence_says_what_to_do(page, fingerprint_reader):
    """The form stays, and so do the other ways in."""
    page.goto("/accounts/login/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Nothing was confirmed. Try again, or sign in another way."
    )
    expect(page.get_by_role("button", name="Use a passkey")).to_be_enabled()


def test_codes_from_an_app_work_without_script(new_context):
    """Set up, asked for at the next sign-in, replaced by a recovery code, and turned off again."""
    page = new_context(java_script_enabled=False).new_page()
    reader = make_user()
    sign_in(page, reader.email)
    page.goto("/account/security/totp/activate/")
    confirm_password(page)
    secret = page.locator("code.key").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10

    sign_out(page)
    sign_in(page, reader.email)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("That is not the code.")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/account/security/totp/deactivate/")
    confirm_password(page)
    page.get_by_role("button", name="Turn it off").click()
    expect(page.get_by_text("Codes from an app are off.")).to_be_visible()
    assert not Authenticator.objects.filter(user=reader).exists()
