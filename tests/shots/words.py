"""Texts of the source that are untranslated on a page."""

import re

import polib
from django.conf import settings

LATIN = re.compile(r"[A-Za-z]{2,}")
VISIBLE_TEXTS = """
() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const box = node.parentElement;
    if (!box || box.closest("script, style, template, [translate=no]")) continue;
    const own = box.closest("[lang]");
    if (own && own.lang !== document.documentElement.lang) continue;
    const text = node.textContent.replace(/\\s+/g, " ").trim();
    if (text) found.push(text);
  }
  for (const box of document.querySelectorAll("[placeholder], [aria-label], [title]"))
    for (const name of ["placeholder", "aria-label", "title"]) if (box.hasAttribute(name)) found.push(box.getAttribute(name).trim());
  return found;
}
"""


def source_words(language):
    """English texts of the message file that read otherwise in `language`, and those that have no translation at all."""
    messages = polib.pofile(str(settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"))
    words = set()
    for entry in messages:
        if LATIN.search(entry.msgid) and "%(" not in entry.msgid and entry.msgstr != entry.msgid:
            words.add(" ".join(entry.msgid.split()))
    # One English word may be said in two ways, one of them the same word: what any context leaves as it is, is not untranslated.
    return words - {entry.msgid for entry in messages if entry.msgstr == entry.msgid}


def untranslated(page, words):
    """Texts of the page that are still the words of the source."""
    return sorted({text for text in page.evaluate(VISIBLE_TEXTS) if text in words})
