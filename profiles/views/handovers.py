"""Handing an institution over, from the page of its team."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exchange.core.access import require
from profiles.domain import handovers as actions
from profiles.domain.queries import team_of
from profiles.forms.institutions import HandoverForm
from profiles.models import Handover, User
from profiles.requests import AuthedRequest
from profiles.states import Answer
from profiles.views.institutions import visible_institution
from profiles.views.team import back_to_team

ANSWERS = {"accept": Answer.ACCEPTED, "decline": Answer.DECLINED, "withdraw": Answer.WITHDRAWN}


@require_POST
def handover_offer(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = visible_institution(request, slug)
    require(actions.can_hand_over(request.user, institution))
    form = HandoverForm(request.POST, team=team_of(institution), giver=request.user)
    if form.is_valid():
        taker = get_object_or_404(User, pk=form.cleaned_data["taker"])
        actions.offer_ownership(institution, taker, by=request.user, leaves=form.cleaned_data["leaves"])
        messages.success(request, _("The offer is made. You stay owner until it is accepted."))
    else:
        messages.error(request, _("Choose another member of the team. Invite somebody new first."))
    return redirect("institution_team", slug=slug)


@require_POST
def handover_answer(request: AuthedRequest, pk: int, answer: str) -> HttpResponse:
    mine = Handover.objects.filter(giver=request.user) | Handover.objects.filter(taker=request.user)
    handover = get_object_or_404(mine.select_related("institution"), pk=pk)
    actions.answer_handover(handover, ANSWERS[answer], by=request.user)
    filled_sections = {
        "accept": _("The institution is yours now. Thank you for taking care of it."),
        "decline": _("The offer is declined; nothing changed."),
        "withdraw": _("The offer is withdrawn."),
    }
    messages.success(request, filled_sections[answer])
    return back_to_team(request, handover.institution)
