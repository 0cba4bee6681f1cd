"""Finding institutions of the register by cells of an imported table: ids, addresses and names of every kind."""

from functools import cached_property

from django.utils.translation import gettext as _

from exchange.core.csv_reader import CellError, shorten
from exchange.core.text import normalise_text
from institutions.models import FormerSlug, Institution, InstitutionName


class InstitutionLookup:
    """Finds public institutions, with two queries on first use."""

    @cached_property
    def _ids(self) -> dict[str, int]:
        """Ids by slug (also the former ones of merged institutions) and by the id as text."""
        rows = dict(Institution.objects.visible_to(None).values_list("slug", "pk"))
        known = set(rows.values())
        former = FormerSlug.objects.values_list("slug", "institution_id")
        return {slug: pk for slug, pk in former if pk in known} | {str(pk): pk for pk in known} | rows

    @cached_property
    def names(self) -> dict[str, set[int]]:
        """Ids by each name, normalised: in every language, short, former and other names."""
        found: dict[str, set[int]] = {}
        rows = Institution.objects.visible_to(None).only("pk", "name", "short_name")
        texts = [(text, row.pk) for row in rows for text in (*dict(row.name).values(), row.short_name)]
        known = {pk for _text, pk in texts}
        texts += [each for each in InstitutionName.objects.values_list("text", "institution_id") if each[1] in known]
        for text, pk in texts:
            if key := normalise_text(text):
                found.setdefault(key, set()).add(pk)
        return found

    def find(self, text: str) -> int:
        """The id of the institution with this slug, id or name. Raises CellError for an unknown or ambiguous one."""
        if (pk := self._ids.get(text.lower())) is not None:
            return pk
        found = self.names.get(normalise_text(text), set())
        if len(found) > 1:
            slugs = ", ".join(sorted(slug for slug, pk in self._ids.items() if pk in found and not slug.isdecimal()))
            message = _("“%(text)s” may mean several institutions: %(ids)s. Write one of these.")
            raise CellError(message % {"text": shorten(text), "ids": slugs})
        if not found:
            raise CellError(_("“%(text)s” is not in the register of institutions.") % {"text": shorten(text)})
        return next(iter(found))

    def by_name(self, text: str) -> int | None:
        """The id of the only institution with this name; None when there is none, or more than one."""
        found = self.names.get(normalise_text(text), set())
        return next(iter(found)) if len(found) == 1 else None
