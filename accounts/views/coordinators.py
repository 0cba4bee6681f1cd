"""Pages of the secretariat: who coordinates which country."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.coordinators import all_appointments, appoint_coordinator, can_appoint, change_appointment, end_appointment
from accounts.forms.coordinators import AppointmentDatesForm, AppointmentForm
from accounts.models import CoordinatorAppointment
from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.rendering import render_page


@require_http_methods(["GET", "HEAD", "POST"])
def coordinators(request: AuthedRequest) -> HttpResponse:
    """All appointments by country, and the form of a new one."""
    require(can_appoint(request.user))
    form = AppointmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        days = {"starts": values["starts"], "ends": values["ends"], "deputy_of": values["deputy_of"]}
        try:
            appoint_coordinator(values["email"], country=values["country"], by=request.user, **days)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved"))
            return redirect("coordinators")
    today = timezone.now().date()
    rows = [(row, row.ends is not None and row.ends < today) for row in all_appointments()]
    context = {
        "form": form,
        "serving": [row for row, over in rows if not over],
        "former": [row for row, over in rows if over],
        "today": today,
    }
    return render_page(request, "secretariat/coordinators.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def coordinator(request: AuthedRequest, pk: int) -> HttpResponse:
    """The dates of one appointment; its user and country do not change."""
    require(can_appoint(request.user))
    appointment = get_object_or_404(CoordinatorAppointment.objects.select_related("user"), pk=pk)
    days = {"starts": appointment.starts, "ends": appointment.ends, "deputy_of": appointment.deputy_of_id}
    form = AppointmentDatesForm(request.POST or None, initial=days, country=appointment.country)
    if request.method == "POST" and form.is_valid():
        try:
            change_appointment(appointment, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved"))
            return redirect("coordinators")
    context = {"form": form, "appointment": appointment}
    return render_page(request, "secretariat/coordinator.html", context, status=422 if form.is_bound else 200)


@require_POST
def coordinator_end(request: AuthedRequest, pk: int) -> HttpResponse:
    """End an appointment: from today the person no longer acts for the country."""
    require(can_appoint(request.user))
    end_appointment(get_object_or_404(CoordinatorAppointment.objects.select_related("user"), pk=pk), by=request.user)
    messages.success(request, _("Saved"))
    return redirect("coordinators")
