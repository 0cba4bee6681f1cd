"""The settings of the site, with addresses of servers that live as long as the test run."""

from tests import servers

servers.choose_environment()

from exchange.settings import *  # noqa: E402, F403 -- the environment must be chosen before
