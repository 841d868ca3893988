"""Work that may hang, in processes that can be killed.

A regular expression or a parser can take an hour over one strange page, and no thread of Python can be
stopped. So pages and feeds are parsed in processes of their own: one that does not answer within the limit is
killed, the page counts as failed, and a new process takes the next. They start when they are first needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from openrace.errors import InputError
from openrace.processes import START_SECONDS, Ending, Outcome, Workers

T = TypeVar("T")
Call = tuple[Callable[..., Any], tuple[Any, ...]]
PARSE_SECONDS = 20.0


class ParserBugError(InputError):
    """A parser met something that it was not made for: our error, not the input's."""


def parsed(resource: str, outcome: Outcome) -> Any:
    """Return the result of parsing `resource`.

    Raises InputError, naming it, where its input was refused; ParserBugError where the parser failed
    otherwise, crashed or took too long.
    """
    if outcome.how == "done":
        return outcome.result
    if outcome.how == "refused":
        raise InputError(resource, *outcome.result)
    problems: dict[Ending, str] = {
        "bug": f"cannot be parsed: {outcome.result}",
        "late": f"{outcome.result} to parse",
        "died": "crashed the parser",
    }
    raise ParserBugError(resource, problems[outcome.how])


def _call(task: Call) -> Any:
    function, arguments = task
    return function(*arguments)


class WorkerPool:
    """At most `number` processes; an async context manager."""

    def __init__(
        self, number: int = 2, seconds: float = PARSE_SECONDS, start_seconds: float = START_SECONDS
    ) -> None:
        self._workers = Workers(_call, seconds, start_seconds)
        self._turns = asyncio.Semaphore(number)

    async def __aenter__(self) -> WorkerPool:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._workers.kill()

    async def run(self, resource: str, function: Callable[..., T], *arguments: Any) -> T:
        """Return the result of ``function(*arguments)``, run in another process; all must be picklable.

        Raises InputError, naming `resource`, where it refuses its input, ParserBugError where it fails
        otherwise, crashes or takes too long.
        """
        async with self._turns:
            outcome = await asyncio.to_thread(self._workers.ask, (function, arguments))
        result: T = parsed(resource, outcome)
        return result
