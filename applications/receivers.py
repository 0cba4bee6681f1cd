"""What this room does when it hears news from others."""

from collections.abc import Mapping

from applications import notices
from applications.domain.seats import taken_by_country
from programs.domain.usage import tells_taken

notices.register()


@tells_taken
def places_taken(program_id: int) -> Mapping[str, int]:
    """Places offered or accepted, for the programme's own pages and gates."""
    return taken_by_country(program_id)
