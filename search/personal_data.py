"""Personal data in the search app: saved searches, which are deleted with the account by their foreign key. The index holds copies only."""

from collections.abc import Iterator

from accounts.models import User
from exchange.core.personal_data import Piece, Table, row_of
from search.models import SavedSearch


def export_searches(user: User) -> Iterator[Piece]:
    """The user's saved searches, and how often each notifies."""
    mine = SavedSearch.objects.filter(owner=user).order_by("pk")
    yield Table("saved_searches", (row_of(row, "name", "address", "frequency", "created_at") for row in mine))
