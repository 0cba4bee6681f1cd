"""Forms of allauth where its own would tell who has an account, or leave something open."""

import uuid
from typing import Any

from allauth.account import forms
from django.db import transaction
from django.http import HttpRequest

from accounts.domain.tokens import revoke_all_tokens
from accounts.models import User


class SignupForm(forms.SignupForm):  # type: ignore[misc]
    """Takes the same work for an address that has an account: a response time must not tell who has one."""

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            self._sign_up_nobody(request)
        return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        """The account, its address and consents, or nothing of it."""
        return super().save(request)

    def _sign_up_nobody(self, request: HttpRequest) -> None:
        """Create an account with an address that nobody has, its hashed password included, and take it back."""
        given = self.cleaned_data["email"]
        with transaction.atomic():
            self.cleaned_data["email"], self.account_already_exists = f"{uuid.uuid4().hex}@nobody.invalid", False
            self.save(request)
            transaction.set_rollback(True)
        self.cleaned_data["email"], self.account_already_exists = given, True


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """Takes the same work for an address that has no account: a key is made for nobody."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if not self.users:
            forms.default_token_generator.make_token(User(pk=0))
        return str(super().save(request, **kwargs))


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """Who resets a password may have lost the account to somebody: API tokens end with it, as sessions do."""

    def save(self) -> None:
        with transaction.atomic():
            super().save()
            revoke_all_tokens(self.user, by=self.user)
