"""What matching stores about a person: moved with a merged profile and back, exported, deleted with the profile."""

import pytest
from django.utils import timezone

from matching.domain.choices import choose_person, dismiss_program, save_program, save_settings
from matching.domain.compute import match_program
from matching.domain.need_matching import match_need
from matching.domain.text_concepts import dismiss_concept
from matching.models import DismissedConcept, KnownMatch, MatchSettings, Need, NeedMatch, PersonChoice, ProgramChoice
from matching.periodic import mail_new_matches, match_all_needs
from matching.personal_data import export_matches
from profiles.signals import profiles_merged, profiles_unmerged
from tests.factories import ProgramFactory
from tests.matching.conftest import skilled

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(program, expert, editor, technique):
    """An expert with one of everything."""
    match_program(program.pk)
    save_settings(by=expert.user, proposed=True, weekly_mail=True)
    KnownMatch.objects.get_or_create(expert=expert, program=program)
    choose_person(expert, program, by=editor, choice="saved")
    save_program(program, by=expert.user)
    dismiss_concept(expert, technique.pk, by=expert.user)
    return expert


OWN = (ProgramChoice, PersonChoice, MatchSettings, KnownMatch, DismissedConcept)


def test_choices_move_with_a_merged_profile_and_back(source, technique):
    target = skilled(technique)

    answers = profiles_merged.send(None, target_id=target.pk, source_id=source.pk)
    assert [model.objects.filter(expert=target).count() for model in OWN] == [1] * 5
    assert not any(model.objects.filter(expert=source).exists() for model in OWN)

    moved = {key: ids for _receiver, answer in answers for key, ids in (answer or {}).items()}
    profiles_unmerged.send(None, target_id=target.pk, source_id=source.pk, moved=moved)
    assert [model.objects.filter(expert=source).count() for model in OWN] == [1] * 5


def test_what_the_target_has_itself_stays(source, technique, program):
    target = skilled(technique)
    dismiss_program(program, by=target.user, reason="dates")
    save_settings(by=target.user, proposed=False, weekly_mail=False)

    profiles_merged.send(None, target_id=target.pk, source_id=source.pk)

    assert ProgramChoice.objects.get(expert=target).choice == "dismissed"
    assert not MatchSettings.objects.get(expert=target).proposed
    assert ProgramChoice.objects.get(expert=source).choice == "saved"


def test_export_has_the_own_choices_and_no_notes_of_hosts(source):
    tables = {table.name: list(table.rows) for table in export_matches(source.user)}

    assert [row["choice"] for row in tables["choices_about_programmes"]] == ["Saved"]
    assert tables["settings_of_matching"][0]["weekly_mail"] is True
    assert len(tables["known_matches"]) == len(tables["dismissed_concepts"]) == 1
    notes = {"choices_about_programmes", "settings_of_matching", "known_matches", "dismissed_concepts"}
    assert set(tables) == notes | {"matches", "invitations"}


def test_everything_goes_with_the_profile(source, program, technique):
    day = timezone.now().date()
    need = Need.objects.create(institution=program.institution, title="x", starts=day, ends=day, countries=["UZ"])
    need.concepts.add(technique)
    match_need(need.pk)
    assert NeedMatch.objects.exists()

    source.delete()

    assert not any(model.objects.exists() for model in (*OWN, NeedMatch))


def test_scheduled_jobs_run(source, program, technique):
    another = ProgramFactory()
    another.concepts.add(technique)
    match_program(another.pk)

    assert (mail_new_matches(), match_all_needs()) == (0, 0)
