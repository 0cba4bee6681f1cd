"""The bare page: one row behind a login, through the same server and the same door as ours."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"

from a2wsgi import WSGIMiddleware
from django.contrib.auth.decorators import login_required
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

application = WSGIMiddleware(get_wsgi_application(), workers=8)


def alive(request):
    return HttpResponse("alive")


@login_required
def page(request, slug):
    from programs.models import Program

    return render(request, "page.html", {"program": get_object_or_404(Program, slug=slug)})


urlpatterns = [path("healthz", alive), path("programs/<slug:slug>/", page)]
