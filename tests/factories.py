"""Plausible rows for tests. Shared by all apps; every factory creates the smallest valid row."""

import datetime
from decimal import Decimal

import factory
from django.utils import timezone

from accounts.models import CoordinatorAppointment, User
from applications.models import Application, Review
from applications.states import ApplicationState
from exchange.core.spoken_languages import Level
from institutions.models import Institution, Membership
from institutions.states import InstitutionState
from partnerships.models import Agreement
from placements.models import Approval, Placement
from placements.states import Side
from profiles.models import AvailabilityWindow, Competence, ExpertProfile, LanguageSkill, PersonName
from profiles.states import NameKind
from programs.models import CountryQuota, Criterion, Program, Question, RequiredLanguage
from programs.states import ProgramState
from vocabulary.models import Concept

PASSWORD = "correct-horse-battery-staple"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        from allauth.account.models import EmailAddress

        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class ConceptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Concept
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"concept-{n}")
    scheme = "field"
    label = factory.LazyAttribute(lambda o: {"en": o.slug.replace("-", " "), "ru": f"понятие {o.slug}"})


class InstitutionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Institution

    slug = factory.Sequence(lambda n: f"institution-{n}")
    name = factory.LazyAttribute(lambda o: {"en": f"Museum {o.slug}", "ru": f"Музей {o.slug}"})
    kind = "museum"
    country = "US"
    city = "Newark"
    state = InstitutionState.VERIFIED


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    institution = factory.SubFactory(InstitutionFactory)
    user = factory.SubFactory(UserFactory)
    role = "owner"


class CoordinatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CoordinatorAppointment

    user = factory.SubFactory(UserFactory)
    country = "UZ"
    starts = datetime.date(2020, 1, 1)


class ExpertFactory(factory.django.DjangoModelFactory):
    """An expert with a native and a Latin name; lists read `shown_name`."""

    class Meta:
        model = ExpertProfile
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    country = "UZ"
    city = "Bukhara"
    shown_name = factory.Sequence(lambda n: f"Дилноза Раҳимова {n}")
    latin_name = factory.Sequence(lambda n: f"Dilnoza Rahimova {n}")
    sort_name = factory.Sequence(lambda n: f"rahimova dilnoza {n:06}")
    experience_years = 10

    @factory.post_generation
    def named(self, create, extracted, **kwargs):
        if create and extracted is not False:
            PersonName.objects.create(
                profile=self, kind=NameKind.NATIVE, language="uz", given="Дилноза", family=f"Раҳимова {self.pk}"
            )
            PersonName.objects.create(
                profile=self, kind=NameKind.LATIN, language="en", given="Dilnoza", family=f"Rahimova {self.pk}"
            )


class LanguageSkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LanguageSkill

    profile = factory.SubFactory(ExpertFactory)
    language = "en"
    level = Level.C1


class CompetenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Competence

    profile = factory.SubFactory(ExpertFactory)
    technique = factory.SubFactory(ConceptFactory, scheme="technique")
    level = 3
    last_year = 2026


class WindowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AvailabilityWindow

    profile = factory.SubFactory(ExpertFactory)
    starts = factory.LazyFunction(lambda: timezone.now().date())
    ends = factory.LazyFunction(lambda: timezone.now().date() + datetime.timedelta(days=700))


class ProgramFactory(factory.django.DjangoModelFactory):
    """A published programme of a verified US museum, open for a month, 5 places, everybody eligible but the host country."""

    class Meta:
        model = Program

    slug = factory.Sequence(lambda n: f"programme-{n}")
    institution = factory.SubFactory(InstitutionFactory)
    kind = "exchange"
    title = factory.LazyAttribute(lambda o: {"en": f"Textile {o.slug}", "ru": f"Текстиль {o.slug}"})
    summary = {"en": "A semester in the studio.", "ru": "Семестр в мастерской."}
    country = factory.LazyAttribute(lambda o: o.institution.country)
    city = "Newark"
    starts = factory.LazyFunction(lambda: timezone.now().date() + datetime.timedelta(days=120))
    ends = factory.LazyFunction(lambda: timezone.now().date() + datetime.timedelta(days=200))
    deadline = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=30))
    deadline_zone = "America/New_York"
    seats = 5
    eligible_countries = ["KZ", "KG", "TJ", "TM", "UZ"]
    state = ProgramState.PUBLISHED
    was_published = True
    published_at = factory.LazyFunction(timezone.now)


class QuotaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CountryQuota

    program = factory.SubFactory(ProgramFactory)
    country = "UZ"
    reserved = 2
    most = 2


class RequiredLanguageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RequiredLanguage

    program = factory.SubFactory(ProgramFactory)
    language = "en"
    level = Level.B2


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    program = factory.SubFactory(ProgramFactory)
    label = {"en": "Which object will you document?", "ru": "Какой предмет вы опишете?"}


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion

    program = factory.SubFactory(ProgramFactory)
    label = {"en": "Experience", "ru": "Опыт"}
    weight = 2


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A submitted application."""

    class Meta:
        model = Application

    program = factory.SubFactory(ProgramFactory)
    expert = factory.SubFactory(ExpertFactory)
    country = factory.LazyAttribute(lambda o: o.expert.country)
    state = ApplicationState.SUBMITTED
    statement = "I restore suzani."
    submitted_at = factory.LazyFunction(timezone.now)


class ReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Review

    application = factory.SubFactory(ApplicationFactory)
    reviewer = factory.SubFactory(UserFactory)
    mean = Decimal("4.00")


class AgreementFactory(factory.django.DjangoModelFactory):
    """A memorandum in force from last year for three years."""

    class Meta:
        model = Agreement

    reference = factory.Sequence(lambda n: f"M-{n}")
    title = factory.LazyAttribute(lambda o: {"en": f"Memorandum {o.reference}", "ru": f"Меморандум {o.reference}"})
    first = factory.SubFactory(InstitutionFactory)
    second = factory.SubFactory(InstitutionFactory, country="UZ", city="Samarkand")
    valid_from = factory.LazyFunction(lambda: timezone.now().date() - datetime.timedelta(days=365))
    valid_until = factory.LazyFunction(lambda: timezone.now().date() + datetime.timedelta(days=730))


class PlacementFactory(factory.django.DjangoModelFactory):
    """A placement waiting for both countries (approvals made with it)."""

    class Meta:
        model = Placement
        skip_postgeneration_save = True

    application = factory.SubFactory(ApplicationFactory, state=ApplicationState.ACCEPTED)
    program = factory.LazyAttribute(lambda o: o.application.program)
    expert = factory.LazyAttribute(lambda o: o.application.expert)
    sending_country = factory.LazyAttribute(lambda o: o.application.country)
    host_country = factory.LazyAttribute(lambda o: o.application.program.country)
    starts = factory.LazyAttribute(lambda o: o.application.program.starts)
    ends = factory.LazyAttribute(lambda o: o.application.program.ends)

    @factory.post_generation
    def approvals(self, create, extracted, **kwargs):
        if create and extracted is not False:
            due = timezone.now().date() + datetime.timedelta(days=7)
            for country, side in {self.sending_country: Side.SENDING, self.host_country: Side.HOST}.items():
                Approval.objects.create(placement=self, country=country, side=side, due_on=due)
