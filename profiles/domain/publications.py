"""Publications of a profile: written by hand, read from BibTeX or fetched from ORCID, never twice the same."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from anyascii import anyascii
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rapidfuzz.fuzz import ratio

from exchange.core.errors import DomainError
from profiles.domain.profiles import clean_line, finish_edit, lock_profile
from profiles.models import ExpertProfile, PersonName, Publication, User
from profiles.states import NameKind

MOST = 300
PAYLOAD_SALT = "profiles.publications"
PAYLOAD_HOLDS = 6 * 3600
SIMILAR = 85
"""Of 100, from which a last name may be another spelling of one's own: Rahimova and Rakhimova have 94."""
DOI = re.compile(r"10\.[0-9]{4,9}/\S+")


@dataclass(frozen=True)
class Work:
    """A publication that is not kept yet."""

    title: str
    authors: str
    year: int | None
    container: str
    doi: str
    url: str
    source: str

    @property
    def keys(self) -> set[str]:
        """What it is recognised by: its DOI, and its title with the year."""
        letters = "".join(char for char in unicodedata.normalize("NFKD", self.title).casefold() if char.isalnum())
        return {f"title:{letters}:{self.year or ''}"} | ({f"doi:{self.doi}"} if self.doi else set())


@dataclass(frozen=True)
class Candidate:
    """A work found in a source; `known` when the profile has it already, or it came earlier in the same source."""

    number: int
    work: Work
    known: bool


@dataclass(frozen=True)
class Spelling:
    """A way of writing an author that may be this person."""

    family: str
    given: str

    @property
    def text(self) -> str:
        return ", ".join(filter(None, [self.family, self.given]))


def make_work(*, title: str, authors: str, year: Any, container: str, doi: str, url: str, source: str) -> Work:
    """A work of what a source says, each part cleaned and cut to what can be kept; an unlikely year or address is left out."""
    number = int(year) if str(year or "").isascii() and str(year or "").isdecimal() else 0
    address = clean_line(url, 500)
    return Work(
        title=clean_line(title, 500),
        authors=clean_line(authors, 1000),
        year=number if 1900 <= number <= 2100 else None,
        container=clean_line(container, 300),
        doi=clean_doi(doi),
        url=address if re.match(r"https?://[^\s/]+", address) else "",
        source=source,
    )


def clean_doi(text: str) -> str:
    """The bare DOI in small letters, out of an address or a label, too; empty when there is none."""
    found = DOI.search(text.strip().lower())
    return found.group().rstrip(".,;")[:200] if found else ""


def work_of(row: Publication) -> Work:
    return Work(row.title, row.authors, row.year, row.container, row.doi, row.url, row.source)


def candidates(profile: ExpertProfile, works: Iterable[Work]) -> list[Candidate]:
    """The works of a source, those marked that need not be taken."""
    seen = {key for row in profile.publications.all() for key in work_of(row).keys}
    found = []
    for number, work in enumerate(works):
        found.append(Candidate(number, work, bool(work.keys & seen)))
        seen |= work.keys
    return found


def pack_works(works: Iterable[Work]) -> str:
    """The works in a form that a page may carry and that comes back unchanged."""
    return signing.dumps([asdict(work) for work in works], salt=PAYLOAD_SALT, compress=True)


def unpack_works(payload: str) -> list[Work]:
    """What `pack_works` packed. Raises DomainError for anything else, and after six hours."""
    try:
        return [Work(**row) for row in signing.loads(payload, salt=PAYLOAD_SALT, max_age=PAYLOAD_HOLDS)]
    except signing.BadSignature as error:
        raise DomainError(_("This list is out of date. Read it in again."), code="stale-list") from error


@transaction.atomic
def add_publications(profile: ExpertProfile, works: Iterable[Work], *, by: User) -> int:
    """Keep those that the profile does not have yet; returns how many. Refuses more than a profile can hold."""
    held = lock_profile(profile, by)
    fresh = [each.work for each in candidates(held, works) if not each.known and each.work.title]
    if held.publications.count() + len(fresh) > MOST:
        raise DomainError(_("A profile holds at most %(most)s publications.") % {"most": MOST}, code="too-many")
    Publication.objects.bulk_create([Publication(profile=held, **asdict(work)) for work in fresh])
    finish_edit(held)
    return len(fresh)


@transaction.atomic
def save_publication(profile: ExpertProfile, work: Work, *, by: User, pk: int | None = None) -> None:
    """Add one, or change the one with this id. Refuses one that the profile has already, by DOI or by title and year."""
    held = lock_profile(profile, by)
    others = held.publications.exclude(pk=pk) if pk is not None else held.publications.all()
    if any(work.keys & work_of(row).keys for row in others):
        raise DomainError(_("This publication is there already."), code="known")
    if pk is None and others.count() >= MOST:
        raise DomainError(_("A profile holds at most %(most)s publications.") % {"most": MOST}, code="too-many")
    if pk is None:
        Publication.objects.create(profile=held, **asdict(work))
    else:
        held.publications.filter(pk=pk).update(**asdict(work))
    finish_edit(held)


@transaction.atomic
def remove_publication(profile: ExpertProfile, pk: int, *, by: User) -> None:
    """Take one away; one that is gone already stays gone."""
    held = lock_profile(profile, by)
    held.publications.filter(pk=pk).delete()
    finish_edit(held)


@transaction.atomic
def save_orcid(profile: ExpertProfile, orcid: str, *, by: User) -> ExpertProfile:
    """Set the ORCID iD (checked before), or take it away with an empty one."""
    held = lock_profile(profile, by)
    held.orcid = orcid
    return finish_edit(held)


def proposed_spellings(profile: ExpertProfile, most: int = 5) -> list[Spelling]:
    """Authors of the publications who may be this person under a spelling the profile does not have: same last name as it sounds."""
    names = list(profile.names.all())
    families = {_sound(name.family) for name in names if name.family}
    initials = {_sound(name.given)[:1] for name in names if name.given}
    known = {(name.family.casefold(), name.given.casefold()) for name in names}
    found: dict[tuple[str, str], Spelling] = {}
    for row in profile.publications.all():
        for author in row.authors.split(";"):
            family, _comma, given = (part.strip() for part in author.partition(","))
            key = (family.casefold(), given.casefold())
            if key not in known and given and _sound(given)[:1] in initials and _is_like(_sound(family), families):
                found.setdefault(key, Spelling(family[:80], given[:80]))
    return list(found.values())[:most]


def _is_like(family: str, families: set[str]) -> bool:
    return any(ratio(family, known) >= SIMILAR for known in families)


def _sound(text: str) -> str:
    """A rough key: Latin letters alone, so that a name compares with itself in another script."""
    return "".join(char for char in anyascii(text).casefold() if char.isalpha())


@transaction.atomic
def accept_spelling(profile: ExpertProfile, spelling: Spelling, *, by: User) -> None:
    """The person says: this is me. Adds it to the spellings in publications. Refuses one that no publication proposes."""
    held = lock_profile(profile, by)
    if spelling not in proposed_spellings(held, most=MOST):
        raise DomainError(_("No publication names this author."), code="not-proposed")
    PersonName.objects.create(profile=held, kind=NameKind.PUBLICATION, family=spelling.family, given=spelling.given)
    finish_edit(held)
