"""The second start on kept data until a page answers, and what the idle stack holds in memory."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.rig import HOST, ROOT, get, table

MAX_SECONDS = 6
MAX_MEGABYTES = 700
IDLE_SECONDS = 15


def run() -> bool:
    folder = Path(tempfile.mkdtemp(prefix="miras-bench-"))
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    try:
        first, _ = _start_and_stop(folder, port, idle=0)
        second, megabytes = _start_and_stop(folder, port, idle=IDLE_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return table(
        "make demo",
        [
            (
                "start on kept data, page answers",
                f"{second:.1f} s",
                f"{first:.1f} s the first time",
                f"<= {MAX_SECONDS} s",
                second <= MAX_SECONDS,
            ),
            (
                "whole stack idle, proportional memory",
                f"{megabytes:.0f} MB",
                "",
                f"<= {MAX_MEGABYTES} MB",
                megabytes <= MAX_MEGABYTES,
            ),
        ],
    )


def _start_and_stop(folder: Path, port: int, *, idle: float) -> tuple[float, float]:
    environment = os.environ | {"DATA_DIR": str(folder), "PORT": str(port)}
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "devstack", "demo"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - started > 600:
                raise RuntimeError("the stack did not come up")
            time.sleep(0.1)
        took = time.monotonic() - started
        time.sleep(idle)
        return took, _memory(process.pid) if idle else 0.0
    finally:
        process.terminate()
        process.wait(60)


def _answers(port: int) -> bool:
    try:
        return get(port, "/programs/")[0] == 200
    except OSError:
        return False


def _memory(pid: int) -> float:
    """Megabytes of the process and everything below it, shared pages counted once (PSS) where the system tells."""
    total = 0
    for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        full = process.memory_full_info()
        total += getattr(full, "pss", 0) or full.rss
    return total / 1_000_000
