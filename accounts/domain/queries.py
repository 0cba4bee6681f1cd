"""Queries of the settings pages."""

from django.db.models import QuerySet

from accounts.models import ApiToken, User


def tokens_of(user: User) -> "QuerySet[ApiToken]":
    """Active tokens of an account, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True)
