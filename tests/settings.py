"""The settings of the site, with addresses of servers that live as long as the test run."""

from tests import servers

servers.choose_environment()

from exchange.core.message_files import compile_message_files  # noqa: E402
from exchange.settings import *  # noqa: E402, F403 -- the environment must be chosen before
from exchange.settings import LOCALE_PATHS  # noqa: E402

for _locale in LOCALE_PATHS:
    compile_message_files(_locale)

# A static file is looked for when it is asked for: otherwise every client of every test lists all of them first.
WHITENOISE_AUTOREFRESH = True
