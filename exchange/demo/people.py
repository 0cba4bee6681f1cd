"""Demonstration experts: generated from a seed and written in chunks. The same seed makes the same people."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exchange.core.spoken_languages import Level
from exchange.demo.bulk import insert, insert_computed, reserve_keys
from exchange.demo.names import Spelling, name_person
from exchange.demo.occupations import OCCUPATIONS, Occupation
from exchange.demo.texts import ABOUT, ABOUT_CRAFT, one_of, written
from exchange.demo.towns import COUNTRY_WEIGHTS, TOWNS, pick
from exchange.reference.places import zone_of
from institutions.models import Institution
from profiles.domain.profiles import prepare_index
from profiles.models import AvailabilityWindow, Competence, ExpertProfile, LanguageSkill, PersonName, ProfileField
from profiles.states import Audience, Part, SkillLevel
from search.domain.indexing import refresh_later
from search.models import SearchKind
from vocabulary.domain.vocabulary import Vocabulary, vocabulary

DOMAIN = "demo.miras.example"
OWN_LANGUAGE = {"KZ": "kk", "KG": "ky", "TJ": "tg", "TM": "tk", "UZ": "uz", "US": "en"}
RUSSIAN = {"KZ": 0.97, "KG": 0.95, "TJ": 0.85, "TM": 0.75, "UZ": 0.85, "US": 0.15}
"""The share of people who speak Russian."""
ENGLISH = {"KZ": 0.75, "KG": 0.7, "TJ": 0.6, "TM": 0.6, "UZ": 0.7}
READS_RUSSIAN = {"KZ": 0.55, "KG": 0.5, "TJ": 0.5, "TM": 0.45, "UZ": 0.45, "US": 0.0}
"""The share of people who use the site in Russian; the rest use their own language or English."""
CHUNK = 500


@dataclass(frozen=True)
class Employer:
    """The data of an institution that employers are chosen by."""

    id: int
    country: str
    city: str
    kind: str
    short_name: str
    fields: frozenset[int]


@dataclass
class World:
    """The data that people are generated from: the vocabulary, employers, today."""

    words: Vocabulary
    employers: dict[str, list[Employer]]
    now: datetime.datetime
    occupations: dict[str, tuple[list[Occupation], list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for country in COUNTRY_WEIGHTS:
            weights = [occupation.countries.get(country, 1) for occupation in OCCUPATIONS]
            self.occupations[country] = (list(OCCUPATIONS), weights)

    @property
    def today(self) -> datetime.date:
        return self.now.date()

    def field_ids(self, occupation: Occupation) -> set[int]:
        """The fields of an occupation with all their broader concepts."""
        own = {self.words.by_slug(slug).id for slug in (occupation.main, *occupation.fields)}
        return own | {above for concept in own for above in self.words.ancestors(concept)}


def load_world() -> World:
    """Load this data from the database."""
    employers: dict[str, list[Employer]] = {}
    for row in Institution.objects.order_by("slug").prefetch_related("fields"):
        fields = frozenset(concept.pk for concept in row.fields.all())
        employers.setdefault(row.country, []).append(Employer(row.pk, row.country, row.city, row.kind, row.short_name, fields))
    return World(vocabulary(), employers, timezone.now())


@dataclass
class Person:
    """One expert as unsaved rows."""

    user: User
    profile: ExpertProfile
    names: list[PersonName]
    fields: list[ProfileField]
    competences: list[Competence]
    languages: list[LanguageSkill]
    windows: list[AvailabilityWindow]
    occupation: Occupation


def address_of(seed: int, number: int) -> str:
    return f"expert-{seed}-{number}@{DOMAIN}"


def seed_experts(count: int, *, seed: int, world: World, advance: Callable[[int], None] = lambda done: None) -> int:
    """Create the missing ones of the first `count` experts of this seed; returns how many.

    Each chunk is one transaction, so an interrupted run is continued by the next one.
    """
    prefix = f"expert-{seed}-"
    known = set(User.objects.filter(email__startswith=prefix, email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
    missing = [number for number in range(1, count + 1) if address_of(seed, number) not in known]
    advance(count - len(missing))
    password = make_password(None)
    for start in range(0, len(missing), CHUNK):
        numbers = missing[start : start + CHUNK]
        write_people([make_person(number, seed=seed, world=world) for number in numbers], password=password)
        advance(len(numbers))
    return len(missing)


# ---- one person -----------------------------------------------------------------------------------------------------


def make_person(number: int, *, seed: int, world: World, country: str = "", occupation: Occupation | None = None) -> Person:
    """Expert `number` of a seed; does not depend on other rows."""
    random = Random(f"{seed}:expert:{number}")
    country = country or pick(COUNTRY_WEIGHTS, random)
    occupation = occupation or random.choices(*world.occupations[country])[0]
    _woman, spellings = name_person(country, random)
    years = min(40, 1 + int(random.gammavariate(2.2, 5.5)))
    confirmed = world.now - datetime.timedelta(days=int(random.triangular(0, 600, 40)), minutes=random.randrange(1440))
    joined = confirmed - datetime.timedelta(days=random.randrange(0, 500), minutes=random.randrange(1440))
    town = pick(TOWNS[country], random)
    employer = _employer(occupation, country, town, world, random)
    if employer is not None and random.random() < 0.85:
        town = employer.city
    language = _site_language(country, random)
    user = User(
        email=address_of(seed, number),
        name=spellings[0].short,
        language=language,
        time_zone=zone_of(country, town).key,
        is_demo=True,
        date_joined=joined,
    )
    profile = ExpertProfile(
        user=user,
        country=country,
        city=town,
        affiliation_id=employer.id if employer else None,
        headline=_headline(occupation, employer, language, world, random),
        experience_years=years if random.random() < 0.95 else None,
        lead_time_days=random.choice([14, 30, 30, 30, 45, 60, 90]),
        longest_stay_days=random.choice([None, None, None, 14, 30, 45, 60, 90, 120, 180, 270]),
        audience=random.choices([Audience.MEMBERS, Audience.EVERYONE, Audience.COORDINATORS, Audience.ONLY_ME], [68, 27, 4, 1])[0],
        audiences=_audiences(random),
        confirmed_on=confirmed.date(),
        is_demo=True,
        created_at=joined,
        updated_at=confirmed,
    )
    if profile.experience_years and random.random() < 0.7:
        texts = ABOUT_CRAFT if occupation.craft else ABOUT
        profile.biography_language = "ru" if language in {"ru", "kk", "ky", "tg"} and random.random() < 0.8 else "en"
        thing = occupation.thing[profile.biography_language]
        profile.biography = written(one_of(texts, random), profile.biography_language, years=years, thing=thing)
    return Person(
        user=user,
        profile=profile,
        names=_names(spellings),
        fields=_fields(occupation, world, random),
        competences=_competences(occupation, years, world, random),
        languages=_languages(country, town, random),
        windows=_windows(world.today, random),
        occupation=occupation,
    )


def _site_language(country: str, random: Random) -> str:
    if random.random() < READS_RUSSIAN[country]:
        return "ru"
    return OWN_LANGUAGE[country] if random.random() < 0.85 else "en"


def _employer(occupation: Occupation, country: str, town: str, world: World, random: Random) -> Employer | None:
    """An institution of the same country whose kind and fields fit, preferably in the same town; craft masters often have none."""
    if random.random() < (0.6 if occupation.craft else 0.12):
        return None
    work = world.field_ids(occupation)
    fitting = [each for each in world.employers.get(country, []) if each.kind in occupation.employers and each.fields & work]
    near = [each for each in fitting if each.city == town]
    return random.choice(near or fitting) if fitting else None


def _headline(occupation: Occupation, employer: Employer | None, language: str, world: World, random: Random) -> str:
    label = world.words.by_slug(occupation.main).label.in_language(language)
    headline = label[:1].upper() + label[1:]
    if employer and employer.short_name and random.random() < 0.6:
        headline += f" · {employer.short_name}"
    return headline[:160]


def _audiences(random: Random) -> dict[str, str]:
    chosen: dict[str, str] = {}
    if random.random() < 0.25:
        chosen[Part.CONTACT] = Audience.MEMBERS
    if random.random() < 0.1:
        chosen[Part.CITY] = Audience.EVERYONE
    if random.random() < 0.06:
        chosen[Part.AVAILABILITY] = Audience.COORDINATORS
    if random.random() < 0.04:
        chosen[Part.LANGUAGES] = Audience.ONLY_ME
    return {str(part): str(audience) for part, audience in chosen.items()}


def _names(spellings: list[Spelling]) -> list[PersonName]:
    return [
        PersonName(kind=each.kind, language=each.language, given=each.given, family=each.family, patronymic=each.patronymic)
        for each in spellings
    ]


def _fields(occupation: Occupation, world: World, random: Random) -> list[ProfileField]:
    """The specialism is primary, often a wider field too; others are secondary."""
    beside = [slug for slug in occupation.fields if random.random() < 0.75]
    rows = [(occupation.main, True), *((slug, random.random() < 0.3) for slug in beside)]
    return [ProfileField(concept_id=world.words.by_slug(slug).id, primary=primary) for slug, primary in rows]


def _competences(occupation: Occupation, years: int, world: World, random: Random) -> list[Competence]:
    """Two or more competences of the occupation, with levels by years of practice."""
    chosen = random.sample(occupation.competences, k=min(len(occupation.competences), random.choice([1, 2, 2, 3, 3, 4])))
    rows = []
    for technique, material, thing in chosen:
        skill = years + random.gauss(0, 4)
        level = (
            SkillLevel.TEACHES
            if skill > 20
            else SkillLevel.LEADS
            if skill > 10
            else SkillLevel.PRACTISES
            if skill > 3
            else SkillLevel.TRAINED
        )
        last = world.today.year - min(years, int(random.expovariate(0.7)))
        rows.append(
            Competence(
                technique_id=_id(technique, world),
                material_id=_id(material, world),
                object_type_id=_id(thing, world),
                level=level,
                last_year=last if random.random() < 0.92 else None,
            )
        )
    return rows


def _id(slug: str | None, world: World) -> int | None:
    return world.words.by_slug(slug).id if slug else None


def _languages(country: str, town: str, random: Random) -> list[LanguageSkill]:
    own = OWN_LANGUAGE[country]
    levels: dict[str, int] = {own: Level.NATIVE}
    if random.random() < RUSSIAN[country]:
        levels["ru"] = random.choices([Level.A2, Level.B1, Level.B2, Level.C1, Level.C2, Level.NATIVE], [4, 12, 26, 30, 14, 14])[0]
        if country == "US":
            levels["ru"] = random.choice([Level.A2, Level.B1, Level.B2])
    if country != "US" and random.random() < ENGLISH[country]:
        levels["en"] = random.choices([Level.A1, Level.A2, Level.B1, Level.B2, Level.C1, Level.C2], [6, 20, 30, 27, 14, 3])[0]
    if country == "UZ" and town in {"Samarkand", "Bukhara"} and random.random() < 0.6:
        levels["tg"] = random.choice([Level.B2, Level.C1, Level.NATIVE])
    if country == "TJ" and random.random() < 0.25:
        levels["fa"] = random.choice([Level.B2, Level.C1])
    if country == "US" and random.random() < 0.12:
        levels[random.choice(["uz", "kk", "ky", "tg"])] = random.choice([Level.A1, Level.A2, Level.B1])
    for code, share in (("tr", 0.12 if country in {"TM", "KG", "KZ"} else 0.04), ("de", 0.06), ("fr", 0.05)):
        if random.random() < share:
            levels[code] = random.choice([Level.A2, Level.B1, Level.B2])
    return [
        LanguageSkill(language=code, level=level, can_teach=level >= Level.C1 and random.random() < 0.5)
        for code, level in levels.items()
    ]


def _windows(today: datetime.date, random: Random) -> list[AvailabilityWindow]:
    """Periods of availability within the next 18 months; none for one in five."""
    if random.random() < 0.2:
        return []
    found = []
    starts = today + datetime.timedelta(days=random.randrange(-60, 120))
    for _ in range(random.choice([1, 1, 2])):
        ends = starts + datetime.timedelta(days=random.choice([45, 90, 120, 180, 270, 365, 540]))
        found.append(AvailabilityWindow(starts=starts, ends=ends))
        starts = ends + datetime.timedelta(days=random.randrange(30, 150))
    return found


# ---- writing --------------------------------------------------------------------------------------------------------


@transaction.atomic
def write_people(people: list[Person], *, password: str) -> None:
    """Write accounts, profiles and their parts, with the index columns that lists and search read, as the actions of profiles do."""
    keys = reserve_keys(User, len(people)), reserve_keys(ExpertProfile, len(people))
    for person, user_key, profile_key in zip(people, *keys, strict=True):
        person.user.pk, person.user.password = user_key, password
        person.profile.pk, person.profile.user_id = profile_key, user_key
        for row in _parts(person):
            row.profile_id = profile_key
        index(person)
    insert(User, [person.user for person in people])
    insert_computed(ExpertProfile, [person.profile for person in people])
    for model, name in PARTS.items():
        insert(model, [row for person in people for row in getattr(person, name)])
    refresh_later(SearchKind.EXPERT, [person.profile.pk for person in people])


PARTS: dict[Any, str] = {
    PersonName: "names",
    ProfileField: "fields",
    Competence: "competences",
    LanguageSkill: "languages",
    AvailabilityWindow: "windows",
}


def _parts(person: Person) -> Iterable[Any]:
    for name in PARTS.values():
        yield from getattr(person, name)


def index(person: Person) -> None:
    """Set the index columns from rows in memory, as if they had been prefetched."""
    profile = person.profile
    profile._prefetched_objects_cache = {  # type: ignore[attr-defined]  # noqa: SLF001 -- as prefetch_related leaves it
        "names": person.names,
        "profile_fields": person.fields,
        "competences": sorted(person.competences, key=lambda row: (-row.level, -(row.last_year or 9999))),
        "languages": sorted(person.languages, key=lambda row: (-row.level, row.language)),
        "windows": person.windows,
    }
    prepare_index(profile)
