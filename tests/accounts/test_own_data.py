"""Taking one's data along, and seeing where one is signed in."""

import io
import json
import re
import zipfile

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import export
from accounts.browsers import browser_name
from accounts.models import User
from accounts.sessions import forget_ended
from pulse.limits import forget_counts
from tests.accounts.conftest import PASSWORD
from tests.factories import make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _nothing_counted():
    forget_counts()
    cache.clear()


def confirm(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def download(client: Client):
    response = client.post("/account/data/download/")
    if response.status_code != 200:
        return response, None
    return response, zipfile.ZipFile(io.BytesIO(response.getvalue()))


def test_an_export_takes_the_password_and_is_kept_by_nobody(client, reader):
    """Whoever finds a browser open does not take everything along."""
    assert client.post("/account/data/download/")["Location"].startswith("/accounts/reauthenticate/")
    confirm(client)
    response, _ = download(client)
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["Content-Disposition"] == 'attachment; filename="pulse-data.zip"'


def test_an_export_holds_the_account_as_json_and_as_a_page(client, reader):
    """The same rows twice, and no secret among them."""
    confirm(client)
    _, archive = download(client)
    data = json.loads(archive.read("pulse-data.json"))
    page = archive.read("pulse-data.html").decode()
    assert data["account"][0]["email"] == "reader@example.org"
    assert data["ways in"] == [{"way": "password"}]
    assert len(data["sessions"]) == 1
    for text in ("reader@example.org", "A reader", "127.0.0.1", '<h2 id="ways-in">Ways in</h2>'):
        assert text in page
    assert reader.password not in page
    assert "<script" not in page
    assert archive.read("pulse-data.css")


def test_other_apps_add_their_parts(client, reader, monkeypatch):
    """Rows within rows, dates, lists and nothing, each as one would write it; what was typed does not run."""
    rows = [
        {
            "written_at": timezone.now().replace(year=2025, month=3, day=4),
            "text": "<script>x</script>\nsecond line",
            "earlier_texts": [{"text": "first"}, {"text": "then"}],
            "topics": ["chips", "models"],
            "is_visible": False,
            "note": None,
        }
    ] * 450
    monkeypatch.setattr(export, "_parts", {})
    export.part("comments", lambda user: iter(rows))
    export.part("reports", lambda user: [])
    with export.export(reader) as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))
    page = re.sub(r"\s*(</?d[dt]>)\s*", r"\1", archive.read("pulse-data.html").decode())
    assert len(json.loads(archive.read("pulse-data.json"))["comments"]) == 450
    assert page.count("<dt>Written at</dt>") == 450
    assert "&lt;script&gt;x&lt;/script&gt;<br>second line" in page
    for text in ("4 March 2025", "<dt>Earlier texts</dt>", "chips, models", "<dd>no</dd>", "<dd>–</dd>"):
        assert text in page
    assert re.search(r'<h2 id="reports">Reports</h2>\s*<p>Nothing.</p>', page)


def test_exports_are_counted(client, reader, settings):
    """They cost more than a page, and nobody needs many."""
    settings.PULSE_EXPORTS_PER_HOUR = 1
    confirm(client)
    first, _ = download(client)
    refused, _ = download(client)
    assert first.status_code == 200
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600


# ---- Sessions


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605 Version/18.4 Safari/604.1"


def signed_in(agent: str, address: str, email: str = "reader@example.org") -> Client:
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": agent})
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


def test_a_reader_sees_where_they_are_signed_in_and_ends_it(reader):
    """Browser, place and time; ending one leaves the others."""
    here, there = signed_in(FIREFOX, "192.0.2.1"), signed_in(SAFARI, "2001:db8::7")
    page = here.get("/account/security/").content.decode()
    for text in ("Firefox on Windows", "192.0.2.1", "Safari on an iPhone", "2001:db8::7", "This one"):
        assert text in page
    row = UserSession.objects.get(ip="2001:db8::7")
    assert here.post(f"/account/sessions/{row.pk}/end/", follow=True).status_code == 200
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_all_other_sessions_end_at_once(client, reader):
    """And the one that asked goes on."""
    others = [signed_in(FIREFOX, "192.0.2.1"), signed_in(SAFARI, "192.0.2.2")]
    client.post("/account/sessions/end-others/")
    assert [other.get("/account/").status_code for other in others] == [302, 302]
    assert client.get("/account/").status_code == 200
    assert UserSession.objects.count() == 1


def test_nobody_ends_the_session_of_somebody_else(client, reader):
    other = make_user(name="Other")
    stranger = Client()
    stranger.force_login(other)
    row = UserSession.objects.get(user=reader)
    assert stranger.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert client.get("/account/").status_code == 200


def test_a_new_password_ends_every_other_session(client, reader):
    """Whoever knew the old one is out, and is no longer listed."""
    other = signed_in(FIREFOX, "192.0.2.1")
    new = "another fine line"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert other.get("/account/").status_code == 302
    page = client.get("/account/security/").content.decode()
    assert "192.0.2.1" not in page
    assert "This one" in page


def test_where_somebody_came_from_is_not_kept_longer_than_the_session(client, reader):
    """Signed out or run out, the worker forgets the address."""
    client.post("/accounts/logout/")
    forget_ended()
    assert not UserSession.objects.exists()
    signed_in(FIREFOX, "192.0.2.1")
    forget_ended()
    assert UserSession.objects.count() == 1
    Session.objects.update(expire_date=timezone.now())
    forget_ended()
    assert not UserSession.objects.exists()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge on Linux"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_has_a_name(agent, name):
    assert browser_name(agent) == name
