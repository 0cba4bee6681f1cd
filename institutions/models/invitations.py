"""Invitations to the team of an institution by e-mail address; the inviting team does not learn whether the address has an account."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.addresses import confirmed_addresses, in_thirty_days
from accounts.states import Answer, Role
from institutions.models.institutions import Institution


class InvitationQuerySet(models.QuerySet["TeamInvitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither answered nor withdrawn nor expired."""
        return self.filter(answer="", expires_at__gt=timezone.now())

    def to_addresses_of(self, user: Any) -> "InvitationQuerySet":
        """All invitations to a confirmed address of this account."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(email__in=confirmed_addresses(user))

    def for_addresses_of(self, user: Any) -> "InvitationQuerySet":
        """The open invitations to a confirmed address of this account."""
        return self.to_addresses_of(user).open()


class TeamInvitation(models.Model):
    """An invitation to join a team in one role."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_thirty_days)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a team")
        verbose_name_plural = _("invitations to teams")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "email", "role"], condition=Q(answer=""), name="one_open_invitation"),
        ]
        indexes = [models.Index(fields=["email"], condition=Q(answer=""), name="open_invitations")]

    def __str__(self) -> str:
        return f"{self.email} {self.role} {self.institution_id}"
