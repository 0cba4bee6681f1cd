"""Normalised text, and whether there is anything to search for."""

import pytest

from exchange.core.text import has_words, normalise_text


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


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "'''", "&|!():*_", "\u202e\u200b", "😀", " " * 5000 + "a"])
def test_nothing_to_search_for(typed):
    assert not has_words(typed)


@pytest.mark.parametrize("typed", ["a", " ё ", "3", "\u202eم", "😀🏺 x", "'a'", "\x00x"])
def test_something_to_search_for(typed):
    assert has_words(typed)
