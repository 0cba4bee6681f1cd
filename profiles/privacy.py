"""What this app holds of a person: handed out, let go of, ended in time. Registered when the app is ready."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import CASCADE, Q
from django.utils.translation import gettext_lazy as _

from exchange.core.broker import start_job
from exchange.core.errors import Text
from exchange.core.models import History, OutboxEvent
from exchange.core.outbox import outbox_handler
from exchange.core.privacy import (
    Piece,
    StoredFile,
    Table,
    delete_batch,
    delete_related,
    erasure_blocker,
    forget_files,
    gdpr_erase,
    gdpr_export,
    options,
    relations_of,
    retention_rule,
    row_of,
    stored_names,
)
from profiles.domain.consents import consents_of, describe_consent, record_consent
from profiles.domain.coordinators import current, end_appointment
from profiles.domain.exports import MAKE, expire_exports
from profiles.domain.institutions import remove_member
from profiles.domain.profile_merge import forget_merges
from profiles.domain.profiles import refresh_index
from profiles.domain.removals import CARRY_OUT, anonymise_account, carry_out_removal, erase_account
from profiles.domain.visibility import with_parts
from profiles.models import (
    ApiToken,
    ClaimInvitation,
    Consent,
    CoordinatorAppointment,
    DataExport,
    ExpertImport,
    ExpertProfile,
    Institution,
    Membership,
    ProfileMerge,
    TeamInvitation,
    User,
)
from profiles.models.experts import ERASED_NAME
from profiles.signals import profile_changed
from profiles.states import Audience, ConsentKind, ConsentWay, ExportState, ImportState, Role

CHUNK = 500
PROFILE_FIELDS = (
    *("shown_name", "latin_name", "country", "city", "affiliation", "headline", "biography", "biography_language"),
    *("experience_years", "phone", "orcid", "lead_time_days", "longest_stay_weeks", "audience", "audiences"),
    *("confirmed_on", "created_at", "updated_at", "completeness"),
)
FINISHED_IMPORTS = (ImportState.DONE, ImportState.REFUSED, ImportState.CANCELLED)

# ---- carrying out ----------------------------------------------------------------------------------------------------


@outbox_handler(MAKE)
def start_export(*, export_id: int) -> None:
    """An archive may take minutes: a job of its own, so that the outbox does not wait for it."""
    start_job("profiles.periodic.make_export", export_id)


@outbox_handler(CARRY_OUT)
def erase_now(*, removal_id: int) -> None:
    carry_out_removal(removal_id)


# ---- handing out -----------------------------------------------------------------------------------------------------


@gdpr_export("account", order=10)
def export_account(user: User) -> Iterator[Piece]:
    yield Table("account", [row_of(user, "email", "name", "language", "time_zone", "date_joined", "last_login")])
    yield Table("addresses", (row_of(row, "email", "verified", "primary") for row in rows_of(user, "emailaddress_set")))
    yield Table("second_factors", (row_of(row, "type", "created_at", "last_used_at") for row in rows_of(user, "authenticator_set")))
    tokens = ApiToken.objects.filter(user=user).order_by("pk")
    yield Table("api_tokens", (row_of(t, "name", "scopes", "hint", "created_at", "last_used_at", "revoked_at") for t in tokens))
    yield Table(
        "consents",
        (row_of(row, "version", "given", "way", "at", about=describe_consent(row)) for row in consents_of(user)),
    )
    yield Table("archives", (row_of(row, "state", "created_at", "expires_at", "size") for row in rows_of(user, "data_exports")))
    yield Table("deletions", (row_of(row, "state", "created_at", "due_at") for row in rows_of(user, "removals")))
    what_i_did = History.objects.filter(actor=user).select_related("content_type").order_by("pk")
    yield Table(
        "what_i_did",
        (
            row_of(row, "at", "move", "before", "after", "reason", "note", thing=f"{row.content_type.name} {row.object_id}")
            for row in what_i_did.iterator(chunk_size=CHUNK)
        ),
    )
    yield from unclaimed(user)


def rows_of(owner: Any, name: str) -> Iterator[Any]:
    """The rows of another table that belong to somebody, oldest first, a few at a time."""
    return iter(getattr(owner, name).order_by("pk").iterator(chunk_size=CHUNK))


OWN_TABLES: set[str] = {
    *("account.EmailAddress", "mfa.Authenticator", "profiles.ApiToken", "profiles.DataExport", "profiles.ExpertProfile"),
    *("profiles.Membership", "profiles.CoordinatorAppointment", "profiles.TeamInvitation", "admin.LogEntry"),
}
"""Tables with a person in them that are handed out by name, or, like the log of the administration, are about others."""


def unclaimed(user: User) -> Iterator[Piece]:
    """Whatever else belongs to the account alone and no app has handed out by name: nothing new is forgotten."""
    for relation in options(user).related_objects:
        model: Any = relation.related_model
        label = options(model).label
        if label not in OWN_TABLES and not options(model).auto_created and relation.on_delete is CASCADE:
            rows = model._base_manager.filter(**{relation.field.name: user}).order_by("pk")  # noqa: SLF001 -- Django documents it
            if rows.exists():
                yield Table(label.lower().replace(".", "_"), (row_of(row) for row in rows.iterator(chunk_size=CHUNK)))
                for row in rows.iterator(chunk_size=CHUNK):
                    yield from files_of(row)


def claims_tables(*labels: str) -> None:
    """Say that an app hands out these tables by name."""
    OWN_TABLES.update(labels)


def files_of(row: Any, name: str = "") -> Iterator[StoredFile]:
    """The stored files of a row; without a name of their own they keep that of the storage."""
    for path in stored_names(row):
        yield StoredFile(path, name or path.rpartition("/")[2])


LEFT_OUT = frozenset({"profiles.ClaimInvitation", "profiles.ProfileMerge", "profiles.ExpertProfile"})
"""Of the tables that hang on a profile those that speak of others, too, and profiles that became part of it: what they said is in it."""


@gdpr_export("profile", order=20)
def export_profile(user: User) -> Iterator[Piece]:
    """The profile with all its parts, whatever their audience, and the files that belong to it."""
    profile = ExpertProfile.objects.filter(user=user).select_related("affiliation").defer("search").first()
    if profile is None:
        return
    yield Table("profile", [row_of(profile, *PROFILE_FIELDS)])
    for relation in options(profile).related_objects:
        model: Any = relation.related_model
        if options(model).label in LEFT_OUT or options(model).app_label != "profiles" or relation.on_delete is not CASCADE:
            continue
        rows = model._base_manager.filter(**{relation.field.name: profile}).order_by("pk")  # noqa: SLF001 -- Django documents it
        yield Table(options(model).model_name, (row_of(row) for row in rows.iterator(chunk_size=CHUNK)))
        for row in rows.iterator(chunk_size=CHUNK):
            yield from files_of(row)
    merges = ProfileMerge.objects.filter(Q(kept=profile) | Q(gone=profile)).order_by("pk")
    yield Table("merges", (row_of(row, "state", "created_at", "merged_at") for row in merges))
    for case in profile.cases.prefetch_related("pictures"):
        for picture in case.pictures.all():
            largest = picture.large or picture.upload
            if largest:
                path = str(largest.name)
                yield StoredFile(path, f"portfolio-{case.pk}-{path.rpartition('/')[2]}")
    if profile.photo:
        yield StoredFile(str(profile.photo.name), "photo.jpg")
    if profile.cv:
        yield StoredFile(str(profile.cv.name), profile.cv_name or "cv.pdf")


@gdpr_export("institutions", order=30)
def export_institutions(user: User) -> Iterator[Piece]:
    """Roles, appointments and invitations; of other people no more than the name that is shown."""
    memberships = Membership.objects.filter(user=user).select_related("institution").order_by("pk")
    yield Table("teams", (row_of(row, "institution", "role", "since") for row in memberships))
    appointments = CoordinatorAppointment.objects.filter(user=user).order_by("pk")
    yield Table("appointments", (row_of(row, "country", "starts", "ends") for row in appointments))
    to_me = TeamInvitation.objects.to_addresses_of(user).select_related("institution", "invited_by").order_by("pk")
    names = ("institution", "email", "role", "created_at", "expires_at", "answer", "answered_at")
    yield Table("invitations", (row_of(row, *names, invited_by=row.invited_by.get_full_name()) for row in to_me))


# ---- erasing ---------------------------------------------------------------------------------------------------------


@erasure_blocker
def owners_hand_over_first(user: User) -> Iterable[Text]:
    """An institution must not lose its only owner."""
    mine = Institution.objects.filter(memberships__user=user, memberships__role=Role.OWNER).distinct().order_by("pk")
    for institution in mine:
        others = Membership.objects.filter(institution=institution, role=Role.OWNER, user__is_active=True).exclude(user=user)
        if not others.exists():
            words = _("You are the only owner of an institution: %(institution)s. Make somebody else an owner first.")
            yield words % {"institution": institution.name}


@erasure_blocker
def somebody_must_run_the_site(user: User) -> Iterable[Text]:
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.filter(is_superuser=True).exists():
        yield _("Nobody else can run this site. Give somebody else the right to first.")
    if user.is_secretariat and not others.filter(is_secretariat=True).exists():
        yield _("You are the only member of the secretariat. Let somebody else in first.")


KEPT = (
    "profiles.ExpertProfile",
    "profiles.AccountRemoval",
    "profiles.Consent",
    "profiles.CoordinatorAppointment",
    "admin.LogEntry",
)


@gdpr_erase("profiles", order=90, keeps=KEPT)
def erase_profile_and_account(user: User) -> None:
    """Teams and appointments end, the profile goes or loses everything that speaks of its person, the account its name and address.

    Comes last, because the apps above know people by what is erased here.
    """
    for institution in Institution.objects.filter(memberships__user=user).distinct():
        remove_member(institution, user, by=user)
    for appointment in CoordinatorAppointment.objects.filter(current(), user=user):
        end_appointment(appointment, by=None)
    withdraw_consents(user)
    for profile in ExpertProfile.objects.filter(user=user).select_for_update(of=("self",)).defer("search"):
        erase_profile(profile)
    delete_related(user)
    anonymise_account(user)


def withdraw_consents(user: User) -> None:
    """Who deletes the account takes back everything they agreed to."""
    latest = {(row.kind, row.detail): row for row in Consent.objects.filter(user=user).order_by("pk")}
    for (kind, detail), row in latest.items():
        if row.given:
            record_consent(user, ConsentKind(kind), given=False, way=ConsentWay.REMOVAL, detail=detail)


def erase_profile(profile: ExpertProfile) -> None:
    """Delete the profile; where an application or a placement rests on it, leave a row that says its country and nothing else.

    Profiles that became part of it go first: they are the same person's.
    """
    for part in ExpertProfile.objects.filter(merged_into=profile).select_for_update(of=("self",)).defer("search"):
        erase_profile(part)
    delete_related(profile)
    forget_files(name for name in stored_names(profile) if not _is_shared(profile, name))
    if not _is_rested_on(profile):
        pk = profile.pk
        profile.delete()
        profile_changed.send(ExpertProfile, profile_id=pk)
        return
    empty = {
        field.name: field.get_default()
        for field in options(profile).concrete_fields
        if field.name
        not in {"id", "user", "country", "is_demo", "created_at", "updated_at", "search", "affiliation", "merged_into"}
    }
    ExpertProfile.objects.filter(pk=profile.pk).update(
        **empty | {"audience": Audience.ONLY_ME, "affiliation": None, "search": None, "photo": "", "cv": ""}
    )
    refresh_index(with_parts(ExpertProfile.objects.filter(pk=profile.pk)).get())
    ExpertProfile.objects.filter(pk=profile.pk).update(shown_name=ERASED_NAME, latin_name="", sort_name="", search=None)


def _is_shared(profile: ExpertProfile, name: str) -> bool:
    """Whether another profile, which took it over when two became one, shows this very file."""
    return ExpertProfile.objects.filter(Q(photo=name) | Q(cv=name)).exclude(pk=profile.pk).exists()


def _is_rested_on(profile: ExpertProfile) -> bool:
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: profile}).exists()  # noqa: SLF001 -- Django documents it
        for relation in relations_of(profile)
    )


# ---- keeping no longer than needed -----------------------------------------------------------------------------------


@retention_rule("exports")
def end_exports(before: datetime.datetime, most: int) -> int:
    """Mostly done by then: a job of the minute deletes them when their week is over."""
    expire_exports()
    left = DataExport.objects.filter(state__in=[ExportState.READY, ExportState.FAILED], created_at__lt=before).exclude(file="")
    return delete_batch(left, most)


@retention_rule("sessions")
def end_sessions(before: datetime.datetime, most: int) -> int:
    keys = list(Session.objects.filter(expire_date__lt=before).values_list("pk", flat=True)[:most])
    Session.objects.filter(pk__in=keys)._raw_delete("default")  # noqa: SLF001 -- no socket holds on to a session that ended
    return len(keys)


@retention_rule("outbox")
def end_outbox(before: datetime.datetime, most: int) -> int:
    return _raw_end(OutboxEvent.objects.filter(done_at__lt=before, key__isnull=True), most)


@retention_rule("outbox_once")
def end_outbox_once(before: datetime.datetime, most: int) -> int:
    return _raw_end(OutboxEvent.objects.filter(done_at__lt=before, key__isnull=False), most)


def _raw_end(rows: Any, most: int) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    return int(rows.model.objects.filter(pk__in=ids).delete()[0]) if ids else 0


@retention_rule("tokens")
def end_tokens(before: datetime.datetime, most: int) -> int:
    return delete_batch(ApiToken.objects.filter(revoked_at__lt=before), most)


@retention_rule("invitations")
def end_invitations(before: datetime.datetime, most: int) -> int:
    return delete_batch(TeamInvitation.objects.filter(expires_at__lt=before), most)


@retention_rule("claim_invitations")
def end_claim_invitations(before: datetime.datetime, most: int) -> int:
    return delete_batch(ClaimInvitation.objects.filter(expires_at__lt=before), most)


@retention_rule("merges")
def end_merges(before: datetime.datetime, most: int) -> int:
    return forget_merges(before, most)


@retention_rule("uploaded_tables")
def end_uploaded_tables(before: datetime.datetime, most: int) -> int:
    return delete_batch(ExpertImport.objects.filter(state__in=FINISHED_IMPORTS, state_since__lt=before), most)


@retention_rule("unconfirmed")
def end_unconfirmed_accounts(before: datetime.datetime, most: int) -> int:
    """Accounts with an address that was asked to be confirmed and never was, which nobody has ever logged in to."""
    never = User.objects.filter(date_joined__lt=before, last_login=None, is_active=True, is_staff=False, is_demo=False)
    rows = never.filter(emailaddress__verified=False).exclude(emailaddress__verified=True).distinct()
    rows = rows.exclude(Q(memberships__isnull=False) | Q(appointments__isnull=False) | Q(expert_profiles__isnull=False))
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: min(most, CHUNK)])
    for user in User.objects.select_for_update(no_key=True).filter(pk__in=ids):
        erase_account(user)
    return len(ids)
