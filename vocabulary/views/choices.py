"""/choices/: what a long list of a form offers while somebody types."""

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vocabulary.domain.choosing import MAX_RECENT, offered


@require_safe
@never_cache
def choices(request: HttpRequest, kind: str) -> JsonResponse:
    """Options by group, and their number as text. `q` is what was typed, `recent` the values chosen last, separated by commas."""
    recent = request.GET.get("recent", "")[:500].split(",")[:MAX_RECENT]
    try:
        groups = offered(request.user, kind, request.GET.get("q", ""), recent=recent, limits=request.GET)
    except LookupError:
        raise Http404 from None
    count = sum(len(group.options) for group in groups)
    said = ngettext("%(count)s option", "%(count)s options", count) % {"count": count} if count else gettext("Nothing found")
    rows = [
        {
            "title": str(group.title),
            "options": [{"value": one.value, "label": one.label, "note": one.note} for one in group.options],
        }
        for group in groups
    ]
    return JsonResponse({"groups": rows, "said": said})
