"""`manage.py refresh_profiles`: update the index columns of profiles and institutions after an edit of the vocabulary."""

from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import track

from institutions.domain.institutions import refresh_institution
from institutions.models import Institution
from profiles.domain.profiles import refresh_index
from profiles.domain.visibility import with_parts
from profiles.models import ExpertProfile

CHUNK = 500


class Command(BaseCommand):
    help = "Bring the columns that lists and searches read up to date with profiles, institutions and the vocabulary."

    def handle(self, *args: Any, **options: Any) -> None:
        profiles, institutions = ExpertProfile.objects.order_by("pk"), Institution.objects.defer("search")
        total = profiles.count() + institutions.count()
        for done in track(self.refresh(profiles, institutions), total=total, description="refreshed", transient=True):
            del done
        self.stdout.write(f"{total} profiles and institutions are up to date.")

    def refresh(self, profiles: Any, institutions: Any) -> Any:
        for profile in with_parts(profiles).iterator(chunk_size=CHUNK):
            refresh_index(profile)
            yield profile.pk
        for institution in institutions.iterator(chunk_size=CHUNK):
            refresh_institution(institution)
            yield institution.pk
