"""Rows to be found by the search, and words that must not break it."""

from profiles.models import PersonName
from profiles.states import NameKind
from search.domain.indexing import refresh_documents
from tests.factories import ExpertFactory

ONLY_DIRECTION = "\u200f\u200e\u2066\u2069"
HOSTILE = [
    "x" * 20_000,
    "\x00\x01\x02 \x1b[31m",
    "'''''''''",
    "ʻ ʼ ‘ ’ ' `",
    "\u202eمرحبا\u202c שלום",
    "😀" * 300,
    "👩‍🎨🏺",
    "' OR 1=1 --",
    "'; DROP TABLE search_searchname; --",
    '{"query": {"match_all": {}}}',
    "name:* AND (a OR b) ~ ^ \\ / [1 TO *]",
    "%_%_%%",
    "\\",
    "a" + "\u0301" * 500,
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    " ".join("abcdefghijklmnopqrstuvwxyz" * 8),
    "(((((((((((((((",
    "-1e309 NaN Infinity",
    ONLY_DIRECTION,
    "ⅷ ½ ٣ ৪",
]


def index(*subjects):
    """Make their search documents now."""
    kinds = {"ExpertProfile": "expert", "Program": "program", "Institution": "institution"}
    for subject in subjects:
        refresh_documents(kinds[type(subject).__name__], [subject.pk])


def expert(**fields):
    """A person everybody may see, with a family name nobody else has."""
    family = fields.pop("family", "Раҳимова")
    given = fields.pop("given", "Дилноза")
    profile = ExpertFactory(shown_name=f"{given} {family}", latin_name="", named=False, **{"audience": "everyone", **fields})
    PersonName.objects.create(profile=profile, kind=NameKind.NATIVE, language="uz", given=given, family=family)
    return profile
