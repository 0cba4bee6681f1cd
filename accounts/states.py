"""Roles in a team, answers to invitations, the deletion of an account, consents: the enumerations of accounts."""

from django.db import models
from django.utils.translation import pgettext_lazy

from exchange.core.transitions import Transition, TransitionTable


class Role(models.TextChoices):
    """What a member of an institution's team may do. Each includes reading what the team reads."""

    OWNER = "owner", pgettext_lazy("team role", "Owner")
    EDITOR = "editor", pgettext_lazy("team role", "Editor")
    REVIEWER = "reviewer", pgettext_lazy("team role", "Reviewer")
    SIGNATORY = "signatory", pgettext_lazy("team role", "Signatory")


EDITING_ROLES = frozenset({Role.OWNER, Role.EDITOR})


REVIEWING_ROLES = frozenset({Role.OWNER, Role.EDITOR, Role.REVIEWER})


REGISTERING_ROLES = frozenset({Role.OWNER, Role.EDITOR, Role.SIGNATORY})
"""Those who enter a signed agreement of their institution in the register."""


class Answer(models.TextChoices):
    """The answer to an invitation to a team; empty while it is open."""

    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")


class RemovalState(models.TextChoices):
    """The state of a request to delete an account."""

    WAITING = "waiting", pgettext_lazy("deletion of an account", "Waiting")
    TAKEN_BACK = "taken_back", pgettext_lazy("deletion of an account", "Cancelled")
    DONE = "done", pgettext_lazy("deletion of an account", "Done")


REMOVAL_TRANSITIONS = TransitionTable(
    (
        Transition(
            "take_back",
            (RemovalState.WAITING,),
            RemovalState.TAKEN_BACK,
            by=("holder",),
            label=pgettext_lazy("button", "Keep my account"),
            done=pgettext_lazy("deletion of an account", "Cancelled"),
            tone="success",
        ),
        Transition(
            "carry_out",
            (RemovalState.WAITING,),
            RemovalState.DONE,
            by=("system",),
            label=pgettext_lazy("deletion of an account", "Carry out"),
            done=pgettext_lazy("deletion of an account", "Done"),
        ),
    )
)


class ConsentKind(models.TextChoices):
    """Kinds of consent."""

    TERMS = "terms", pgettext_lazy("consent", "Terms of use")
    PRIVACY = "privacy", pgettext_lazy("consent", "Privacy notice")
    PUBLIC_PROFILE = "public_profile", pgettext_lazy("consent", "My profile is shown to everyone")
    MAIL = "mail", pgettext_lazy("consent", "Notifications by e-mail")


TEXT_VERSIONS = {ConsentKind.TERMS: "2026-11", ConsentKind.PRIVACY: "2026-12"}
"""The current version of /terms/ and /privacy/; raised with every change of substance."""


class ConsentWay(models.TextChoices):
    """Where a consent was given or withdrawn."""

    SIGN_UP = "sign_up", pgettext_lazy("way a consent was given", "when signing up")
    SETTINGS = "settings", pgettext_lazy("way a consent was given", "in the settings")
    PROFILE = "profile", pgettext_lazy("way a consent was given", "on the visibility of the profile")
    REMOVAL = "removal", pgettext_lazy("way a consent was given", "by deleting the account")
