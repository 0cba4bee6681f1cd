"""Static files under hashed names, the modules that our modules import included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


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
