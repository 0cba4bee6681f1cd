"""The expert's page: order and filters, choices and their undoing, advice, the page of a programme, proposals switched off."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exchange.core.errors import DomainError, Refusal
from matching.domain.advice import advice_for
from matching.domain.choices import dismiss_program, save_program, save_settings, undo_choice
from matching.domain.compute import match_expert
from matching.domain.invitations import decline_invitation, invite_expert
from matching.domain.queries import matches_for_expert, people_for_program
from matching.models import Invitation, Match, MatchSettings, ProgramChoice
from tests.factories import ConceptFactory, ExpertFactory, MembershipFactory, ProgramFactory, RequiredLanguageFactory, UserFactory

pytestmark = pytest.mark.django_db


def programs(technique, number, **values):
    made = ProgramFactory.create_batch(number, **values)
    for program in made:
        program.concepts.add(technique)
    return made


def listed(user):
    return [match.program.slug for match in matches_for_expert(user)]


def slugs(response):
    return [explained.program.slug for explained in response.context["matches"]]


def test_list_is_filtered_and_ordered_by_its_address(client, expert, technique):
    [far] = programs(technique, 1, kind="training", deadline=timezone.now() + datetime.timedelta(days=50))
    [near] = programs(technique, 1, kind="exchange", deadline=timezone.now() + datetime.timedelta(days=5))
    [closed_to_me] = programs(technique, 1, kind="exchange", country="KZ", deadline=timezone.now() + datetime.timedelta(days=9))
    RequiredLanguageFactory(program=closed_to_me, language="fr", level=3)
    match_expert(expert.pk)
    client.force_login(expert.user)

    assert slugs(client.get("/matches/"))[-1] == closed_to_me.slug
    assert slugs(client.get("/matches/?sort=deadline")) == [near.slug, closed_to_me.slug, far.slug]
    assert slugs(client.get("/matches/?kind=training")) == [far.slug]
    assert slugs(client.get("/matches/?country=KZ")) == [closed_to_me.slug]
    assert closed_to_me.slug not in slugs(client.get("/matches/?eligible=1"))
    assert client.get("/matches/?sort=nonsense&kind=nonsense&cursor=").status_code == 200
    assert client.get("/matches/?cursor=nonsense").status_code == 400


def test_saved_and_dismissed_programmes_have_lists_of_their_own(client, expert, technique):
    kept, gone = programs(technique, 2)
    match_expert(expert.pk)
    client.force_login(expert.user)

    client.post(f"/matches/{kept.slug}/save/", {"next": "/matches/?kind=exchange"})
    answer = client.post(f"/matches/{gone.slug}/dismiss/", {"reason": "dates"}, follow=True)

    assert slugs(answer) == [kept.slug]
    assert answer.context["dismissed"] == gone
    assert [choice.program for choice in client.get("/matches/?show=saved").context["choices"]] == [kept]
    assert [choice.program for choice in client.get("/matches/?show=dismissed").context["choices"]] == [gone]
    client.post(f"/matches/{gone.slug}/undo/")
    assert sorted(listed(expert.user)) == sorted([kept.slug, gone.slug])


def test_reasons_lower_similar_programmes_in_my_list_alone(expert, technique):
    other = ConceptFactory(slug="philately")
    same_subject, dismissed, mine = programs(technique, 3)
    for program in (same_subject, dismissed):
        program.concepts.add(other, ConceptFactory(slug="numismatics"))
    colleague = ExpertFactory()
    for person in (expert, colleague):
        person.profile_fields.create(concept=technique)
        match_expert(person.pk)
    before = {match.program.slug: match.rank for match in matches_for_expert(colleague.user)}

    dismiss_program(dismissed, by=expert.user, reason="field")

    rows = {match.program.slug: match for match in matches_for_expert(expert.user)}
    assert rows[same_subject.slug].lowered_field
    assert rows[same_subject.slug].rank == rows[same_subject.slug].score - 200
    assert not rows[mine.slug].lowered_field, "what I practise myself is never another field"
    assert {match.program.slug: match.rank for match in matches_for_expert(colleague.user)} == before
    undo_choice(dismissed, by=expert.user)
    assert not any(match.lowered_field for match in matches_for_expert(expert.user))


@pytest.mark.parametrize(("reason", "values"), [("kind", {"kind": "training"}), ("country", {"country": "KZ"})])
def test_kind_and_country_are_lowered_too(expert, technique, reason, values):
    gone, alike = programs(technique, 2, **values)
    [unlike] = programs(technique, 1)
    match_expert(expert.pk)

    dismiss_program(gone, by=expert.user, reason=reason)

    assert {match.program.slug: getattr(match, f"lowered_{reason}") for match in matches_for_expert(expert.user)} == {
        alike.slug: True,
        unlike.slug: False,
    }


def test_dates_and_other_reasons_lower_nothing(expert, technique):
    gone, *_others = programs(technique, 3)
    match_expert(expert.pk)
    dismiss_program(gone, by=expert.user, reason="dates")

    assert [match.rank - match.score for match in matches_for_expert(expert.user)] == [0, 0]


def test_an_unknown_reason_and_accounts_without_profile_are_refused(expert, program):
    with pytest.raises(DomainError):
        dismiss_program(program, by=expert.user, reason="nonsense")
    for action in (save_program, undo_choice):
        with pytest.raises(Refusal):
            action(program, by=UserFactory())
    assert not ProgramChoice.objects.exists()


@pytest.mark.parametrize("path", ["save/", "dismiss/", "undo/", "decline/"])
def test_choices_need_a_login_a_profile_and_a_visible_programme(client, program, path):
    address, data = f"/matches/{program.slug}/{path}", {"reason": "dates"}
    hidden = ProgramFactory(state="draft", was_published=False)

    assert client.post(address, data).url.startswith("/accounts/login/")
    client.force_login(UserFactory())
    assert client.post(address, data).status_code in {403, 404}
    client.force_login(ExpertFactory().user)
    assert client.post(f"/matches/{hidden.slug}/{path}", data).status_code == 404
    assert client.get(address).status_code == 405
    assert not ProgramChoice.objects.exists()


def test_nobody_reads_the_choices_of_others(client, program, expert, editor):
    save_program(program, by=expert.user)

    for user in (editor, ExpertFactory().user, UserFactory(is_secretariat=True)):
        assert not ProgramChoice.objects.visible_to(user).exists()
        client.force_login(user)
        assert list(client.get("/matches/?show=saved").context["choices"]) == []


@pytest.mark.parametrize("address", ["/matches/", "/matches/?show=saved", "/"])
def test_pages_cost_the_same_for_one_row_and_three(client, expert, technique, address):
    counts = []
    client.force_login(expert.user)
    for number in (1, 2):
        for program in programs(technique, number):
            RequiredLanguageFactory(program=program, language="fr", level=4)
            if "saved" in address:
                save_program(program, by=expert.user)
        match_expert(expert.pk)
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counts.append(len(caught))

    assert counts[0] == counts[1]


def test_page_of_a_programme_costs_the_same_with_a_match_a_choice_and_an_invitation(client, program, expert, editor):
    client.force_login(expert.user)
    client.get(program.get_absolute_url())
    with CaptureQueriesContext(connection) as without:
        client.get(program.get_absolute_url())
    match_expert(expert.pk)
    save_program(program, by=expert.user)
    Invitation.objects.create(expert=expert, program=program, by=editor, words="Come.", opened_at=timezone.now())
    with CaptureQueriesContext(connection) as caught:
        page = client.get(program.get_absolute_url()).content.decode()

    assert len(caught) == len(without)
    assert "Come." in page


def test_advice_counts_the_programmes_that_one_thing_would_open(expert, technique):
    for level in (3, 4, 4):
        [program] = programs(technique, 1)
        RequiredLanguageFactory(program=program, language="fr", level=level)
    [two_things] = programs(technique, 1, minimum_experience=40)
    RequiredLanguageFactory(program=two_things, language="fr", level=3)
    match_expert(expert.pk)

    texts = {advice.text: advice for advice in advice_for(expert.user)}

    assert texts["French B2 would open 3 programmes."].url == "/profile/languages/"
    assert "French B1 would open 1 programme." in texts
    assert len(texts) == 2


def test_advice_names_concepts_that_several_programmes_miss(expert, technique):
    gilding = ConceptFactory(slug="gilding", scheme="technique")
    for program in programs(technique, 2):
        program.concepts.add(gilding)
    match_expert(expert.pk)

    [advice] = advice_for(expert.user)

    assert advice.text == "Gilding: missing for 2 programmes. Add it if you practise it."
    assert advice.url == "/profile/competences/"


def test_page_of_a_programme_leads_to_what_is_missing(client, program, expert, technique):
    program.concepts.add(ConceptFactory(slug="gilding", scheme="technique"))
    match_expert(expert.pk)
    client.force_login(expert.user)

    page = client.get(program.get_absolute_url()).content.decode()

    part = page[page.index('id="your-fit"') :]
    assert "Gilding" in part
    assert 'href="/profile/competences/"' in part
    client.logout()
    assert "your-fit" not in client.get(program.get_absolute_url()).content.decode()


def test_who_works_at_the_host_reads_why_they_are_not_eligible(client, program, expert):
    client.force_login(expert.user)
    match_expert(expert.pk)
    words = "You work at the institution that hosts this programme."
    assert words not in client.get(program.get_absolute_url()).content.decode()
    expert.affiliation = program.institution
    expert.save()
    match_expert(expert.pk)

    assert words in client.get(program.get_absolute_url()).content.decode()


def test_invitation_is_opened_by_its_person_and_declined(client, program, expert, editor):
    invite_expert(expert, program, by=editor, words="Come and see.")
    match_expert(expert.pk)

    def state():
        return people_for_program(program, editor).get().invitation

    client.force_login(editor)
    client.get(program.get_absolute_url())
    assert state() == "invited"
    client.force_login(expert.user)
    client.get(program.get_absolute_url())
    assert state() == "opened"
    client.post(f"/matches/{program.slug}/decline/")
    declined = Invitation.objects.get().declined_at
    client.post(f"/matches/{program.slug}/decline/")
    assert state() == "declined"
    assert Invitation.objects.get().declined_at == declined


def test_only_the_invited_decline(program, expert, editor):
    invite_expert(expert, program, by=editor, words="Come.")

    for user in (editor, ExpertFactory().user):
        with pytest.raises(DomainError, match="not invited"):
            decline_invitation(program, by=user)


def test_who_is_not_proposed_is_in_no_list_count_or_answer(client, program, expert, editor):
    match_expert(expert.pk)
    client.force_login(editor)
    assert len(client.get(f"/programs/{program.slug}/people/").context["people"]) == 1

    save_settings(by=expert.user, proposed=False, weekly_mail=False)

    page = client.get(f"/programs/{program.slug}/people/?eligible=all")
    assert page.context["people"] == []
    assert page.context["listing"].counted.total == 0
    assert client.get(f"/api/v1/matches?program={program.slug}").json()["items"] == []
    assert b"Invite to apply" not in client.get(expert.get_absolute_url()).content
    assert client.post(f"/programs/{program.slug}/people/{expert.pk}/saved/").status_code == 404
    assert client.post(f"/programs/{program.slug}/people/invite/", {"expert": expert.pk, "words": "Come."}).status_code == 404
    assert matches_for_expert(expert.user).count() == 1, "the expert's own list stays"
    assert not Invitation.objects.exists()


def test_settings_are_for_experts(client, expert):
    assert client.get("/matches/settings/").url.startswith("/accounts/login/")
    client.force_login(MembershipFactory().user)
    assert client.get("/matches/settings/").status_code == 403

    client.force_login(expert.user)
    assert client.get("/matches/settings/").context["form"].initial == {"proposed": True, "weekly_mail": False}
    client.post("/matches/settings/", {"weekly_mail": "on"})

    wanted = MatchSettings.objects.get()
    assert (wanted.proposed, wanted.weekly_mail, wanted.next_at is None) == (False, True, False)
    assert Match.objects.count() == 0


def test_a_programme_may_have_any_slug(client, expert, technique):
    [program] = programs(technique, 1, slug="stop")
    client.force_login(expert.user)

    client.post("/matches/stop/save/")

    assert ProgramChoice.objects.get().program == program
