import pytest

from tests.messaging.platforms import Platform


@pytest.fixture(scope="module")
def platform(tmp_path_factory, django_db_setup):
    """Processes of their own on this run's database; see `platforms.py`."""
    with Platform(tmp_path_factory.mktemp("platform")) as running:
        yield running
