import pytest

from exchange.demo.seeding import seed_demo
from exchange.reference.importing import import_reference


@pytest.fixture
def reference(db):
    import_reference(demo=True)


@pytest.fixture
def seeded(reference):
    """A small demonstration: the programmes of the table, some more, and the people for them."""
    return seed_demo(experts=150, programs=25, seed=7)
