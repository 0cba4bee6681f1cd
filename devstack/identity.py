"""Who PostgreSQL runs as. It refuses to be root, and its tools refuse a user id without a name, so in those two cases it becomes somebody else.

Three ways, tried in this order, each proved by really starting a program before it is chosen:

1. the user we are, when that is an ordinary user;
2. a user namespace in which our own id has another name: files stay ours, wherever the checkout lies;
3. an unprivileged user id, with the one capability kept that lets it through folders only root may enter.
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

# An id nobody has: files of the database belong to no account that other services share.
PRIVATE_UID = 60_432


@dataclass(frozen=True)
class Identity:
    """How a child becomes the user that PostgreSQL runs as, and which user id then owns the files, seen from outside.

    `enter_to_initialise` differs where `initdb` needs an account with a name and the server does not.
    """

    name: str
    enter: Callable[[], None] | None
    owner: int
    enter_to_initialise: Callable[[], None] | None
    initial_owner: int


def choose(folder: Path, program: Path) -> Identity:
    """The first way that can run `program` and reach `folder`; raises StackError with what to do when none can."""
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
    """The ways worth trying for the user we are."""
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
    """A user namespace: our own id is called by an ordinary account's id inside, and stays itself on the disk."""
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
    """Another user id, from root. `initdb` asks for the account's name, so it runs as a known account and the files move over after."""
    account = _unprivileged_account()
    return Identity("a private user id", becomes(PRIVATE_UID), PRIVATE_UID, becomes(account.pw_uid), account.pw_uid)


def give(folder: Path, owner: int) -> None:
    """Make `owner` the owner of a folder with all that is in it; a folder that is theirs already is not walked."""
    if folder.stat().st_uid == owner:
        return
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(path) / name, owner, owner, follow_symlinks=False)
    # Last, so that a walk that was interrupted is walked again.
    os.chown(folder, owner, owner)


def works(identity: Identity, folder: Path, program: Path) -> bool:
    """Whether this identity really can start `program` from inside `folder`."""

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
    """What a child of root calls to become the user `uid`, with the one capability kept."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter() -> None:
        # A change of user id normally drops the capability, and access(2), which PostgreSQL asks about its own program, ignores it.
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
