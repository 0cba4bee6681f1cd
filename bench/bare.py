"""The bare page in process: one row behind a login, a session, an account, two small templates. The measure of what ours cost.

`python -m bench.bare SESSION SLUG` prints the milliseconds of processor time that one request takes.
"""

import os
import statistics
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"

import django
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.test import Client
from django.urls import path

from bench.processor import milliseconds


@login_required
def page(request, slug):
    from programs.models import Program

    return render(request, "page.html", {"program": get_object_or_404(Program, slug=slug)})


urlpatterns = [path("programs/<slug:slug>/", page)]


def main(session: str, slug: str) -> None:
    django.setup()
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = session

    def visit() -> None:
        assert client.get(f"/programs/{slug}/").status_code == 200

    print(statistics.median(milliseconds(visit) for _ in range(30)))


if __name__ == "__main__":
    main(*sys.argv[1:])
