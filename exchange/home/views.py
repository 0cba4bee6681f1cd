"""The front page (for logged-in users with tasks and matches), the legal texts, sitemap and robots.txt."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.access import access_of
from accounts.requests import AuthedRequest
from accounts.states import TEXT_VERSIONS, ConsentKind
from exchange.core.countries import Country
from exchange.core.ornaments import ornament as draw_ornament
from exchange.core.rendering import render_page
from exchange.home.menu import desk_url
from exchange.home.queries import open_programs, statistics
from institutions.domain.roles import current_role
from institutions.models import Institution
from messaging.domain.my_tasks import tasks_of
from privacy.retention import RULES
from programs.domain.towns import open_by_town, open_points
from programs.models import Program

SITEMAP_LIMIT = 5000
ORNAMENT_SECONDS = 30 * 86400


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    by_town = open_by_town(request.user)
    context = {
        "programs": open_programs(request.user),
        "open_count": sum(by_town.values()),
        "points": open_points(by_town),
        "statistics": statistics(),
    }
    if not request.user.is_authenticated:
        return render_page(request, "home/public.html", context | {"way": how_it_works(), "schema": schema()})
    return render_page(request, "home/mine.html", context | {"waiting": tasks_of(request.user)[:5]})


def how_it_works() -> list[dict[str, Any]]:
    """The four steps of an exchange."""
    return [
        {"title": _("One profile"), "note": _("what you can do, with which materials, in which languages"), "state": "done"},
        {"title": _("Check before you apply"), "note": _("each programme says whether you are eligible, and why"), "state": "done"},
        {
            "title": _("Both countries approve"),
            "note": _("coordinators decide by a set date, and you see the progress"),
            "state": "done",
        },
        {
            "title": _("Travel with all your documents"),
            "note": _("the invitation letter comes in your language and in English"),
            "state": "done",
        },
    ]


def schema() -> dict[str, Any]:
    """Schema.org description of the site, with its search box."""
    target = f"{settings.SITE_URL}{reverse('search')}?q={{search_term_string}}"
    return {
        "@type": "WebSite",
        "name": "Miras",
        "url": settings.SITE_URL,
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "potentialAction": {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"},
    }


@require_safe
def desk(request: AuthedRequest) -> HttpResponse:
    """Redirect to the desk of the current role."""
    return redirect(desk_url(current_role(request), access_of(request.user)))


@require_safe
@login_not_required
def about_data(request: HttpRequest) -> HttpResponse:
    """The sources of the demonstration and reference data, and what is not yet reviewed."""
    return render_page(request, "home/about_data.html")


@require_safe
@login_not_required
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of use, in their current version."""
    return render_page(request, "home/terms.html", {"version": TEXT_VERSIONS[ConsentKind.TERMS]})


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice, with the retention periods that the nightly task applies."""
    return render_page(request, "home/privacy.html", {"version": TEXT_VERSIONS[ConsentKind.PRIVACY], "rules": RULES})


@require_safe
@login_not_required
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read what anonymous users may; a demonstration is not indexed at all."""
    rules = "Disallow: /" if settings.DEMO else f"Disallow: /accounts/\nDisallow: /api/\nSitemap: {settings.SITE_URL}/sitemap.xml"
    return HttpResponse(f"User-agent: *\n{rules}\n", content_type="text/plain")


@require_safe
@login_not_required
@cache_control(public=True, max_age=ORNAMENT_SECONDS, immutable=True)
def ornament(request: HttpRequest, country: str, field: str) -> HttpResponse:
    """The ornament of a country and a field, for cards without a picture."""
    if country.upper() not in Country.values:
        raise Http404
    return HttpResponse(draw_ornament(country.upper(), field), content_type="image/svg+xml")


@require_safe
@login_not_required
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Public programmes and institutions, newest first."""
    paths = [reverse("home"), reverse("programs"), reverse("institutions")]
    programs = Program.objects.visible_to(None).order_by("-pk").values_list("slug", flat=True)[:SITEMAP_LIMIT]
    institutions = Institution.objects.visible_to(None).order_by("-pk").values_list("slug", flat=True)[:SITEMAP_LIMIT]
    paths += [reverse("program", args=[slug]) for slug in programs]
    paths += [reverse("institution", args=[slug]) for slug in institutions]
    context = {"addresses": [settings.SITE_URL + path for path in paths]}
    return render(request, "home/sitemap.xml", context, content_type="application/xml")
