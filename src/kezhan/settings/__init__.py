"""Settings of the product. What differs between installations comes from the environment, set by `kezhan run`."""

from __future__ import annotations

import os
from pathlib import Path

from .database import database_from_url

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("KEZHAN_DATA_DIR", Path.cwd() / "data")).resolve()

KEZHAN_KEYS_FILE = os.environ.get("KEZHAN_KEYS_FILE", str(DATA_DIR / "keys" / "kezhan-keys.json"))
KEZHAN_DEMO = os.environ.get("KEZHAN_DEMO") == "1"
KEZHAN_BIND_HOST = os.environ.get("KEZHAN_BIND_HOST", "127.0.0.1")
KEZHAN_BEHIND_PROXY = os.environ.get("KEZHAN_BEHIND_PROXY") == "1"
KEZHAN_PDF_FONT = os.environ.get("KEZHAN_PDF_FONT", "")
KEZHAN_REST_CALLS_PER_MINUTE = int(os.environ.get("KEZHAN_REST_CALLS_PER_MINUTE", "60000"))
KEZHAN_CHECKPOINT_FILE = os.environ.get("KEZHAN_CHECKPOINT_FILE", str(DATA_DIR / "audit-checkpoints.jsonl"))


def _secret_key() -> str:
    """`KEZHAN_SECRET_KEY`, or the file that the first run wrote. Another key than those of the key file."""
    given = os.environ.get("KEZHAN_SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "keys" / "secret.key"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("KEZHAN_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
ROOT_URLCONF = "kezhan.website.urls"
WSGI_APPLICATION = "kezhan.website.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

# Lowest first, in the order of the house: apps above may import those below, never the other way round.
HOUSE_APPS = [
    "core",
    "audit",
    "properties",
    "outbox",
    "policy",
    "people",
    "hotel",
    "guests",
    "billing",
    "reservations",
    "housekeeping",
    "frontdesk",
    "website",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "template_partials",
    "axes",
    "csp",
    *[f"kezhan.{app}" for app in HOUSE_APPS],
    "kezhan.demo",  # beside the house: brings a command and no table
    # After ours: the pages of sign-in are the product's own, under the names allauth looks for.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "kezhan.people.middleware.SecureCookieMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Machines (REST, health) turn off here and pay for nothing below.
    "kezhan.website.middleware.FastLane",
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
    "kezhan.people.middleware.PersonMiddleware",
    "kezhan.core.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kezhan.core.context.shell",
            ],
            "builtins": [
                "kezhan.core.templatetags.kezhan",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

# Our widgets use our own tags; forms are drawn by the same engine as pages.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database_from_url(os.environ.get("KEZHAN_DATABASE_URL", ""), DATA_DIR)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kezhan_cache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "kezhan_language"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("KEZHAN_STATIC_ROOT", str(DATA_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

from .security import *  # noqa: E402, F403
