"""The cast of this app: an expert with a full profile, and the readers who look at it."""

import datetime
import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from accounts.domain.tokens import create_token
from exchange.core.spoken_languages import Level
from profiles.domain.profiles import refresh_index
from profiles.models import ImportedExpert, PersonName, Position, ProfileField
from profiles.states import Audience, NameKind
from tests.factories import (
    CompetenceFactory,
    ConceptFactory,
    CoordinatorFactory,
    ExpertFactory,
    InstitutionFactory,
    LanguageSkillFactory,
    MembershipFactory,
    UserFactory,
    WindowFactory,
)
from tests.helpers.profiles import indexed, named

__all__ = [
    "_media",
    "api",
    "coordinator",
    "duplicate",
    "host",
    "imported",
    "maker",
    "member",
    "museum",
    "own",
    "owner",
    "person",
    "profile",
    "readers",
    "secretariat",
    "textiles",
]
"""The fixtures, for the `conftest.py` of every directory that needs them."""


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def textiles():
    return ConceptFactory(slug="textiles", label={"en": "textile conservation", "ru": "реставрация текстиля"})


def full_profile(textiles, **fields):
    """A profile that says everything there is to say; every hidden thing carries a word that must not leak."""
    profile = ExpertFactory(
        city="Secretville",
        headline="Conservator of silk",
        biography="Secret biography",
        biography_language="en",
        phone="+998 00 5550199",
        affiliation=InstitutionFactory(name={"en": "Secret museum"}),
        photo=ContentFile(b"photo", name="p.jpg"),
        cv=ContentFile(b"secret cv", name="c.pdf"),
        cv_name="Secret CV.pdf",
        experience_years=17,
        named=False,
        **fields,
    )
    for kind, given, family, patronymic in [
        (NameKind.NATIVE, "Дилноза", "Раҳимова", "Secretovna"),
        (NameKind.LATIN, "Dilnoza", "Rahimova", ""),
        (NameKind.RUSSIAN, "Дилноза", "Секретова", ""),
        (NameKind.PASSPORT, "DILNOZA", "PASSPORTOVA", ""),
    ]:
        PersonName.objects.create(profile=profile, kind=kind, given=given, family=family, patronymic=patronymic)
    ProfileField.objects.create(profile=profile, concept=textiles)
    CompetenceFactory(
        profile=profile,
        technique=ConceptFactory(slug="wet", scheme="technique", label={"en": "secret cleaning"}),
        evidence="Secret",
    )
    LanguageSkillFactory(profile=profile, language="fa", level=Level.C1)
    WindowFactory(profile=profile, starts=datetime.date(2031, 5, 1), ends=datetime.date(2031, 9, 1))
    add_record(profile)
    refresh_index(profile)
    profile.refresh_from_db()
    return profile


def add_record(profile):
    """Everything on paper, and a work with a picture."""
    profile.positions.create(title="Secret post", place="Secret workshop", starts=2015)
    profile.education.create(degree="Secret degree", year=2010)
    profile.accreditations.create(title="Secret licence", body="Secret chamber", number="NUMBER-77")
    profile.publications.create(title="Secret paper", authors="Rahimova, D.", year=2020, doi="10.1000/secret")
    case = profile.cases.create(title="Secret work", story="Secret story")
    case.pictures.create(
        alt="Secret alt", holder="Secret holder", small=ContentFile(b"small", name="s.webp"), width=400, height=300
    )
    profile.orcid = "0000-0002-1825-0097"
    profile.save()


@pytest.fixture
def profile(textiles):
    return full_profile(textiles)


@pytest.fixture
def member():
    return UserFactory()


@pytest.fixture
def host():
    return MembershipFactory().user


@pytest.fixture
def coordinator():
    return CoordinatorFactory(country="KZ").user


@pytest.fixture
def secretariat():
    return UserFactory(is_secretariat=True)


@pytest.fixture
def readers(member, host, coordinator, secretariat):
    """Everybody but the person: by what they are."""
    return {"anonymous": AnonymousUser(), "member": member, "host": host, "coordinator": coordinator, "secretariat": secretariat}


@pytest.fixture
def museum():
    return InstitutionFactory(slug="museum", country="UZ", name={"en": "Museum of silk", "ru": "Музей шёлка"}, state="unverified")


@pytest.fixture
def owner(museum):
    return MembershipFactory(institution=museum).user


@pytest.fixture
def maker():
    return MembershipFactory(institution=InstitutionFactory(country="UZ"), role="editor").user


@pytest.fixture
def imported(maker):
    """A profile that an institution brought in from its table."""
    museum = maker.memberships.get().institution
    profile = ExpertFactory(user=None, named=False, city="Khiva", headline="Weaver", audience=Audience.MEMBERS)
    ImportedExpert.objects.create(
        profile=profile, source=f"institution:{museum.pk}", external_id="1", institution=museum, imported_by=maker
    )
    CompetenceFactory(profile=profile, evidence="Suzani")
    return named(profile, "Азиз", "Каримов")


@pytest.fixture
def person():
    return UserFactory(name="")


@pytest.fixture
def own(person):
    """The profile a person made for themselves."""
    return named(ExpertFactory(user=person, named=False, city=""), "Aziz", "Karimov", NameKind.LATIN)


@pytest.fixture
def duplicate():
    """A second profile of the same person, with an account of its own and everything a profile can say."""
    profile = ExpertFactory(named=False, city="Bukhara", biography="Long", biography_language="en", phone="+998")
    PersonName.objects.create(profile=profile, kind=NameKind.LATIN, given="A.", family="Karimov")
    PersonName.objects.create(profile=profile, kind=NameKind.PASSPORT, given="AZIZ", family="KARIMOV")
    ProfileField.objects.create(profile=profile, concept=ConceptFactory(slug="silk"))
    CompetenceFactory(profile=profile)
    LanguageSkillFactory(profile=profile, language="ru")
    WindowFactory(profile=profile)
    Position.objects.create(profile=profile, title="Weaver", place="Khiva", starts=2001)
    profile.audiences = {"biography": Audience.ONLY_ME}
    profile.save()
    return indexed(profile)


@pytest.fixture
def api(client):
    """Calls as somebody, with a token of their own."""

    def call(user, path, body=None, scopes=("read", "write")):
        headers = {}
        if user is not None:
            _token, text = create_token(user, name="test", scopes=scopes, by=user)
            headers["authorization"] = f"Bearer {text}"
        if body is None:
            return client.get(f"/api/v1{path}", headers=headers)
        return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)

    return call
