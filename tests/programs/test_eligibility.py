import datetime

import pytest
from django.utils import translation

from exchange.core.spoken_languages import Level
from profiles.models import ExpertProfile
from programs.domain.eligibility import WORDS, check_eligibility, evaluate, reason_of
from programs.models import Program
from programs.rules import Candidate, Criteria, Finding
from programs.states import ProgramState
from tests.factories import LanguageSkillFactory, ProgramFactory, QuotaFactory, RequiredLanguageFactory, WindowFactory

START, END = datetime.date(2027, 8, 30), datetime.date(2027, 12, 17)
ASK = Criteria(countries=frozenset({"UZ", "KZ"}), starts=START, ends=END, languages=(("en", Level.B2),), experience=3)
FITS = {"country": "UZ", "languages": {"en": Level.C1}, "experience": 10}


def test_weigh_hints_do_not_keep_anybody_out():
    soon = datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(days=10)
    ask = Criteria(**(vars(ASK) | {"starts": soon, "ends": soon + datetime.timedelta(days=20)}))

    answer = evaluate(ask, Candidate(**FITS, lead_days=30))

    assert answer.eligible
    assert [hint.code for hint in answer.hints] == ["no_windows", "notice"]
    assert all(hint.fix_url for hint in answer.hints)


def test_every_code_has_words_in_which_nothing_is_left_open():
    asks = [
        Criteria(**(vars(ASK) | {"open": False, "left": {"UZ": 0}})),
        ASK,
        Criteria(**(vars(ASK) | {"languages": (("en", 4), ("ru", 3))})),
    ]
    asks.append(Criteria(**(vars(ASK) | {"starts": datetime.datetime.now(tz=datetime.UTC).date()})))
    people = [
        Candidate("UZ", {"en": 1}, 1, ((START, START),), 400, 1),
        Candidate("US", {}, None),
        Candidate("UZ", {"en": 6}, 9),
    ]

    seen = {}
    for ask in asks:
        for person in people:
            answer = evaluate(ask, person)
            seen |= {reason.code: reason.text for reason in (*answer.reasons, *answer.hints)}

    seen["institution"] = reason_of(Finding("institution")).text  # found by matching alone
    assert set(WORDS) == set(seen)
    assert not any("%(" in text for text in seen.values())


def test_check_eligibility_says_what_was_compared(program, expert):
    RequiredLanguageFactory(program=program)
    WindowFactory(profile=expert)

    answer = check_eligibility(program, expert)

    assert answer.eligible
    assert answer.fits == ("your country", "English (you have C1, needed B2)", "your dates")


def test_check_eligibility_speaks_the_readers_language_at_the_moment_of_asking(program, expert):
    RequiredLanguageFactory(program=program, language="ru", level=Level.B1)

    with translation.override("en"):
        assert "Russian: at least B1" in check_eligibility(program, expert).reasons[0].text


def test_check_eligibility_counts_places_taken(program, expert, used):
    QuotaFactory(program=program, country="UZ", reserved=1, most=1)
    used(taken={"UZ": 1})

    answer = check_eligibility(program, expert)

    assert answer.codes == ["places"]
    assert answer.reasons[0].fix_url == ""


def test_check_eligibility_closed_whatever_the_state(expert):
    for state in ProgramState:
        program = ProgramFactory(state=state)
        assert check_eligibility(program, expert).eligible is (state == ProgramState.PUBLISHED)


def test_check_eligibility_closed_a_moment_after_the_deadline(expert):
    program = ProgramFactory(deadline=datetime.datetime.now(tz=datetime.UTC) - datetime.timedelta(seconds=1))

    assert check_eligibility(program, expert).codes == ["closed"]


@pytest.mark.parametrize("rows", [1, 3])
def test_check_eligibility_asks_the_same_number_of_queries(rows, program, expert, django_assert_num_queries):
    for language in ["ru", "kk", "ky"][:rows]:
        RequiredLanguageFactory(program=program, language=language)
        LanguageSkillFactory(profile=expert, language=language)
        WindowFactory(profile=expert)
    for country in ["UZ", "KZ", "TJ"][:rows]:
        QuotaFactory(program=program, country=country, reserved=1, most=2)
    program, expert = Program.objects.get(pk=program.pk), ExpertProfile.objects.get(pk=expert.pk)

    with django_assert_num_queries(5):
        check_eligibility(program, expert)
