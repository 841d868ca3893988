"""Memory that one step no longer needs is given back before the next one begins.

A night runs steps of very different kinds in one process: what each remembers only to be quicker would lie
beside the next one's to the end.
"""

from __future__ import annotations

import ctypes
import functools
import gc
from contextlib import suppress


def give_back() -> None:
    """Empty the function caches of this program and hand freed memory to the operating system."""
    for item in gc.get_objects():
        if isinstance(item, functools._lru_cache_wrapper) and item.__module__.startswith("openrace."):
            item.cache_clear()
    gc.collect()
    with suppress(OSError, AttributeError):  # glibc keeps what was freed for later; others have no such call
        ctypes.CDLL(None).malloc_trim(0)
