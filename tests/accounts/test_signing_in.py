"""Signing up, in and out, through the pages a person uses."""

import re
from http import HTTPStatus

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User

PASSWORD = "a short sentence works"
ARTICLE = "/articles/memory-wall/"
CODE = re.compile(r"Your code is\s+(\S+)")
LINK = re.compile(r"https?://[^/]+(/accounts/password/reset/key/\S+)")

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def sign_in(client: Client, email: str = "reader@example.org", password: str = PASSWORD, **fields: str):
    return client.post(reverse("account_login"), {"login": email, "password": password, **fields})


def code_in(message) -> str:
    return CODE.findall(message.body)[0]


def test_signing_up_takes_a_name_an_address_a_password_and_the_code(client):
    """After the code from the mail, and not before, the new reader is signed in under the chosen name."""
    fields = {"display_name": "  Ana   B. ", "email": "Ana@Example.org", "password1": PASSWORD}
    response = client.post(reverse("account_signup"), fields)
    assert response.status_code == HTTPStatus.FOUND
    assert "_auth_user_id" not in client.session
    [message] = mail.outbox
    assert message.to == ["ana@example.org"]
    code = code_in(message)
    assert code in message.subject

    refused = client.post(response["Location"], {"code": "WRONG1"})
    assert "That is not the code we sent" in refused.content.decode()
    client.post(response["Location"], {"code": code})

    user = User.objects.get()
    assert (user.display_name, user.email) == ("Ana B.", "ana@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_signing_up_with_a_taken_address_looks_the_same_and_mails_the_owner(client, reader):
    """Nobody learns from the sign-up page who has an account."""
    fields = {"display_name": "Somebody", "email": "READER@example.org", "password1": PASSWORD}
    stranger = Client()
    taken = stranger.post(reverse("account_signup"), fields)
    page = stranger.get(taken["Location"])
    fresh = Client().post(reverse("account_signup"), fields | {"email": "new@example.org"})
    assert taken["Location"] == fresh["Location"]
    assert "reader@example.org" in page.content.decode()
    assert [message.subject for message in mail.outbox[-2:]][
        0
    ] == "You already have an account with The Pulse"
    assert User.objects.filter(email="reader@example.org").count() == 1


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(reader):
    """The sign-in page does not tell who has an account, and keeps the address that was typed."""
    answers = []
    for email in ("reader@example.org", "nobody@example.org"):
        page = sign_in(Client(), email=email, password="not the one").content.decode()
        assert email in page
        answers.append(re.sub(r'value="[^"]*"', "", page.replace(email, "")))
    assert "Email or password is not right. Try again, or reset your password." in answers[0]
    assert answers[0] == answers[1]


def test_errors_lead_to_their_fields(client):
    """An empty form names each missing thing, at the top as a link and beside its field."""
    page = client.post(reverse("account_login"), {"login": "", "password": ""}).content.decode()
    assert "<title>Error: Sign in" in page
    assert '<a href="#id_password">Enter your password</a>' in page
    assert 'id="id_password_error">Error: Enter your password' in page
    [password] = re.findall(r'<input[^>]*name="password"[^>]*>', page)
    assert 'aria-invalid="true"' in password
    assert "id_password_error" in password


def test_what_was_typed_stays_but_the_password(client):
    """A refused sign-up gives name and address back, and never the password."""
    fields = {"display_name": "Ana B.", "email": "ana@example.org", "password1": "short"}
    page = client.post(reverse("account_signup"), fields).content.decode()
    assert 'value="Ana B."' in page
    assert 'value="ana@example.org"' in page
    assert 'value="short"' not in page


def test_signing_out_leaves_no_session(client, reader):
    """After signing out the browser holds no session cookie, so the next page is the public one."""
    response = client.post(reverse("account_logout"))
    assert response["Location"] == "/"
    assert "sessionid" not in client.cookies or client.cookies["sessionid"].value == ""


def test_signing_out_takes_a_form(client, reader):
    """A link cannot sign anybody out."""
    assert client.get(reverse("account_logout")).status_code == HTTPStatus.OK
    assert "_auth_user_id" in client.session


def test_a_password_is_reset_with_the_link_from_the_mail(client, reader):
    """The link works once and the new password counts; its owner is told by mail."""
    visitor = Client()
    done = visitor.post(reverse("account_reset_password"), {"email": "reader@example.org"})
    [link] = LINK.findall(str(mail.outbox[-1].body))
    form = visitor.get(link)
    saved = visitor.post(
        form["Location"], {"password1": "another fine line", "password2": "another fine line"}
    )
    assert done.status_code == saved.status_code == HTTPStatus.FOUND
    assert mail.outbox[-1].subject == "Your password for The Pulse is new"
    assert sign_in(Client(), password="another fine line").status_code == HTTPStatus.FOUND
    assert "This link does not work" in Client().get(link).content.decode()


def test_a_reset_for_an_unknown_address_says_the_same_and_mails_nobody(client):
    """Neither the page nor a stranger's mailbox shows whether there is an account."""
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert "If there is an account with that address" in response.content.decode()
    assert mail.outbox == []


def test_somebody_who_guesses_passwords_is_slowed_down(reader):
    """After five wrong passwords even the right one waits; form, status and Retry-After say how long."""
    with time_machine.travel("2026-11-28 09:00:00+00:00", tick=False) as clock:
        for _ in range(5):
            sign_in(Client(), password="not the one")
            clock.shift(10)
        response = sign_in(Client())
        assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert response["Retry-After"] == "250"
        assert "Too many tries. Wait 5 minutes" in response.content.decode()
        assert "reader@example.org" in response.content.decode()
        clock.shift(250)
        assert sign_in(Client()).status_code == HTTPStatus.FOUND


def test_somebody_who_guesses_the_second_step_is_slowed_down(reader):
    """However often they begin anew with the right password."""
    TOTP.activate(reader, generate_totp_secret())
    with time_machine.travel("2026-11-28 09:00:00+00:00", tick=False) as clock:
        for number in range(6):
            thief = Client()
            second_step = sign_in(thief)["Location"]
            clock.shift(10)
            response = thief.post(second_step, {"code": f"00000{number}"})
            assert "_auth_user_id" not in thief.session
        assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert response["Retry-After"] == "250"
        assert "Too many tries. Wait 5 minutes" in response.content.decode()
        clock.shift(250)
        assert thief.post(second_step, {"code": "000007"}).status_code == HTTPStatus.OK


def test_behind_a_proxy_each_reader_has_their_own_limit(settings):
    """What a reader writes into X-Forwarded-For is left of what our proxy wrote; IPv6 counts by network."""
    settings.TRUSTED_PROXIES = 1
    for number in range(31):
        forwarded = f"198.51.100.{number}, 2001:db8::{number}"
        answer = Client().post(reverse("account_login"), {}, headers={"X-Forwarded-For": forwarded})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    other = Client().post(reverse("account_login"), {}, headers={"X-Forwarded-For": "2001:db8:0:1::1"})
    assert other.status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("page", "fields", "times"),
    [
        ("account_signup", {"email": "new@example.org"}, 20),
        ("account_reset_password", {"email": "new@example.org"}, 5),
    ],
)
def test_retry_after_is_right_for_every_limit(page, fields, times):
    """One second before it is refused still, then it is taken."""
    with time_machine.travel("2026-11-28 09:00:00+00:00", tick=False) as clock:
        for _ in range(times):
            Client().post(reverse(page), fields)
        clock.shift(13)
        refused = Client().post(reverse(page), fields)
        assert (refused.status_code, refused["Retry-After"]) == (HTTPStatus.TOO_MANY_REQUESTS, "47")
        clock.shift(46)
        assert Client().post(reverse(page), fields).status_code == HTTPStatus.TOO_MANY_REQUESTS
        clock.shift(1)
        assert Client().post(reverse(page), fields).status_code != HTTPStatus.TOO_MANY_REQUESTS


def test_too_many_requests_get_429_and_a_page_that_says_when_to_come_back():
    """The page is ours and does not need a session."""
    for _ in range(30):
        sign_in(Client(), email="", password="")
    response = sign_in(Client(), email="", password="")
    assert response.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert f"Wait {response['Retry-After']} seconds, go back and try again" in response.content.decode()
    assert not response.cookies


def test_next_is_kept_from_sign_in_to_sign_up_to_the_code_and_back(client):
    """A reader who came from a discussion returns to it with a new account."""
    sign_in_page = client.get(reverse("account_login"), {"next": ARTICLE}).content.decode()
    [link] = re.findall(r'href="([^"]+)">Create an account</a>\.', sign_in_page)
    sign_up_page = client.get(link).content.decode()
    assert f'name="next" value="{ARTICLE}"' in sign_up_page
    fields = {"display_name": "Ana", "email": "ana@example.org", "password1": PASSWORD, "next": ARTICLE}
    code_page = client.post(reverse("account_signup"), fields).url
    response = client.post(code_page, {"code": code_in(mail.outbox[-1])})
    assert response["Location"] == ARTICLE


def test_next_is_kept_when_the_first_try_fails(client, reader):
    """A mistyped password does not lose the way back."""
    page = sign_in(Client(), password="not the one", next=ARTICLE).content.decode()
    assert f'name="next" value="{ARTICLE}"' in page
    assert sign_in(Client(), next=ARTICLE).url == ARTICLE


@pytest.mark.parametrize(
    "foreign",
    [
        "//evil.example/",
        "https://evil.example/",
        "https:///evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_a_foreign_next_is_refused(client, reader, foreign):
    """Signing in never sends anybody to another site."""
    assert sign_in(Client(), next=foreign).url == "/"


@pytest.mark.parametrize("key", ["1-bad", "zzzzzzzzzzzzz-bad", "a-" + "x" * 500, "1-%F0%9F%8E%89"])
def test_a_made_up_reset_link_says_that_it_does_not_work(client, key):
    """Whatever stands in the link, it is a page and no failure of ours."""
    page = client.get(f"/accounts/password/reset/key/{key}/").content.decode()
    assert "This link does not work" in page


@pytest.mark.parametrize("page", ["account_login", "account_signup", "account_reset_password"])
def test_sign_in_pages_are_kept_by_nobody(client, page):
    """A page with a token in it belongs to one browser."""
    caching = client.get(reverse(page))["Cache-Control"]
    assert "no-store" in caching
    assert "private" in caching


def test_a_closed_account_cannot_sign_in(client, reader):
    """Closing an account leaves its password useless, and tells its owner why."""
    User.objects.update(is_active=False)
    response = Client().post(
        reverse("account_login"), {"login": "reader@example.org", "password": PASSWORD}, follow=True
    )
    assert "This account is closed" in response.content.decode()
