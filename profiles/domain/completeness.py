"""Profile completeness: a percentage, what is missing, and which missing items block matching."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.core.errors import Text
from profiles.models import ExpertProfile

FRESH_FOR = datetime.timedelta(days=365)


@dataclass(frozen=True)
class CompletenessItem:
    """One item of a profile. `section` is the section of the editor where it is entered; `why` what it is for."""

    code: str
    section: str
    text: Text
    why: Text
    weight: int
    done: bool
    blocks: bool = False


@dataclass(frozen=True)
class Completeness:
    """All items with their total."""

    items: list[CompletenessItem]

    @property
    def percent(self) -> int:
        whole = sum(item.weight for item in self.items)
        return round(100 * sum(item.weight for item in self.items if item.done) / whole)

    @property
    def share(self) -> float:
        return self.percent / 100

    @property
    def missing(self) -> list[CompletenessItem]:
        """Missing items: those that block matching first, then by weight."""
        return sorted((item for item in self.items if not item.done), key=lambda item: (not item.blocks, -item.weight))

    @property
    def blocking(self) -> list[CompletenessItem]:
        return [item for item in self.items if item.blocks and not item.done]

    @property
    def tone(self) -> str:
        return "warning" if self.blocking else "success"

    def missing_in(self, section: str) -> list[CompletenessItem]:
        return [item for item in self.missing if item.section == section]


def completeness_of(profile: ExpertProfile) -> Completeness:
    """The completeness of a profile; reads the rows of its parts (no query for prefetched ones)."""
    fields = list(profile.profile_fields.all())
    languages = list(profile.languages.all())
    competences = list(profile.competences.all())
    kinds = {name.kind for name in profile.names.all()}
    today = timezone.now().date()
    ahead = [window for window in profile.windows.all() if window.ends >= today]
    item = CompletenessItem
    return Completeness(
        [
            item("name", "names", _("Your name in its own script"), _("Without a name nobody can find you."), 10, "native" in kinds, blocks=True),
            item("latin", "names", _("Your name in Latin letters"), _("Invitation letters and tickets need it."), 5, bool(profile.latin_name)),
            item("field", "competences", _("A primary field"), _("Programmes are proposed by field."), 15, any(row.primary for row in fields), blocks=True),
            item("competence", "competences", _("A competence: material, object, technique"), _("It shows exactly what you can do."), 15, bool(competences), blocks=True),
            item("language", "languages", _("A language with its level"), _("Most programmes ask for one."), 15, bool(languages), blocks=True),
            item("availability", "availability", _("When you can travel"), _("Hosts look for dates that fit."), 10, bool(ahead)),
            item("experience", "work", _("Years of practice"), _("Some programmes ask for a number of years."), 5, profile.experience_years is not None),
            item("headline", "work", _("What you do, in one line"), _("It appears beside your name in every list."), 5, bool(profile.headline)),
            item("biography", "work", _("A few sentences of your own"), _("Hosts read them first."), 5, bool(profile.biography)),
            item("affiliation", "work", _("Where you work"), _("Leave it empty if you are self-employed."), 3, profile.affiliation_id is not None),
            item("position", "career", _("Your positions"), _("Coordinators check where you have worked."), 4, "positions" in profile.filled_sections),
            item("education", "career", _("Your education"), _("Some hosts must know it for the visa."), 3, "education" in profile.filled_sections),
            item("case", "portfolio", _("A work you can show"), _("Pictures show your work better than a list."), 5, "portfolio" in profile.filled_sections),
            item("cv", "files", _("Your CV"), _("Hosts ask for it when you apply."), 7, bool(profile.cv)),
            item("photo", "files", _("A photograph"), _("It helps others recognise you."), 5, bool(profile.photo)),
        ]
    )  # fmt: skip


def is_fresh(profile: ExpertProfile) -> bool:
    """Whether the profile was confirmed within the last year."""
    return timezone.now().date() - profile.confirmed_on < FRESH_FOR
