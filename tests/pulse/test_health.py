"""What a load balancer and an operator ask."""

import datetime as dt
from typing import NoReturn

import pytest
from django.db import ProgrammingError
from django.test import Client
from django.utils import timezone

from pulse import health, worker
from pulse.models import Heartbeat

DATABASE_CACHE = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"}
}


def test_healthz_asks_nothing(client):
    """The process answers for itself: no database (this test has none), no cache, no cookie."""
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"process": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.fixture(autouse=True)
def only_the_kernel(monkeypatch):
    """What apps add to /readyz is theirs to test."""
    monkeypatch.setattr(health, "_reports", {"worker": health._reports["worker"]})


@pytest.mark.django_db
def test_readyz_says_that_all_is_well(client):
    """Every part is named, and nobody keeps the answer."""
    worker.run_round()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "cache": "ok", "worker": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_a_worker_that_never_ran_or_is_silent(client):
    """The site serves without its worker, so this is a report and no 503."""
    assert client.get("/readyz").json()["worker"] == "never started"
    Heartbeat.objects.create(name=worker.WORKER, beat_at=timezone.now() - dt.timedelta(hours=1))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (200, "silent")


@pytest.mark.django_db
def test_readyz_says_what_apps_have_to_report(client):
    health.report("letters", lambda: 3)
    assert client.get("/readyz").json()["letters"] == 3


@pytest.mark.django_db
def test_a_report_that_cannot_be_given_is_unknown(client):
    """As between an upgrade and its migrations: no 500, and the site serves."""

    def fail() -> NoReturn:
        raise ProgrammingError("relation does not exist")

    health.report("letters", fail)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["letters"]) == (200, "unknown")


def test_readyz_is_503_without_the_database(client, broken_database):
    """A site that cannot read is taken out of the load balancer, with the reason in words."""
    with broken_database:
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "unreachable", "cache": "ok"}


@pytest.mark.django_db
def test_readyz_names_a_cache_without_its_table(client, settings):
    """`createcachetable` forgotten: said, and no reason to stop serving."""
    settings.CACHES = DATABASE_CACHE
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json().items() >= {"database": "ok", "cache": "unreachable"}.items()


def test_readyz_is_503_when_the_database_takes_the_cache_along(client, settings, broken_database):
    """With the cache in the database, both are reported and neither is a 500."""
    settings.CACHES = DATABASE_CACHE
    with broken_database:
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "unreachable", "cache": "unreachable"}


@pytest.mark.redis
@pytest.mark.django_db
def test_readyz_reports_a_stopped_redis(client, settings, redis_server):
    """The site serves without Redis, so this is a report and no 503."""
    settings.CACHES = {
        "default": {"BACKEND": "pulse.cache.ForgivingRedisCache", "LOCATION": redis_server.url}
    }
    assert client.get("/readyz").json()["cache"] == "ok"
    redis_server.stop()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "cache": "unreachable", "worker": "never started"}


def test_health_checks_speak_plain_http(settings):
    """The check comes from next door, past the proxy: it is not sent to https as a reader is."""
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/robots.txt").status_code == 301
