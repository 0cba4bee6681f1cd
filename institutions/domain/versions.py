"""Versions of the forms of an institution, for the optimistic lock."""

from collections.abc import Callable, Iterable
from typing import Any

from exchange.core.versions import version_of_rows
from institutions.domain.fact_sheet import SHEET_FIELDS
from institutions.domain.institutions import EDITABLE
from institutions.models import FactSheet, Institution

RECORD_PARTS = tuple(name for name in EDITABLE if name != "facilities")
"""`facilities` is stored on the institution but edited with its fact sheet."""


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
    """The stored version of a section: "edit", "names" or "facts"."""
    return version_of_rows(INSTITUTION_SECTIONS[section](institution))
