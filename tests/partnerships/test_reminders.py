import datetime

import pytest
from django.utils import timezone

from exchange.core.outbox import OutboxEvent, process_outbox
from messaging.models import Notification
from partnerships.domain.agreements import edit_agreement
from partnerships.domain.reminders import warn_of_endings
from tests.factories import AgreementFactory, CoordinatorFactory, MembershipFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
DAY = datetime.timedelta(days=1)


def test_each_warning_is_given_once_to_those_concerned():
    agreement = AgreementFactory(first__country="US", second__country="UZ", valid_until=TODAY + 90 * DAY)
    AgreementFactory(valid_until=None), AgreementFactory(valid_until=TODAY + 91 * DAY), AgreementFactory(valid_until=TODAY - DAY)
    concerned = {
        CoordinatorFactory(country="UZ").user_id,
        CoordinatorFactory(country="US").user_id,
        MembershipFactory(institution=agreement.first, role="owner").user_id,
        MembershipFactory(institution=agreement.second, role="editor").user_id,
    }
    MembershipFactory(institution=agreement.second, role="reviewer"), CoordinatorFactory(country="KZ")

    assert [warn_of_endings() for _ in range(2)] == [1, 0]

    process_outbox()
    notification = Notification.objects.filter(kind="agreement_expires")
    assert {row.user_id for row in notification} == concerned
    assert {row.url for row in notification} == {f"/agreements/{agreement.pk}/"}


def test_three_warnings_as_the_end_comes_near():
    AgreementFactory(valid_until=TODAY + 90 * DAY)
    CoordinatorFactory(country="UZ")

    told = [warn_of_endings(TODAY + day * DAY) for day in range(0, 95, 5)]

    assert sum(told) == 3
    assert OutboxEvent.objects.filter(kind="messaging.notify").count() == 3


def test_an_agreement_found_late_gives_only_the_nearest_warning():
    AgreementFactory(valid_until=TODAY + 5 * DAY)
    assert [warn_of_endings() for _ in range(2)] == [1, 0]


def test_a_longer_agreement_is_warned_of_anew():
    agreement = AgreementFactory(first__country="UZ", valid_until=TODAY + 5 * DAY)
    user = CoordinatorFactory(country="UZ").user
    warn_of_endings()

    edit_agreement(agreement, {"valid_until": TODAY + 60 * DAY}, by=user, version=1)

    assert warn_of_endings() == 1
