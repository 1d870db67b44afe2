"""What a load balancer and an operator ask."""

import pytest
from django.test import Client

DATABASE_CACHE = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"}
}


def test_healthz_asks_nothing(client):
    """The process answers for itself: no database (this test has none), no cache, no cookie."""
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"process": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_that_all_is_well(client):
    """Both parts are named, and nobody keeps the answer."""
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "cache": "ok"}
    assert "no-store" in response["Cache-Control"]


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
    assert response.json() == {"database": "ok", "cache": "unreachable"}


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
    assert response.json() == {"database": "ok", "cache": "unreachable"}


def test_health_checks_speak_plain_http(settings):
    """The check comes from next door, past the proxy: it is not sent to https as a reader is."""
    settings.SECURE_SSL_REDIRECT = True
    client = Client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/robots.txt").status_code == 301
