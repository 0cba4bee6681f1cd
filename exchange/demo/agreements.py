"""Demonstration agreements between institutions: some in force, some that end soon, some that have ended."""

import datetime
from random import Random

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from exchange.core.models import History
from exchange.demo.people import World
from partnerships.models import Agreement

KINDS = (
    {"en": "Memorandum of understanding on exchanges of specialists", "ru": "Меморандум о взаимопонимании по обмену специалистами"},
    {"en": "Agreement on joint research and training", "ru": "Соглашение о совместных исследованиях и обучении"},
    {"en": "Agreement on exhibitions and loans", "ru": "Соглашение о выставках и временной выдаче предметов"},
)
MARKER = {"en": "demonstration record", "ru": "демонстрационная запись"}


@transaction.atomic
def seed_agreements(count: int, *, seed: int, world: World) -> int:
    """Enter those of the first `count` agreements of this seed that are not in the register yet; returns how many that were."""
    wanted = [make_agreement(number, seed=seed, world=world) for number in range(1, count + 1)]
    known = set(Agreement.objects.filter(reference__startswith=f"DEMO-{seed}-").values_list("reference", flat=True))
    made = Agreement.objects.bulk_create([agreement for agreement in wanted if agreement.reference not in known])
    kind = ContentType.objects.get_for_model(Agreement)
    History.objects.bulk_create(
        [
            History(content_type=kind, object_id=row.pk, transition="create", at=row.created_at, note="Demonstration data.")
            for row in made
        ]
    )
    return len(made)


def make_agreement(number: int, *, seed: int, world: World) -> Agreement:
    """Agreement `number` of a seed, between two institutions of different countries."""
    random = Random(f"{seed}:agreement:{number}")
    countries = random.sample(sorted(world.employers), k=2)
    first, second = (random.choice(world.employers[country]) for country in countries)
    starts = world.today - datetime.timedelta(days=random.randint(30, 1500))
    years = random.choice([1, 2, 3, 5, 5])
    subject = random.choice(KINDS)
    return Agreement(
        reference=f"DEMO-{seed}-{number:04}",
        title={code: f"{text} ({MARKER[code]})" for code, text in subject.items()},
        first_id=first.id,
        second_id=second.id,
        valid_from=starts,
        valid_until=None if random.random() < 0.15 else starts + datetime.timedelta(days=365 * years - 1),
        yearly_places=random.choice([None, 2, 3, 5, 10]),
        is_demo=True,
        created_at=datetime.datetime.combine(starts, datetime.time(9), tzinfo=datetime.UTC),
    )
