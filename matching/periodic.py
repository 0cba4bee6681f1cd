"""Jobs of matching."""

from celery import shared_task

from matching.domain import compute


@shared_task
def match_program(program_id: int) -> int:
    """One programme anew."""
    return compute.match_program(program_id)


@shared_task
def match_expert(expert_id: int) -> int:
    """One person anew."""
    return compute.match_expert(expert_id)


@shared_task
def match_experts(expert_ids: list[int]) -> int:
    """Several people anew."""
    return compute.match_experts(expert_ids)


@shared_task
def match_everything() -> int:
    """Everything anew, every night: dates pass, and what was done grows older."""
    return compute.match_everything()
