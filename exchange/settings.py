"""All settings: defaults for one machine, environment variables for everything else."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from exchange import addresses
from exchange.core.interface_languages import INTERFACE_LANGUAGES, SOURCE_LANGUAGE
from exchange.core.redis_outage import TIMEOUT_SECONDS
from exchange.environment import env_bool, env_int, env_list, env_str

django_stubs_ext.monkeypatch()  # forms and admin classes may then be generic in type annotations

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = addresses.data_dir()

# ---- checked before anything starts --------------------------------------------------------------------------------

DEFAULT_SECRET_KEY = "insecure-only-for-development-and-tests"  # noqa: S105 -- refused below when DEBUG is off
DEBUG = env_bool("DEBUG", default=False)
TESTING = env_bool("MIRAS_TESTING", default=False)
# A data folder that the local stack created holds a secret key: the installation is then a local one, unless DEBUG=0.
_LOCAL = addresses.has_own_data() and "DEBUG" not in os.environ
DEMO = env_bool("MIRAS_DEMO", default=_LOCAL)
PRODUCTION = not (DEBUG or TESTING) and ("DEBUG" in os.environ or not (DEMO or _LOCAL))
SECRET_KEY = addresses.secret_key() or DEFAULT_SECRET_KEY
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or ([] if PRODUCTION else ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
SITE_URL = env_str("SITE_URL", f"http://127.0.0.1:{env_int('PORT', 8000)}").rstrip("/")

if PRODUCTION:
    if SECRET_KEY == DEFAULT_SECRET_KEY or len(SECRET_KEY) < 40:
        raise ImproperlyConfigured("SECRET_KEY must be set to a long random value when DEBUG is off.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this site when DEBUG is off; '*' is refused.")
    if DEMO:
        raise ImproperlyConfigured("MIRAS_DEMO must not be set in production.")

# ---- apps ---------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "exchange.core",
    "accounts",
    "vocabulary",
    "messaging",
    "institutions",
    "profiles",
    "importing",
    "programs",
    "partnerships",
    "applications",
    "placements",
    "matching",
    "search",
    "privacy",
    "exchange.reference",
    "exchange.home",
    "exchange.health",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "csp",
    "django_htmx",
    "ninja",
    "template_partials",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sites",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

if DEMO or TESTING:
    INSTALLED_APPS.append("exchange.demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.AuthenticationMiddleware",
    "exchange.core.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "exchange.core.middleware.BodyLimitMiddleware",
    "exchange.core.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "exchange.core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "exchange.urls"
WSGI_APPLICATION = "exchange.wsgi.application"
ASGI_APPLICATION = "exchange.asgi.application"

_template_options: dict[str, Any] = {
    "context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "exchange.core.context.site",
    ],
    "builtins": [
        "django.templatetags.i18n",
        "django.templatetags.static",
        "django.contrib.humanize.templatetags.humanize",
        "template_partials.templatetags.partials",
        "exchange.core.templatetags.ui",
        "exchange.core.templatetags.page_slots",
    ],
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": _template_options,
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# ---- servers -------------------------------------------------------------------------------------------------------

# Behind a pooler in transaction mode a connection has no server-side cursors and no start-up options; the pooler sets the timeouts.
_POOLER = env_bool("DATABASE_POOLER", default=False)
DATABASES = {
    "default": dj_database_url.parse(
        addresses.database_url(),
        engine="exchange.core.postgres",
        conn_max_age=0 if _POOLER else 60,
        conn_health_checks=True,
        disable_server_side_cursors=_POOLER,
    )
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
if not _POOLER:
    _IDLE = env_int("DATABASE_IDLE_SECONDS", 0)
    DATABASES["default"]["OPTIONS"]["options"] = f"-c lock_timeout=8000 -c statement_timeout=60000 -c idle_session_timeout={_IDLE}s"
DATABASES["default"]["TEST"] = {"NAME": env_str("MIRAS_TEST_DATABASE", "test_miras")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = addresses.redis_url()
CACHES = {
    # What must hold for all processes and while Redis is unavailable: allauth keeps its rate limits, and the codes that were used, in the
    # cache called "default". Nothing that still counts is ever thrown out: only expired rows are, once there are MAX_ENTRIES.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 5000, "CULL_FREQUENCY": 1_000_000_000},
    },
    # What may be lost at any time.
    "redis": {
        "BACKEND": "exchange.core.cache.FailSafeRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": TIMEOUT_SECONDS, "socket_timeout": TIMEOUT_SECONDS},
        "KEY_PREFIX": env_str("REDIS_PREFIX", "miras"),
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": env_list("CHANNEL_REDIS_URLS") or [REDIS_URL], "prefix": env_str("REDIS_PREFIX", "miras")},
    },
}

# Several addresses of one cluster, comma-separated; empty: PostgreSQL searches. The prefix separates installations on one cluster.
ELASTICSEARCH_URL = env_str("ELASTICSEARCH_URL", "")
ELASTICSEARCH_PREFIX = env_str("ELASTICSEARCH_PREFIX", "miras")
ELASTICSEARCH_SHARDS = env_int("ELASTICSEARCH_SHARDS", 1)

CELERY_BROKER_URL = addresses.celery_broker_url()
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    "global_keyprefix": env_str("REDIS_PREFIX", "miras") + ":",
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 1800
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "process-outbox": {"task": "exchange.core.jobs.tasks.process_due_events", "schedule": 3.0, "options": {"expires": 10}},
    "send-mail": {"task": "messaging.periodic.send_mail", "schedule": 10.0, "options": {"expires": 30}},
    "flag-interrupted-mail": {"task": "messaging.periodic.flag_interrupted_mail", "schedule": 300.0, "options": {"expires": 300}},
    "expire-offers": {"task": "applications.periodic.expire_offers", "schedule": 60.0, "options": {"expires": 60}},
    "advance-programs": {"task": "programs.periodic.advance_programs", "schedule": 60.0, "options": {"expires": 60}},
    "match-everything": {"task": "matching.periodic.match_everything", "schedule": crontab(hour=2, minute=30)},
    "match-all-needs": {"task": "matching.periodic.match_all_needs", "schedule": crontab(hour=3, minute=50)},
    "mail-new-matches": {"task": "matching.periodic.mail_new_matches", "schedule": 600.0, "options": {"expires": 600}},
    "ask-people-to-confirm": {"task": "profiles.periodic.ask_people_to_confirm", "schedule": crontab(hour=4, minute=40)},
    "resume-stalled-imports": {"task": "importing.periodic.resume_stalled_imports", "schedule": 120.0, "options": {"expires": 120}},
    "expire-exports": {"task": "privacy.periodic.expire_exports", "schedule": 60.0, "options": {"expires": 60}},
    "carry-out-removals": {"task": "privacy.periodic.carry_out_removals", "schedule": 900.0, "options": {"expires": 900}},
    "enforce-retention": {"task": "privacy.periodic.enforce_retention", "schedule": crontab(hour=1, minute=20)},
    "remind-of-approvals": {"task": "placements.periodic.remind_of_approvals", "schedule": 1800.0, "options": {"expires": 1800}},
    "follow-appointments": {"task": "placements.periodic.follow_appointments", "schedule": crontab(hour=0, minute=10)},
    "warn-of-ending-agreements": {
        "task": "partnerships.periodic.warn_of_ending_agreements",
        "schedule": crontab(hour=3, minute=20),
    },
    "match-saved-searches": {"task": "search.periodic.match_saved_searches", "schedule": 60.0, "options": {"expires": 60}},
    "notify-saved-searches": {"task": "search.periodic.notify_saved_searches", "schedule": 600.0, "options": {"expires": 600}},
    "sync-replica": {"task": "search.periodic.sync_replica", "schedule": 10.0, "options": {"expires": 10}},
    "record-heartbeat": {"task": "exchange.health.periodic.record_heartbeat", "schedule": 10.0, "options": {"expires": 10}},
}

# ---- accounts ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SITE_ID = 1
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.sign_up.SignupForm"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.account.SignupForm",
    "reset_password": "accounts.forms.account.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.account.ResetPasswordKeyForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https:") else "http"
ACCOUNT_RATE_LIMITS: Any = {"check_letter": "20/m/ip"}  # besides those of allauth
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Miras"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# ---- languages, time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = SOURCE_LANGUAGE
LANGUAGES = [(language.code, _(language.name)) for language in INTERFACE_LANGUAGES]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "libraries"]  # the first one wins; the second has messages of libraries
FORMAT_MODULE_PATH = "exchange.formats"
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# ---- matching ------------------------------------------------------------------------------------------------------

MATCHES_KEPT = env_int("MATCHES_KEPT", 30)  # the best matches of each person and of each programme that are stored

# ---- files, mail, pages --------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "exchange.core.storage.HashedStaticStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
# Source maps are large and only read by debuggers: compressing them would double the time of the first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Bytes of a request body. Pages with uploads, by the names of their URLs, take what their fields take; the text beside them is included.
BODY_LIMIT = 2 * 1024 * 1024
BODY_LIMITS = {
    "account_signup": 16 * 1024,
    "account_login": 16 * 1024,
    "account_reset_password": 16 * 1024,
    "expert_imports": 11 * 1024 * 1024,
    "publications_bibtex": 5 * 1024 * 1024,
    "publications_take": 5 * 1024 * 1024,
    "picture_add": 9 * 1024 * 1024,
    "program_picture": 9 * 1024 * 1024,
    "institution_picture": 9 * 1024 * 1024,
    "profile_files": 19 * 1024 * 1024,
    "agreement_create": 12 * 1024 * 1024,
    "agreement_edit": 12 * 1024 * 1024,
    "thread": 52 * 1024 * 1024,
    "apply": 52 * 1024 * 1024,
    "apply_file": 12 * 1024 * 1024,
    "api:upload": 12 * 1024 * 1024,
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

EMAIL_URL = env_str("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "Miras <no-reply@miras.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
# Seconds: unread messages are sent as one e-mail a conversation, after this delay, then at most once a pause while they stay unread.
MESSAGE_DIGEST_DELAY = env_int("MESSAGE_DIGEST_DELAY", 120)
MESSAGE_DIGEST_PAUSE = env_int("MESSAGE_DIGEST_PAUSE", 3600)
if EMAIL_URL:
    from exchange.environment import email_settings

    globals().update(email_settings(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

# The API that publications are fetched from by ORCID iD; tests or a mirror may replace it.
ORCID_API_URL = env_str("ORCID_API_URL", "https://pub.orcid.org/v3.0").rstrip("/")
ORCID_TIMEOUT = env_int("ORCID_TIMEOUT", 8)

# ---- protection ----------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.models.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
HTTPS = env_bool("HTTPS", default=PRODUCTION)
if HTTPS:
    SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "bibtexparser": {"level": "ERROR"},
        "elastic_transport": {"level": "ERROR"},
    },
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ACCOUNT_RATE_LIMITS = False
