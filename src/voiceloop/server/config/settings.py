"""Every setting of the product; what differs between installations comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from voiceloop.server.config import place

django_stubs_ext.monkeypatch()

SERVER = Path(__file__).resolve().parent.parent
DATA = place.data_dir()
LAKE = Path(os.environ.get("VOICELOOP_LAKE") or DATA / "lake")
_secrets = place.stored_secrets(DATA)
SECRET_KEY = os.environ.get("VOICELOOP_SECRET_KEY") or _secrets["secret_key"]
FIELD_KEYS = os.environ.get("VOICELOOP_FIELD_KEYS", "").split() or _secrets["field_keys"]
BLIND_INDEX_KEY = os.environ.get("VOICELOOP_BLIND_INDEX_KEY") or _secrets["blind_index_key"]
DEBUG = os.environ.get("VOICELOOP_DEBUG") == "1"
BASE_URL = os.environ.get("VOICELOOP_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [
    *{"127.0.0.1", "localhost", "[::1]", urlsplit(BASE_URL).hostname or "localhost"},
    *os.environ.get("VOICELOOP_HOSTS", "").split(),
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = query["host"][0] if "host" in query else parts.hostname or ""
    options = {k: v[0] for k, v in query.items() if k != "host"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "pool": {"min_size": 0, "max_size": 8, "timeout": 10}},
        # A pooled connection may be of a database that was restarted: asked before it is used.
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("VOICELOOP_TEST_DB", "test_voiceloop")},
    }


DATABASES = {"default": _database(place.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # Brings the files of the API page, which would otherwise come from a network.
    "ninja",
    "procrastinate.contrib.django",
    *(
        f"voiceloop.server.{room}"
        for room in ("core", "collect", "store", "measure", "understand", "act", "verify", "web")
    ),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "voiceloop.server.web.middleware.SayWhatIsWrong",
]

ROOT_URLCONF = "voiceloop.server.config.urls"
WSGI_APPLICATION = "voiceloop.server.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours win over those of the same name in allauth, which stands earlier in the list of apps.
        "DIRS": [SERVER / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "voiceloop.server.web.navigation.context",
                "voiceloop.server.act.crisis.banner.context",
            ],
        },
    }
]

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "voiceloop.server.core.signin.Adapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [SERVER / "web" / "locale"]
TIME_ZONE = os.environ.get("VOICELOOP_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = None  # the bundles are served from where the build put them, compressed beside themselves
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA / "files"

_SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_SELF],
        "script-src": [_SELF],
        "style-src": [_SELF],
        # TRICKY: ECharts sets style attributes on its elements; scripts stay strict.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [_SELF, "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": [_SELF],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BASE_URL.startswith("https://")
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

EMAIL_URL = os.environ.get("VOICELOOP_EMAIL_URL", "")
DEFAULT_FROM_EMAIL = os.environ.get("VOICELOOP_EMAIL_FROM", "voiceloop@localhost")
# The mailbox that customers write to: imaps://user:password@host:993/INBOX, or imap:// without TLS.
MAILBOX_URL = os.environ.get("VOICELOOP_MAILBOX_URL", "")
MAILBOX_ADDRESS = os.environ.get("VOICELOOP_MAILBOX_ADDRESS", "")
WECHAT_API = os.environ.get("VOICELOOP_WECHAT_API", "https://api.weixin.qq.com").rstrip("/")
# Hosts within our own network that robots may be given as addresses; http is allowed to these alone.
INTERNAL_HOSTS = frozenset(os.environ.get("VOICELOOP_INTERNAL_HOSTS", "").split())
RATE_LIMIT_PER_MINUTE = int(os.environ.get("VOICELOOP_RATE_LIMIT", "120"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_TEMP_DIR = str(DATA / "uploads") if (DATA / "uploads").is_dir() else None

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("VOICELOOP_LOG", "WARNING")},
}
