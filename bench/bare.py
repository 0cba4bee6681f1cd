"""The baseline page in process: a session, an account, a small template.

`python -m bench.bare SESSION` prints the milliseconds of processor time that one request takes.
"""

import os
import statistics
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"

import django
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.test import Client
from django.urls import path

from bench.processor import milliseconds


@login_required
def page(request):
    return render(request, "page.html")


urlpatterns = [path("", page)]


def main(session: str) -> None:
    django.setup()
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = session

    def visit() -> None:
        assert client.get("/").status_code == 200

    print(statistics.median(milliseconds(visit) for _ in range(30)))


if __name__ == "__main__":
    main(*sys.argv[1:])
