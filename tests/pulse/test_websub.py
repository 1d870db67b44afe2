"""WebSub: the worker tells the hub of the feeds that changed, once, and again until it hears."""

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from articles import publishing
from comments.writing import post
from pulse import websub, worker
from pulse.models import Change, Heartbeat
from tests.factories import change_headline, make_article, make_author, make_section, make_topic, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def hub(settings) -> Iterator[SimpleNamespace]:
    """A hub on this machine: what it was told, and what it answers."""
    told = SimpleNamespace(calls=[], status=202)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.calls.append((self.headers["Content-Type"], parse_qs(body)))
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.WEBSUB_HUB = f"http://127.0.0.1:{server.server_port}/"
    cache.clear()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def feeds(hub: SimpleNamespace) -> set[str]:
    """The feeds the hub was told of since it was asked last, without their forms."""
    addresses = [address for _, form in hub.calls for address in form["hub.url"]]
    assert len(addresses) == len(set(addresses))
    hub.calls.clear()
    return {address.removeprefix("http://testserver").rpartition("feeds/")[0] for address in addresses}


def test_the_hub_is_told_of_every_feed_that_a_new_story_stands_in(hub):
    section, topic, author = make_section(), make_topic(), make_author()
    article = make_article(section=section, topics=[topic], authors=[author])
    websub.tell_hub()
    [(kind, form)] = hub.calls
    assert kind == "application/x-www-form-urlencoded"
    assert form["hub.mode"] == ["publish"]
    assert "http://testserver/feeds/rss/" in form["hub.url"]
    assert all(Client().get(address).status_code == 200 for address in form["hub.url"])
    roots = {filed.get_absolute_url() for filed in (section, topic, author)}
    assert feeds(hub) == {"/", f"{article.get_absolute_url()}comments/", *roots}


def test_the_hub_is_told_once_of_each_change(hub):
    article, editor = make_article(), make_user(role="Editor")
    websub.tell_hub()
    feeds(hub)
    websub.tell_hub()
    assert hub.calls == []
    change_headline(article, "Another", by=editor)
    websub.tell_hub()
    assert hub.calls == []  # a draft is nobody's news
    publishing.publish(article=article, by=editor)
    websub.tell_hub()
    assert "/" in feeds(hub)
    publishing.correct(article=article, by=editor, kind="update", text="More.")
    websub.tell_hub()
    assert "/" in feeds(hub)
    publishing.unpublish(article=article, by=editor)
    websub.tell_hub()
    assert feeds(hub) == {
        "/",
        article.section.get_absolute_url(),
        *(f"/authors/{a.slug}/" for a in article.authors.all()),
    }


def test_a_comment_is_news_of_its_discussion_alone(hub):
    article = make_article()
    websub.tell_hub()
    feeds(hub)
    post(article=article, by=make_user(), body="A remark.", key="1")
    websub.tell_hub()
    assert feeds(hub) == {f"{article.get_absolute_url()}comments/"}


@pytest.mark.parametrize("status", [400, 500, 503])
def test_a_hub_that_refuses_is_told_again(hub, status):
    make_article()
    hub.status = status
    with pytest.raises(HTTPError) as refusal:
        websub.tell_hub()
    refusal.value.close()
    hub.calls.clear()
    hub.status = 204
    websub.tell_hub()
    assert "/" in feeds(hub)


def test_a_hub_that_is_away_is_told_by_the_worker_when_it_is_back(hub, settings, monkeypatch, caplog):
    monkeypatch.setattr(worker, "_jobs", {})
    worker.job(websub.JOB, websub.tell_hub, every=settings.PULSE_WEBSUB_ROUND)
    make_article()
    there, settings.WEBSUB_HUB = settings.WEBSUB_HUB, "http://127.0.0.1:9/"
    worker.run_round()
    assert "The job “tell the hub” failed" in caplog.text
    Change.objects.update(made_at=timezone.now() - dt.timedelta(hours=5))
    Heartbeat.objects.filter(name=websub.JOB).update(
        beat_at=timezone.now() - dt.timedelta(hours=6), next_at=timezone.now()
    )
    settings.WEBSUB_HUB = there
    worker.run_round()
    assert "/" in feeds(hub)


def test_nobody_is_told_without_a_hub(settings):
    settings.WEBSUB_HUB = ""
    make_article()
    websub.tell_hub()
    settings.WEBSUB_HUB = "http://127.0.0.1:9/"
    with pytest.raises(URLError):
        websub.tell_hub()


def test_publishing_waits_for_no_hub(settings):
    settings.WEBSUB_HUB = "http://127.0.0.1:9/"
    article = make_article()
    assert Client().get(article.get_absolute_url()).status_code == 200
