"""Retention rules: how long each kind of data is kept, what happens then, and why. Shown on /privacy/ and enforced every night.

A rule with `days` is enforced by the function that `privacy.domain.retention.DELETERS` names for its `code`. Data of a rule without
`days` is kept, or deleted by other means, as its text says.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from exchange.core.errors import Text


@dataclass(frozen=True)
class Rule:
    """One rule. `days` are counted from the moment that `since` names."""

    code: str
    what: Text
    days: int | None
    since: Text
    then: Text
    why: Text


DELETED = _("deleted")

RULES: tuple[Rule, ...] = (
    Rule(
        "exports",
        _("Archives of “Download all my data”"),
        7,
        _("after they were created"),
        DELETED,
        _("They hold everything about a person in one file."),
    ),
    Rule(
        "sessions",
        _("Sessions of people who are logged in"),
        0,
        _("after they ended; a session lasts two weeks"),
        DELETED,
        _("Nobody can use them any more."),
    ),
    Rule(
        "attempts",
        _("Counts of attempts to log in, sign up or reset a password, with the network address they came from"),
        0,
        _("after they stop counting, which takes minutes"),
        DELETED,
        _("To slow down attempts to guess passwords."),
    ),
    Rule(
        "outbox",
        _("System records of completed background work"),
        30,
        _("after the work was done"),
        DELETED,
        _("To find the cause of errors."),
    ),
    Rule(
        "outbox_once",
        _("Such records that prevent an e-mail from being sent twice"),
        400,
        _("after the work was done"),
        DELETED,
        _("Some e-mails are sent once a year."),
    ),
    Rule(
        "mail",
        _("Copies of the e-mails we sent"),
        90,
        _("after they were sent or refused"),
        DELETED,
        _("To answer questions about e-mails that did not arrive."),
    ),
    Rule(
        "notifications_read",
        _("Notifications that were read"),
        180,
        _("after they were written"),
        DELETED,
        _("What they refer to has its own page."),
    ),
    Rule(
        "notifications",
        _("Notifications that were not read"),
        365,
        _("after they were written"),
        DELETED,
        _("What they refer to has its own page."),
    ),
    Rule(
        "drafts",
        _("Drafts of applications that were never submitted, with their files"),
        180,
        _("after they were last saved, once the programme no longer accepts applications"),
        DELETED,
        _("They can no longer be submitted."),
    ),
    Rule(
        "withdrawn_files",
        _("Files of applications that were withdrawn"),
        90,
        _("after the withdrawal"),
        DELETED,
        _("Nobody decides on them. The application itself is kept for the statistics of the programme."),
    ),
    Rule(
        "closed_files",
        _("Files of applications that were rejected, declined, expired or not approved"),
        730,
        _("after the decision"),
        DELETED,
        _("Decisions can be questioned and reviewed for two years."),
    ),
    Rule(
        "tokens",
        _("API tokens that were revoked"),
        90,
        _("after they were revoked"),
        DELETED,
        _("So that their holder can see which they were."),
    ),
    Rule(
        "invitations",
        _("Invitations to the team of an institution that were answered, withdrawn or not answered"),
        180,
        _("after they expired"),
        DELETED,
        _("They hold e-mail addresses of people who may have no account."),
    ),
    Rule(
        "claim_invitations",
        _("Invitations to take over a profile that were answered, withdrawn or not answered"),
        180,
        _("after they expired"),
        DELETED,
        _("They hold e-mail addresses of people who may have no account."),
    ),
    Rule(
        "merges",
        _("What is kept for undoing the merge of two profiles"),
        30,
        _("after the merge"),
        DELETED,
        _("Until then a mistaken merge can be undone."),
    ),
    Rule(
        "uploaded_tables",
        _("Tables of experts that institutions and coordinators uploaded"),
        90,
        _("after the upload was finished or refused"),
        DELETED,
        _("To correct errors; the profiles created from them are kept."),
    ),
    Rule(
        "unconfirmed",
        _("Accounts whose e-mail address was never confirmed"),
        30,
        _("after the account was created"),
        _("erased as if their holder had deleted them"),
        _("Nobody ever used them, and the address may be somebody else’s."),
    ),
    Rule(
        "removals",
        _("Accounts whose holder deleted them"),
        14,
        _("after the request was made; until then it can be cancelled"),
        _("erased; what has to stay is anonymised"),
        _("So that a wrong click or a stolen password does no lasting harm."),
    ),
    Rule(
        "record",
        _("Decisions on applications, approvals of placements, certificates and invitation letters"),
        None,
        _("as long as Miras operates"),
        _("kept; without the person’s name, texts and files once the account is deleted"),
        _("They are records of public bodies of six countries."),
    ),
    Rule(
        "history",
        _("The audit history: who did what and when"),
        None,
        _("as long as Miras operates"),
        _("kept unchanged; it points to an account without a name once that is deleted"),
        _("Nobody should be able to change what was decided, or to hide it."),
    ),
    Rule(
        "consents",
        _("The log of consents"),
        None,
        _("as long as Miras operates"),
        _("kept unchanged, as the history"),
        _("The law asks for proof that people agreed."),
    ),
)

ENFORCED: dict[str, Rule] = {rule.code: rule for rule in RULES if rule.days is not None}
EXTERNALLY_ENFORCED = frozenset({"removals"})
"""Codes enforced by a separate task, because each row takes a transaction of its own."""
