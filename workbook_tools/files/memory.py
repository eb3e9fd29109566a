"""Memory that a process has freed and the system still counts as in use."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress


def give_back_memory() -> None:
    """Free objects in reference cycles, and return free memory to the system: glibc keeps it where it lies between pieces in use."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another library than glibc
            ctypes.CDLL(None).malloc_trim(0)
