"""The baseline page in process: a session, an account, a small template.

`python -m bench.bare ACCOUNT` prints the milliseconds of processor time that one request of this account id takes.
"""

import os
import statistics
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"

import django
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.management import call_command
from django.shortcuts import render
from django.test import Client
from django.urls import path

from bench.processor import milliseconds


@login_required
def page(request):
    return render(request, "page.html")


urlpatterns = [path("", page)]


def main(account: str) -> None:
    django.setup()
    call_command("migrate", "sessions", verbosity=0)  # the table of Django's own sessions, which ours are not
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(pk=account))

    def visit() -> None:
        assert client.get("/").status_code == 200

    print(statistics.median(milliseconds(visit) for _ in range(30)))


if __name__ == "__main__":
    main(*sys.argv[1:])
