import datetime

import pytest
from django.utils import timezone

from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.history import history_of
from institutions.models import Institution
from institutions.states import InstitutionState
from programs.domain.drafts import NewProgram, add_years, clone_program, create_program
from programs.domain.editing import ProgramDates, ProgramTexts, edit_dates, edit_needs, edit_places, edit_texts, edit_topics
from programs.models import CountryQuota, Program, RequiredLanguage
from programs.rules import Quota
from programs.signals import program_changed
from programs.states import ProgramState
from tests.factories import (
    ConceptFactory,
    CriterionFactory,
    InstitutionFactory,
    ProgramFactory,
    QuestionFactory,
    QuotaFactory,
    RequiredLanguageFactory,
)

TEXTS = {
    "kind": "residency",
    "title": {"en": "Paper studio", "uz": "Qogʻoz ustaxonasi"},
    "summary": {"en": "Two months."},
    "description": {},
    "funding": {"en": "Stipend"},
}


def dates_of(program, **changes):
    names = ("modality", "city", "starts", "ends", "deadline", "deadline_zone", "offer_days", "approval_days")
    return ProgramDates(**({name: getattr(program, name) for name in names} | changes))


def places_of(program, **changes):
    quotas = {quota.country: Quota(quota.reserved, quota.most) for quota in program.quotas.all()}
    return {"seats": program.seats, "eligible_countries": program.eligible_countries, "quotas": quotas} | changes


# ---- who, when, over what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["reviewer", "other_host", "other_user"])
def test_edit_is_refused_to_others(who, draft, request):
    with pytest.raises(Refusal):
        edit_texts(draft, ProgramTexts(**TEXTS), by=request.getfixturevalue(who), version=draft.version)

    assert Program.objects.get(pk=draft.pk).title == draft.title


def test_edit_counts_the_version_and_writes_one_history_row(draft, editor):
    heard = []
    program_changed.connect(listener := lambda **kwargs: heard.append(kwargs["program_id"]))

    edit_texts(draft, ProgramTexts(**TEXTS), by=editor, version=1)

    program_changed.disconnect(listener)
    stored = Program.objects.get(pk=draft.pk)
    assert (stored.version, stored.title["uz"], stored.kind) == (2, "Qogʻoz ustaxonasi", "residency")
    row = history_of(draft).get()
    assert (row.transition, row.actor, row.data) == ("edit", editor, {"section": "texts"})
    assert heard == [draft.pk]


def test_edit_over_an_older_version_changes_nothing(draft, owner, editor):
    edit_texts(draft, ProgramTexts(**TEXTS), by=owner, version=1)

    with pytest.raises(StaleError):
        edit_needs(draft, by=editor, version=1, minimum_experience=9, languages={})

    assert Program.objects.get(pk=draft.pk).version == 2
    assert Program.objects.get(pk=draft.pk).minimum_experience == 0


@pytest.mark.parametrize(("state", "allowed"), [(s, s not in ("completed", "cancelled")) for s in ProgramState.values])
def test_edit_by_state(state, allowed, institution, owner):
    program = ProgramFactory(institution=institution, state=state)

    if allowed:
        edit_texts(program, ProgramTexts(**TEXTS), by=owner, version=1)
    else:
        with pytest.raises(DomainError):
            edit_texts(program, ProgramTexts(**TEXTS), by=owner, version=1)

    assert (Program.objects.get(pk=program.pk).kind == "residency") is allowed


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "holiday"},
        {"title": {"en": "x" * 201}},
        {"summary": {"ru": "ы" * 1501}},
    ],
)
def test_edit_texts_refuses_what_does_not_fit(draft, owner, changes):
    with pytest.raises(DomainError):
        edit_texts(draft, ProgramTexts(**(TEXTS | changes)), by=owner, version=1)

    assert Program.objects.get(pk=draft.pk).version == 1


def test_a_published_programme_keeps_its_title(program, owner):
    with pytest.raises(DomainError, match="title"):
        edit_texts(program, ProgramTexts(**(TEXTS | {"title": {}})), by=owner, version=1)

    assert Program.objects.get(pk=program.pk).title


def test_a_draft_may_lose_its_summary(draft, owner):
    edit_texts(draft, ProgramTexts(**(TEXTS | {"summary": {}})), by=owner, version=1)

    assert not Program.objects.get(pk=draft.pk).summary


# ---- what would hurt applicants -------------------------------------------------------------------------------------


def test_deadline_of_a_published_programme_moves_later_only(program, owner):
    earlier = program.deadline - datetime.timedelta(days=1)
    with pytest.raises(DomainError, match="later"):
        edit_dates(program, dates_of(program, deadline=earlier), by=owner, version=1)

    later = program.deadline + datetime.timedelta(days=1)
    edit_dates(program, dates_of(program, deadline=later), by=owner, version=1)
    assert Program.objects.get(pk=program.pk).deadline == later


def test_deadline_of_a_closed_programme_moves_freely_so_that_it_can_open_again(program, owner):
    Program.objects.filter(pk=program.pk).update(state="closed", deadline=timezone.now() - datetime.timedelta(days=3))
    program.refresh_from_db()

    edit_dates(program, dates_of(program, deadline=timezone.now() + datetime.timedelta(days=3)), by=owner, version=1)

    assert Program.objects.get(pk=program.pk).deadline > timezone.now()


def test_a_published_deadline_stays_before_the_start(program, owner):
    late = datetime.datetime.combine(program.starts, datetime.time(12), tzinfo=datetime.UTC)
    with pytest.raises(DomainError, match="before the start"):
        edit_dates(program, dates_of(program, deadline=late), by=owner, version=1)


def test_days_stay_once_places_are_offered(program, owner, used):
    used(taken={"UZ": 1})

    with pytest.raises(DomainError) as refusal:
        edit_dates(program, dates_of(program, ends=program.ends + datetime.timedelta(days=1)), by=owner, version=1)
    edit_dates(program, dates_of(program, city="Wilmington"), by=owner, version=1)

    assert refusal.value.code == "taken"
    assert Program.objects.get(pk=program.pk).city == "Wilmington"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, False),
        ({"seats": 3}, False),
        ({"seats": 2}, True),
        ({"quotas": {"UZ": Quota(0, 1)}}, True),
        ({"quotas": {"UZ": Quota(0, 2)}}, False),
        ({"quotas": {"KZ": Quota(3, None)}}, True),
        ({"quotas": {"KZ": Quota(2, None)}}, False),
    ],
)
def test_places_taken_always_fit(changes, refused, program, owner, used):
    used(taken={"UZ": 2, "TJ": 1})

    if refused:
        with pytest.raises(DomainError) as refusal:
            edit_places(program, by=owner, version=1, **places_of(program, **changes))
        assert refusal.value.code == "taken"
        assert Program.objects.get(pk=program.pk).version == 1
    else:
        edit_places(program, by=owner, version=1, **places_of(program, **changes))


def test_a_country_that_has_begun_to_apply_stays_eligible(program, owner, used):
    used(begun={"UZ": 1})

    with pytest.raises(DomainError) as refusal:
        edit_places(program, by=owner, version=1, **places_of(program, eligible_countries=["KZ"]))
    edit_places(program, by=owner, version=1, **places_of(program, eligible_countries=["KZ", "UZ"]))

    assert refusal.value.code == "begun"
    assert Program.objects.get(pk=program.pk).eligible_countries == ["KZ", "UZ"]


def test_edit_places_replaces_the_quotas(draft, owner):
    QuotaFactory(program=draft, country="UZ", reserved=1, most=1)

    edit_places(draft, by=owner, version=1, seats=7, eligible_countries=["UZ", "KZ"], quotas={"KZ": Quota(2, None), "UZ": Quota()})

    assert list(CountryQuota.objects.filter(program=draft).values_list("country", "reserved", "most")) == [("KZ", 2, None)]


@pytest.mark.parametrize(
    ("experience", "languages", "refused"),
    [
        (3, {"en": 4}, False),
        (0, {}, False),
        (2, {"en": 3}, False),
        (4, {"en": 4}, True),
        (3, {"en": 5}, True),
        (3, {"en": 4, "ru": 1}, True),
    ],
)
def test_what_is_asked_is_not_raised_once_people_apply(experience, languages, refused, owner, used):
    program = ProgramFactory(institution_id=owner.memberships.get().institution_id, country="US", minimum_experience=3)
    RequiredLanguageFactory(program=program, language="en", level=4)
    used(begun={"UZ": 1})

    if refused:
        with pytest.raises(DomainError) as refusal:
            edit_needs(program, by=owner, version=1, minimum_experience=experience, languages=languages)
        assert refusal.value.code == "begun"
    else:
        edit_needs(program, by=owner, version=1, minimum_experience=experience, languages=languages)
        assert dict(RequiredLanguage.objects.filter(program=program).values_list("language", "level")) == languages
        assert Program.objects.get(pk=program.pk).language_codes == sorted(languages)


def test_edit_topics_fills_the_fields_that_lists_read(draft, owner):
    field = ConceptFactory(slug="restoration", scheme="field")
    narrow = ConceptFactory(
        slug="suzani-cleaning", scheme="technique", broader=field, label={"en": "cleaning suzani", "ru": "чистка сузани"}
    )

    edit_topics(draft, by=owner, version=1, concepts=[narrow.pk])

    stored = Program.objects.get(pk=draft.pk)
    assert stored.field_ids == [field.pk]


def test_edit_topics_refuses_the_unknown(draft, owner):
    with pytest.raises(DomainError):
        edit_topics(draft, by=owner, version=1, concepts=[987654])


# ---- beginning ------------------------------------------------------------------------------------------------------


def start(institution, by, **changes):
    facts = {
        "kind": "exchange",
        "title": {"en": "Paper studio"},
        "starts": datetime.date(2030, 1, 10),
        "ends": datetime.date(2030, 3, 1),
        "seats": 3,
    }
    return create_program(institution, NewProgram(**(facts | changes)), by=by)


def test_create_program_makes_a_draft_with_sensible_proposals(editor, institution):
    program = start(institution, editor)

    assert (program.state, program.slug, program.was_published) == ("draft", "paper-studio", False)
    assert program.eligible_countries == ["KG", "KZ", "TJ", "TM", "UZ"]
    assert (program.country, program.city) == ("US", "Newark")
    assert [row.transition for row in history_of(program)] == ["create"]


def test_create_program_finds_an_address_of_its_own(editor, institution):
    slugs = {start(institution, editor).slug for _ in range(3)}
    russian = start(institution, editor, title={"ru": "Бумажная мастерская"})

    assert len(slugs) == 3
    assert all(slug.startswith("paper-studio") for slug in slugs)
    assert russian.slug == f"{institution.slug}-exchange"


@pytest.mark.parametrize(
    ("country", "place", "zone"),
    [
        ("UZ", (66.9, 39.6), "Asia/Tashkent"),
        ("US", (-75.7, 39.7), "America/New_York"),
        ("US", (-87.6, 41.8), "America/Chicago"),
        ("US", (-104.9, 39.7), "America/Denver"),
        ("US", (-112.0, 33.4), "America/Phoenix"),
        ("US", (-118.2, 34.0), "America/Los_Angeles"),
        ("US", (-149.9, 61.2), "America/Anchorage"),
        ("US", (-157.8, 21.3), "Pacific/Honolulu"),
        ("US", (None, None), "America/New_York"),
    ],
)
def test_create_program_proposes_the_hosts_clock(country, place, zone, institution, editor):
    Institution.objects.filter(pk=institution.pk).update(country=country, longitude=place[0], latitude=place[1])
    institution.refresh_from_db()

    assert start(institution, editor).deadline_zone == zone


@pytest.mark.parametrize("who", ["reviewer", "other_host", "other_user"])
def test_create_program_is_refused_to_others(who, institution, request):
    with pytest.raises(Refusal):
        start(institution, request.getfixturevalue(who))

    assert not Program.objects.exists()


@pytest.mark.parametrize("state", [InstitutionState.UNVERIFIED, InstitutionState.SUSPENDED])
def test_create_program_waits_for_verification(state, institution, owner):
    institution.state = state
    institution.save()

    with pytest.raises(DomainError, match="verify"):
        start(institution, owner)


def test_clone_takes_everything_but_dates_and_state(program, owner):
    program.description, program.funding, program.minimum_experience = {"en": "Long"}, {"ru": "Стипендия"}, 4
    program.save()
    program.concepts.set([ConceptFactory(), ConceptFactory()])
    QuotaFactory(program=program, country="UZ", reserved=1, most=2)
    RequiredLanguageFactory(program=program)
    question = QuestionFactory(program=program, kind="one_of", choices=[{"id": "0", "en": "a"}, {"id": "1", "en": "b"}])
    CriterionFactory(program=program, weight=7)
    Program.objects.filter(pk=program.pk).update(state="completed")
    program.refresh_from_db()

    copy = clone_program(program, by=owner)

    stored = Program.objects.get(pk=copy.pk)
    assert (stored.state, stored.was_published, stored.version, stored.published_at) == ("draft", False, 1, None)
    assert (stored.title, stored.description, stored.funding, stored.minimum_experience) == (
        program.title,
        {"en": "Long"},
        {"ru": "Стипендия"},
        4,
    )
    assert set(stored.concepts.all()) == set(program.concepts.all())
    assert list(stored.quotas.values_list("country", "reserved", "most")) == [("UZ", 1, 2)]
    assert stored.questions.get().choices == question.choices
    assert stored.criteria.get().weight == 7
    assert (stored.starts, stored.ends) == (add_years(program.starts, 1), add_years(program.ends, 1))
    assert stored.deadline.astimezone(stored.zone).time() == program.deadline.astimezone(program.zone).time()
    assert Program.objects.get(pk=program.pk).questions.count() == 1
    assert [(row.transition, row.data) for row in history_of(copy)] == [("create", {"clone_of": program.pk})]


def test_clone_of_an_old_programme_lies_ahead(institution, owner):
    old = ProgramFactory(
        institution=institution, state="completed", starts=datetime.date(2020, 2, 29), ends=datetime.date(2020, 5, 1), deadline=None
    )

    copy = clone_program(old, by=owner)

    assert copy.starts > timezone.localdate()
    assert (copy.starts.month, copy.ends.month, copy.deadline) == (2, 5, None)


def test_clone_is_refused_to_another_host(program, other_host):
    with pytest.raises(Refusal):
        clone_program(program, by=other_host)

    assert Program.objects.count() == 1


def test_a_host_sees_no_drafts_of_another(draft, other_host, owner, reviewer, other_user):
    InstitutionFactory()

    assert not Program.objects.visible_to(other_host).exists()
    assert not Program.objects.visible_to(other_user).exists()
    assert not Program.objects.visible_to(None).exists()
    assert Program.objects.visible_to(owner).get() == Program.objects.visible_to(reviewer).get() == draft
