"""Folding for plain search."""

import pytest

from exchange.core.text import normalise_text, search_query


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Oʻzbekiston", "ozbekiston"),
        ("O'zbekiston", "ozbekiston"),
        ("Gözel Ýagmyrowa", "gozel yagmyrowa"),
        ("Шоқан  Уәлиханов", "шоқан уәлиханов"),
        ("Ёлкин Й.", "елкин й"),
        ("wall-painting, 3D", "wall painting 3d"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert normalise_text(text) == folded


@pytest.mark.parametrize("typed", ["", "   ", "'''", "&|!():*", "\u202e\u200b", "😀"])
def test_search_query_is_none_when_nothing_can_be_searched(typed):
    assert search_query(typed) is None


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["a' OR 1=1 --", "foo & !bar", "x" * 5000, "a:*|b", "\\", "م ر", "%_", "ǅ", "a " * 300])
def test_search_query_never_breaks_the_database(typed):
    from profiles.models import Institution

    query = search_query(typed.replace("\x00", ""))
    assert query is None or list(Institution.objects.filter(search=query)) == []
