"""Mails about an account: the same words as text and in our design, whatever happened."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings as site
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.html import escape, strip_tags

from accounts import digests
from accounts.mails import html_of
from accounts.models import User
from accounts.notifications import notify
from tests.factories import make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]

TEXTS = sorted(
    f"{folder}/{found.name}"
    for folder in ("account/email", "mfa/email", "socialaccount/email")
    for found in (site.BASE_DIR / "templates" / folder).glob("*_message.txt")
)


@pytest.fixture
def reader() -> User:
    return make_user(name="Ana")


@pytest.mark.parametrize("template", TEXTS)
def test_every_mail_looks_as_ours_and_says_what_its_text_says(
    template: str, reader: User, settings: Any
) -> None:
    """Each line is in the HTML, links with their whole address; nothing that somebody gave is markup."""
    settings.PULSE_SITE_NAME = "Chips & <b>Signals</b>"
    reader.deletion_at = timezone.now()
    known = {
        "site_name": settings.PULSE_SITE_NAME,
        "base_url": settings.BASE_URL,
        "user": reader,
        "token": "12:abc",
        "code": "KT7-Q2M",
        "ip": "192.0.2.7",
        "timestamp": timezone.now(),
        "password_reset_url": "http://testserver/accounts/password/reset/key/1-abc/?a=1&b=2",
        "signup_url": "http://testserver/accounts/signup/",
        "from_email": "a<b>@example.org",
        "to_email": "b@example.org",
        "deleted_email": "c@example.org",
        "provider": "<i>Elsewhere</i>",
    }
    text = render_to_string(template, known).strip()
    *blocks, signature = text.split("\n\n")
    html = html_of(text).partition("<body>")[2]

    assert signature == f"{settings.PULSE_SITE_NAME}\n{settings.BASE_URL}"
    for line in "\n".join(blocks).splitlines():
        if line.startswith("http"):
            assert f'<a href="{escape(line)}">' in html
        else:
            assert line.strip().removesuffix(":") in unescape(strip_tags(html))
    assert "<b>" not in html
    assert "<i>" not in html


def test_what_the_account_pages_send_has_both_parts(client: Client, reader: User) -> None:
    """The link in the text is the button of the other part."""
    client.post("/accounts/password/reset/", {"email": reader.email})
    message: Any = mail.outbox[-1]
    [link] = [line for line in message.body.splitlines() if "/reset/key/" in line]
    [(html, kind)] = message.alternatives

    assert kind == "text/html"
    assert f'<p class="do"><a href="{link}">Choose a new password</a></p>' in html


def test_a_code_is_easy_to_see(client: Client) -> None:
    """It stands alone, in the one mail that somebody copies from."""
    fields = {"email": "new@example.org", "display_name": "New", "password1": "quiet-harbour-43"}
    client.post("/accounts/signup/", fields)
    message: Any = mail.outbox[-1]
    html = message.alternatives[0][0]
    assert html.count('<p class="code">') == 1


CODE = "Your code is\n\n    KT7-Q2M\n\nEnter it.\n\nChoose a new password:\nhttp://testserver/x/\n\nThe Pulse"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_kind_of_mail_can_be_read_by_everybody(page: Any, assert_accessible: Any) -> None:
    """A code, a link, a digest with an answer and a decision: axe, both themes, 320 px, nothing fetched."""
    reader = make_user(name="Ana " + "W" * 30)
    for number, kind in enumerate(["reply", "decision"]):
        notify(
            to=[reader],
            kind=kind,
            key=f"{kind}:1",
            subject=f"comment:{number}",
            sentence="answered your comment under “Chips”",
            path="/comments/1/",
            excerpt="W" * 200,
            actor=make_user(name="Bo") if kind == "reply" else None,
        )
    rows = list(reader.notifications.all())
    digest = render_to_string("accounts/email/digest.html", digests._context(reader, rows))
    for html in (html_of(CODE), digest):
        page.set_viewport_size({"width": 320, "height": 640})
        page.set_content(html)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert not re.search(r"<img|url\(|<link|<script", html)
