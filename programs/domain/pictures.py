"""The picture of a programme: added, changed, removed by those who edit the programme."""

from accounts.models import User
from exchange.core.jobs.outbox import enqueue
from exchange.core.pictures import NewPicture, drop_picture, set_picture
from programs.domain.editing import editing
from programs.models import Program, ProgramPicture

MAKE_SIZES = "programs.make_sizes"


def picture_of(program: Program) -> ProgramPicture | None:
    """The stored picture, its sizes made or not."""
    return ProgramPicture.objects.filter(program=program).first()


def save_picture(program: Program, new: NewPicture, *, by: User) -> ProgramPicture:
    """Add a picture, replace it, or change its texts; a worker makes the sizes, and until then the earlier picture is shown.

    Refuses as `editing`, and a first picture without a file. Raises StaleError when somebody else changed the texts meanwhile.
    """
    with editing(program, "picture", by=by, version=None) as locked:
        picture: ProgramPicture = set_picture(ProgramPicture, new, program=locked)
        if new.upload is not None:
            enqueue(MAKE_SIZES, picture_id=picture.pk)
    return picture


def remove_picture(program: Program, *, by: User) -> None:
    """Delete the picture; its files are deleted after commit. Refuses as `editing`."""
    with editing(program, "picture", by=by, version=None) as locked:
        drop_picture(ProgramPicture, program=locked)
