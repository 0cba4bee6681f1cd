"""Refusals that people are meant to read."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """An expected refusal: its message is safe to show, in the reader's language.

    `code` is a short stable word for programs; `status` the HTTP status an API answers with.
    """

    status = 422

    def __init__(self, message: Text, *, code: str = "refused", status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        if status is not None:
            self.status = status

    def __str__(self) -> str:
        return str(self.message)


class StaleError(DomainError):
    """Somebody, or an earlier click, was first: the thing is no longer in the state the transition starts from."""

    status = 409

    def __init__(self, message: Text | None = None, *, code: str = "stale") -> None:
        super().__init__(
            message or _("This has changed in the meantime. Nothing was done twice; look at where it stands now."), code=code
        )


class Refusal(PermissionDenied):
    """A known thing that this person may not do; the reason is shown on the 403 page."""
