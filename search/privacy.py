"""What this app holds of a person: their saved searches, which go with the account by their foreign key. The index holds copies only."""

from collections.abc import Iterator

from exchange.core.privacy import Piece, Table, gdpr_export, row_of
from profiles.models import User
from profiles.privacy import claims_tables
from search.models import SavedSearch

claims_tables("search.SavedSearch")


@gdpr_export("searches", order=80)
def export_searches(user: User) -> Iterator[Piece]:
    """What the person asked to be told of, and how often."""
    mine = SavedSearch.objects.filter(owner=user).order_by("pk")
    yield Table("saved_searches", (row_of(row, "name", "address", "frequency", "created_at") for row in mine))
