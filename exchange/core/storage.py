"""Static files under hashed names, the modules that our modules import included."""

import re
from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED_NAME = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")


class HashedStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """As whitenoise's own; besides, `import("./theme.js")` inside our own modules (`static/js/`) names the hashed file.

    Django's switch for this covers every script of every package, and trips over the comments of some.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "js/*.js",
            (
                (r"""(?P<matched>import\(["'](?P<url>\./.*?)["']\))""", 'import("%(url)s")'),
                (r"""(?P<matched>from ["'](?P<url>\./.*?)["'];)""", 'from "%(url)s";'),
            ),
        ),
    )

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress what pages ask for, once: a hashed name never changes its content, and only error pages use plain ones."""
        due = [path for path in paths if HASHED_NAME.search(path) and not self.exists(f"{path}.br")]
        yield from super().compress_files(due)
