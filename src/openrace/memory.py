"""Memory that one step no longer needs is given back before the next one begins.

A night runs steps of very different kinds in one process: what each remembers only to be quicker would lie
beside the next one's to the end.
"""

from __future__ import annotations

import ctypes
import functools
import gc
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def give_back() -> None:
    """Empty the function caches of this program and hand freed memory to the operating system."""
    for item in gc.get_objects():
        if isinstance(item, functools._lru_cache_wrapper) and item.__module__.startswith("openrace."):
            item.cache_clear()
    gc.collect()
    with suppress(OSError, AttributeError):  # glibc keeps what was freed for later; others have no such call
        ctypes.CDLL(None).malloc_trim(0)


def without_cycle_search(function: Callable[P, T]) -> Callable[P, T]:
    """Have a function run without the search for cycles: it makes many records that live on, and no cycle.

    Placing 1,000 quotes among 20,000 takes a seventh less, grouping 10,000 a twentieth.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        enabled = gc.isenabled()
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            if enabled:
                gc.enable()

    return run
