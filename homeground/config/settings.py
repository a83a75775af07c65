"""Django's settings, all from core/env.py. What operators choose lives in rows."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.functional import SimpleLazyObject

from homeground.core import postgres
from homeground.core.env import env
from homeground.core.secrets import secret_key

PACKAGE = Path(__file__).parent.parent

SECRET_KEY = SimpleLazyObject(secret_key)  # Made when first asked for: a review of a file needs no data folder.
DEBUG = env.debug
ALLOWED_HOSTS = env.allowed_hosts
DATABASES = {"default": postgres.django_database(env.database_url, env.folder)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "homeground.console",
    "homeground.insights",
    "homeground.playbooks",
    "homeground.journeys",
    "homeground.growth",
    "homeground.loyalty",
    "homeground.service",
    "homeground.content",
    "homeground.segments",
    "homeground.channels",
    "homeground.commerce",
    "homeground.wecom",
    "homeground.ingest",
    "homeground.people",
    "homeground.events",
    "homeground.sandbox",
    "homeground.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "homeground.console.middleware.Speak",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "homeground.console.middleware.Place",
    "homeground.console.middleware.Tell",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "homeground.config.urls"
APPEND_SLASH = False  # Event SDKs follow a redirect as GET and lose what they carried.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # Pages show the brand's own zone: people.Brand.
LOCALE_PATHS = [PACKAGE / "core" / "locale"]
FORM_RENDERER = "homeground.ui.forms.Renderer"
FORMAT_MODULE_PATH = ["homeground.ui.formats"]  # Django's zh-hans groups no thousands.

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGIN_URL = "console:sign_in"
LOGIN_REDIRECT_URL = "console:home"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.base_url.startswith("https://")
CSRF_TRUSTED_ORIGINS = [env.base_url] if env.base_url.startswith("https://") else []
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, "'unsafe-inline'"],  # ECharts and htmx set style attributes.
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],  # FullCalendar brings its six icons as one.
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # Bytes of a request body that is not a file.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"homeground": {"level": "INFO"}},
}
