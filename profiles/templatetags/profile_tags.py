"""For pages that show a kept profile: `{{ application.snapshot|snapshot_profile }}`."""

from typing import Any

from django import template

from profiles.domain.snapshots import Snapshot, read_snapshot

register = template.Library()


@register.filter
def snapshot_profile(document: dict[str, Any] | None) -> Snapshot:
    """A kept document in the reader's language."""
    return read_snapshot(document)
