"""Sessions: a row that names its account, so that both are read in one query. The engine of `SESSION_ENGINE`."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models.users import User
from exchange.core.compiled import CompiledQuery, Parameter


class Session(AbstractBaseSession):
    """A session; `user` is the account that is logged in with it."""

    # Without a constraint in the database: Django creates a session again and again as long as that raises IntegrityError, which it
    # would without end when the account was deleted meanwhile.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_constraint=False)

    class Meta(AbstractBaseSession.Meta):
        pass

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        return SessionStore


_session = CompiledQuery(
    lambda: Session.objects.select_related("user").filter(session_key=Parameter("key"), expire_date__gt=Parameter("now"))
)


class SessionStore(DatabaseStore):
    """Django's database sessions, read together with their account."""

    user: User | None = None
    """The account that the row named when it was read. `user_of_session` says whether it is logged in."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast("Session", super().create_model_instance(data))
        row.user_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = next(iter(_session(key=self.session_key, now=timezone.now())), None)
        if found is None:
            self._session_key = None
        self.user = found.user if found else None
        return found


def user_of_session(session: SessionStore) -> User | None:
    """The account that is logged in with this session: it is open, and its password is the one of the log-in. No query beside the session's.

    None as well where only `django.contrib.auth.get_user` can tell, for instance after a change of the secret key.
    """
    pk, backend, digest = (session.get(key, "") for key in (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY))
    user = session.user
    if user is None or not user.is_active or str(user.pk) != pk or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    return user if constant_time_compare(digest, user.get_session_auth_hash()) else None
