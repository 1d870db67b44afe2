"""All settings, from the environment, with a default that runs on this machine alone.

Order: environment, core, apps, database, accounts, language, files, cache, mail, security, ours.
Every name read here stands in `.env.example`; a test compares the two.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from environs import Env

from pulse.signing_in import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env(eager=False)
env.read_env(BASE_DIR / ".env", recurse=False)

DEBUG: bool = env.bool("PULSE_DEBUG", default=False)
SECRET_KEY: str = env.str("PULSE_SECRET_KEY")
BASE_URL: str = env.str("PULSE_BASE_URL", default="http://127.0.0.1:8000")
_allowed_hosts: list[str] = env.list("PULSE_ALLOWED_HOSTS", default=[])
_database_url: str = env.str("DATABASE_URL", default="")
_redis_url: str = env.str("REDIS_URL", default="")
_email_url: str = env.str("EMAIL_URL", default="console:")
DEFAULT_FROM_EMAIL: str = env.str("PULSE_FROM_EMAIL", default="The Pulse <newsroom@localhost>")
TIME_ZONE: str = env.str("PULSE_TIME_ZONE", default="UTC")
DATA_DIR: Path = env.path("PULSE_DATA_DIR", default=BASE_DIR / "var")
# How many proxies of yours stand in front: only then is X-Forwarded-For believed, that many steps deep.
TRUSTED_PROXIES: int = env.int("PULSE_TRUSTED_PROXIES", default=0)
# Off: every page is made anew for every reader. For comparing, and while templates are being changed.
PAGE_CACHE: bool = env.bool("PULSE_PAGE_CACHE", default=not DEBUG)
# A content delivery network is told here which tags changed; see docs/operators.md. Empty: nobody is told.
CDN_PURGE_URL: str = env.str("PULSE_CDN_PURGE_URL", default="")
CDN_PURGE_TOKEN: str = env.str("PULSE_CDN_PURGE_TOKEN", default="")
# A WebSub hub is told which feeds changed, and passes it on to their readers. Empty: the feeds name no hub.
WEBSUB_HUB: str = env.str("PULSE_WEBSUB_HUB", default="")
# Where somebody reports a weakness of the site: mailto: or https:. Empty: PULSE_FROM_EMAIL's address.
SECURITY_CONTACT: str = env.str("PULSE_SECURITY_CONTACT", default="")
# Asked what it thinks of each comment: the dotted path of a function; docs/moderators.md. Empty: nobody is.
SPAM_SERVICE: str = env.str("PULSE_SPAM_SERVICE", default="")
# Signing in through other sites, with the id and the secret each gave us. Without an id it is not offered.
_other_sites: dict[str, dict[str, Any]] = {
    "google": {
        "client_id": env.str("PULSE_GOOGLE_CLIENT_ID", default=""),
        "secret": env.str("PULSE_GOOGLE_SECRET", default=""),
    },
    "github": {
        "client_id": env.str("PULSE_GITHUB_CLIENT_ID", default=""),
        "secret": env.str("PULSE_GITHUB_SECRET", default=""),
    },
    "openid_connect": {
        "provider_id": "sso",
        "name": env.str("PULSE_OIDC_NAME", default="your organisation"),
        "client_id": env.str("PULSE_OIDC_CLIENT_ID", default=""),
        "secret": env.str("PULSE_OIDC_SECRET", default=""),
        "settings": {"server_url": env.str("PULSE_OIDC_SERVER", default="")},
    },
}
LOG_LEVEL: str = env.str("PULSE_LOG_LEVEL", default="INFO")
env.seal()  # reports every missing or malformed name in one message

# Core
BASE_URL = BASE_URL.rstrip("/")
_base = urlsplit(BASE_URL)
IS_HTTPS = _base.scheme == "https"
ALLOWED_HOSTS = [host.strip() for host in [_base.hostname or "", *_allowed_hosts] if host.strip()]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if IS_HTTPS else []
ROOT_URLCONF = "pulse.urls"
WSGI_APPLICATION = "pulse.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "accounts",  # before the admin and allauth: our templates override theirs
    "images",
    "glossary",
    "articles",
    "comments",
    "newsroom",
    "demo",
    "pulse",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.openid_connect",
    "markdownx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "pulse.middleware.cache_headers",
    "pulse.middleware.readable_input",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.other_sites_by_link",
    "accounts.middleware.too_many_is_429",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pulse.context.site",
            ],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # a widget's template may be one of ours

# Database: WAL with full synchronous writes keeps an acknowledged save through a power cut; IMMEDIATE
# takes the write lock at the start, so that two writers wait for each other instead of failing.
_sqlite = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "pulse.sqlite3",
    "CONN_MAX_AGE": 60,  # opening it anew for each request would throw its cache of pages away
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
    },
}
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(_database_url, conn_max_age=60, conn_health_checks=True)
    if _database_url
    else _sqlite
}

# Accounts
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004"
]  # the address is unique, whatever its case: a constraint on Lower("email")
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS  # browsers allow it on this machine only
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    name: {"APPS": [site] if site["client_id"] else []} for name, site in _other_sites.items()
}

# Language and time
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# Cache: what several worker processes must share (rate limits). The database serves until there is a Redis.
CACHES = {
    "default": {"BACKEND": "pulse.cache.ForgivingRedisCache", "LOCATION": _redis_url}
    if _redis_url
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "pulse_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # Django's own 300 are gone with a few hundred networks
    }
}

# Mail. Whoever sends one puts it into the outbox; the worker takes it from there to MAIL_TRANSPORT (ADR 19).
_email = dj_email_url.parse(_email_url)
EMAIL_BACKEND = "pulse.outbox.Backend"
MAIL_TRANSPORT = {"django.core.mail.backends.smtp.EmailBackend": "pulse.smtp.Backend"}.get(
    _email["EMAIL_BACKEND"], _email["EMAIL_BACKEND"]
)
EMAIL_HOST = _email.get("EMAIL_HOST", "")
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 30  # seconds for each answer of the mail server; some look through a mail before they take it
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Security. Everything that needs TLS follows from the address the site is published under.
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # a health check speaks plain HTTP from next door
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "pulse.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # data: is the beat, a mask in the stylesheet, and the admin's icons
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# django-markdownx: only its field and widget base are used; its views are never mounted (ADR 0002).
MARKDOWNX_MARKDOWNIFY_FUNCTION = "pulse.text.editorial_html"
MARKDOWNX_MARKDOWN_EXTENSIONS: list[str] = []

# The Pulse
PULSE_SITE_NAME = "The Pulse"
PULSE_SITE_TAGLINE = "AI and technology news"
PULSE_PAGE_SIZE = 20  # stories on a list page
PULSE_FEED_SIZE = 30  # items in a feed
PULSE_SITEMAP_SIZE = 5_000  # addresses in one sitemap file
PULSE_TLDR_WORDS = (25, 60)  # house style: shorter or longer is a warning to the editor, no error
PULSE_MAX_BODY_CHARS = 200_000  # a story's Markdown, before it is parsed
PULSE_MAX_COMMENT_CHARS = 2_000
PULSE_MAX_NESTING = 20  # lists and quotes inside one another, in Markdown
PULSE_COMMENTS_PER_PAGE = 20  # top-level comments, each with its replies
PULSE_COMMENTS_PER_MINUTE = 6  # one reader
PULSE_MAX_REPLIES_SHOWN = 60  # replies under one page of comments, and on one page of a thread alone
PULSE_PICKS_SHOWN = 5  # editors' picks on top of a discussion
PULSE_NEW_COMMENTS_SHOWN = 50  # comments that “3 new comments” brings at once
PULSE_LIVE_SECONDS = 20  # after which an open page first asks for new comments; later it asks less often
PULSE_COMMENT_EDIT_MINUTES = 10  # how long its author may change a comment
PULSE_TERM_REQUESTS_PER_DAY = 20  # words that one reader may ask to have defined
PULSE_TERM_REQUESTS_SHOWN = 50  # words on one page of the editors' queue
# Moderation: what the checks of comments.pipeline count, what reports do, what the desk shows
PULSE_COMMENT_LINKS = 3  # more links than this in one comment, and a moderator reads it first
PULSE_NEW_READER_HOURS = 24  # how long an account is new: its links wait, its reports withhold nothing
PULSE_REPEAT_LETTERS = 40  # of a comment long enough to be compared with those of other accounts
PULSE_REPEAT_HOURS = 24  # how long it is compared with them
PULSE_REPEAT_ACCOUNTS = 2  # other accounts that posted much the same, and it waits
PULSE_REJECTIONS_DAYS = 30  # how far back rejected comments count against their author
PULSE_REJECTIONS_LEAST = 3  # fewer rejected ones never do
PULSE_REJECTIONS_SHARE = 0.3  # from this share of their comments on, theirs wait
PULSE_SPAM_TIMEOUT = 2  # seconds a spam service has to answer before a comment is taken without its opinion
PULSE_SPAM_REST = 60  # seconds for which one that failed is not asked again
PULSE_REPORTS_TO_QUEUE = 1  # readers who report a comment before moderators are asked to look
PULSE_REPORTS_TO_HIDE = 5  # readers with a record who do, before it is withheld until one has looked
PULSE_REPORTS_PER_HOUR = 20  # one reader
PULSE_REPORTS_PER_NETWORK = 20  # sent in a minute from one network, taken or not
PULSE_REPORTS_DISMISSED = 5  # of one reader: with so many, and most of theirs dismissed, more count nothing
PULSE_UNDO_MINUTES = 15  # how long a moderator may take back what they decided
PULSE_DECISIONS_AT_ONCE = 100  # comments decided on in one go
PULSE_DECIDING_ROWS = 30  # comments of a queue that the moderators' desk lists at once
PULSE_DECIDING_COUNTED = 999  # a longer queue is not counted to its end
PULSE_MAX_QUOTE_CHARS = 400  # of the words a comment is about; the column holds no more
PULSE_MENTIONS_PER_COMMENT = 10  # readers that one comment may name
PULSE_MENTIONS_TRIED = 30  # signs “@” of one comment that are looked at
PULSE_VOICES_NAMED = 1_000  # of a discussion, the last ones: who can be named in it
PULSE_EDITS_PER_MINUTE = 10  # one reader, taken or not
PULSE_PREVIEWS_PER_MINUTE = 30  # one reader, of comments before they are posted
PULSE_RESPECTS_PER_MINUTE = 60  # one reader, given or taken back
PULSE_COMMENTS_PER_NETWORK = 60  # comments a minute from one network, taken or not
PULSE_KEPT_TEXT_CHARS = 20_000  # of a comment that waits for its writer to sign in
PULSE_LOCK_SECONDS = 10  # that a comment waits for others on its article before it is asked to come again
PULSE_RETRY_SECONDS = 5  # after which somebody is asked to send again what the database had no time for
PULSE_UPLOAD_MAX_BYTES = 15_000_000
PULSE_UPLOAD_MAX_PIXELS = 40_000_000  # checked from the header, before anything is decoded
PULSE_IMAGE_MAX_EDGE = 2_400  # pixels; the stored original is scaled down to this
PULSE_UPLOADS_PER_MINUTE = 60  # pictures sent by one person, taken or not
PULSE_ORPHAN_DAYS = 30  # a picture that nothing shows is called an orphan after so long
PULSE_SCHEDULE_DAYS = 5 * 365  # how far ahead a story may be scheduled
PULSE_OVERDUE = 300  # seconds after which what follows a planned moment is late, and the newsroom is told
PULSE_WORKER_ROUND = 5  # seconds from one look for due jobs to the next
PULSE_WORKER_SILENT = 300  # seconds without a sign of life from the worker before anybody is told
PULSE_WORKER_CLAIM = 120  # seconds a job is one worker's; after a crash it waits that long
PULSE_MAIL_BATCH = 50  # mails that the worker looks at before it looks for anything else to do
PULSE_MAIL_TURN = 10  # seconds after which it begins no further one of them
PULSE_MAIL_WAITS = (60, 300, 900, 3_600, 4 * 3_600)  # seconds until a mail that was not taken is tried again
PULSE_MAIL_GIVE_UP = 3 * 86_400  # seconds after which a mail that never was taken is given up
PULSE_MAIL_DOUBT = 600  # seconds after which a mail that a worker began to hand over is uncertain
PULSE_MAIL_LATE = (
    300  # seconds after which a mail that nobody tried to send is late, and the newsroom is told
)
PULSE_MAIL_TEXT_DAYS = 3  # how long the text of a mail that was not sent is kept; a sent one's goes at once
PULSE_MAIL_KEPT_DAYS = 14  # how long it is known that a mail was sent, to whom, and what it was about
PULSE_DIGEST_HOUR = 7  # of the newsroom's clock, when those who want one mail a day get it
PULSE_DIGEST_BATCH = 100  # readers whose mail the worker asks for before it looks for anything else to do
PULSE_DIGEST_ROWS = 20  # notifications told in one mail; of the others it says how many they are
PULSE_DIGEST_DAYS = 7  # a notification that no mail told in so many days is not told by mail any more
PULSE_NOTIFICATION_DAYS = 180  # how long a notification is kept
PULSE_NOTIFICATIONS_PER_PAGE = 20
PULSE_RENDER_AT_ONCE = 20  # stories rendered again in the request that changed a term, not by the worker
PULSE_RENDER_BATCH = 100  # stories the worker renders before it looks for anything else to do
PULSE_SITTING_DAYS = 30  # a form that was not seen for so long is forgotten
PULSE_AUTOSAVE_DAYS = 7  # of autosaves older than this, the last of each day stays
PULSE_CALENDAR_TRAY = 40  # drafts without a date beside the calendar
PULSE_CALENDAR_DRAFT_DAYS = 60  # how long a mere draft is listed there after its last change
PULSE_PREVIEW_LINK_HOURS = (1, 24, 3 * 24, 7 * 24, 30 * 24)  # how long a link to a draft may work
PULSE_PRESENCE_SECONDS = 90  # after so long without a sign of life, a form counts as closed
PULSE_AUTOSAVE_DELAY = 1_500  # milliseconds after the last key
PULSE_PICTURES_TO_CHOOSE = 24  # pictures of the library shown at once to somebody who writes
PULSE_PUBLIC_MAX_AGE = 60  # seconds a shared cache may keep a public page
PULSE_PAGE_CACHE_BYTES = 64_000_000  # pages kept by one process, in all their codings
PULSE_PAGE_LIFE = 60  # seconds until a page is made again though nothing on it changed: “5 minutes ago”
PULSE_PAGE_STALE = 86_400  # seconds for which such a page still serves while another is made, or cannot be
PULSE_PAGE_WAIT = 5  # seconds a request waits for another one that makes the same page
PULSE_CHANGES_ROUND = 0.5  # seconds from one look for changes made on other machines to the next
PULSE_CDN_TIMEOUT = 10  # seconds
PULSE_TLDR_DRIFT = 0.3  # the share of a story that may be new or gone before its TL;DR is asked about
PULSE_DESK_ROWS = 8  # rows of one list on the newsroom's front desk; the rest is a link away
PULSE_DESK_DAYS = 7  # how far ahead the front desk looks
PULSE_UNTOUCHED_DAYS = 3  # a draft sent back and not opened for so long is mentioned there
PULSE_VERDICT_AGAIN_DAYS = 180  # an outlook judged “too early to say” is asked about again after so long
PULSE_BULK_LIMIT = 100  # articles that one list action may take
PULSE_RELATED_CANDIDATES = 200  # newest stories of one term, topic or section that “Read next” looks at
PULSE_OLD_STORY_YEARS = 1  # from this age on, a story says how old it is and leads to newer ones
PULSE_NEWS_SITEMAP_HOURS = 48  # a story is news for so long, says the format
PULSE_NEWS_SITEMAP_SIZE = 1_000  # and so many fit
PULSE_LLMS_TERMS = 500  # terms listed in llms.txt; its stories are as many as a feed's
PULSE_WEBSUB_ROUND = 15  # seconds from one look for changed feeds to the next
PULSE_WEBSUB_TIMEOUT = 10  # seconds that the hub has to answer
PULSE_BRIEFING_DAYS = 7  # days whose TL;DRs stand on /briefing/, today included
PULSE_BRIEFING_STORIES = 60  # TL;DRs there at most
PULSE_SECTION_NEWEST = 100  # a section's newest stories, from which its authors and terms are taken
PULSE_VERSIONS_PER_PAGE = 10  # versions of a story compared on one page
PULSE_DELETION_GRACE_HOURS = 24  # between a reader's asking to delete the account and its deletion
PULSE_DELETION_BATCH = 20  # accounts the worker deletes before it looks for anything else to do
PULSE_EXPORTS_PER_HOUR = 6  # of one reader
# Search
PULSE_SEARCH_MAX_CHARS = 200  # of a query
PULSE_SEARCH_RANKED = 300  # of the stories that match, so many of the newest are ranked, shown and counted
PULSE_SEARCH_INDEXED_WORDS = 15_000  # of one story; more than PULSE_MAX_BODY_CHARS of ordinary prose ever has
PULSE_SEARCH_PASSAGE_CHARS = 240  # of the passage shown under a headline
PULSE_SEARCH_READ_CHARS = 10_000  # of a story, where its passage is looked for
PULSE_SEARCH_FACETS = 8  # sections, topics, authors or years offered for narrowing a search
PULSE_SEARCH_WORDS_COMPARED = 20_000  # known words among which a misspelt one is looked for
PULSE_SEARCHES_PER_MINUTE = 120  # one network, in all processes together; typing counts as well
PULSE_MISSED_SEARCHES = 5_000  # searches without results that are remembered
PULSE_MISSED_SEARCH_DAYS = 90  # after so long without being asked again, one is forgotten
PULSE_ROWS_KEPT = 2_000  # rows of lists that a process keeps as HTML, a kilobyte each
PULSE_MARKED_STORIES_KEPT = 100  # stories with numbers beside passages that a process keeps, up to 50 kB each
PULSE_DISCUSSED_AMONG = 50  # of a month’s stories, so many of the newest may be its most discussed
PULSE_COMPOSE_AT_ONCE = True  # a story's page right after its publication; off: the worker makes it
PULSE_COMPOSE_BATCH = 100  # parts of pages that the worker makes before it looks for anything else to do
PULSE_DRAWING_MAX_AGE = 300  # seconds a browser may keep a story's drawing without asking again
PULSE_DRAW_AT_ONCE = True  # pictures for other sites right after a publication; off: the worker draws them
PULSE_DRAW_BATCH = 50  # stories whose pictures the worker draws before it looks for anything else to do
PULSE_SOCIAL_KEPT_DAYS = 7  # how long the pictures of a replaced version stay: other sites link to them
# What no reader needs explained: the checks before publishing leave these alone.
PULSE_KNOWN_ACRONYMS = frozenset([
    "AI", "AM", "API", "BBC", "CEO", "CFO", "COO", "CTO", "EU", "FAQ", "GB", "GDP", "HQ", "HTML",
    "HTTP", "HTTPS", "ID", "IP", "IT", "KB", "MB", "NASA", "NATO", "OK", "PC", "PDF", "PIN", "PM",
    "PR", "TB", "TV", "UK", "UN", "US", "USA", "USB", "USD", "UTC", "VAT", "VIP", "VP", "WWW",
])  # fmt: skip

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False}},
}
