"""A lock for long computations: the threads of a process share one interpreter, and several that compute block short jobs."""

import threading

cpu_lock = threading.Lock()
"""`with cpu_lock:` around a second or so of a long job, never nested. Short jobs take no lock."""
