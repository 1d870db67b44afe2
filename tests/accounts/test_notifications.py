"""Notifications: each told once, taken back with what they are about, listed for their reader alone."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import notifications
from accounts.models import Notification, User
from accounts.notifications import excerpt_of, forget_old, mark_read, notify, unread, withdraw
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/account/notifications/"


def tell(reader: User | list[User], number: int = 1, **options: Any) -> None:
    fields = {
        "kind": "reply",
        "key": f"reply:{number}",
        "subject": f"comment:{number}",
        "sentence": "answered your comment under “Chips”",
        "path": f"/comments/{number}/",
        "excerpt": f"Well said {number}.",
    }
    notify(to=reader if isinstance(reader, list) else [reader], **{**fields, **options})


@pytest.fixture(autouse=True)
def _everything_may_be_read(monkeypatch):
    """What apps to the right say of their subjects is theirs to test."""
    monkeypatch.setattr(notifications, "_asked", {})


def test_the_same_thing_is_told_once(reader):
    tell(reader)
    tell(reader, sentence="answered your comment again")
    assert Notification.objects.get().sentence == "answered your comment under “Chips”"


def test_nobody_is_told_of_what_they_did(reader):
    tell(reader, actor=reader)
    assert not Notification.objects.exists()


def test_many_are_told_in_two_queries(django_assert_num_queries):
    readers = [make_user() for _ in range(5)]
    with django_assert_num_queries(2):
        tell(readers)
    assert Notification.objects.count() == 5


def test_what_is_withdrawn_is_gone_with_its_words_and_stands_again_when_it_is_back(client, reader):
    tell(reader)
    withdraw(subject="comment:1")
    row = Notification.objects.get()
    assert row.excerpt == ""
    assert unread(reader) == 0
    assert client.get(f"{PAGE}{row.pk}/").status_code == 404
    assert "under “Chips”" not in client.get(PAGE).content.decode()
    tell(reader)
    assert "Well said 1." in client.get(PAGE).content.decode()


def test_what_may_not_be_read_is_not_listed_though_nobody_withdrew_it(client, reader):
    notifications.shown_by("comment", lambda subjects: subjects - {"comment:1"})
    tell(reader, 1)
    tell(reader, 2)
    page = client.get(PAGE).content.decode()
    assert "Well said 2." in page
    assert "Well said 1." not in page


def test_a_name_is_the_one_the_person_has_now(client, reader):
    bo = make_user(name="Bo")
    tell(reader, actor=bo)
    User.objects.filter(pk=bo.pk).update(display_name="Bo Later")
    assert "Bo Later" in client.get(PAGE).content.decode()


def test_following_a_notification_leads_to_it_and_reads_it(client, reader):
    tell(reader)
    tell(reader, 2)
    response = client.get(f"{PAGE}{Notification.objects.get(key='reply:1').pk}/")
    assert response["Location"] == "/comments/1/"
    assert list(Notification.objects.unread().values_list("key", flat=True)) == ["reply:2"]


def test_somebody_elses_notification_is_not_there(client, reader):
    tell(make_user())
    row = Notification.objects.get()
    assert client.get(f"{PAGE}{row.pk}/").status_code == 404
    assert "Well said" not in client.get(PAGE).content.decode()
    client.post(f"{PAGE}read/", {"upto": row.pk})
    assert Notification.objects.unread().count() == 1


def test_all_that_was_shown_is_read_and_nothing_that_came_after(client, reader):
    tell(reader)
    page = client.get(PAGE).content.decode()
    newest = Notification.objects.get().pk
    assert f'name="upto" value="{newest}"' in page
    tell(reader, 2)
    client.post(f"{PAGE}read/", {"upto": newest})
    assert [row.key for row in Notification.objects.unread()] == ["reply:2"]
    for nonsense in ("", "x", "9" * 40, "²"):
        assert client.post(f"{PAGE}read/", {"upto": nonsense}).status_code == 302


def test_the_masthead_says_how_many_are_unread_to_their_reader_alone(client, reader):
    for number in range(3):
        tell(reader, number)
    assert 'aria-label="3 unread notifications"' in client.get("/glossary/").content.decode()
    assert "unread notification" not in Client().get("/glossary/").content.decode()
    mark_read(by=reader)
    assert "unread notification" not in client.get("/glossary/").content.decode()


def test_the_list_has_pages_and_costs_the_same_on_each(client, reader, settings):
    settings.PULSE_NOTIFICATIONS_PER_PAGE = 3
    for number in range(1, 9):
        tell(reader, number)
    costs = []
    for address in (PAGE, f"{PAGE}?page=2", f"{PAGE}?page=3"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(address).content.decode()
        costs.append(len(queries))
    assert len(set(costs)) == 1
    assert "Well said 1." in page
    assert "Well said 8." not in page
    assert client.get(f"{PAGE}?page=4").status_code == 404
    assert client.get(f"{PAGE}?page=1")["Location"] == PAGE


def test_a_reader_chooses_about_what_and_how_often_there_is_mail(client, reader):
    response = client.post(PAGE, {"digest": "daily", "mails_replies": "on"}, follow=True)
    assert "Your choices about mail are saved." in response.content.decode()
    reader.refresh_from_db()
    assert (reader.digest, reader.mails_replies, reader.mails_mentions) == ("daily", True, False)


def test_a_choice_that_does_not_exist_is_refused_and_changes_nothing(client, reader):
    response = client.post(PAGE, {"digest": "weekly", "is_staff": "on"})
    assert response.status_code == 400
    assert "Choose how often you want mail." in response.content.decode()
    reader.refresh_from_db()
    assert (reader.digest, reader.mails_replies, reader.is_staff) == ("hourly", True, False)


def test_the_list_needs_sign_in_and_is_kept_by_nobody(client, reader):
    assert Client().get(PAGE)["Location"].startswith(reverse("account_login"))
    assert "no-store" in client.get(PAGE)["Cache-Control"]


def test_old_notifications_are_forgotten(reader, settings):
    tell(reader)
    tell(reader, 2)
    days = dt.timedelta(days=settings.PULSE_NOTIFICATION_DAYS + 1)
    Notification.objects.filter(key="reply:1").update(created_at=timezone.now() - days)
    forget_old()
    assert Notification.objects.get().key == "reply:2"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One &amp; two</p><p>Three</p>", "One & two Three"),
        ("<p>See <a href='https://evil.example/x'>https://evil.example/x</a> now</p>", "See [link] now"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>"),
        ("<p>www.evil.example</p>", "[link]"),
    ],
)
def test_an_excerpt_is_one_line_without_markup_and_links(html, text):
    assert excerpt_of(html) == text


def test_an_excerpt_is_short():
    assert len(excerpt_of("<p>" + "word " * 500 + "</p>")) <= notifications.EXCERPT


def test_words_of_others_are_text_on_the_page(client, reader):
    tell(reader, excerpt="<script>alert(1)</script>", actor=make_user(name="<b>Bo</b>"))
    page = client.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "<b>Bo</b>" not in page


@pytest.mark.once
@pytest.mark.browser
def test_the_list_can_be_used_by_everybody(page, assert_accessible, live_server):
    reader = make_user(name="Ana")
    tell(reader)
    tell(reader, 2, excerpt="W" * 240)
    mark_read(by=reader, only=Notification.objects.get(key="reply:1").pk)
    client = Client()
    client.force_login(reader)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(PAGE)
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Mark all as read").click()
    assert page.get_by_text("New", exact=True).count() == 0
