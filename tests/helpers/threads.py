"""Several calls at the same moment."""

import threading

from django.db import connection


def at_once(*calls):
    """Run the calls side by side on connections of their own; gives what each returned or raised."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        try:
            barrier.wait()
            results[index] = call()
        except Exception as error:  # noqa: BLE001 -- looked at by the test
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=row) for row in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
