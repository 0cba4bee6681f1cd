"""Where the e-mails of sign-up, log-in and password reset go."""

from collections.abc import Callable

from django.core.mail import EmailMessage

from accounts.models import User
from exchange.core.hooks import Hook

account_mail: Hook[Callable[[EmailMessage, str, User | None], None]] = Hook("account mail", single=True)
"""A function of (e-mail, its language, the account it belongs to) that stores it; it is sent after the page was answered."""
