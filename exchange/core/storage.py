"""Static files under hashed names, including imports between our JavaScript modules."""

import re
from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED_NAME = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")


class HashedStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's storage; also replaces `import("./theme.js")` inside our own modules (`static/js/`) by the hashed name.

    Django's option for this covers the scripts of all packages, and fails on comments in some.
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
        """Compress hashed files once: their content never changes. Unhashed names are used by error pages only."""
        due = [path for path in paths if HASHED_NAME.search(path) and not self.exists(f"{path}.br")]
        yield from super().compress_files(due)
