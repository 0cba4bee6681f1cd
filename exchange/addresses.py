"""Addresses of the servers, shared by settings, the supervisor, the tests and every `manage.py` command.

Standard library only: settings import this module before Django is configured.
"""

import hashlib
import os
import socket
import stat
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

PROJECT_DIR = Path(__file__).resolve().parents[1]

DATABASE_NAME = "miras"
DATABASE_USER = "miras"
KEY_FILE = "secret.key"
POSTGRES_SOCKET_NAME = ".s.PGSQL.5432"

# sun_path holds 108 bytes on Linux and 104 on macOS; the longest name we put into the folder takes 27 of them.
MAX_SOCKET_FOLDER_LENGTH = 75


def data_dir() -> Path:
    """The folder of all stored data: `DATA_DIR`, or `.data` in the project."""
    given = os.environ.get("DATA_DIR", "").strip()
    return (Path(given).expanduser() if given else PROJECT_DIR / ".data").resolve()


def socket_dir(data: Path | None = None) -> Path:
    """The folder of the unix sockets: in the data folder, or in a short private one when the path would be too long."""
    data = data or data_dir()
    near = data / "run"
    if len(os.fsencode(near)) <= MAX_SOCKET_FOLDER_LENGTH:
        return near
    # Not TMPDIR: two shells with different ones must still find the same servers.
    temp = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108 -- made private, and checked, below
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return temp / f"miras-{os.geteuid()}-{digest}"


def make_private(folder: Path) -> Path:
    """Create `folder` if it is missing, for this user only. Refuses one that belongs to another user."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to somebody else; choose another DATA_DIR")
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
    return folder


def postgres_socket_dir(data: Path | None = None) -> Path:
    """The folder of PostgreSQL's socket; separate, because it may belong to another user id."""
    return socket_dir(data) / "pg"


def valkey_socket(data: Path | None = None) -> Path:
    """The socket of the embedded Valkey."""
    return socket_dir(data) / "valkey.sock"


def is_embedded_database() -> bool:
    """Whether the embedded PostgreSQL is used: `DATABASE_URL` is not set."""
    return not os.environ.get("DATABASE_URL", "").strip()


def is_embedded_redis() -> bool:
    """Whether the embedded Valkey is used: `REDIS_URL` is not set."""
    return not os.environ.get("REDIS_URL", "").strip()


def database_url() -> str:
    """`DATABASE_URL`, or the embedded PostgreSQL through its socket."""
    if not is_embedded_database():
        return os.environ["DATABASE_URL"].strip()
    return f"postgresql://{DATABASE_USER}@{quote(str(postgres_socket_dir()), safe='')}/{DATABASE_NAME}"


def redis_url() -> str:
    """`REDIS_URL`, or the embedded Valkey through its socket."""
    if not is_embedded_redis():
        return os.environ["REDIS_URL"].strip()
    return f"unix://{quote(str(valkey_socket()))}"


def celery_broker_url() -> str:
    """The same Redis in the form that Celery's transport expects."""
    url = redis_url()
    if not url.startswith("unix:"):
        return url
    parts = urlsplit(url)
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def secret_key() -> str:
    """`SECRET_KEY`, or the one that the local stack created in this data folder, or an empty string."""
    given = os.environ.get("SECRET_KEY", "")
    if given:
        return given
    try:
        return (data_dir() / KEY_FILE).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def has_own_data() -> bool:
    """Whether the local stack created this data folder: then it holds a secret key."""
    return (data_dir() / KEY_FILE).is_file()


def missing_servers() -> list[str]:
    """Names of the embedded servers that do not answer, for the message of a failed connection."""
    missing = []
    if is_embedded_database() and not _listens(postgres_socket_dir() / POSTGRES_SOCKET_NAME):
        missing.append("PostgreSQL")
    if is_embedded_redis() and not _listens(valkey_socket()):
        missing.append("Valkey")
    return missing


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True
