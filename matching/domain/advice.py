"""What an expert could add: the place for each missing part of a match, and advice with the number of programmes it would open."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from exchange.core.spoken_languages import Language, Level
from matching.domain.explanation import part_label
from matching.domain.queries import matches_for_expert
from matching.models import Match
from profiles.models import LanguageSkill
from programs.domain.eligibility import fix_url_of
from programs.models import RequiredLanguage
from vocabulary.domain.vocabulary import vocabulary

SHOWN = 5
ADVISED_FROM = 2
"""A concept is advised when at least this many programmes miss it."""
FITTING = 350
"""Points (of 1000) from which a programme fits otherwise: what far-off programmes miss is no advice."""
OPENING = {
    "dates": pgettext_lazy("what would open programmes", "More days on which you are free"),
    "stay": pgettext_lazy("what would open programmes", "A longer stay"),
    "experience_unknown": pgettext_lazy("what would open programmes", "Naming your years of practice"),
}
SECTION_OF_PART = {"concept": "competences", "language": "languages", "dates": "availability", "practice": "work"}


@dataclass(frozen=True)
class Advice:
    """One piece of advice: a sentence with its number of programmes, and the section of the profile."""

    text: str
    url: str
    count: int


@dataclass(frozen=True)
class Missing:
    """A part of a match that earned little, and where to add it; `url` is empty when it is not a part of the profile."""

    label: str
    url: str


def missing_of(match: Match) -> list[Missing]:
    """What a match lacks, each with the section of the profile where it is added. For the expert alone."""
    return [Missing(part_label(part), _section_url(part)) for part in match.missing]


def _section_url(part: Mapping[str, Any]) -> str:
    section = SECTION_OF_PART.get(str(part.get("code")))
    return reverse(f"profile_{section}") if section else ""


def advice_for(user: Any) -> list[Advice]:
    """Up to SHOWN pieces of advice, the most useful first, from the stored matches: three queries, whatever their number.

    A requirement counts where it is the only unmet one, so that adding it alone makes the person eligible.
    """
    rows = list(matches_for_expert(user).values_list("program_id", "requirements", "missing", "score"))
    single = {pk: codes[0] for pk, codes, _missing, _score in rows if len(codes) == 1}
    found = list(_languages(user, {pk for pk, code in single.items() if code in {"language", "level"}}))
    counts = Counter(single.values())
    found += [_would_open(str(what), counts[code], code) for code, what in OPENING.items() if counts[code]]
    found += _concepts(missing for _pk, codes, missing, score in rows if not codes and score >= FITTING)
    return sorted(found, key=lambda advice: (-advice.count, advice.text))[:SHOWN]


def _languages(user: Any, program_ids: set[int]) -> Iterable[Advice]:
    """For each language and level how many programmes it would open, those that ask for a lower level included."""
    if not program_ids:
        return
    held = dict(LanguageSkill.objects.filter(profile__user=user).values_list("language", "level"))
    asked = RequiredLanguage.objects.filter(program_id__in=program_ids).values_list("language", "level")
    short = Counter((language, level) for language, level in asked if held.get(language, 0) < level)
    for language, level in sorted(short):
        count = sum(number for (other, lower), number in short.items() if other == language and lower <= level)
        yield _would_open(f"{Language(language).label} {Level(level).label}", count, "language")


def _would_open(what: str, count: int, code: str) -> Advice:
    text = ngettext("%(what)s would open %(count)s programme.", "%(what)s would open %(count)s programmes.", count)
    return Advice(text % {"what": what, "count": count}, fix_url_of(code), count)


def _concepts(missing: Iterable[list[dict[str, Any]]]) -> Iterable[Advice]:
    """Concepts that several programmes, for which the person is eligible, miss in the profile."""
    known = vocabulary()
    counts = Counter(part["concept"] for parts in missing for part in parts if part.get("code") == "concept")
    for pk, count in counts.items():
        if count >= ADVISED_FROM and pk in known:
            words = {"concept": known.title(pk), "count": count}
            text = _("%(concept)s: missing for %(count)s programmes. Add it if you practise it.") % words
            yield Advice(text, reverse("profile_competences"), count)
