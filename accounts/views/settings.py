"""/settings/: preferences and API tokens of the user's account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.accounts import save_preferences
from accounts.domain.queries import tokens_of
from accounts.domain.tokens import create_token, revoke_token
from accounts.forms.settings import PreferencesForm, ThemeForm, TokenForm
from accounts.requests import AuthedRequest
from exchange.core.context import theme
from exchange.core.rendering import render_page

EDIT = require_http_methods(["GET", "HEAD", "POST"])


@EDIT
def settings(request: AuthedRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        save_preferences(request.user, by=request.user, **form.cleaned_data)
        with translation.override(request.user.language):
            messages.success(request, _("Saved."))
        return redirect("settings")
    context = {
        "form": form,
        "theme_form": ThemeForm(initial={"theme": theme(request)}),
    }
    return render_page(request, "settings/settings.html", context, status=422 if form.errors else 200)


@EDIT
@never_cache
def tokens(request: AuthedRequest) -> HttpResponse:
    """API tokens. A new one is shown in this response only: it is not stored in the URL, the session or the database."""
    form, text = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _token, text = create_token(request.user, by=request.user, **form.cleaned_data)
        form = TokenForm()
    context = {"form": form, "tokens": tokens_of(request.user), "text": text}
    return render_page(request, "settings/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def token_revoke(request: AuthedRequest, pk: int) -> HttpResponse:
    revoke_token(get_object_or_404(request.user.api_tokens, pk=pk), by=request.user)
    messages.success(request, _("The token is revoked. Programs that used it no longer have access."))
    return redirect("tokens")
