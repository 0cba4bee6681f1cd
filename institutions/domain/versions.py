"""The version of what a form about an institution shows."""

from collections.abc import Callable, Iterable
from typing import Any

from exchange.core.versions import version_of_rows
from institutions.domain.fact_sheet import SHEET_FIELDS
from institutions.domain.institutions import EDITABLE
from institutions.models import FactSheet, Institution

RECORD_PARTS = tuple(name for name in EDITABLE if name != "facilities")
"""The last of an institution's texts stands on its fact sheet."""


INSTITUTION_SECTIONS: dict[str, Callable[[Institution], Iterable[Any]]] = {
    "edit": lambda institution: [
        *Institution.objects.filter(pk=institution.pk).values_list(*RECORD_PARTS),
        *institution.fields.order_by("pk").values_list("pk"),
    ],
    "names": lambda institution: institution.names.values_list("text", "kind", "language").order_by("text"),
    "facts": lambda institution: [
        *Institution.objects.filter(pk=institution.pk).values_list("facilities"),
        *FactSheet.objects.filter(institution=institution).values_list(*SHEET_FIELDS),
    ],
}


def institution_version(institution: Institution, section: str) -> str:
    """The version of this section of an institution as it is stored: "edit", "names" or "facts"."""
    return version_of_rows(INSTITUTION_SECTIONS[section](institution))
