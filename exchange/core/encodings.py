"""Which encoding the bytes of a table are written in, among those that spreadsheets of the region use; several where it is unsure."""

import re

UTF_8 = "utf-8-sig"
UTF_16 = "utf-16"
CYRILLIC, TURKISH, WESTERN = "windows-1251", "windows-1254", "windows-1252"
NAMES = {
    UTF_8: "UTF-8",
    UTF_16: "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    CYRILLIC: "Windows-1251",
    TURKISH: "Windows-1254",
    WESTERN: "Windows-1252",
}
EXAMINED = 1_000_000
WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
HIGH = re.compile(rb"[\x80-\xff]")
LOW_LETTER = re.compile(rb"[A-Za-z]")
BINARY = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
ONLY_TURKISH = frozenset(b"\xd0\xde\xf0\xfe")
"""ĞŞğş in Windows-1254; in Windows-1252 they are letters of Icelandic."""
TURKISH_OR_TURKMEN = frozenset(b"\xdd\xfd")
"""İı in Windows-1254, Ýý in Windows-1252: the letters of Turkish and of Turkmen."""


def guess_encodings(content: bytes) -> tuple[str, ...]:
    """The possible encodings, the most probable first; more than one when somebody has to choose, none for a file that is no text.

    In Cyrillic words no letter is ASCII, in words of Latin languages most are: that tells Windows-1251 from the others. The two Latin
    ones differ in six letters only.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (UTF_16,) if _decodes(content, UTF_16) else ()
    sample = content[:EXAMINED]
    if b"\x00" in sample:
        return _without_mark(content, sample)
    if _decodes(content, UTF_8):
        return () if BINARY.search(sample) else (UTF_8,)
    if BINARY.search(sample):
        return ()
    return tuple(encoding for encoding in _eight_bit(sample) if _decodes(content, encoding))


def _without_mark(content: bytes, sample: bytes) -> tuple[str, ...]:
    """UTF-16 without its byte order mark: separators and digits have a zero in every other byte."""
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    plausible = min(zeros) == 0 and len(content) % 2 == 0 and _decodes(content, encoding)
    text = content.decode(encoding) if plausible else ""
    return (encoding,) if "\n" in text and "\x00" not in text else ()


def _eight_bit(sample: bytes) -> tuple[str, ...]:
    high = HIGH.findall(sample)
    if sum(byte < b"\xc0" for byte in high) > len(high) / 2:
        return ()  # of DOS or of another kind
    words = [word for word in WORD.findall(sample) if len(word) > 1 and HIGH.search(word)]
    without_ascii = sum(LOW_LETTER.search(word) is None for word in words)
    share = without_ascii / len(words) if words else 0.5
    if share > 0.8:
        return (CYRILLIC,)
    found = set(sample)
    if found & ONLY_TURKISH:
        latin: tuple[str, ...] = (TURKISH,)
    else:
        latin = (TURKISH, WESTERN) if found & TURKISH_OR_TURKMEN else (WESTERN,)
    return latin if share < 0.2 else (CYRILLIC, *latin)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
