"""A short summary of a profile, for claims and merges."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from exchange.core.errors import Text
from exchange.core.towns import town
from profiles.models import ExpertProfile
from profiles.states import NameKind
from vocabulary.domain.vocabulary import concept_titles

Lines = tuple[Text, list[str]]


def summary_of(profile: ExpertProfile, *, everything: bool = True) -> list[Lines]:
    """Headings with their lines, without empty ones; without `everything` only parts with the audience of the whole profile.

    Contact data and the passport name are never among them. Read `with_parts`.
    """
    lines = [*_head(profile), *(_rest(profile) if everything else ())]
    return [(title, found) for title, texts in lines if (found := [text for text in texts if text])]


def _head(profile: ExpertProfile) -> Iterator[Lines]:
    yield _("Name"), list(dict.fromkeys([profile.shown_name, profile.latin_name]))
    yield _("Country"), [profile.get_country_display() if profile.country else ""]
    yield _("What they do"), [profile.headline]
    yield _("Fields"), concept_titles([row.concept_id for row in profile.profile_fields.all()])


def _rest(profile: ExpertProfile) -> Iterator[Lines]:
    shown = {profile.shown_name, profile.latin_name}
    spellings = [name.full for name in profile.names.all() if name.kind != NameKind.PASSPORT]
    yield _("Other spellings"), [text for text in dict.fromkeys(spellings) if text not in shown]
    yield _("City"), [town(profile.city)]
    yield _("Affiliation"), [str(profile.affiliation.name) if profile.affiliation else ""]
    yield _("In their own words"), [profile.biography[:300]]
    about = [(row.material_id, row.object_type_id, row.technique_id) for row in profile.competences.all()]
    yield _("Competences"), [" · ".join(concept_titles([pk for pk in ids if pk])) for ids in about]
    yield _("Languages"), [str(skill) for skill in profile.languages.all()]
