"""The picture of an institution: added, changed, removed by those who edit the institution."""

from django.db import transaction

from accounts.models import User
from exchange.core.access import require
from exchange.core.history import record_history
from exchange.core.jobs.outbox import enqueue
from exchange.core.pictures import NewPicture, drop_picture, set_picture
from institutions.domain.institutions import can_edit_institution
from institutions.models import Institution, InstitutionPicture

MAKE_SIZES = "institutions.make_sizes"


def picture_of(institution: Institution) -> InstitutionPicture | None:
    """The stored picture, its sizes made or not."""
    return InstitutionPicture.objects.filter(institution=institution).first()


@transaction.atomic
def save_picture(institution: Institution, new: NewPicture, *, by: User) -> InstitutionPicture:
    """Add a picture, replace it, or change its texts; a worker makes the sizes, and until then the earlier picture is shown.

    Refuses users who may not edit the institution, and a first picture without a file. Raises StaleError when somebody else changed the texts
    meanwhile. The history records it.
    """
    locked = _locked(institution, by)
    picture: InstitutionPicture = set_picture(InstitutionPicture, new, institution=locked)
    if new.upload is not None:
        enqueue(MAKE_SIZES, picture_id=picture.pk)
    _record(locked, by)
    return picture


@transaction.atomic
def remove_picture(institution: Institution, *, by: User) -> None:
    """Delete the picture; its files are deleted after commit. Refuses users who may not edit the institution. The history records it."""
    locked = _locked(institution, by)
    if drop_picture(InstitutionPicture, institution=locked):
        _record(locked, by)


def _locked(institution: Institution, by: User) -> Institution:
    require(can_edit_institution(by, institution))
    locked: Institution = Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    return locked


def _record(institution: Institution, by: User) -> None:
    state = institution.state
    record_history(institution, transition="edit", by=by, before=state, after=state, data={"changed": ["picture"]})
