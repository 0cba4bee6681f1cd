"""Personal data in matching: computed matches and invitations to apply. They are deleted with the profile, by their foreign keys."""

from collections.abc import Iterator

from accounts.models import User
from exchange.core.personal_data import Piece, Table, row_of
from matching.models import Invitation, Match


def export_matches(user: User) -> Iterator[Piece]:
    """The user's own score of each match, and the messages of hosts to the user."""
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
