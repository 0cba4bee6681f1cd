import pytest
from django.db import transaction

from exchange.demo.seeding import seed_demo
from exchange.reference.importing import import_reference
from vocabulary.domain.vocabulary import forget_vocabulary


@pytest.fixture
def reference(db):
    import_reference(demo=True)


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """A small demonstration: the programmes of the table, some more, and the people for them. Made once for a module of tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_reference(demo=True)
        yield seed_demo(experts=150, programs=25, seed=7)
        transaction.set_rollback(True)
    forget_vocabulary()
