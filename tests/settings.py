"""Settings of the test suite: the site's own, with what would slow a test or leave the machine replaced."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DIRECTORY = Path(tempfile.mkdtemp(prefix="pulse-tests-"))
atexit.register(shutil.rmtree, DIRECTORY, ignore_errors=True)

# Every name the site reads, so that neither the shell nor a developer's .env changes a result.
ENVIRONMENT = {
    "PULSE_DEBUG": "false",
    "PULSE_SECRET_KEY": "only-for-tests",
    "PULSE_BASE_URL": "http://testserver",
    "PULSE_ALLOWED_HOSTS": "localhost,127.0.0.1",
    "DATABASE_URL": os.environ.get("PULSE_TEST_DATABASE_URL", ""),  # set by pytest --postgres
    "REDIS_URL": "",
    "EMAIL_URL": "memory:",
    "PULSE_FROM_EMAIL": "The Pulse <newsroom@testserver>",
    "PULSE_TIME_ZONE": "UTC",
    "PULSE_DATA_DIR": str(DIRECTORY),
    "PULSE_TRUSTED_PROXIES": "0",
    "PULSE_PAGE_CACHE": "false",
    "PULSE_CDN_PURGE_URL": "",
    "PULSE_CDN_PURGE_TOKEN": "",
    "PULSE_LOG_LEVEL": "WARNING",
    "PULSE_SECURITY_CONTACT": "",
    "PULSE_WEBSUB_HUB": "",
    "PULSE_SPAM_SERVICE": "",
    "PULSE_GOOGLE_CLIENT_ID": "",
    "PULSE_GOOGLE_SECRET": "",
    "PULSE_GITHUB_CLIENT_ID": "",
    "PULSE_GITHUB_SECRET": "",
    "PULSE_OIDC_CLIENT_ID": "",
    "PULSE_OIDC_SECRET": "",
    "PULSE_OIDC_SERVER": "",
    "PULSE_OIDC_NAME": "your organisation",
}
os.environ.update(ENVIRONMENT)

from pulse.settings import *  # noqa: E402, F403

if not ENVIRONMENT["DATABASE_URL"]:
    # A file and not memory: the browser tests' server then has connections, locks and waits of its own, as
    # in production. Only the waiting for the disk is left out.
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
    )
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 - a thread leaves nothing open when a test ends
    DATABASES["default"]["TEST"] = {"NAME": str(DIRECTORY / "test.sqlite3")}  # noqa: F405
STATIC_ROOT = DIRECTORY / "static"
STATIC_ROOT.mkdir()  # WhiteNoise warns of a missing one
PULSE_DRAW_AT_ONCE = False  # a fifth of a second for every story that a test publishes
PULSE_COMPOSE_AT_ONCE = False  # a few hundredths
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
