"""The page "How matching works": the weights in force, and the form of the secretariat that changes them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.access import access_of
from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.rendering import render_page
from matching.domain.weight_labels import weight_groups
from matching.domain.weights import active_weights, store_weights
from matching.forms import WeightsForm


@require_http_methods(["GET", "HEAD", "POST"])
def how_matching_works(request: AuthedRequest) -> HttpResponse:
    """The table of weights in force; the secretariat may put another one in force."""
    weights = active_weights()
    secretariat = access_of(request.user).secretariat
    if request.method == "POST":
        require(secretariat)
    form = WeightsForm(request.POST or None, weights=weights) if secretariat else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            store_weights(form.cleaned_data["name"], form.values(), by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, pgettext("weights of matching", "The new weights are in force. All matches are being computed again.")
            )
            return redirect("how_matching_works")
    return render_page(request, "matching/how.html", {"weights": weights, "groups": weight_groups(weights), "form": form})
