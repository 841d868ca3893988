"""Work in other processes, which can be killed and may die: one function, many items, results in order.

A process gets its function when it starts and one item at a time; so a large function (a directory of
people) is sent once, and what a process was at when it died is known. Processes are spawned: a fork would
copy open sockets and the database.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Literal, NamedTuple, TypeVar

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

    def ask(self, item: Any, seconds: float) -> Outcome:
        """Return the outcome of one item; after "died" and "late" the process is dead."""
        try:
            self.send(item)
            if self.pipe.poll(seconds):
                return self.receive()
        except OSError:
            return self.receive()
        self.kill()
        return Outcome("late", f"took longer than {seconds:.0f} s")

    def kill(self) -> None:
        """End the process at once."""
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
    crew = _Crew[T](function, jobs, seconds)
    try:
        yield from crew.run(iter(items))
    finally:
        crew.kill()


class _Task(Generic[T]):
    """An item under way, and its outcome as soon as there is one."""

    def __init__(self, item: T) -> None:
        self.item = item
        self.outcome: Outcome | None = None
        self.deadline: float | None = None


class _Crew(Generic[T]):
    """The workers of one `map_in_order`."""

    def __init__(self, function: Callable[[Any], Any], jobs: int, seconds: float | None) -> None:
        self._function, self._jobs, self._seconds = function, jobs, seconds
        self._idle: list[Worker] = []
        self._busy: dict[Connection, tuple[Worker, _Task[T]]] = {}

    def run(self, items: Iterator[T]) -> Iterator[tuple[T, Outcome]]:
        """Keep all workers busy and yield what is done as soon as it is its turn."""
        under_way: deque[_Task[T]] = deque()
        more = True
        while True:
            while more and len(self._busy) < self._jobs and len(under_way) < AHEAD * self._jobs:
                task = next(map(_Task, items), None)
                more = task is not None
                if task is not None:
                    under_way.append(task)
                    self._start(task)
            if not under_way:
                return
            if (outcome := under_way[0].outcome) is not None:
                yield under_way.popleft().item, outcome
            else:
                self._collect()

    def _start(self, task: _Task[T]) -> None:
        """Hand the task to an idle worker; to a new one where there is none or it has died meanwhile."""
        while self._idle:
            worker = self._idle.pop()
            try:
                worker.send(task.item)
            except OSError:
                worker.kill()
                continue
            self._watch(worker, task, self._seconds)
            return
        worker = Worker(self._function)
        try:
            worker.send(task.item)
        except OSError:
            task.outcome = worker.receive()
            return
        self._watch(worker, task, self._seconds and max(self._seconds, START_SECONDS))

    def _watch(self, worker: Worker, task: _Task[T], seconds: float | None) -> None:
        task.deadline = time.monotonic() + seconds if seconds else None
        self._busy[worker.pipe] = worker, task

    def _collect(self) -> None:
        """Wait until a worker has an outcome, has died or is late."""
        deadlines = [task.deadline for _, task in self._busy.values() if task.deadline]
        left = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        ready = wait(list(self._busy), left)
        for pipe in ready:
            worker, task = self._busy.pop(pipe)  # type: ignore[call-overload]
            task.outcome = worker.receive()
            if task.outcome.how != "died":
                self._idle.append(worker)
        for pipe, (worker, task) in [] if ready else list(self._busy.items()):
            if task.deadline and task.deadline <= time.monotonic():
                del self._busy[pipe]
                worker.kill()
                task.outcome = Outcome("late", f"took longer than {self._seconds:.0f} s")

    def kill(self) -> None:
        """End every worker."""
        for worker in [*self._idle, *(worker for worker, _ in self._busy.values())]:
            worker.kill()
