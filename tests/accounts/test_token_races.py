"""Many creations of tokens at the same moment, on connections of their own."""

import pytest

from accounts.domain.tokens import MAX_TOKENS, create_token, revoke_all_tokens
from accounts.models import ApiToken
from exchange.core.errors import DomainError
from tests.factories import UserFactory
from tests.helpers.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_forty_creations_make_as_many_tokens_as_are_allowed():
    user = UserFactory()

    results = at_once(*[lambda: create_token(user, name="x", scopes=["read"], by=user)] * (2 * MAX_TOKENS))

    assert ApiToken.objects.filter(user=user, revoked_at__isnull=True).count() == MAX_TOKENS
    assert sum(isinstance(result, tuple) for result in results) == MAX_TOKENS
    assert {result.code for result in results if isinstance(result, DomainError)} == {"too-many"}


def test_others_have_a_limit_of_their_own():
    first, second = UserFactory(), UserFactory()
    for _ in range(MAX_TOKENS - 1):
        create_token(first, name="x", scopes=["read"], by=first)

    results = at_once(
        *[lambda user=user: create_token(user, name="x", scopes=["read"], by=user) for user in (first, second, second)]
    )

    assert all(isinstance(result, tuple) for result in results)


def test_a_reset_beside_creations_leaves_none_of_the_earlier_ones():
    user = UserFactory()
    early = [create_token(user, name="x", scopes=["read"], by=user)[0] for _ in range(5)]

    at_once(
        lambda: revoke_all_tokens(user, by=user),
        *[lambda: create_token(user, name="x", scopes=["read"], by=user)] * 5,
    )

    assert not ApiToken.objects.filter(pk__in=[token.pk for token in early], revoked_at__isnull=True).exists()
