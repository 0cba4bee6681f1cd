"""Pages of saved searches: saving one, the list in the settings, and the link in an e-mail that stops its notifications."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthedRequest
from exchange.core.errors import DomainError
from exchange.core.rendering import render_page
from search.domain.descriptions import describe
from search.domain.params import read_params
from search.domain.saved import change_saved, delete_saved, read_stop, save_search, saved_of, stop_saved
from search.forms import SavedSearchForm
from search.models import SavedSearch

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def saved_search_create(request: AuthedRequest) -> HttpResponse:
    """Save the search whose address is in the form, then redirect to it."""
    search_params = read_params(QueryDict(request.POST.get("address", "")))
    form = SavedSearchForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "search_params": search_params, "words": describe(search_params)}
        return render_page(request, "search/save.html", context, status=422)
    saved = save_search(search_params, by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved: %(name)s. You find it in your settings.") % {"name": saved.name})
    return redirect(f"{reverse('search')}?{saved.address}")


@require_GET
def saved_searches(request: AuthedRequest) -> HttpResponse:
    return render_page(request, "search/saved.html", {"rows": saved_of(request.user)})


@require_GET
def saved_search(request: AuthedRequest, pk: int) -> HttpResponse:
    """The link in an e-mail: redirects to the current results."""
    saved = _own(request, pk)
    return redirect(f"{reverse('search')}?{saved.address}")


@EDIT
def saved_search_edit(request: AuthedRequest, pk: int) -> HttpResponse:
    saved = _own(request, pk)
    form = SavedSearchForm(request.POST or None, initial={"name": saved.name, "frequency": saved.frequency})
    if request.method == "POST" and form.is_valid():
        change_saved(saved, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved"))
        return redirect("saved_searches")
    context = {"form": form, "saved": saved, "words": describe(read_params(QueryDict(saved.address)))}
    return render_page(request, "search/saved_edit.html", context, status=422 if form.errors else 200)


@require_POST
def saved_search_delete(request: AuthedRequest, pk: int) -> HttpResponse:
    delete_saved(_own(request, pk), by=request.user)
    messages.success(request, _("The search is deleted."))
    return redirect("saved_searches")


@csrf_exempt
@EDIT
@login_not_required
@never_cache
def saved_search_stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing, because mail servers open every link of an e-mail. The signed link itself authorises the POST,
    so that the one-click button of a mail client, which has no session, works as well.
    """
    try:
        saved = read_stop(token)
    except DomainError as error:
        return render_page(request, "search/stop.html", {"refusal": str(error)}, status=error.status)
    if request.method == "POST" and saved is not None:
        stop_saved(saved)
    done = request.method == "POST" or saved is None or not saved.notifies
    return render_page(request, "search/stop.html", {"saved": saved, "done": done})


def _own(request: AuthedRequest, pk: int) -> SavedSearch:
    found: SavedSearch = get_object_or_404(SavedSearch.objects.visible_to(request.user), pk=pk)
    return found
