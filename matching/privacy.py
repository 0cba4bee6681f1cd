"""What this app holds of a person: computed matches and invitations to apply. They go with the profile, by their foreign keys."""

from collections.abc import Iterator

from exchange.core.privacy import Piece, Table, gdpr_export, row_of
from matching.models import Invitation, Match
from profiles.models import User


@gdpr_export("matches", order=70)
def export_matches(user: User) -> Iterator[Piece]:
    """The person's own side of each match, and the words hosts wrote to them."""
    mine = Match.objects.filter(expert__user=user).select_related("program").order_by("-score", "pk")
    yield Table(
        "matches",
        (row_of(row, "score", "eligible", "computed_at", programme=row.program.title) for row in mine.iterator(chunk_size=500)),
    )
    invited = Invitation.objects.filter(expert__user=user).select_related("program", "by").order_by("pk")
    yield Table(
        "invitations",
        (row_of(row, "words", "created_at", programme=row.program.title, invited_by=row.by.get_full_name()) for row in invited),
    )
