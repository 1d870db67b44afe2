"""What every request goes through: unreadable input is refused, and who may keep a page is said."""

import pytest
from django.test import Client, RequestFactory

from pulse.wsgi import application

pytestmark = pytest.mark.django_db

UNREADABLE = "We could not read that"


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/articles/a%00b/",
        "/glossary/%1B/",
        "/articles/caf%FF/",
        "/articles/%ED%A0%80/",  # half of a surrogate pair
        "/search/?q=%00",
        "/search/?q=caf%FF",
        "/?page=%C2%85",
        "/?%00=1",
    ],
)
def test_unreadable_address_is_refused_with_a_sentence(client, address):
    """No database is asked for what it cannot hold: 400, our page, no cookie."""
    response = client.get(address)
    assert response.status_code == 400
    assert UNREADABLE in response.text
    assert not response.cookies


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=caf%C3%A9",
        "/search/?q=%F0%9F%8E%89",
        "/search/?q=a%09b%0D%0A",
        "/glossary/%E6%97%A5%E6%9C%AC/",
        "/articles/caf%C3%A9/",
    ],
)
def test_readable_address_is_let_through(client, address):
    """Every language, emoji, tabs and line ends are text."""
    assert client.get(address).status_code != 400


def test_nul_in_a_form_is_refused(client):
    """U+0000 in a form is a 400, since PostgreSQL cannot take it."""
    form = "login=a%00%40example.org&password=x"
    response = client.post("/accounts/login/", form, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert UNREADABLE in response.text


def test_nul_in_a_form_with_files_is_the_forms_to_refuse(client):
    """A form that may carry files is not read before its view is known; its fields refuse U+0000."""
    response = client.post("/accounts/login/", {"login": "a\0@example.org", "password": "x"})
    assert response.status_code == 200
    assert "<form" in response.text


def test_nul_in_a_cookie_is_refused(client):
    """A quoted cookie can hold U+0000, and the session's is looked up in the database."""
    assert client.get("/", headers={"Cookie": 'sessionid="abcdefgh\\000ijk"'}).status_code == 400


def test_a_body_larger_than_any_form_is_refused_unread(client, settings):
    """What a request says of its own size is enough to refuse it."""
    too_long = settings.PULSE_UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
    response = client.post("/nothing/", b"x", content_type="image/png", CONTENT_LENGTH=str(too_long))
    assert response.status_code == 413
    assert "too large" in response.text


@pytest.mark.parametrize("charset", ["hex", "base64", "rot13", "undefined", "no-such"])
def test_a_claimed_charset_never_reaches_pythons_codecs(charset):
    """Django would fail on a codec that does not make text, before any of our code runs."""
    seen: dict[str, str] = {}
    environ = RequestFactory().get("/healthz", {"a": "b"}).environ | {
        "CONTENT_TYPE": f"text/plain; charset={charset}"
    }
    body = b"".join(application(environ, lambda status, headers: seen.update(status=status)))
    assert seen["status"].startswith("200")
    assert b"ok" in body


def test_other_controls_in_a_form_are_left_to_the_form(client):
    """A vertical tab comes along with pasted text: the form answers, and nothing typed is lost."""
    response = client.post("/accounts/login/", {"login": "a\x0bb@example.org", "password": "x"})
    assert response.status_code == 200
    assert "<form" in response.text


def test_anonymous_page_may_be_kept_by_anyone(client, settings):
    """One copy serves everybody: public, for a named time, no cookie, varying on nothing."""
    response = client.get("/")
    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert f"s-maxage={settings.PULSE_PUBLIC_MAX_AGE}" in response["Cache-Control"]
    assert not response.cookies
    assert not response.has_header("Vary")


def test_anonymous_404_may_be_kept(client):
    """A wrong address that is asked for a million times is answered once."""
    response = client.get("/articles/no-such-story/")
    assert response.status_code == 404
    assert "public" in response["Cache-Control"]


def test_signed_in_page_is_kept_by_nobody(client, django_user_model):
    """What is made for one reader is never given to another."""
    client.force_login(django_user_model.objects.create(email="reader@example.org"))
    response = client.get("/")
    assert response["Cache-Control"] == "private, no-store"


def test_page_that_sets_a_cookie_is_kept_by_nobody(client):
    """The sign-in form carries a token: it belongs to whoever asked for it."""
    response = client.get("/accounts/login/")
    assert response.cookies
    assert "no-store" in response["Cache-Control"] or "no-cache" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]


def test_answer_to_a_form_is_kept_by_nobody(client):
    """Only GET and HEAD are ever kept."""
    response = client.post("/", {"a": "b"})
    assert "public" not in response["Cache-Control"]


def test_unchanged_page_is_not_sent_again(client):
    """Who has the page and asks whether it changed gets 304 and no body."""
    first = client.get("/")
    again = client.get("/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_error_page_appears_with_the_database_down(client, django_user_model, broken_database):
    """Our 500 page needs neither database nor session, even for somebody who is signed in."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    with broken_database:
        response = client.get("/")
    assert response.status_code == 500
    assert "We have lost the signal" in response.text
