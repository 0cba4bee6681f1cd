"""Personal data in matching: computed matches, invitations to apply, the expert's choices and settings.

They are deleted with the profile, by their foreign keys.
"""

from collections.abc import Iterator

from accounts.models import User
from exchange.core.personal_data import Piece, Table, row_of
from matching.models import DismissedConcept, Invitation, KnownMatch, Match, MatchSettings, ProgramChoice


def export_matches(user: User) -> Iterator[Piece]:
    """The user's own score of each match, the messages of hosts to the user, and what the user chose about proposals.

    Whom a host saved or dismissed is the host's note and not exported.
    """
    mine = Match.objects.filter(expert__user=user).select_related("program").order_by("-score", "pk")
    yield Table(
        "matches",
        (row_of(row, "score", "eligible", "computed_at", programme=row.program.title) for row in mine.iterator(chunk_size=500)),
    )
    invited = Invitation.objects.filter(expert__user=user).select_related("program", "by").order_by("pk")
    yield Table(
        "invitations",
        (
            row_of(
                row,
                "words",
                "created_at",
                "opened_at",
                "declined_at",
                programme=row.program.title,
                invited_by=row.by.get_full_name(),
            )
            for row in invited
        ),
    )
    chosen = ProgramChoice.objects.filter(expert__user=user).select_related("program").order_by("pk")
    yield Table(
        "choices_about_programmes",
        (row_of(row, "choice", "reason", "created_at", programme=row.program.title) for row in chosen.iterator(chunk_size=500)),
    )
    wanted = MatchSettings.objects.filter(expert__user=user)
    yield Table("settings_of_matching", (row_of(row, "proposed", "weekly_mail", "next_at") for row in wanted))
    known = KnownMatch.objects.filter(expert__user=user).select_related("program").order_by("pk")
    yield Table("known_matches", (row_of(row, "mailed_at", programme=row.program.title) for row in known.iterator(chunk_size=500)))
    dismissed = DismissedConcept.objects.filter(expert__user=user).select_related("concept").order_by("pk")
    yield Table("dismissed_concepts", (row_of(row, "created_at", concept=row.concept.label) for row in dismissed))
