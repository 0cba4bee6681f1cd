#!/usr/bin/env python
"""Django's command line for Miras."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError
    from redis.exceptions import ConnectionError as RedisConnectionError

    from exchange.addresses import data_dir, missing_servers

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, RedisConnectionError):
        missing = missing_servers()
        if not missing:
            raise
        servers = " and ".join(missing)
        sys.exit(
            f"{servers} of {data_dir()} not running. Start `make demo` or `make servers`, or name others in DATABASE_URL and REDIS_URL."
        )


if __name__ == "__main__":
    main()
