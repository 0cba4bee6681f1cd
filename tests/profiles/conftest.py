"""The cast of this app: an expert with a full profile, and the readers who look at it."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from exchange.core.spoken_languages import Level
from profiles.domain.profiles import refresh_index
from profiles.models import PersonName, ProfileField
from profiles.states import NameKind
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
    return {"stranger": AnonymousUser(), "member": member, "host": host, "coordinator": coordinator, "secretariat": secretariat}


@pytest.fixture
def museum():
    return InstitutionFactory(slug="museum", country="UZ", name={"en": "Museum of silk", "ru": "Музей шёлка"}, state="unverified")


@pytest.fixture
def owner(museum):
    return MembershipFactory(institution=museum).user
