"""/profile/portfolio/: the user's works with their pictures, one page each."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthedRequest
from exchange.core.errors import DomainError
from exchange.core.rendering import render_page
from profiles.domain import portfolio as actions
from profiles.domain.record import visible_case
from profiles.forms.portfolio import CaseForm, PictureForm, PictureTextForm
from profiles.models import CasePicture, ExpertProfile, PortfolioCase
from profiles.views.sections import EDIT, my_profile, section_page


@require_safe
def profile_portfolio(request: AuthedRequest) -> HttpResponse:
    profile = my_profile(request)
    cases = [visible_case(case, own=True) for case in profile.cases.prefetch_related("pictures")]
    return section_page(request, "portfolio", {"cases": cases, "full": len(cases) >= actions.MAX_CASES}, profile)


@EDIT
def case_new(request: AuthedRequest) -> HttpResponse:
    profile = my_profile(request)
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        case = actions.save_case(profile, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Add pictures now."))
        return redirect("case_edit", case.pk)
    return render_page(request, "profiles/case.html", {"form": form}, status=422 if request.method == "POST" else 200)


@EDIT
def case_edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """A work and its pictures; POST saves the work."""
    profile = my_profile(request)
    case = get_object_or_404(profile.cases, pk=pk)
    form = CaseForm(request.POST or None, initial=CaseForm.initial_of(case))
    if request.method == "POST" and form.is_valid():
        actions.save_case(profile, by=request.user, pk=case.pk, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile_portfolio")
    return case_page(request, case, form=form)


def case_page(request: AuthedRequest, case: PortfolioCase, **forms: Any) -> HttpResponse:
    """A work with all its forms; given ones are shown as submitted."""
    pictures = list(case.pictures.all())
    mine = {picture.id: picture for picture in visible_case(case, own=True).pictures}
    sent = forms.get("words")
    context = {
        "case": case,
        "form": forms.get("form") or CaseForm(initial=CaseForm.initial_of(case)),
        "picture_form": forms.get("picture_form") or new_picture_form(request),
        "pictures": [
            (mine[row.pk], sent if sent and sent.prefix == picture_text_prefix(row.pk) else picture_text_form(row))
            for row in pictures
        ],
        "full": len(pictures) >= actions.MAX_PICTURES,
    }
    return render_page(request, "profiles/case.html", context, status=422 if request.method == "POST" else 200)


def new_picture_form(request: AuthedRequest) -> PictureForm:
    return PictureForm(prefix="new", initial={"holder": request.user.get_full_name()})


def picture_text_prefix(pk: int) -> str:
    return f"w{pk}"


def picture_text_form(picture: CasePicture, data: Any = None) -> PictureTextForm:
    return PictureTextForm(data, prefix=picture_text_prefix(picture.pk), initial=PictureTextForm.initial_of(picture))


@require_POST
def case_remove(request: AuthedRequest, pk: int) -> HttpResponse:
    actions.remove_case(my_profile(request), int(pk), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("profile_portfolio")


@require_POST
def case_move(request: AuthedRequest, pk: str, way: str) -> HttpResponse:
    actions.move_case(my_profile(request), int(pk), by=request.user, up=way == "up")
    return redirect("profile_portfolio")


@require_POST
def picture_add(request: AuthedRequest, pk: int) -> HttpResponse:
    """Add a picture; errors are shown at its fields on the page of the work."""
    profile = my_profile(request)
    case = get_object_or_404(profile.cases, pk=pk)
    form = PictureForm(request.POST, request.FILES, prefix="new")
    if form.is_valid():
        words = dict(form.cleaned_data)
        try:
            actions.add_picture(profile, case.pk, words.pop("picture"), by=request.user, **words)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Picture saved. Smaller versions are being made."))
            return redirect("case_edit", case.pk)
    return case_page(request, case, picture_form=form)


@require_POST
def picture_edit(request: AuthedRequest, pk: int) -> HttpResponse:
    profile = my_profile(request)
    picture = own_picture(profile, pk)
    form = picture_text_form(picture, request.POST)
    if form.is_valid():
        actions.save_picture(profile, picture.pk, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("case_edit", picture.case_id)
    return case_page(request, picture.case, words=form)


@require_POST
def picture_remove(request: AuthedRequest, pk: int) -> HttpResponse:
    profile = my_profile(request)
    picture = own_picture(profile, pk)
    actions.remove_picture(profile, picture.pk, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("case_edit", picture.case_id)


def own_picture(profile: ExpertProfile, pk: int) -> CasePicture:
    return get_object_or_404(CasePicture.objects.select_related("case").filter(case__profile=profile), pk=pk)
