"""Portfolio: works in the order their owner chose, and the texts and rights of their pictures."""

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exchange.core.errors import DomainError
from exchange.core.files import delete_files, stored_names
from exchange.core.jobs.outbox import enqueue
from profiles.domain.profiles import finish_edit, lock_profile
from profiles.models import CasePicture, ExpertProfile, PortfolioCase

MAX_CASES = 20
MAX_PICTURES = 8
CASE_FIELDS = ("title", "story", "material_id", "object_type_id", "technique_id", "year")
PICTURE_FIELDS = ("alt", "caption", "holder", "licence")


@transaction.atomic
def save_case(profile: ExpertProfile, *, by: User, pk: int | None = None, **fields: Any) -> PortfolioCase:
    """Add a work at the end, or change the one with this id. Refuses more than `MAX_CASES`."""
    locked = lock_profile(profile, by)
    if pk is None:
        if locked.cases.count() >= MAX_CASES:
            raise DomainError(_("A portfolio holds at most %(most)s works.") % {"most": MAX_CASES}, code="too-many")
        last = locked.cases.last()
        case = PortfolioCase(profile=locked, place=last.place + 1 if last else 0)
    else:
        case = locked.cases.get(pk=pk)
    for name in CASE_FIELDS:
        setattr(case, name, fields[name])
    case.save()
    finish_edit(locked)
    return case


@transaction.atomic
def remove_case(profile: ExpertProfile, pk: int, *, by: User) -> None:
    """Delete a work; its picture files are deleted after commit. Does nothing when it is deleted already."""
    locked = lock_profile(profile, by)
    pictures = list(CasePicture.objects.filter(case__profile=locked, case_id=pk))
    locked.cases.filter(pk=pk).delete()
    delete_files(name for picture in pictures for name in stored_names(picture))
    finish_edit(locked)


@transaction.atomic
def move_case(profile: ExpertProfile, pk: int, *, by: User, up: bool) -> None:
    """Swap a work with its neighbour; at either end nothing changes."""
    locked = lock_profile(profile, by)
    cases = list(locked.cases.all())
    at = next((index for index, case in enumerate(cases) if case.pk == pk), None)
    if at is None:
        return
    to = at - 1 if up else at + 1
    if 0 <= to < len(cases):
        cases[at], cases[to] = cases[to], cases[at]
    for place, case in enumerate(cases):
        case.place = place
    PortfolioCase.objects.bulk_update(cases, ["place"])


@transaction.atomic
def add_picture(profile: ExpertProfile, case_id: int, upload: File[bytes], *, by: User, **words: str) -> CasePicture:
    """Store a picture (validated before) of a work; a worker makes its sizes after commit. Refuses a picture beyond the limit of a work."""
    locked = lock_profile(profile, by)
    case = locked.cases.get(pk=case_id)
    if case.pictures.count() >= MAX_PICTURES:
        raise DomainError(_("A work has at most %(most)s pictures.") % {"most": MAX_PICTURES}, code="too-many")
    last = case.pictures.last()
    picture = CasePicture(case=case, place=last.place + 1 if last else 0, **{name: words[name] for name in PICTURE_FIELDS})
    picture.upload.save(upload.name or "picture.jpg", upload, save=False)
    picture.save()
    enqueue("profiles.make_sizes", picture_id=picture.pk)
    finish_edit(locked)
    return picture


@transaction.atomic
def save_picture(profile: ExpertProfile, pk: int, *, by: User, **words: str) -> None:
    """Change the texts and rights of a picture."""
    locked = lock_profile(profile, by)
    CasePicture.objects.filter(case__profile=locked, pk=pk).update(**{name: words[name] for name in PICTURE_FIELDS})
    finish_edit(locked)


@transaction.atomic
def remove_picture(profile: ExpertProfile, pk: int, *, by: User) -> None:
    """Delete a picture; its files are deleted after commit."""
    locked = lock_profile(profile, by)
    pictures = list(CasePicture.objects.filter(case__profile=locked, pk=pk))
    CasePicture.objects.filter(pk__in=[picture.pk for picture in pictures]).delete()
    delete_files(name for picture in pictures for name in stored_names(picture))
    finish_edit(locked)
