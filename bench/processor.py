"""Processor time of this process: what a page costs however long its turn took to come."""

import gc
import time
from collections.abc import Callable

TIMES = 5


def milliseconds(action: Callable[[], object], times: int = TIMES) -> float:
    """The least processor time of some calls, after one that warms it up: what else the machine does only ever adds to it."""
    action()
    gc.collect()
    took = []
    for _ in range(times):
        started = time.process_time()
        action()
        took.append(time.process_time() - started)
    return min(took) * 1000
