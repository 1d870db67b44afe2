"""Signing in through another site: offered where configured, and no way into somebody else's account."""

import json
import re
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as conf
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def site(settings):
    """An OpenID Connect provider on this machine; `claims` is what it says of whoever comes."""
    provider = SimpleNamespace(claims={}, url="")

    class Answer(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = {
                "/.well-known/openid-configuration": {
                    "issuer": provider.url,
                    "authorization_endpoint": f"{provider.url}/authorize",
                    "token_endpoint": f"{provider.url}/token",
                    "userinfo_endpoint": f"{provider.url}/userinfo",
                    "jwks_uri": f"{provider.url}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                },
                "/token": {"access_token": "t", "token_type": "Bearer"},
                "/userinfo": provider.claims,
            }[urlsplit(self.path).path]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_GET(self) -> None:
            if not self.path.startswith("/authorize?"):
                self.answer()
                return
            asked = parse_qs(urlsplit(self.path).query)
            back = urlencode({"code": "c", "state": asked["state"][0]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri'][0]}?{back}")
            self.end_headers()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app = {
        "provider_id": "sso",
        "name": "Example Org",
        "client_id": "ours",
        "secret": "ssh",
        "settings": {"server_url": provider.url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()


def come_back(client: Client, process: str = "login"):
    """Go to the other site and come back, as a browser does."""
    page = client.post(f"/accounts/oidc/sso/login/?process={process}")
    assert page.status_code == 200  # a page and no redirect: the policy lets no form end elsewhere
    address = unescape(re.findall(r'<a class="btn wide" href="([^"]+)"', page.content.decode())[0])
    state = parse_qs(urlsplit(address).query)["state"][0]
    return client.get("/accounts/oidc/sso/login/callback/", {"code": "c", "state": state})


def test_nothing_is_offered_where_nothing_is_configured(client):
    """Neither a button nor an address."""
    page = client.get("/accounts/login/").content.decode()
    assert "Continue with" not in page
    assert client.post("/accounts/oidc/sso/login/").status_code == 404


def test_somebody_new_chooses_a_name_and_is_in(client, site):
    """The other site's word for an address is enough where it says that it has confirmed it."""
    assert "Continue with Example Org" in client.get("/accounts/login/").content.decode()
    site.claims = {"sub": "7", "email": "ana@example.org", "email_verified": True, "name": "Ana B."}
    response = come_back(client)
    assert response["Location"] == "/account/connections/signup/"
    page = client.get(response["Location"]).content.decode()
    assert 'value="Ana B."' in page
    refused = client.post(response["Location"], {"display_name": "Moderator", "email": "ana@example.org"})
    assert "belongs to the newsroom" in refused.content.decode()
    client.post(response["Location"], {"display_name": "Ana", "email": "ana@example.org"})
    assert client.session["_auth_user_id"] == str(User.objects.get(display_name="Ana").pk)
    assert come_back(Client())["Location"] == "/"


def test_an_unconfirmed_address_takes_our_own_code(client, site):
    """Until then nobody is signed in."""
    site.claims = {"sub": "7", "email": "ana@example.org", "email_verified": False, "name": "Ana"}
    response = come_back(client)
    client.post(response["Location"], {"display_name": "Ana", "email": "ana@example.org"})
    assert "_auth_user_id" not in client.session
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("is_verified", [True, False])
def test_an_address_opens_nobodys_account(reader, site, is_verified):
    """Whatever the other site says of an address: its account here is joined by its owner alone."""
    site.claims = {"sub": "7", "email": reader.email, "email_verified": is_verified, "name": "Mallory"}
    stranger = Client()
    response = come_back(stranger)
    stranger.post(response["Location"], {"display_name": "Mallory", "email": reader.email})
    assert "_auth_user_id" not in stranger.session
    assert not SocialAccount.objects.filter(user=reader).exists()
    assert User.objects.get().display_name == "A reader"


def test_a_reader_connects_and_disconnects_an_account(client, reader, site):
    """After the password; then it opens the account, until it is disconnected."""
    site.claims = {"sub": "7", "email": "other@example.org", "email_verified": True, "name": "Rita"}
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    come_back(client, "connect")
    assert SocialAccount.objects.get().user == reader
    assert "Example Org" in client.get("/account/connections/").content.decode()
    other = Client()
    come_back(other)
    assert other.session["_auth_user_id"] == str(reader.pk)
    client.post("/account/connections/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_every_page_of_the_way_is_valid(client, reader, site, assert_valid):
    """The buttons, the page that leads there, the last step and what is connected."""
    stranger = Client()
    pages = {"sign in": stranger.get("/accounts/login/"), "leave": stranger.post("/accounts/oidc/sso/login/")}
    site.claims = {"sub": "8", "email": "ana@example.org", "email_verified": True, "name": "Ana <B.>"}
    last = come_back(stranger)["Location"]
    pages |= {"last step": stranger.get(last), "refused": stranger.post(last, {"display_name": "Moderator"})}
    pages["nothing connected"] = client.get("/account/connections/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    come_back(client, "connect")
    pages |= {"connected": client.get("/account/connections/"), "security": client.get("/account/security/")}
    assert_valid(pages)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_script", [True, False])
def test_a_browser_goes_there_and_comes_back_signed_in(new_context, site, has_script):
    """Our policy stops no step of it, and the cookies are still ours on the way back."""
    site.claims = {"sub": "7", "email": "ana@example.org", "email_verified": True, "name": "Ana B."}
    page = new_context(java_script_enabled=has_script).new_page()
    page.goto("/accounts/login/?next=/glossary/")
    page.get_by_role("button", name="Continue with Example Org").click()
    page.wait_for_url("**/account/connections/signup/")
    page.get_by_label("Display name").fill("Ana")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/glossary/")
    assert User.objects.get().display_name == "Ana"
    assert any(cookie["name"] == conf.SESSION_COOKIE_NAME for cookie in page.context.cookies())
