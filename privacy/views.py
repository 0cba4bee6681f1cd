"""/settings/privacy/: the archive of personal data, removal of the account, the log of consents."""

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.closed_accounts import forget_closed_account, removal_of_closed_account
from accounts.models.removals import GRACE
from accounts.requests import AuthedRequest
from exchange.core.errors import DomainError
from exchange.core.files import send_file
from exchange.core.rendering import render_page
from privacy.domain.consents import consent_log
from privacy.domain.erasure import erasure_blockers
from privacy.domain.exports import expire_export, latest_export, request_export
from privacy.domain.removals import request_removal, take_back_removal
from privacy.forms import PasswordForm, RemovalForm
from privacy.models import DataExport
from privacy.states import ExportState

EDIT = require_http_methods(["GET", "HEAD", "POST"])
TOO_MANY = 429


@require_safe
def privacy_settings(request: AuthedRequest) -> HttpResponse:
    context = {"consents": consent_log(request.user), "export": latest_export(request.user)}
    return render_page(request, "settings/privacy.html", context)


@EDIT
@never_cache
def my_data(request: AuthedRequest) -> HttpResponse:
    """Request an archive and show its progress: polled by a script, or by reloading the page."""
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST":
        if not may_try_password(request):
            form.add_error(None, _("Too many attempts. Wait a few minutes and try again."))
            return _my_data(request, form, status=TOO_MANY)
        if form.is_valid():
            request_export(request.user, by=request.user)
            return redirect("my_data")
    return _my_data(request, form, status=422 if form.errors else 200)


def _my_data(request: AuthedRequest, form: PasswordForm, *, status: int) -> HttpResponse:
    export = latest_export(request.user)
    context = {"form": form, "export": export, "working": export is not None and export.state == ExportState.WORKING}
    return render_page(request, "settings/data.html", context, fragment="progress", status=status)


def may_try_password(request: AuthedRequest) -> bool:
    """Whether the rate limit of password checks allows another attempt."""
    return bool(ratelimit.consume(request, action="reauthenticate", user=request.user))


@require_safe
@never_cache
def my_data_archive(request: AuthedRequest, key: str) -> FileResponse:
    """Download the archive; 404 for anyone but its owner."""
    rows = DataExport.objects.visible_to(request.user).filter(state=ExportState.READY, expires_at__gt=timezone.now())
    export = get_object_or_404(rows, key=key)
    return send_file(export.file, name=export.name)


@require_POST
def my_data_delete(request: AuthedRequest, key: str) -> HttpResponse:
    expire_export(get_object_or_404(DataExport.objects.visible_to(request.user), key=key), by=request.user)
    messages.success(request, _("The archive is deleted."))
    return redirect("my_data")


@EDIT
@never_cache
def account_delete(request: AuthedRequest) -> HttpResponse:
    form = RemovalForm(request.POST or None)
    if request.method == "POST":
        if not may_try_password(request):
            form.add_error(None, _("Too many attempts. Wait a few minutes and try again."))
        elif form.is_valid():
            try:
                request_removal(request.user, by=request.user, **form.cleaned_data)
            except DomainError as error:
                form.add_error(error.code if error.code in form.fields else None, str(error))
            else:
                logout(request)
                return redirect("account_deleted")
    context = {"form": form, "reasons": erasure_blockers(request.user), "days": GRACE.days}
    return render_page(request, "settings/delete.html", context, status=422 if form.errors else 200)


@require_safe
@login_not_required
def account_deleted(request: HttpRequest) -> HttpResponse:
    """The page after a removal was requested; holds no personal data."""
    return render_page(request, "settings/deleted.html", {"days": GRACE.days})


@EDIT
@login_not_required
@never_cache
def account_take_back(request: HttpRequest) -> HttpResponse:
    """Take the removal back: for a visitor who has just logged in to an account with a pending removal."""
    removal = removal_of_closed_account(request)
    if removal is None:
        forget_closed_account(request)
        return redirect("account_login")
    if request.method == "POST":
        user = take_back_removal(removal, by=removal.user)
        forget_closed_account(request)
        messages.success(request, _("Your account is kept. Everything has been restored."))
        # All stages of a login run here: a second factor is asked for as everywhere.
        response: HttpResponse = perform_login(request, user)
        return response
    return render_page(request, "settings/take_back.html", {"removal": removal})
