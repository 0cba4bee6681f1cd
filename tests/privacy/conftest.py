"""The people of these tests: see `tests.helpers.profile_fixtures`."""

from tests.helpers.profile_fixtures import (
    _media,
    api,
    coordinator,
    duplicate,
    host,
    imported,
    maker,
    member,
    museum,
    own,
    owner,
    person,
    profile,
    readers,
    secretariat,
    textiles,
)

__all__ = [
    "_media",
    "api",
    "coordinator",
    "duplicate",
    "host",
    "imported",
    "maker",
    "member",
    "museum",
    "own",
    "owner",
    "person",
    "profile",
    "readers",
    "secretariat",
    "textiles",
]
