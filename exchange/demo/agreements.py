"""Demonstration agreements between institutions: some in force, some that end soon, some that have ended."""

import datetime
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from exchange.core.models import History
from exchange.demo.people import World
from partnerships.models import Agreement
from placements.models import Placement

KINDS = (
    {"en": "Memorandum of understanding on exchanges of specialists", "ru": "Меморандум о взаимопонимании по обмену специалистами"},
    {"en": "Agreement on joint research and training", "ru": "Соглашение о совместных исследованиях и обучении"},
    {"en": "Agreement on exhibitions and loans", "ru": "Соглашение о выставках и временной выдаче предметов"},
)
COVERED = 0.5
"""The share of pairs of institutions with an agreement, among those between which somebody travels."""
MARKER = {"en": "demonstration record", "ru": "демонстрационная запись"}


@transaction.atomic
def seed_agreements(count: int, *, seed: int, world: World) -> int:
    """Enter those of the first `count` agreements of this seed that are not in the register yet; returns how many that were."""
    wanted = [make_agreement(number, seed=seed, world=world) for number in range(1, count + 1)]
    known = set(Agreement.objects.filter(reference__startswith=f"DEMO-{seed}-").values_list("reference", flat=True))
    made = [agreement for agreement in wanted if agreement.reference not in known]
    _enter(made)
    return len(made)


@transaction.atomic
def cover_placements(seed: int) -> int:
    """Enter agreements between the host and the expert's institution for about half of the demonstration placements without one; returns how many.

    Some of them end within weeks.
    """
    today = timezone.now().date()
    bare = Placement.objects.filter(is_demo=True, agreement=None).exclude(expert__affiliation=None)
    pairs: dict[tuple[int, int], list[Placement]] = {}
    for placement in bare.select_related("program__institution", "expert__affiliation").order_by("pk"):
        first, second = placement.program.institution, placement.expert.affiliation
        if second is None or first.country == second.country:
            continue
        if Random(f"{seed}:{first.slug}:{second.slug}").random() < COVERED:
            pairs.setdefault((first.pk, second.pk), []).append(placement)
    known = Agreement.objects.filter(reference__startswith=f"DEMO-{seed}-C").count()
    made = []
    for number, (first_id, second_id) in enumerate(pairs, start=known + 1):
        random = Random(f"{seed}:covering:{number}")
        starts = today - datetime.timedelta(days=random.randint(400, 700))
        ends = today + datetime.timedelta(days=random.randint(15, 55) if number % 4 == 0 else random.randint(300, 1400))
        made.append(_agreement(f"DEMO-{seed}-C{number:04}", (first_id, second_id), (starts, ends), random))
    _enter(made)
    for agreement, placements in zip(made, pairs.values(), strict=True):
        for placement in placements:
            placement.agreement = agreement
    Placement.objects.bulk_update([placement for placements in pairs.values() for placement in placements], ["agreement"])
    return len(made)


def make_agreement(number: int, *, seed: int, world: World) -> Agreement:
    """Agreement `number` of a seed, between two institutions of different countries."""
    random = Random(f"{seed}:agreement:{number}")
    countries = random.sample(sorted(world.employers), k=2)
    first, second = (random.choice(world.employers[country]) for country in countries)
    starts = world.today - datetime.timedelta(days=random.randint(30, 1500))
    years = random.choice([1, 2, 3, 5, 5])
    ends = None if random.random() < 0.15 else starts + datetime.timedelta(days=365 * years - 1)
    return _agreement(f"DEMO-{seed}-{number:04}", (first.id, second.id), (starts, ends), random)


def _agreement(
    reference: str, parties: tuple[int, int], validity: tuple[datetime.date, datetime.date | None], random: Random
) -> Agreement:
    starts, ends = validity
    return Agreement(
        reference=reference,
        title={code: f"{text} ({MARKER[code]})" for code, text in random.choice(KINDS).items()},
        first_id=parties[0],
        second_id=parties[1],
        valid_from=starts,
        valid_until=ends,
        yearly_places=random.choice([None, 2, 3, 5, 10]),
        is_demo=True,
        created_at=datetime.datetime.combine(starts, datetime.time(9), tzinfo=datetime.UTC),
    )


def _enter(agreements: list[Agreement]) -> None:
    """Insert the agreements with their history."""
    made = Agreement.objects.bulk_create(agreements)
    kind = ContentType.objects.get_for_model(Agreement)
    History.objects.bulk_create(
        [
            History(content_type=kind, object_id=row.pk, transition="create", at=row.created_at, note="Demonstration data.")
            for row in made
        ]
    )
