"""`manage.py refresh_profiles`: update the index columns of profiles after an edit of the vocabulary."""

from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import track

from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile

CHUNK = 500


class Command(BaseCommand):
    help = "Bring the columns that lists read up to date with profiles and the vocabulary."

    def handle(self, *args: Any, **options: Any) -> None:
        profiles = ExpertProfile.objects.order_by("pk")
        total = profiles.count()
        rows = with_parts(profiles).iterator(chunk_size=CHUNK)
        for profile in track(rows, total=total, description="refreshed", transient=True):
            refresh_index(profile)
        self.stdout.write(f"{total} profiles are up to date.")
