"""`manage.py create_token EMAIL --scope read --scope write`: create an API token and print it on the last line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.domain.tokens import create_token
from accounts.models import ApiToken, User
from exchange.core.errors import DomainError


class Command(BaseCommand):
    help = "Make an API token for an account and print it; it cannot be read again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account's e-mail address")
        scopes = ", ".join(ApiToken.Scope.values)
        parser.add_argument(
            "--scope", action="append", default=[], metavar="SCOPE", help=f"{scopes}; may be given several times; default read"
        )
        parser.add_argument("--name", default="manage.py create_token", help="what the token is for, as its holder sees it")

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = options["scope"] or [ApiToken.Scope.READ]
        unknown = sorted(set(scopes) - set(ApiToken.Scope.values))
        if unknown:
            raise CommandError(f"unknown scope: {', '.join(unknown)} (known: {', '.join(ApiToken.Scope.values)})")
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"no account has the address {options['email']}")
        if not user.is_active:
            raise CommandError(f"the account {user.email} is closed")
        try:
            _token, text = create_token(user, name=options["name"], scopes=scopes, by=None)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(text)
