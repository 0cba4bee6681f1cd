"""A bare Django without sessions, middleware or templates, over the same database and channel layer."""

from exchange.settings import ALLOWED_HOSTS, CHANNEL_LAYERS, DATABASES, SECRET_KEY  # noqa: F401

INSTALLED_APPS = ["channels"]
MIDDLEWARE = []
ROOT_URLCONF = "bench.bare_messages"
USE_TZ = True
LOGGING_CONFIG = None
