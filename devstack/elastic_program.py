"""Download and verification of the minimal Elasticsearch from Maven Central, and search for a Java to run it."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from devstack.processes import StackError
from exchange.environment import env_str

VERSION = "8.19.9"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SHA512 = (
    "378f193fe5091f118df68dc476f0c1cdecd7bcd68fdb433fa440499f230e3926"
    "e4d40614221c72ff86401e1cefc0d0cb1957f93a7c5f28472032f422f2531e6b"
)
OLDEST_JAVA = 17


def cache_dir() -> Path:
    """The folder of the downloaded server: `ES_CACHE`, or the user's cache folder."""
    given = os.environ.get("ES_CACHE", "").strip()
    if given:
        return Path(given).expanduser().resolve()
    return Path(env_str("XDG_CACHE_HOME", "~/.cache")).expanduser().resolve() / "miras" / "elasticsearch"


def home_dir() -> Path:
    """The folder of the unpacked server, whether or not it exists."""
    return cache_dir() / f"elasticsearch-{VERSION}"


def is_fetched() -> bool:
    """Whether the server is downloaded and unpacked."""
    return (home_dir() / "bin" / "elasticsearch").is_file()


def fetch(say: Callable[[str], None] = lambda line: None) -> Path:
    """The folder of the unpacked server; when missing it is downloaded with Maven, checked against the pinned hash and unpacked.

    Raises StackError when Maven is missing or fails, or the hash differs.
    """
    if is_fetched():
        return home_dir()
    cache = cache_dir()
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "fetch.lock").open("w") as lock:
        # A concurrent run waits for the lock and uses this download.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_fetched():
            archive = cache / f"elasticsearch-{VERSION}.zip"
            if not _is_whole(archive):
                say(f"Fetching Elasticsearch {VERSION} (98 MB) with Maven into {cache} ...")
                _download(cache)
                if not _is_whole(archive):
                    archive.unlink(missing_ok=True)
                    raise StackError(
                        f"Maven brought a file that is not Elasticsearch {VERSION}: its SHA-512 differs. It was removed."
                    )
            _unpack(archive, cache)
            archive.unlink()
    return home_dir()


def _download(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise StackError(
            "Elasticsearch is fetched with Maven, and there is no `mvn` here.\n"
            "Install it (Debian, Ubuntu: `apt-get install maven`; macOS: `brew install maven`), "
            "or use your own server: ELASTICSEARCH_URL=http://..."
        )
    command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise StackError(f"Maven could not fetch {ARTIFACT}:\n{(result.stdout + result.stderr)[-1500:]}")


def _is_whole(archive: Path) -> bool:
    if not archive.is_file():
        return False
    with archive.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest() == SHA512


def _unpack(archive: Path, cache: Path) -> None:
    """Unpack into a temporary folder and move it into place when complete; readable by every user, as the server may run as another one."""
    fresh = cache / "unpacking"
    shutil.rmtree(fresh, ignore_errors=True)
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(fresh)
    whole = fresh / home_dir().name
    for path in whole.rglob("*"):
        runs = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if runs else 0o644)
    shutil.rmtree(home_dir(), ignore_errors=True)
    whole.rename(home_dir())
    shutil.rmtree(fresh)


def java_home() -> Path:
    """The folder of a Java that is new enough: `ES_JAVA_HOME`, `JAVA_HOME`, `java` on the path, then system folders."""
    found: dict[str, int] = {}
    for home in _java_homes():
        version = _java_version(home / "bin" / "java")
        if version >= OLDEST_JAVA:
            return home
        if version:
            found[str(home)] = version
    others = "".join(f"\nFound, but too old: Java {version} in {home}." for home, version in found.items())
    raise StackError(
        f"Elasticsearch needs Java {OLDEST_JAVA} or newer, and none was found.{others}\n"
        "Install it (Debian, Ubuntu: `apt-get install openjdk-17-jre-headless`; macOS: `brew install openjdk@17`), "
        "or name its folder in ES_JAVA_HOME."
    )


def _java_homes() -> Iterator[Path]:
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(name, "").strip():
            yield Path(os.environ[name].strip())
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path).resolve().parents[1]
    yield from sorted(Path("/usr/lib/jvm").glob("*"))


def _java_version(java: Path) -> int:
    """The major version, or 0 when it does not run."""
    if not java.is_file():
        return 0
    try:
        answer = subprocess.run([str(java), "-version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return 0
    number = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    return int(number[1]) if number else 0
