"""The demonstration logins: accounts with random passwords, written once into the data folder, readable by its owner alone."""

import json
import os
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.domain.accounts import set_secretariat
from accounts.models import User
from exchange.demo.people import DOMAIN
from exchange.demo.users import ADMIN, SECRETARIAT, USERS, DemoUser

FILE = "demo-logins.json"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that are easily confused."""
Logins = list[dict[str, str]]


def logins_path() -> Path:
    return Path(settings.DATA_DIR) / FILE


def address_of(demo_user: DemoUser) -> str:
    return f"{demo_user.login}@{DOMAIN}"


def read_logins() -> Logins:
    """The logins of the file; empty when it is missing or incomplete."""
    try:
        found = json.loads(logins_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    whole = isinstance(found, list) and all(isinstance(each, dict) and each.get("email") and each.get("password") for each in found)
    return found if whole else []


def write_logins(logins: Logins) -> None:
    """Replace the file atomically; never readable by others."""
    path = logins_path()
    draft = path.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(logins, file, ensure_ascii=False, indent=2)
        file.write("\n")
    draft.replace(path)


def new_password() -> str:
    """Three groups of five letters and digits: 74 bits, easy to copy by hand."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3))


class Passwords:
    """The passwords of the demonstration users; those in the file are reused. Hashed in parallel to other work, because hashing is slow."""

    def __init__(self) -> None:
        known = {each["email"]: each["password"] for each in read_logins()}
        self.passwords = {address_of(demo_user): known.get(address_of(demo_user)) or new_password() for demo_user in USERS}
        present = set(User.objects.filter(email__in=list(self.passwords)).values_list("email", flat=True))
        self._wanted = [email for email in self.passwords if email not in present or email not in known]
        self._pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1)
        self._hashes: dict[str, Future[str]] = {
            email: self._pool.submit(make_password, self.passwords[email]) for email in self._wanted
        }

    @property
    def complete(self) -> bool:
        """Whether every account exists and its password is in the file."""
        return not self._wanted

    def hashes(self) -> dict[str, str]:
        """Hashes of the new passwords; waits until they are ready."""
        ready = {email: future.result() for email, future in self._hashes.items()}
        self._pool.shutdown()
        return ready

    def logins(self) -> Logins:
        return [
            {
                "email": address_of(demo_user),
                "password": self.passwords[address_of(demo_user)],
                "role": demo_user.role,
                "country": demo_user.country,
                "name": demo_user.name,
            }
            for demo_user in USERS
        ]


@transaction.atomic
def make_accounts() -> dict[str, User]:
    """The accounts of the demonstration users by login, with confirmed addresses and no passwords yet. Existing ones are unchanged."""
    accounts = {}
    for demo_user in USERS:
        user, made = User.objects.get_or_create(email=address_of(demo_user), defaults=_facts(demo_user))
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        if made and demo_user.role == SECRETARIAT:
            set_secretariat(user, member=True, by=None)
        accounts[demo_user.login] = user
    return accounts


def _facts(demo_user: DemoUser) -> dict[str, Any]:
    return {
        "name": demo_user.name,
        "language": demo_user.language,
        "time_zone": demo_user.time_zone,
        "password": make_password(None),
        "is_demo": True,
        "is_staff": demo_user.role == ADMIN,
        "is_superuser": demo_user.role == ADMIN,
    }


@transaction.atomic
def set_passwords(hashes: dict[str, str]) -> None:
    """Store the hashes."""
    for email, encoded in hashes.items():
        User.objects.filter(email=email).update(password=encoded)
