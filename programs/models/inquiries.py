"""Questions about a programme before applying: which conversation is about which programme, and who asked."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from messaging.models import Thread
from programs.models.programs import Program


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, user: Any) -> "InquiryQuerySet":
        """The user's own, and those about programmes of the institutions for which the user answers."""
        access = access_of(user)
        if access.user_id is None:
            return self.none()
        return self.filter(Q(person_id=access.user_id) | Q(program__institution_id__in=access.edited_institutions))


class Inquiry(models.Model):
    """One person's conversation with a host about one of its programmes. The words are in its thread."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="inquiries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inquiries")
    thread = models.OneToOneField(Thread, models.CASCADE, related_name="inquiry")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a programme")
        verbose_name_plural = _("questions about programmes")
        constraints = [models.UniqueConstraint(fields=["program", "person"], name="inquiry_once")]
        indexes = [models.Index(fields=["person", "created_at"], name="inquiry_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} about {self.program_id}"
