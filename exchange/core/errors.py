"""Expected errors whose messages are shown to users."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """An expected refusal: its message is safe to show, in the reader's language.

    `code` is a short stable identifier for programs; `status` the HTTP status of the API's response.
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
    """The row changed meanwhile: it is no longer in a source state of the transition, or its version is outdated."""

    status = 409

    def __init__(self, message: Text | None = None, *, code: str = "stale") -> None:
        super().__init__(
            message or _("This has changed in the meantime. Nothing was repeated; check the current status."), code=code
        )


class Refusal(PermissionDenied):
    """A missing permission; the reason is shown on the 403 page."""
