"""States and choices of profiles and merges."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.transitions import Transition, TransitionTable


class MergeState(models.TextChoices):
    """States of a proposal to merge two profiles."""

    PROPOSED = "proposed", pgettext_lazy("merge of two profiles", "Proposed")
    MERGED = "merged", pgettext_lazy("merge of two profiles", "Merged")
    REFUSED = "refused", pgettext_lazy("merge of two profiles", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("merge of two profiles", "Withdrawn")
    UNDONE = "undone", pgettext_lazy("merge of two profiles", "Undone")


MERGE_TRANSITIONS = TransitionTable(
    (
        Transition(
            "confirm",
            (MergeState.PROPOSED,),
            MergeState.MERGED,
            by=("asked",),
            label=pgettext_lazy("button; merge of two profiles", "Yes, the same person"),
            done=_("The two profiles are merged"),
        ),
        Transition(
            "refuse",
            (MergeState.PROPOSED,),
            MergeState.REFUSED,
            by=("asked",),
            label=pgettext_lazy("button; merge of two profiles", "No, somebody else"),
            done=_("The profiles stay separate"),
            tone="danger",
        ),
        Transition(
            "withdraw",
            (MergeState.PROPOSED,),
            MergeState.WITHDRAWN,
            by=("proposer",),
            label=pgettext_lazy("button", "Withdraw"),
            done=_("The proposal is withdrawn"),
            tone="danger",
        ),
        Transition(
            "undo",
            (MergeState.MERGED,),
            MergeState.UNDONE,
            by=("proposer", "asked"),
            label=pgettext_lazy("button; merge of two profiles", "Undo the merge"),
            done=_("The profiles are separate again"),
            tone="danger",
        ),
    )
)


class SkillLevel(models.IntegerChoices):
    """Levels of a competence."""

    TRAINED = 1, pgettext_lazy("level of competence", "trained")
    PRACTISES = 2, pgettext_lazy("level of competence", "practises")
    LEADS = 3, pgettext_lazy("level of competence", "leads")
    TEACHES = 4, pgettext_lazy("level of competence", "teaches")


class Audience(models.TextChoices):
    """Who may see a part of a profile; each includes the narrower ones and the owner."""

    EVERYONE = "everyone", pgettext_lazy("visibility", "Everyone")
    MEMBERS = "members", pgettext_lazy("visibility", "Members")
    COORDINATORS = "coordinators", pgettext_lazy("visibility", "Coordinators")
    ONLY_ME = "only_me", pgettext_lazy("visibility", "Only me")


class NameKind(models.TextChoices):
    """The kind of a spelling of a name."""

    NATIVE = "native", pgettext_lazy("kind of name", "in the original script")
    LATIN = "latin", pgettext_lazy("kind of name", "in Latin letters")
    RUSSIAN = "russian", pgettext_lazy("kind of name", "in Russian")
    PASSPORT = "passport", pgettext_lazy("kind of name", "as in the passport")
    FORMER = "former", pgettext_lazy("kind of name", "former")
    PUBLICATION = "publication", pgettext_lazy("kind of name", "in publications")
    OTHER = "other", pgettext_lazy("kind of name", "another spelling")


FURTHER_KINDS = (NameKind.FORMER, NameKind.PUBLICATION, NameKind.OTHER)
"""Spellings of which a person may have any number."""


class Part(models.TextChoices):
    """The parts of a profile that carry a visibility of their own. Name, country, fields and headline share that of the whole profile."""

    PHOTO = "photo", pgettext_lazy("part of a profile", "Photograph")
    OTHER_NAMES = "other_names", pgettext_lazy("part of a profile", "Other spellings of the name")
    CITY = "city", pgettext_lazy("part of a profile", "City")
    BIOGRAPHY = "biography", pgettext_lazy("part of a profile", "In my own words")
    AFFILIATION = "affiliation", pgettext_lazy("part of a profile", "Affiliation")
    COMPETENCES = "competences", pgettext_lazy("part of a profile", "Competences")
    LANGUAGES = "languages", pgettext_lazy("part of a profile", "Languages")
    AVAILABILITY = "availability", pgettext_lazy("part of a profile", "Availability")
    POSITIONS = "positions", pgettext_lazy("part of a profile", "Positions")
    EDUCATION = "education", pgettext_lazy("part of a profile", "Education")
    ACCREDITATIONS = "accreditations", pgettext_lazy("part of a profile", "Accreditations")
    NUMBERS = "numbers", pgettext_lazy("part of a profile", "Numbers of accreditations")
    PUBLICATIONS = "publications", pgettext_lazy("part of a profile", "Publications and ORCID")
    PORTFOLIO = "portfolio", pgettext_lazy("part of a profile", "Portfolio")
    CV = "cv", pgettext_lazy("part of a profile", "CV")
    CONTACT = "contact", pgettext_lazy("part of a profile", "Contact data")
    PASSPORT = "passport", pgettext_lazy("part of a profile", "Name as in the passport")


PART_GROUPS: tuple[tuple[str, Any, tuple[Part, ...]], ...] = (
    ("self", pgettext_lazy("parts of a profile", "About me"), (Part.PHOTO, Part.OTHER_NAMES, Part.CITY, Part.BIOGRAPHY)),
    (
        "work",
        pgettext_lazy("parts of a profile", "What I can do, and when"),
        (Part.AFFILIATION, Part.COMPETENCES, Part.LANGUAGES, Part.AVAILABILITY),
    ),
    (
        "record",
        pgettext_lazy("parts of a profile", "What I have done"),
        (Part.POSITIONS, Part.EDUCATION, Part.ACCREDITATIONS, Part.PUBLICATIONS, Part.PORTFOLIO),
    ),
    (
        "papers",
        pgettext_lazy("parts of a profile", "Documents and contact"),
        (Part.CV, Part.NUMBERS, Part.CONTACT, Part.PASSPORT),
    ),
)
"""The parts as the form groups them: code, title, parts. Each part belongs to one group."""
DEFAULT_AUDIENCES: dict[str, str] = {
    Part.PHOTO: Audience.MEMBERS,
    Part.OTHER_NAMES: Audience.MEMBERS,
    Part.CITY: Audience.MEMBERS,
    Part.BIOGRAPHY: Audience.MEMBERS,
    Part.AFFILIATION: Audience.MEMBERS,
    Part.COMPETENCES: Audience.MEMBERS,
    Part.LANGUAGES: Audience.MEMBERS,
    Part.AVAILABILITY: Audience.MEMBERS,
    Part.POSITIONS: Audience.MEMBERS,
    Part.EDUCATION: Audience.MEMBERS,
    Part.ACCREDITATIONS: Audience.MEMBERS,
    Part.NUMBERS: Audience.ONLY_ME,
    Part.PUBLICATIONS: Audience.MEMBERS,
    Part.PORTFOLIO: Audience.MEMBERS,
    Part.CV: Audience.COORDINATORS,
    Part.CONTACT: Audience.ONLY_ME,
    Part.PASSPORT: Audience.COORDINATORS,
}
WIDEST_FIRST = (Audience.EVERYONE, Audience.MEMBERS, Audience.COORDINATORS, Audience.ONLY_ME)
WIDEST_OF_PART = {Part.PASSPORT: Audience.COORDINATORS}
"""The widest audience allowed for these parts: the passport name is for documents."""


def audiences_of_part(part: str) -> tuple[Audience, ...]:
    """The audiences that can be chosen for this part, widest first."""
    return WIDEST_FIRST[WIDEST_FIRST.index(WIDEST_OF_PART.get(Part(part), Audience.EVERYONE)) :]


def narrower(first: str, second: str) -> str:
    """The narrower of two audiences: those who belong to both."""
    return max(first, second, key=lambda audience: WIDEST_FIRST.index(Audience(audience)))
