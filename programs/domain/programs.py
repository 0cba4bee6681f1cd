"""Index columns of programmes, and reassignment after a merge of institutions."""

from collections.abc import Iterable

from django.db import transaction

from programs.models import Program, RequiredLanguage
from programs.signals import program_changed
from vocabulary.domain.vocabulary import vocabulary

BATCH = 500


def refresh_index(program: Program) -> None:
    """Update the columns that lists and facets read, and send `program_changed`. Called at the end of every edit."""
    refresh_indexes([program.pk])
    program.refresh_from_db(fields=["field_ids", "language_codes"])


@transaction.atomic
def refresh_indexes(program_ids: Iterable[int]) -> None:
    """The same for many: a constant number of queries for every 500 programmes. Sends `program_changed` for each."""
    ids = list(program_ids)
    for start in range(0, len(ids), BATCH):
        _refresh_batch(ids[start : start + BATCH])
    for pk in ids:
        program_changed.send(Program, program_id=pk)


@transaction.atomic
def reassign_programs(target_id: int, source_id: int) -> None:
    """Reassign the programmes of a merged institution to the target. Sends `program_changed` for each."""
    ids = list(Program.objects.filter(institution_id=source_id).order_by("pk").values_list("pk", flat=True))
    Program.objects.filter(pk__in=ids).update(institution_id=target_id)
    refresh_indexes(ids)


def _refresh_batch(ids: list[int]) -> None:
    programs = list(Program.objects.filter(pk__in=ids).select_related("institution"))
    concepts = _concepts_by_program(ids)
    languages = _languages_by_program(ids)
    vocab = vocabulary()
    for program in programs:
        own = concepts.get(program.pk, [])
        program.field_ids = sorted({field for concept in own for field in vocab.field_of(concept)})
        program.language_codes = sorted(languages.get(program.pk, []))
    Program.objects.bulk_update(programs, ["field_ids", "language_codes"], batch_size=BATCH)


def _concepts_by_program(ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    through = Program.concepts.through._default_manager  # noqa: SLF001 -- Django documents it for this use
    for program_id, concept_id in through.filter(program_id__in=ids).values_list("program_id", "concept_id"):
        found.setdefault(program_id, []).append(concept_id)
    return found


def _languages_by_program(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for program_id, language in RequiredLanguage.objects.filter(program_id__in=ids).values_list("program_id", "language"):
        found.setdefault(program_id, []).append(language)
    return found
