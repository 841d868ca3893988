"""Work in other processes, which can be killed and may die: one function, many items, results in order.

A process gets its function when it starts and one item at a time; so a large function (a directory of
people) is sent once, and what a process was at when it died is known. Processes are spawned: a fork would
copy open sockets and the database.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal, NamedTuple, TypeVar

from openrace.errors import InputError

T = TypeVar("T")
Ending = Literal["done", "refused", "bug", "died", "late"]
AHEAD = 4  # items a process that may be under way: enough that a slow one does not hold up the others
START_SECONDS = 60.0  # for the first item of a process, which imports the modules that it needs
_CONTEXT = multiprocessing.get_context("spawn")


class Outcome(NamedTuple):
    """How the work on one item ended.

    `result` is what the function returned ("done"), the problem and remedy of its InputError ("refused"), or
    one line on what happened ("bug": another exception; "died": the process ended; "late": it was killed).
    """

    how: Ending
    result: Any

    @property
    def problem(self) -> str:
        """What went wrong, in one line."""
        return str(self.result[0] if self.how == "refused" else self.result)


def usable_cores() -> int:
    """Return how many processes can run at the same time on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def attempt(function: Callable[[Any], Any], item: Any) -> Outcome:
    """Return the outcome of ``function(item)`` in this process."""
    try:
        return Outcome("done", function(item))
    except InputError as error:
        return Outcome("refused", (error.problem, error.remedy))
    except Exception as error:  # whatever one strange item raises costs that item alone
        return Outcome("bug", " ".join(f"{type(error).__name__}: {error}".split()))


class Worker:
    """One process that applies `function`, which must be picklable, to one item after the other."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.pipe, far_end = _CONTEXT.Pipe()
        self._process: BaseProcess = _CONTEXT.Process(target=_serve, args=(far_end, function), daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        far_end.close()

    def send(self, item: Any) -> None:
        """Hand over the next item. Raises OSError where the process is dead."""
        with _no_sigpipe():
            self.pipe.send(item)

    def receive(self) -> Outcome:
        """Wait for the outcome of what was sent; after "died" there is no more to be had of this worker."""
        try:
            outcome: Outcome = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join(1)
            code = self._process.exitcode
            self.kill()
            ending = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
            return Outcome("died", f"its process died ({ending})")
        return outcome

    def ask(self, item: Any, seconds: float | None) -> Outcome:
        """Return the outcome of one item; after "died" and "late" the process is dead."""
        try:
            self.send(item)
            if self.pipe.poll(seconds):
                return self.receive()
        except OSError:
            return self.receive()
        self.kill()
        return Outcome("late", f"took longer than {seconds:.0f} s")

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def stop(self) -> None:
        """End the process at once, while another thread waits for its outcome."""
        self._process.kill()

    def kill(self) -> None:
        """End the process at once, and let go of it."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(pipe: Connection, function: Callable[[Any], Any]) -> None:
    """Answer one item after the other until the other end is closed, or its process is gone."""
    try:
        while True:
            pipe.send(attempt(function, pipe.recv()))
    except (EOFError, OSError):
        return


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Whatever starts in the block never sees Ctrl-C, which is for the parent to handle: a process inherits
    the signals that are blocked in the thread that starts it, so it is deaf before it runs a line."""
    resource_tracker.ensure_running()  # which would unblock them while it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _no_sigpipe() -> Iterator[None]:
    """In the block, a pipe without a reader is an OSError, also in a filter that SIGPIPE is to end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
    try:
        yield
    finally:
        if signal.SIGPIPE in signal.sigpending():
            signal.sigwait({signal.SIGPIPE})
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Workers:
    """Processes that apply `function`: as many at the same time as there are threads that ask.

    An item that is not done within `seconds` is killed; the first of a process may take `start_seconds`.
    """

    def __init__(
        self, function: Callable[[Any], Any], seconds: float | None, start_seconds: float = START_SECONDS
    ) -> None:
        self._function, self._seconds = function, seconds
        self._start_seconds = seconds and max(seconds, start_seconds)
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._killed = False

    def ask(self, item: Any) -> Outcome:
        """Return the outcome of one item, from an idle process or a new one."""
        worker, seconds = self._take()
        self._busy.add(worker)
        if self._killed:
            worker.stop()
        outcome = worker.ask(item, seconds)
        self._busy.discard(worker)
        if outcome.how not in ("died", "late"):
            self._idle.append(worker)
        return outcome

    def _take(self) -> tuple[Worker, float | None]:
        """Return a living worker and how long it may take."""
        while True:
            try:
                worker = self._idle.pop()  # not after a look whether there is one: another thread may take it
            except IndexError:
                return Worker(self._function), self._start_seconds
            if worker.is_alive():
                return worker, self._seconds
            worker.kill()

    def kill(self) -> None:
        """End every process; whoever waits for an outcome is told that it died."""
        self._killed = True
        for worker in list(self._busy):
            worker.stop()
        while self._idle:
            self._idle.pop().kill()


def map_in_order(
    function: Callable[[Any], Any], items: Iterable[T], jobs: int, seconds: float | None = None
) -> Generator[tuple[T, Outcome], None, None]:
    """Yield each item with the outcome of ``function(item)``, in the order of `items`.

    `jobs` processes work at the same time, on at most ``AHEAD * jobs`` items that are taken ahead of what was
    yielded. One that is not done within `seconds` is killed, and a new one takes the next item. Without a
    limit, one job is done in this process. Function, items and results must be picklable.
    """
    if jobs == 1 and seconds is None:
        for item in items:
            yield item, attempt(function, item)
        return
    workers, threads = Workers(function, seconds), ThreadPoolExecutor(jobs)
    under_way: deque[tuple[T, Future[Outcome]]] = deque()
    try:
        for item in items:
            under_way.append((item, threads.submit(workers.ask, item)))
            while under_way and (len(under_way) >= AHEAD * jobs or under_way[0][1].done()):
                first, outcome = under_way.popleft()
                yield first, outcome.result()
        for item, outcome in under_way:
            yield item, outcome.result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        workers.kill()
        threads.shutdown()
        workers.kill()  # those that were given back meanwhile
