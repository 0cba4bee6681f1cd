"""The people of these tests: see `tests.helpers.profile_fixtures`."""

from tests.helpers.profile_fixtures import *  # noqa: F403 -- every fixture named there
