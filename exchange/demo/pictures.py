"""Drawn pictures of some programmes and institutions of the demonstration; the others show ornaments."""

from dataclasses import dataclass

from django.core.files.base import ContentFile

from exchange.core.jobs.outbox import enqueue_many
from exchange.core.pictures import Licence
from exchange.demo.drawings import drawing
from exchange.demo.users import DUSHANBE, WINTERTHUR
from institutions.domain import pictures as of_institutions
from institutions.models import Institution, InstitutionPicture
from programs.domain import pictures as of_programs
from programs.models import Program, ProgramPicture


@dataclass(frozen=True)
class DemoPicture:
    """A drawing for the programme or institution with this slug, and what can be seen on it."""

    slug: str
    drawing: str
    alt: str


PROGRAMS = (
    DemoPicture("demo-textile-conservation-semester", "ikat", "A drawing: ikat with feathered lozenges in vertical bands"),
    DemoPicture("demo-wall-painting-conservators-exchange", "wall", "A drawing: a fragment of wall painting with a scale"),
    DemoPicture("demo-paper-miniature-masterclass", "manuscript", "A drawing: an open manuscript page with a torn corner"),
    DemoPicture("demo-felt-making-masterclass", "felt", "A drawing: ram's horns in two colours of felt"),
    DemoPicture("demo-carpet-repair-masterclass", "carpet", "A drawing: a red carpet with octagonal figures"),
    DemoPicture("demo-glazed-tile-residency", "tiles", "A drawing: eight-pointed stars on a tiled wall"),
    DemoPicture("demo-ikat-suzani-residency", "suzani", "A drawing: round flowers of a suzani"),
    DemoPicture("demo-ceramics-craft-residency", "bowl", "A drawing: the section and the view of a glazed bowl"),
)
INSTITUTIONS = (
    DemoPicture(WINTERTHUR, "suzani", "A drawing: round flowers of a suzani"),
    DemoPicture(DUSHANBE, "wall", "A drawing: a fragment of wall painting with a scale"),
    DemoPicture("kz-national-museum", "felt", "A drawing: ram's horns in two colours of felt"),
)


def add_pictures() -> int:
    """Add the pictures that are missing, as `save_picture` would; returns how many. Those that were removed come back."""
    programs = Program.objects.filter(picture=None, slug__in=[one.slug for one in PROGRAMS]).select_related("institution")
    institutions = Institution.objects.filter(picture=None, slug__in=[one.slug for one in INSTITUTIONS])
    new_programs = ProgramPicture.objects.bulk_create(
        ProgramPicture(program=row, **_facts(row.slug, PROGRAMS, str(row.institution.name))) for row in programs
    )
    new_institutions = InstitutionPicture.objects.bulk_create(
        InstitutionPicture(institution=row, **_facts(row.slug, INSTITUTIONS, str(row.name))) for row in institutions
    )
    enqueue_many(of_programs.MAKE_SIZES, [{"picture_id": row.pk} for row in new_programs])
    enqueue_many(of_institutions.MAKE_SIZES, [{"picture_id": row.pk} for row in new_institutions])
    return len(new_programs) + len(new_institutions)


def _facts(slug: str, pictures: tuple[DemoPicture, ...], holder: str) -> dict[str, object]:
    own = next(one for one in pictures if one.slug == slug)
    file = ContentFile(drawing(own.drawing), name=f"{own.drawing}.png")
    return {"upload": file, "alt": own.alt, "holder": holder[:200], "licence": Licence.CC0}
