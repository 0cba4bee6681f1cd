"""Notifications, their e-mail settings, and "My tasks"."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthedRequest
from exchange.core.rendering import render_page
from messaging.domain.my_tasks import tasks_of
from messaging.domain.notification_queries import notification_page, preference_rows
from messaging.domain.notifications import mark_notifications_read, set_mail_preferences
from messaging.models import Notification
from messaging.notification_types import GROUPS


@require_GET
def notifications(request: AuthedRequest) -> HttpResponse:
    unread_only = request.GET.get("show") == "unread"
    page = notification_page(request.user, unread_only=unread_only, cursor=request.GET.get("cursor"))
    return render_page(request, "messaging/notifications.html", {"page": page, "unread_only": unread_only})


@require_GET
def notification(request: AuthedRequest, pk: int) -> HttpResponse:
    """Mark the notification as read and redirect to its page."""
    found = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    mark_notifications_read(by=request.user, ids=[found.pk])
    inside = found.url.startswith("/") and url_has_allowed_host_and_scheme(found.url, None)
    return redirect(found.url if inside else "notifications")


@require_POST
def notification_read(request: AuthedRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    mark_notifications_read(by=request.user, ids=[found.pk])
    return redirect("notifications")


@require_POST
def notifications_read(request: AuthedRequest) -> HttpResponse:
    mark_notifications_read(by=request.user)
    return redirect("notifications")


@require_http_methods(["GET", "POST"])
def notification_settings(request: AuthedRequest) -> HttpResponse:
    rows = preference_rows(request.user)
    if request.method == "POST":
        wanted = set(request.POST.getlist("by_mail"))
        whole, none = request.POST.get("all"), request.POST.get("none")
        set_mail_preferences(
            {row.kind.code: row.kind.group == whole or (row.kind.code in wanted and row.kind.group != none) for row in rows},
            by=request.user,
        )
        messages.success(request, _("Saved"))
        return redirect("notification_settings")
    groups = [
        {"code": code, "title": title, "rows": [row for row in rows if row.kind.group == code and not row.fixed]}
        for code, title in GROUPS.items()
    ]
    context = {
        "groups": [group for group in groups if group["rows"]],
        "fixed": [row for row in rows if row.kind.urgent and row.kind.mail],
    }
    return render_page(request, "messaging/settings.html", context)


@require_GET
def tasks(request: AuthedRequest) -> HttpResponse:
    return render_page(request, "messaging/tasks.html", {"items": tasks_of(request.user)})
