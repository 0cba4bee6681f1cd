"""Drafts of applications: created once, saved while the user types, and never overwritten by an older text without asking."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.domain.locks import is_duplicate_request, lock_application, require_not_blocked
from applications.models import Application, ApplicationFile
from applications.rules import tidy
from applications.states import ApplicationState
from exchange.core.errors import DomainError, Refusal, StaleError
from exchange.core.files import delete_files, stored_names
from exchange.core.history import record_history
from exchange.core.transitions import apply_transition
from exchange.core.uploads import DOCUMENT, check_upload
from exchange.core.versions import Version, check_version
from profiles.models import ExpertProfile
from programs.domain.answers import PREFIX, answer_form
from programs.domain.eligibility import check_eligibility
from programs.models import Program
from programs.states import QuestionKind

MAX_KEPT = 20_000
"""Characters of one text that a draft may hold; the submitted text has a smaller limit."""
MAX_DOCUMENTS = 5
"""Supporting documents beside those that questions ask for."""


def start_draft(program: Program, *, by: User) -> Application:
    """This person's application to this programme: the existing one, whatever its state, or a new draft.

    Refuses with DomainError `no-profile` a user without a profile, and `not-eligible` with every reason.
    """
    profile = ExpertProfile.objects.filter(user=by).first()
    if profile is None:
        raise DomainError(_("Create your profile first: applications use its data."), code="no-profile")
    existing: Application | None = Application.objects.filter(program=program, expert=profile).first()
    if existing is not None:
        return existing
    require_eligible(program, profile)
    try:
        with transaction.atomic():
            draft: Application = Application.objects.create(program=program, expert=profile, country=profile.country)
            record_history(draft, transition="start", by=by, after=ApplicationState.DRAFT)
    except IntegrityError:  # another tab was first
        draft = Application.objects.get(program=program, expert=profile)
    return draft


def require_eligible(program: Program, profile: ExpertProfile) -> None:
    """Refuse (DomainError `closed` or `not-eligible`) with every reason as text."""
    answer = check_eligibility(program, profile)
    if not answer.eligible:
        code = "closed" if "closed" in answer.codes else "not-eligible"
        raise DomainError(" ".join(reason.text for reason in answer.reasons), code=code)


@dataclass(frozen=True)
class Typed:
    """The text that was typed, and the version it is based on. What is None stays as it is."""

    version: Version
    statement: str | None = None
    answers: Mapping[str, Any] | None = None


@transaction.atomic
def save_draft(
    application: Application, *, by: User, version: Version, statement: str | None = None, answers: Mapping[str, Any] | None = None
) -> Application:
    """Save what was typed; `version` is the one the text is based on. What is None stays as it is.

    Refuses an older version with StaleError `newer-draft` unless its text is what is saved already (the response to the first request was lost),
    and anything but a draft with StaleError `not-a-draft`.
    """
    lock_application(application)
    require_own_draft(application, by)
    if take_in(application, Typed(version, statement, answers)):
        application.save(update_fields=["statement", "answers", "version", "saved_at"])
    return application


def take_in(application: Application, typed: Typed) -> bool:
    """Apply what was typed to a draft whose row is locked, without saving it; returns whether it changes anything.

    Raises StaleError `newer-draft` for an older version.
    """
    statement = application.statement if typed.statement is None else tidy(typed.statement, MAX_KEPT)
    answers = application.answers if typed.answers is None else _sound(typed.answers)
    if (statement, answers) == (application.statement, application.answers):
        return False
    words = _("A newer text was saved from another tab or device. Nothing was overwritten: choose which one to keep.")
    check_version(typed.version, application.version, words, code="newer-draft")
    application.statement, application.answers = statement, answers
    application.version += 1
    application.saved_at = timezone.now()
    return True


def draft_answers(program: Program, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft stores of a sent form: valid answers as they will be submitted, the others as they were typed."""
    form = answer_form(program, data, {}, partial=True)
    form.is_valid()
    kept = dict(form.answers())
    for name in form.errors:
        raw = form.data.get(f"{PREFIX}-{name}")
        if isinstance(raw, str) and raw.strip():
            kept[name] = raw[:MAX_KEPT]
    return kept


@transaction.atomic
def reopen(application: Application, *, by: User) -> Application:
    """A withdrawn application becomes a draft again while the programme is open."""
    lock_application(application)
    if is_duplicate_request(application, "reopen", by):
        return application
    require_not_blocked(application, "reopen", by)
    apply_transition(application, "reopen", by=by, locked=True, saved_at=timezone.now())
    return application


def attach_file(application: Application, *, by: User, upload: UploadedFile, question_id: int | None = None) -> ApplicationFile:
    """Add a file to the draft: the answer to a question (it replaces the previous one), or a supporting document.

    Refuses with DomainError `upload` a damaged file, a file of a type that is not accepted, and more than MAX_DOCUMENTS documents. The same file sent twice is stored once.
    """
    try:
        name = check_upload(upload, DOCUMENT)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), code="upload") from error
    digest = _digest(upload)
    with transaction.atomic():
        lock_application(application)
        require_own_draft(application, by)
        if question_id is not None and not application.program.questions.filter(pk=question_id, kind=QuestionKind.FILE).exists():
            raise DomainError(_("This programme does not ask for such a file."), code="upload")
        beside: list[ApplicationFile] = list(application.files.filter(question_id=question_id))
        for known in beside:
            if known.sha256 == digest:
                return known
        if question_id is not None:
            for former in beside:
                _delete(former)
        elif len(beside) >= MAX_DOCUMENTS:
            raise DomainError(_("At most %(most)s supporting documents can be attached.") % {"most": MAX_DOCUMENTS}, code="upload")
        kept: ApplicationFile = ApplicationFile.objects.create(
            application=application, question_id=question_id, file=upload, name=name, size=upload.size or 0, sha256=digest
        )
        return kept


def attach_cv(application: Application, *, by: User) -> ApplicationFile:
    """Add a copy of the CV of the applicant's profile to the draft. DomainError `no-cv` when there is none; else as `attach_file`."""
    require_own(application, by)
    profile = application.expert
    if not profile.cv:
        raise DomainError(_("Your profile has no CV."), code="no-cv")
    name = profile.cv_name or PurePath(str(profile.cv.name)).name
    with profile.cv.open("rb") as content:
        return attach_file(application, by=by, upload=UploadedFile(content, name=name, size=profile.cv.size))


@transaction.atomic
def remove_file(stored: ApplicationFile, *, by: User) -> None:
    """Remove a file from a draft; the stored file is deleted after commit."""
    application = lock_application(stored.application)
    require_own_draft(application, by)
    _delete(stored)


def require_own(application: Application, by: User) -> None:
    """Only the applicant writes. Raises Refusal (403)."""
    if "expert" not in application.roles_of(by):
        raise Refusal(str(_("Your role does not allow this.")))


def require_own_draft(application: Application, by: User) -> None:
    """Only the applicant, and only while it is a draft."""
    require_own(application, by)
    if application.state != ApplicationState.DRAFT:
        raise StaleError(_("This application is no longer a draft; its text cannot be changed."), code="not-a-draft")


def _delete(stored: ApplicationFile) -> None:
    stored.delete()
    delete_files(stored_names(stored))


def _digest(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _sound(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers whose texts can be stored."""
    return {
        tidy(key, MAX_KEPT): tidy(value, MAX_KEPT)
        if isinstance(value, str)
        else [tidy(item, MAX_KEPT) if isinstance(item, str) else item for item in value]
        if isinstance(value, list)
        else value
        for key, value in answers.items()
    }
