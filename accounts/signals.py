"""Signals of accounts, and the hook of its e-mails."""

from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage
from django.dispatch import Signal

from exchange.core.hooks import Hook

access_changed = Signal()
"""The access of an account changed (role, appointment, deactivation). Argument: user_id."""

account_mail: Hook[Callable[[EmailMessage, str, Any], None]] = Hook("account mail", single=True)
"""A function of (e-mail, its language, the account it belongs to or None) that stores it; it is sent after the page was answered."""
