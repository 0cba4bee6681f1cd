"""The user that PostgreSQL runs as. It refuses to run as root, and its tools refuse a user id without a name; then another user is needed.

Three identities, tried in this order; each is tested by starting a program before it is chosen:

1. the current user, when that is an ordinary user;
2. a user namespace in which the current id has another name: files keep their owner;
3. an unprivileged user id that keeps one capability, to enter folders that only root may enter.
"""

import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devstack.processes import LINUX, StackError

CLONE_NEWUSER = 0x10000000
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION = 0x20080522

# An unused id: the files of the database belong to no account that other services share.
PRIVATE_UID = 60_432


@dataclass(frozen=True)
class Identity:
    """How a child process changes to the user that PostgreSQL runs as, and which user id owns the files, seen from outside.

    `enter_to_initialise` differs where `initdb` needs an account with a name and the server does not.
    """

    name: str
    enter: Callable[[], None] | None
    owner: int
    enter_to_initialise: Callable[[], None] | None
    initial_owner: int


def choose(folder: Path, program: Path) -> Identity:
    """The first identity that can run `program` and read `folder`; raises StackError with a solution when there is none."""
    for identity in candidates():
        if works(identity, folder, program):
            return identity
    if os.geteuid() == 0:
        raise StackError(
            "PostgreSQL refuses to run as root, and neither a user namespace nor another user id can be used here.\n"
            "Start as an ordinary user, or set DATABASE_URL to a PostgreSQL server that runs already."
        )
    raise StackError(
        f"PostgreSQL cannot run as user id {os.geteuid()}, which has no name in this system.\n"
        "Start as a user with an account, or set DATABASE_URL to a PostgreSQL server that runs already."
    )


def candidates() -> Iterator[Identity]:
    """The identities that are possible for the current user."""
    me = os.geteuid()
    if me != 0 and _has_name(me):
        yield Identity("ourselves", None, me, None, me)
        return
    if not LINUX:
        return
    yield in_namespace()
    if me == 0:
        yield as_private_user()


def in_namespace() -> Identity:
    """A user namespace: inside, the current id is mapped to an ordinary account's id; files on disk keep the current id."""
    me, group = os.geteuid(), os.getegid()
    inside = _unprivileged_account()
    libc = ctypes.CDLL(None, use_errno=True)

    def enter() -> None:
        if libc.unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{inside.pw_uid} {me} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{inside.pw_gid} {group} 1", encoding="ascii")

    return Identity("a user namespace", enter, me, enter, me)


def as_private_user() -> Identity:
    """Another user id, when running as root. `initdb` needs an account with a name, so it runs as one and the files change owner afterwards."""
    account = _unprivileged_account()
    return Identity("a private user id", becomes(PRIVATE_UID), PRIVATE_UID, becomes(account.pw_uid), account.pw_uid)


def give(folder: Path, owner: int) -> None:
    """Change the owner of a folder and its content; a folder that has this owner already is skipped."""
    if folder.stat().st_uid == owner:
        return
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(path) / name, owner, owner, follow_symlinks=False)
    # The folder itself last, so that an interrupted change is repeated.
    os.chown(folder, owner, owner)


def works(identity: Identity, folder: Path, program: Path) -> bool:
    """Whether this identity can start `program` in `folder`."""

    def probe() -> None:
        if identity.enter is not None:
            identity.enter()
        if os.geteuid() == 0:
            os._exit(1)
        os.chdir(folder)

    try:
        result = subprocess.run(
            [str(program), "--version"],
            preexec_fn=probe,
            capture_output=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return result.returncode == 0


def becomes(uid: int) -> Callable[[], None]:
    """A function that changes a child process of root to the user `uid`, keeping one capability."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter() -> None:
        # A change of user id drops capabilities by default, and access(2), which PostgreSQL calls for its own program, ignores them.
        libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        bit = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
        sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
        libc.capset(header, sets)
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)

    return enter


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _unprivileged_account() -> pwd.struct_passwd:
    for name in ("nobody", "daemon"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    for account in pwd.getpwall():
        if account.pw_uid != 0:
            return account
    raise StackError(
        "This system knows no account but root; PostgreSQL cannot run. Set DATABASE_URL to a server that runs already."
    )
