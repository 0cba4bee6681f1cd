"""Publications of a profile: entered by hand, read from BibTeX or fetched from ORCID, without duplicates."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from anyascii import anyascii
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rapidfuzz.fuzz import ratio

from accounts.models import User
from exchange.core.bibliography.works import Work
from exchange.core.errors import DomainError
from profiles.domain.profiles import finish_edit, lock_profile
from profiles.models import ExpertProfile, PersonName, Publication
from profiles.states import NameKind

MAX_PUBLICATIONS = 300
PAYLOAD_SALT = "profiles.publications"
PAYLOAD_HOLDS = 6 * 3600
SIMILAR = 85
"""Minimum similarity (0 to 100) of two last names that may be spellings of one: Rahimova and Rakhimova have 94."""


@dataclass(frozen=True)
class FoundWork:
    """A work found in a source; `known` when the profile has it already, or it came earlier in the same source."""

    number: int
    work: Work
    known: bool


@dataclass(frozen=True)
class Spelling:
    """The name of an author that may be a spelling of this person's name."""

    family: str
    given: str

    @property
    def text(self) -> str:
        return ", ".join(filter(None, [self.family, self.given]))


def work_of(row: Publication) -> Work:
    return Work(row.title, row.authors, row.year, row.container, row.doi, row.url, row.source)


def found_works(profile: ExpertProfile, works: Iterable[Work]) -> list[FoundWork]:
    """The works of a source; those the profile has already are marked."""
    seen = {key for row in profile.publications.all() for key in work_of(row).keys}
    found = []
    for number, work in enumerate(works):
        found.append(FoundWork(number, work, bool(work.keys & seen)))
        seen |= work.keys
    return found


def pack_works(works: Iterable[Work]) -> str:
    """The works as a signed payload for a hidden form field."""
    return signing.dumps([asdict(work) for work in works], salt=PAYLOAD_SALT, compress=True)


def unpack_works(payload: str) -> list[Work]:
    """What `pack_works` packed. Raises DomainError for any other payload, and after six hours."""
    try:
        return [Work(**row) for row in signing.loads(payload, salt=PAYLOAD_SALT, max_age=PAYLOAD_HOLDS)]
    except signing.BadSignature as error:
        raise DomainError(_("This list is out of date. Load it again."), code="stale-list") from error


@transaction.atomic
def add_publications(profile: ExpertProfile, works: Iterable[Work], *, by: User) -> int:
    """Add the works that the profile does not have yet; returns how many. Refuses more than `MAX_PUBLICATIONS`."""
    locked = lock_profile(profile, by)
    fresh = [each.work for each in found_works(locked, works) if not each.known and each.work.title]
    if locked.publications.count() + len(fresh) > MAX_PUBLICATIONS:
        raise DomainError(_("A profile holds at most %(most)s publications.") % {"most": MAX_PUBLICATIONS}, code="too-many")
    Publication.objects.bulk_create([Publication(profile=locked, **asdict(work)) for work in fresh])
    finish_edit(locked)
    return len(fresh)


@transaction.atomic
def save_publication(profile: ExpertProfile, work: Work, *, by: User, pk: int | None = None) -> None:
    """Add one, or change the one with this id. Refuses one that the profile has already, by DOI or by title and year."""
    locked = lock_profile(profile, by)
    others = locked.publications.exclude(pk=pk) if pk is not None else locked.publications.all()
    if any(work.keys & work_of(row).keys for row in others):
        raise DomainError(_("This publication is already in the list."), code="known")
    if pk is None and others.count() >= MAX_PUBLICATIONS:
        raise DomainError(_("A profile holds at most %(most)s publications.") % {"most": MAX_PUBLICATIONS}, code="too-many")
    if pk is None:
        Publication.objects.create(profile=locked, **asdict(work))
    else:
        locked.publications.filter(pk=pk).update(**asdict(work))
    finish_edit(locked)


@transaction.atomic
def remove_publication(profile: ExpertProfile, pk: int, *, by: User) -> None:
    """Delete one; does nothing when it is deleted already."""
    locked = lock_profile(profile, by)
    locked.publications.filter(pk=pk).delete()
    finish_edit(locked)


@transaction.atomic
def save_orcid(profile: ExpertProfile, orcid: str, *, by: User) -> ExpertProfile:
    """Set the ORCID iD (validated before), or remove it with an empty one."""
    locked = lock_profile(profile, by)
    locked.orcid = orcid
    return finish_edit(locked)


def proposed_spellings(profile: ExpertProfile, most: int = 5) -> list[Spelling]:
    """Authors of the publications who may be this person under a spelling the profile lacks: the last names sound alike."""
    names = list(profile.names.all())
    families = {_sound(name.family) for name in names if name.family}
    initials = {_sound(name.given)[:1] for name in names if name.given}
    known = {(name.family.casefold(), name.given.casefold()) for name in names}
    found: dict[tuple[str, str], Spelling] = {}
    for row in profile.publications.all():
        for author in row.authors.split(";"):
            family, given, *_junior = [*(part.strip() for part in author.split(",")), ""]
            key = (family.casefold(), given.casefold())
            if key not in known and given and _sound(given)[:1] in initials and _is_like(_sound(family), families):
                found.setdefault(key, Spelling(family[:80], given[:80]))
    return list(found.values())[:most]


def _is_like(family: str, families: set[str]) -> bool:
    return any(ratio(family, known) >= SIMILAR for known in families)


def _sound(text: str) -> str:
    """A phonetic key in Latin letters, so that a name can be compared across scripts."""
    return "".join(char for char in anyascii(text).casefold() if char.isalpha())


@transaction.atomic
def accept_spelling(profile: ExpertProfile, spelling: Spelling, *, by: User) -> None:
    """Add it to the profile's spellings in publications. Refuses one that no publication proposes."""
    locked = lock_profile(profile, by)
    if spelling not in proposed_spellings(locked, most=MAX_PUBLICATIONS):
        raise DomainError(_("No publication names this author."), code="not-proposed")
    PersonName.objects.create(profile=locked, kind=NameKind.PUBLICATION, family=spelling.family, given=spelling.given)
    finish_edit(locked)
