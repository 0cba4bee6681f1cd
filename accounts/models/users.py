"""Accounts: one a person, identified by e-mail address. Permissions come from `access`, not from flags here."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import UserAccess, access_of

DELETED_DOMAIN = "deleted.invalid"
"""The domain of the addresses of erased accounts: nobody can have one there."""


class UserManager(BaseUserManager["User"]):
    """Creates accounts by e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; the whole address is lower-cased, so that addresses are unique without regard to case."""
        if not email:
            raise ValueError("an e-mail address is required")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a login."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True, help_text=_("As others should see it in messages and history."))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    is_secretariat = models.BooleanField(_("member of the secretariat"), default=False)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("demonstration"), default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    is_person = True
    """Exports do not name other people (`exchange.core.personal_data.row_of`)."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.name or (str(_("Deleted account")) if self.is_erased else self.email.partition("@")[0])

    @property
    def is_erased(self) -> bool:
        """Whether the account was erased: the row is kept for references of history and messages."""
        return self.email.endswith("@" + DELETED_DOMAIN)

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def access(self) -> UserAccess:
        """The access of this account, loaded once an instance."""
        return access_of(self)
