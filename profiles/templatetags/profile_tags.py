"""For pages that show a stored profile: `{{ application.snapshot|snapshot_profile }}`."""

from typing import Any

from django import template

from profiles.domain.snapshots import Snapshot, read_snapshot

register = template.Library()


@register.filter
def snapshot_profile(document: dict[str, Any] | None) -> Snapshot:
    """A stored document, prepared in the reader's language."""
    return read_snapshot(document)
