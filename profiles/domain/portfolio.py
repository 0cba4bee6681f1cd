"""The works of a portfolio, in their person's order, and the words and rights of their pictures."""

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import DomainError
from exchange.core.outbox import enqueue
from profiles.domain.pictures import file_names, forget_files
from profiles.domain.profiles import finish_edit, lock_profile
from profiles.models import CasePicture, ExpertProfile, PortfolioCase, User

MAX_CASES = 20
MAX_PICTURES = 8
CASE_FIELDS = ("title", "story", "material_id", "object_type_id", "technique_id", "year")
PICTURE_FIELDS = ("alt", "caption", "holder", "licence")


@transaction.atomic
def save_case(profile: ExpertProfile, *, by: User, pk: int | None = None, **fields: Any) -> PortfolioCase:
    """Add a work at the end, or change the one with this id. Refuses one more than a portfolio can hold."""
    held = lock_profile(profile, by)
    if pk is None:
        if held.cases.count() >= MAX_CASES:
            raise DomainError(_("A portfolio holds at most %(most)s works.") % {"most": MAX_CASES}, code="too-many")
        last = held.cases.last()
        case = PortfolioCase(profile=held, place=last.place + 1 if last else 0)
    else:
        case = held.cases.get(pk=pk)
    for name in CASE_FIELDS:
        setattr(case, name, fields[name])
    case.save()
    finish_edit(held)
    return case


@transaction.atomic
def remove_case(profile: ExpertProfile, pk: int, *, by: User) -> None:
    """Take a work away; its pictures' files are deleted after commit. One that is gone already stays gone."""
    held = lock_profile(profile, by)
    pictures = list(CasePicture.objects.filter(case__profile=held, case_id=pk))
    held.cases.filter(pk=pk).delete()
    _forget_after_commit(pictures)
    finish_edit(held)


@transaction.atomic
def move_case(profile: ExpertProfile, pk: int, *, by: User, up: bool) -> None:
    """Let a work change places with its neighbour; at the end of the row nothing happens."""
    held = lock_profile(profile, by)
    cases = list(held.cases.all())
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
    """Keep a picture (checked before) of a work; a worker makes its sizes after commit. Refuses one more than a work can have."""
    held = lock_profile(profile, by)
    case = held.cases.get(pk=case_id)
    if case.pictures.count() >= MAX_PICTURES:
        raise DomainError(_("A work has at most %(most)s pictures.") % {"most": MAX_PICTURES}, code="too-many")
    last = case.pictures.last()
    picture = CasePicture(case=case, place=last.place + 1 if last else 0, **{name: words[name] for name in PICTURE_FIELDS})
    picture.upload.save(upload.name or "picture.jpg", upload, save=False)
    picture.save()
    enqueue("profiles.make_sizes", picture_id=picture.pk)
    finish_edit(held)
    return picture


@transaction.atomic
def save_picture(profile: ExpertProfile, pk: int, *, by: User, **words: str) -> None:
    """Change what is said of a picture."""
    held = lock_profile(profile, by)
    CasePicture.objects.filter(case__profile=held, pk=pk).update(**{name: words[name] for name in PICTURE_FIELDS})
    finish_edit(held)


@transaction.atomic
def remove_picture(profile: ExpertProfile, pk: int, *, by: User) -> None:
    """Take a picture away; its files are deleted after commit."""
    held = lock_profile(profile, by)
    pictures = list(CasePicture.objects.filter(case__profile=held, pk=pk))
    CasePicture.objects.filter(pk__in=[picture.pk for picture in pictures]).delete()
    _forget_after_commit(pictures)
    finish_edit(held)


def _forget_after_commit(pictures: list[CasePicture]) -> None:
    storage = CasePicture._meta.get_field("upload").storage  # noqa: SLF001 -- Django's documented way to a field
    names = [name for picture in pictures for name in file_names(picture)]
    transaction.on_commit(lambda: forget_files(storage, names), robust=True)
