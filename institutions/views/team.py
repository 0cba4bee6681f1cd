"""The team of an institution and its invitations; the invitations of the user."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import AuthedRequest
from accounts.states import Role
from exchange.core.access import require
from exchange.core.rendering import render_page
from institutions.domain import institutions as actions
from institutions.domain.handovers import can_hand_over, open_handover
from institutions.domain.queries import invitations_of, open_invitations, team_of
from institutions.forms import HandoverForm, InviteForm, RolesForm
from institutions.models import Institution, TeamInvitation
from institutions.role_permissions import ROLE_PERMISSIONS
from institutions.views.institutions import visible_institution


@require_safe
def institution_team(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = visible_institution(request, slug)
    require(actions.can_see_team(request.user, institution))
    return team_page(request, institution, InviteForm())


def team_page(request: AuthedRequest, institution: Institution, form: InviteForm, *, status: int = 200) -> HttpResponse:
    manages = actions.can_manage_team(request.user, institution)
    team = team_of(institution)
    gives = can_hand_over(request.user, institution)
    context = {
        "institution": institution,
        "team": [(member, RolesForm(member=member.user, initial={"roles": member.roles})) for member in team],
        "abilities": ROLE_PERMISSIONS,
        "roles": Role.choices,
        "handover": open_handover(institution),
        "handover_form": HandoverForm(team=team, giver=request.user) if gives and len(team) > 1 else None,
        "invitations": invitations_of(institution) if manages else [],
        "manages": manages,
        "form": form,
    }
    return render_page(request, "institutions/team.html", context, status=status)


@require_POST
def team_invite(request: AuthedRequest, slug: str) -> HttpResponse:
    institution = visible_institution(request, slug)
    require(actions.can_manage_team(request.user, institution))
    form = InviteForm(request.POST)
    if not form.is_valid():
        return team_page(request, institution, form, status=422)
    actions.invite_to_team(institution, email=form.cleaned_data["email"], role=form.cleaned_data["role"], by=request.user)
    messages.success(request, _("The invitation has been sent. Whoever has access to that mailbox can accept it within 30 days."))
    return redirect("institution_team", slug=slug)


@require_POST
def team_roles(request: AuthedRequest, slug: str, user_id: int) -> HttpResponse:
    institution = visible_institution(request, slug)
    require(actions.can_manage_team(request.user, institution))
    member = team_member(request, institution, user_id)
    form = RolesForm(request.POST, member=member)
    if form.is_valid():
        actions.set_roles(institution, member, form.cleaned_data["roles"], by=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("This role is not known."))
    return back_to_team(request, institution)


@require_POST
def team_remove(request: AuthedRequest, slug: str, user_id: int) -> HttpResponse:
    institution = visible_institution(request, slug)
    require(actions.can_manage_team(request.user, institution) or request.user.pk == user_id)
    member = team_member(request, institution, user_id)
    actions.remove_member(institution, member, by=request.user)
    messages.success(request, _("The team is changed."))
    return back_to_team(request, institution)


def team_member(request: AuthedRequest, institution: Institution, user_id: int) -> User:
    """A member of the team; `request.user` itself when it is about oneself, so that a change of roles takes effect within this request."""
    member = get_object_or_404(User.objects.filter(memberships__institution=institution).distinct(), pk=user_id)
    return request.user if member.pk == request.user.pk else member


def back_to_team(request: AuthedRequest, institution: Institution) -> HttpResponse:
    """Redirect to the team, or to the institution's page for a user who has just left; to the home page when that is not visible either."""
    if actions.can_see_team(request.user, institution):
        return redirect("institution_team", slug=institution.slug)
    visible = Institution.objects.visible_to(request.user).filter(pk=institution.pk).exists()
    return redirect(institution) if visible else redirect("home")


@require_POST
def invitation_withdraw(request: AuthedRequest, slug: str, pk: int) -> HttpResponse:
    institution = visible_institution(request, slug)
    require(actions.can_manage_team(request.user, institution))
    invitation = get_object_or_404(institution.invitations, pk=pk)
    actions.withdraw_invitation(invitation, by=request.user)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("institution_team", slug=slug)


@require_safe
def invitations(request: AuthedRequest) -> HttpResponse:
    """Open invitations to any confirmed address of the user."""
    return render_page(request, "settings/invitations.html", {"invitations": open_invitations(request.user)})


@require_POST
def invitation_accept(request: AuthedRequest, pk: int) -> HttpResponse:
    return answer(request, pk, accept=True)


@require_POST
def invitation_decline(request: AuthedRequest, pk: int) -> HttpResponse:
    return answer(request, pk, accept=False)


def answer(request: AuthedRequest, pk: int, *, accept: bool) -> HttpResponse:
    invitation = get_object_or_404(TeamInvitation.objects.to_addresses_of(request.user), pk=pk)
    actions.answer_invitation(invitation, accept=accept, by=request.user)
    if accept:
        messages.success(request, _("Welcome to the team."))
        return redirect(invitation.institution)
    messages.success(request, _("The invitation is declined."))
    return redirect(reverse("settings"))
