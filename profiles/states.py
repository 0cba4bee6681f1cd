"""States of an institution, and the small enumerations of profiles."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.core.moves import Move, MoveTable


class InstitutionState(models.TextChoices):
    """Whether a coordinator of its country has vouched for an institution; only a verified one may post programmes."""

    UNVERIFIED = "unverified", pgettext_lazy("institution", "Not verified")
    VERIFIED = "verified", pgettext_lazy("institution", "Verified")
    SUSPENDED = "suspended", pgettext_lazy("institution", "Suspended")


class Role(models.TextChoices):
    """What a member of an institution's team may do. Each includes reading what the team reads."""

    OWNER = "owner", pgettext_lazy("team role", "Owner")
    EDITOR = "editor", pgettext_lazy("team role", "Editor")
    REVIEWER = "reviewer", pgettext_lazy("team role", "Reviewer")
    SIGNATORY = "signatory", pgettext_lazy("team role", "Signatory")


EDITING_ROLES = frozenset({Role.OWNER, Role.EDITOR})
REVIEWING_ROLES = frozenset({Role.OWNER, Role.EDITOR, Role.REVIEWER})


class Answer(models.TextChoices):
    """What became of an invitation to a team; empty while it is open."""

    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")


class Mastery(models.IntegerChoices):
    """How well a person commands a competence."""

    TRAINED = 1, pgettext_lazy("level of competence", "trained")
    PRACTISES = 2, pgettext_lazy("level of competence", "practises")
    LEADS = 3, pgettext_lazy("level of competence", "leads")
    TEACHES = 4, pgettext_lazy("level of competence", "teaches")


class Audience(models.TextChoices):
    """Who may see a part of a profile; each includes the narrower ones and the person."""

    EVERYONE = "everyone", pgettext_lazy("visibility", "Everyone")
    MEMBERS = "members", pgettext_lazy("visibility", "Members")
    COORDINATORS = "coordinators", pgettext_lazy("visibility", "Coordinators")
    ONLY_ME = "only_me", pgettext_lazy("visibility", "Only me")


class NameKind(models.TextChoices):
    """Which of a person's spellings this is."""

    NATIVE = "native", pgettext_lazy("kind of name", "in the original script")
    LATIN = "latin", pgettext_lazy("kind of name", "in Latin letters")
    RUSSIAN = "russian", pgettext_lazy("kind of name", "in Russian")
    PASSPORT = "passport", pgettext_lazy("kind of name", "as in the passport")
    FORMER = "former", pgettext_lazy("kind of name", "former")
    PUBLICATION = "publication", pgettext_lazy("kind of name", "in publications")


INSTITUTION_MOVES = MoveTable(
    (
        Move(
            "verify",
            (InstitutionState.UNVERIFIED, InstitutionState.SUSPENDED),
            InstitutionState.VERIFIED,
            by=("coordinator", "secretariat"),
            label=pgettext_lazy("button", "Verify"),
            done=_("Verified by the country's coordinator"),
        ),
        Move(
            "suspend",
            (InstitutionState.VERIFIED,),
            InstitutionState.SUSPENDED,
            by=("coordinator", "secretariat"),
            label=pgettext_lazy("button", "Suspend"),
            done=_("Suspended by the country's coordinator"),
            tone="no",
            note_required=True,
        ),
    )
)


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
    CV = "cv", pgettext_lazy("part of a profile", "CV")
    CONTACT = "contact", pgettext_lazy("part of a profile", "Contact data")


DEFAULT_AUDIENCES: dict[str, str] = {
    Part.PHOTO: Audience.MEMBERS,
    Part.OTHER_NAMES: Audience.MEMBERS,
    Part.CITY: Audience.MEMBERS,
    Part.BIOGRAPHY: Audience.MEMBERS,
    Part.AFFILIATION: Audience.MEMBERS,
    Part.COMPETENCES: Audience.MEMBERS,
    Part.LANGUAGES: Audience.MEMBERS,
    Part.AVAILABILITY: Audience.MEMBERS,
    Part.CV: Audience.COORDINATORS,
    Part.CONTACT: Audience.ONLY_ME,
}
