"""A bare Django over the same database and server: sessions, login, one template. The baseline of our pages."""

from exchange.settings import ALLOWED_HOSTS, AUTH_USER_MODEL, AUTHENTICATION_BACKENDS, DATABASES, DEFAULT_AUTO_FIELD, SECRET_KEY  # noqa: F401
from exchange.settings import INSTALLED_APPS as ALL_APPS

# template_partials would put its own loaders in place of those below.
INSTALLED_APPS = [*(app for app in ALL_APPS if app != "template_partials"), "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the installed application insists
]
ROOT_URLCONF = "bench.bare"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        (
                            "django.template.loaders.locmem.Loader",
                            {
                                "base.html": "<!doctype html><html lang=en><head><title>{% block title %}{% endblock %}</title></head><body><header>{{ user.email }}"
                                "</header>{% for message in messages %}<p>{{ message }}</p>{% endfor %}<main>{% block content %}{% endblock %}</main></body></html>",
                                "page.html": "{% extends 'base.html' %}{% block title %}Bare{% endblock %}{% block content %}<h1>{{ user.name }}</h1>{% endblock %}",
                            },
                        )
                    ],
                )
            ],
        },
    }
]
SESSION_COOKIE_HTTPONLY = True
USE_TZ = True
LANGUAGE_CODE = "en"
LOGGING_CONFIG = None
