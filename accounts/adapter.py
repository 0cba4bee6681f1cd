"""The adapter of allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.access import access_of
from accounts.closed_accounts import open_closed_account
from accounts.domain.removals import pending_removal
from accounts.signals import account_mail
from exchange.core.emails import Email
from exchange.core.next_page import safe_next, with_next


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Stores the language and time zone at sign-up, writes account e-mails in the recipient's language, sends new users to their profile."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This address is on your account already."),
        "email_password_mismatch": _("Wrong e-mail address or password."),
        "email_taken": _("Another account has this address."),
        "enter_current_password": _("Write your current password."),
        "incorrect_code": _("This code is not right, or no longer valid."),
        "incorrect_password": _("This password is not right."),
        "invalid_or_expired_key": _("This link is no longer valid."),
        "invalid_password_reset": _("This link is no longer valid."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
        "unknown_email": _("No account has this address."),
        "unverified_primary_email": _("Only a confirmed address can be the main one."),
        "same_as_current": _("This is the same as now."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.language = translation.get_language() or ""
        user.time_zone = getattr(timezone.get_current_timezone(), "key", "")
        return super().save_user(request, user, form, commit)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A user who logs in to an account that waits for its deletion may cancel the deletion for some minutes."""
        if pending_removal(user.pk) is None:
            return super().respond_user_inactive(request, user)
        open_closed_account(request, user)
        return redirect("account_take_back")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home; for an account without any role, the first page of the profile editor."""
        access = access_of(request.user)
        newcomer = access.user_id and not (access.expert_id or access.teams or access.countries or access.secretariat)
        return reverse("profile_start") if newcomer else super().get_login_redirect_url(request)

    def render_mail(self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None) -> Email:
        """Without an empty first line in its headers."""
        return Email.of(super().render_mail(template_prefix, email, context, headers))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link of the e-mail, with the page one came for: it may be opened in another browser, which has no session."""
        url = super().get_email_confirmation_url(request, emailconfirmation)
        return with_next(url, safe_next(request, "") if request else "")

    def respond_email_verification_sent(self, request: HttpRequest, user: Any) -> HttpResponse:
        """The page that asks to look for the e-mail; its link to log in keeps the page one came for."""
        return redirect(with_next(reverse("account_email_verification_sent"), safe_next(request, "")))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render the e-mail in the recipient's language and store it: the page waits for no mail server, whoever has an account."""
        user = context.get("user")
        language = getattr(user, "language", "") or translation.get_language() or settings.LANGUAGE_CODE
        request = allauth_context.request
        with translation.override(language):
            facts = {"request": request, "email": email, "current_site": get_current_site(request), **context}
            message = self.render_mail(template_prefix, email, facts)
        for store in account_mail.values():
            store(message, language, user)
