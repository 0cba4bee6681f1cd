"""Long computing takes turns: the threads of a process share one interpreter, and several that compute leave no room for a short job."""

import threading

turn = threading.Lock()
"""`with turn:` around a second or so of a long job, never inside another turn. Short jobs take none."""
