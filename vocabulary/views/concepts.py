"""Pages of the secretariat: the vocabulary."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import AuthedRequest
from exchange.core.access import require
from exchange.core.errors import DomainError
from exchange.core.paging import capped_count, keyset_page
from exchange.core.rendering import render_page
from vocabulary.domain.editing import create_concept, edit_concept
from vocabulary.domain.vocabulary import vocabulary
from vocabulary.forms.editing import ConceptForm
from vocabulary.models import Concept, Scheme
from vocabulary.rules import can_edit_vocabulary

FOUND = 50
"""At most so many concepts are found by words."""


@require_safe
def concepts(request: AuthedRequest) -> HttpResponse:
    """The concepts, of one scheme when it is named; those found by a name in any language first to last."""
    require(can_edit_vocabulary(request.user))
    words, scheme = request.GET.get("q", "").strip(), request.GET.get("scheme", "")
    rows = Concept.objects.select_related("broader")
    if scheme in Scheme.values:
        rows = rows.filter(scheme=scheme)
    if words:
        rows = rows.filter(pk__in=[term.pk for term in vocabulary().find(words, limit=FOUND)])
    context = {
        "page": keyset_page(rows, ("slug",), cursor=request.GET.get("cursor")),
        "total": capped_count(rows),
        "words": words,
        "schemes": [("", pgettext("option; filter", "All")), *Scheme.choices],
    }
    return render_page(request, "secretariat/concepts.html", context, fragment="rows")


@require_http_methods(["GET", "HEAD", "POST"])
def concept_create(request: AuthedRequest) -> HttpResponse:
    require(can_edit_vocabulary(request.user))
    form = ConceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            concept = create_concept(form.cleaned_data["slug"], form.texts(), by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved"))
            return redirect("concept", concept.slug)
    return render_page(request, "secretariat/concept.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def concept(request: AuthedRequest, slug: str) -> HttpResponse:
    require(can_edit_vocabulary(request.user))
    found = get_object_or_404(Concept, slug=slug)
    form = ConceptForm(request.POST or None, concept=found)
    if request.method == "POST" and form.is_valid():
        try:
            edit_concept(found, form.texts(), by=request.user, version=form.cleaned_data["version"] or None)
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved"))
            return redirect("concepts")
    context = {"form": form, "concept": found, "narrower": found.narrower.order_by("slug")}
    return render_page(request, "secretariat/concept.html", context, status=422 if form.is_bound else 200)
