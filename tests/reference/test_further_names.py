"""Further names of institutions come with the register where the file has them."""

import pytest

from exchange.reference.importing import import_reference
from exchange.reference.tables import TableError
from institutions.models import Institution, InstitutionName

pytestmark = pytest.mark.django_db

FILE = "institutions.csv"


def with_names(tables, **columns):
    header, rows = tables.read(FILE)
    tables.write(
        FILE,
        [*header, *columns],
        [[*row, *(columns.values() if not number else [""] * len(columns))] for number, row in enumerate(rows)],
    )
    return Institution.objects.filter(slug=rows[0][0])


def test_aliases_and_former_names_are_added_once_and_never_taken_away(tables):
    museum = with_names(tables, aliases="kk:Ұлттық музей; NMK", former_names="ru:Центральный музей")
    import_reference(tables.path)
    assert set(museum.get().names.values_list("text", "language", "kind")) == {
        ("Ұлттық музей", "kk", "alias"),
        ("NMK", "", "alias"),
        ("Центральный музей", "ru", "former"),
    }
    InstitutionName.objects.create(institution=museum.get(), text="From a merge")

    assert not import_reference(tables.path).wrote

    assert museum.get().names.count() == 4


def test_an_unknown_language_is_named_with_its_place(tables):
    with_names(tables, aliases="xx:Name")
    with pytest.raises(TableError, match="column aliases"):
        import_reference(tables.path)
