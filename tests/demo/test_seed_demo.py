import datetime
from collections import Counter
from itertools import pairwise

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from applications.domain.seats import taken_by_country
from applications.models import Application, ApplicationFile, Review
from applications.rules import weighted_mean
from applications.states import ApplicationState
from exchange.core.models import History
from exchange.demo.bulk import insert, reserve_keys
from exchange.demo.seeding import seed_demo
from institutions.models import Institution
from institutions.states import InstitutionState
from messaging.domain.notification_queries import notification_row
from messaging.domain.queries import thread_view, unread_message_count
from messaging.models import Mail, Notification, Participant, Thread
from placements.models import Approval, Placement
from placements.states import ApprovalState, PlacementState
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile, PersonName
from programs.domain.answers import answer_problems
from programs.domain.seats import seat_plan
from programs.models import Program
from programs.rules import places_left
from tests.helpers.counts import counts

pytestmark = pytest.mark.django_db

INDEXED = ("shown_name", "latin_name", "sort_name", "field_ids", "language_codes", "completeness")


def test_seed_demo_makes_as_many_as_asked_and_marks_them(seeded):
    assert (seeded.experts, seeded.programs) == (150, 25)
    assert seeded.applications == Application.objects.count() > 150
    assert ExpertProfile.objects.filter(is_demo=True).count() == 150
    assert not User.objects.filter(is_demo=False).exists()
    assert not User.objects.exclude(email__endswith="@demo.miras.example").exists()
    assert Program.objects.filter(is_demo=True).count() == 65
    assert not [program for program in Program.objects.all() if "Demonstration record" not in program.summary["en"]]
    assert not Placement.objects.filter(is_demo=False).exists()


def test_seed_demo_lets_nobody_log_in_and_writes_no_letters(seeded):
    assert not [user for user in User.objects.all() if user.has_usable_password()]
    assert not Mail.objects.exists()


def test_seed_demo_again_adds_nothing(seeded):
    before = counts()

    assert not seed_demo(experts=150, programs=25, seed=7).anything
    assert counts() == before


def test_seed_demo_goes_on_where_it_was(seeded):
    first = User.objects.get(email="expert-7-1@demo.miras.example")

    more = seed_demo(experts=160, programs=27, seed=7)

    assert (more.experts, more.programs) == (10, 2)
    assert User.objects.get(email=first.email).name == first.name


def test_seed_demo_is_the_same_for_the_same_seed(seeded):
    def names():
        with transaction.atomic():
            seed_demo(experts=30, programs=3, seed=3)
            people = PersonName.objects.filter(profile__user__email__startswith="expert-3-")
            found = list(people.order_by("profile__user__email", "kind").values_list("given", "family", "patronymic"))
            found += Program.objects.filter(slug__startswith="demo-3-").order_by("slug").values_list("slug", "starts", "seats")
            transaction.set_rollback(True)
        return found

    first = names()

    assert len(first) > 60
    assert names() == first


def test_seed_demo_has_people_of_every_country_in_their_own_script(seeded):
    for country, buffer in {"KZ": "Ә", "KG": "Б", "TJ": "Ҷ", "TM": "Ý", "UZ": "O", "US": "A"}.items():
        names = PersonName.objects.filter(profile__country=country, kind="native")
        assert names.count() >= 8, country
        cyrillic = sum("А" <= name.given[0] <= "ӿ" for name in names)
        assert (cyrillic > 0) == (buffer not in "ÝA"), country


def test_seed_demo_leaves_the_columns_that_the_actions_would(seeded):
    for pk in ExpertProfile.objects.order_by("pk").values_list("pk", flat=True)[:40]:
        before = ExpertProfile.objects.filter(pk=pk).values(*INDEXED).get()
        refresh_index(with_parts(ExpertProfile.objects.filter(pk=pk)).get())
        assert ExpertProfile.objects.filter(pk=pk).values(*INDEXED).get() == before


def test_seed_demo_describes_people_who_could_exist(seeded):
    this_year = timezone.now().year
    for profile in with_parts(ExpertProfile.objects.all()):
        assert profile.affiliation is None or profile.affiliation.country == profile.country
        assert profile.languages.all()
        assert all(row.last_year is None or row.last_year <= this_year for row in profile.competences.all())
        assert profile.created_at <= timezone.now()
        assert profile.confirmed_on >= profile.created_at.date()
        windows = [(row.starts, row.ends) for row in profile.windows.all()]
        assert all(first[1] < second[0] for first, second in pairwise(windows))


def test_seed_demo_has_every_state(seeded):
    states = set(Application.objects.values_list("state", flat=True))
    assert states >= {"draft", "submitted", "shortlisted", "waitlisted", "offered", "accepted", "declined", "rejected", "withdrawn"}
    assert set(Placement.objects.values_list("state", flat=True)) >= {"pending", "confirmed"}
    assert set(Program.objects.values_list("state", flat=True)) >= {"published", "closed", "decided", "running", "completed"}


@pytest.mark.parametrize("model", [Program, Application, Placement, Approval, Institution])
def test_history_of_the_seed_is_a_chain_of_allowed_transitions(seeded, model):
    kind = ContentType.objects.get_for_model(model)
    chains = {}
    for row in History.objects.filter(content_type=kind).order_by("pk"):
        chains.setdefault(row.object_id, []).append(row)
    assert chains
    transitions = model.transitions
    for subject in model.objects.all():
        chain = chains.get(subject.pk, [])
        if not chain:
            assert model is Institution
            continue
        for before, after in pairwise(chain):
            assert before.after == after.before
            assert before.at <= after.at <= timezone.now()
        for row in chain:
            if row.transition in transitions:
                assert row.before in transitions[row.transition].sources, row.transition
                assert row.after == transitions[row.transition].target
        assert chain[-1].after == subject.state
        assert abs(subject.state_since - chain[-1].at) < datetime.timedelta(minutes=1) or model is Institution


def test_actors_of_the_seed_held_the_role_of_their_move(seeded):
    kind = ContentType.objects.get_for_model(Application)
    applications = {row.pk: row for row in Application.objects.select_related("program", "expert__user")}
    for row in History.objects.filter(content_type=kind).select_related("actor").exclude(transition="start"):
        transition = Application.transitions[row.transition]
        if row.actor is None:
            assert "system" in transition.by
        else:
            assert applications[row.object_id].roles_of(row.actor) & set(transition.by), row.transition


def test_places_of_the_seed_are_never_exceeded(seeded):
    for program in Program.objects.prefetch_related("quotas"):
        taken = taken_by_country(program.pk)
        quotas = seat_plan(program)
        assert sum(taken.values()) <= program.seats
        for country, number in taken.items():
            limit = quotas[country].most if country in quotas else None
            assert limit is None or number <= limit
            assert country in program.eligible_countries
        kept = sum(max(0, quota.reserved - taken.get(country, 0)) for country, quota in quotas.items())
        assert sum(taken.values()) + kept <= program.seats
        assert all(
            places_left(country, seats=program.seats, taken=taken, quotas=quotas) >= 0 for country in program.eligible_countries
        )


def test_applications_of_the_seed_are_whole(seeded):
    submitted = Application.objects.exclude(submitted_at=None).select_related("program", "expert", "thread")
    assert submitted.count() > 100
    for application in submitted.prefetch_related("program__questions", "reviews", "files"):
        assert application.snapshot["name"] == application.expert.shown_name
        uploaded = [each.question_id for each in application.files.all()]
        assert answer_problems(application.program, application.answers, uploaded=uploaded) == []
        assert application.statement
        assert application.thread.about_url == application.get_absolute_url()
        reviews = list(application.reviews.all())
        assert application.review_count == len(reviews)
    attached = ApplicationFile.objects.select_related("question")
    assert all(each.question.required and each.file.size == each.size for each in attached[:5])
    assert attached.count() > 5
    drafts = Application.objects.filter(state=ApplicationState.DRAFT)
    assert not drafts.filter(Q(submitted_at__isnull=False) | Q(thread__isnull=False)).exists()
    assert not Application.objects.filter(submitted_at__lt=F("created_at")).exists()
    assert not Application.objects.filter(state="offered", offer_expires_at__lt=timezone.now()).exists()
    assert not Application.objects.filter(submitted_at__gt=F("program__deadline")).exists()
    assert not Application.objects.filter(created_at__lt=F("program__published_at")).exists()


def test_reviews_of_the_seed_add_up(seeded):
    for review in Review.objects.select_related("application__program")[:100]:
        weights = {str(row.pk): row.weight for row in review.application.program.criteria.all()}
        assert set(review.scores) == set(weights)
        assert review.mean == weighted_mean(review.scores, weights)
        assert review.application.submitted_at <= review.created_at <= timezone.now()
        assert review.updated_at == review.created_at
        assert review.application.roles_of(review.reviewer) & {"owner", "editor", "reviewer"}


def test_placements_of_the_seed_say_what_their_countries_said(seeded):
    assert set(Application.objects.filter(state="accepted")) == {
        placement.application for placement in Placement.objects.exclude(state__in=["rejected", "cancelled"])
    }
    for placement in Placement.objects.prefetch_related("approvals").select_related("application"):
        states = {approval.state for approval in placement.approvals.all()}
        if placement.state == PlacementState.CONFIRMED:
            assert states == {ApprovalState.APPROVED}
            assert placement.confirmed_at
        if placement.state == PlacementState.PENDING:
            assert ApprovalState.WAITING in states
        if placement.state == PlacementState.RETURNED:
            assert ApprovalState.RETURNED in states
        if placement.state == PlacementState.REJECTED:
            assert placement.application.state == ApplicationState.RELEASED
        countries = {approval.country for approval in placement.approvals.all()}
        assert countries == {placement.sending_country, placement.host_country}


def test_conversations_of_the_seed_are_numbered_without_gaps(seeded):
    for thread in Thread.objects.prefetch_related("messages"):
        messages = list(thread.messages.all())
        assert [message.number for message in messages] == list(range(1, thread.head + 1))
        moments = [message.created_at for message in messages]
        assert moments == sorted(moments)
        assert thread.last_at == moments[-1]
        people = set(thread.participants.values_list("user_id", flat=True))
        assert {message.author_id for message in messages if message.author_id} <= people
    assert not Participant.objects.filter(read_number__gt=F("thread__head")).exists()


def test_conversations_and_notifications_of_the_seed_can_be_read(seeded):
    placed = Thread.objects.filter(application__placement__isnull=False).first()
    reader = placed.participants.get(capacity="expert").user
    assert all(message.event or message.message.body for message in thread_view(placed, reader).messages)
    assert unread_message_count(reader) >= 0
    seen = Counter()
    for notification in Notification.objects.order_by("?")[:300]:
        row = notification_row(notification)
        assert row.title
        assert row.text
        assert "%(" not in row.title + row.text
        seen[notification.kind] += 1
    assert len(seen) >= 5


def test_hosts_of_the_seed_have_teams_and_are_verified(seeded):
    hosts = Institution.objects.filter(programs__isnull=False)
    assert not hosts.exclude(state=InstitutionState.VERIFIED).exists()
    assert not hosts.filter(memberships__isnull=True).exists()


def test_insert_takes_the_keys_of_what_a_row_points_at(db):
    users = [User(email=f"copy{n}@example.org", name="Қ\t\n\\N") for n in range(3)]
    for user, key in zip(users, reserve_keys(User, 3), strict=True):
        user.pk = key
    insert(User, users)
    profiles = [ExpertProfile(user=user, country="UZ", audiences={"city": "everyone"}) for user in users]
    insert(ExpertProfile, profiles)

    stored = ExpertProfile.objects.filter(user__in=users).select_related("user").order_by("user__email")
    assert [profile.user.name for profile in stored] == ["Қ\t\n\\N"] * 3
    assert stored[0].audiences == {"city": "everyone"}
