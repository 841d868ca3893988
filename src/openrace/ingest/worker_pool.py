"""Work that may hang, in processes that can be killed.

A regular expression or a parser can take an hour over one strange page, and no thread of Python can be
stopped. So pages and feeds are parsed in processes of their own: one that does not answer within the limit is
killed, the page counts as failed, and a new process takes the next. They start when they are first needed.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal, TypeVar

from openrace.errors import InputError

T = TypeVar("T")
Answer = Literal["done", "refused", "bug"]
Task = tuple[Callable[..., Any], tuple[Any, ...]]
_CONTEXT = multiprocessing.get_context("spawn")  # fork would copy open sockets and the database


class ParserBugError(InputError):
    """A parser met something that it was not made for: our error, not the input's."""


class _Process:
    """One process and the pipe to it."""

    def __init__(self) -> None:
        self._pipe, far_end = _CONTEXT.Pipe()
        self._process: BaseProcess = _CONTEXT.Process(target=_serve, args=(far_end,), daemon=True)
        with _no_ctrl_c():
            self._process.start()
        far_end.close()

    def ask(self, task: Task, seconds: float) -> tuple[Answer, Any]:
        """How it went, and its result or what was wrong. Raises EOFError or TimeoutError; then it is dead."""
        try:
            self._pipe.send(task)
            if not self._pipe.poll(seconds):
                raise TimeoutError
            answer: tuple[Answer, Any] = self._pipe.recv()
        except (EOFError, OSError, TimeoutError):
            self.kill()
            raise
        return answer

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


@contextmanager
def _no_ctrl_c() -> Iterator[None]:
    """Whatever starts in the block never sees Ctrl-C, which is for the parent to handle: a process inherits
    the signals that are blocked in the thread that starts it, so it is deaf before it runs a line."""
    resource_tracker.ensure_running()  # which would unblock them while it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection) -> None:
    """The process: one task after the other until the other end is closed."""
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(("done", function(*arguments)))
        except InputError as error:
            pipe.send(("refused", (error.problem, error.remedy)))
        except Exception as error:  # whatever a strange page makes a parser raise costs that page alone
            pipe.send(("bug", (f"cannot be parsed: {type(error).__name__}: {error}", "")))


class WorkerPool:
    """At most `number` processes; an async context manager."""

    def __init__(self, number: int = 2, seconds: float = 20.0, start_seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._start_seconds = start_seconds  # for the first task, which imports the parsers
        self._idle: list[_Process] = []
        self._turns = asyncio.Semaphore(number)

    async def __aenter__(self) -> WorkerPool:
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._idle:
            self._idle.pop().kill()

    async def run(self, resource: str, function: Callable[..., T], *arguments: Any) -> T:
        """``function(*arguments)`` in another process. Raises InputError, naming `resource`, where it
        refuses its input, ParserBugError where it fails otherwise, crashes or takes too long. Function,
        arguments and result must be picklable."""
        async with self._turns:
            seconds = self._seconds if self._idle else self._start_seconds
            process = self._idle.pop() if self._idle else await asyncio.to_thread(_Process)
            try:
                how, result = await asyncio.to_thread(process.ask, (function, arguments), seconds)
            except TimeoutError as error:
                raise ParserBugError(resource, f"took longer than {seconds:.0f} s to parse") from error
            except (EOFError, OSError) as error:
                raise ParserBugError(resource, "crashed the parser") from error
            except BaseException:
                process.kill()
                raise
            self._idle.append(process)
        if how == "bug":
            raise ParserBugError(resource, *result)
        if how == "refused":
            raise InputError(resource, *result)
        return result  # type: ignore[no-any-return]
