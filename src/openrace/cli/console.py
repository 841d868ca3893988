"""What a person sees: progress on stderr, colour only on a terminal that wants it, the time of day."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TextIO, TypeVar

T = TypeVar("T")

BOLD, DIM, RED, YELLOW, CYAN = "1", "2", "31", "33", "36"


def now() -> str:
    """This moment. The only clock there is: whatever lies below takes the time as an argument."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def say(message: str) -> None:
    """A line of progress (or several), on stderr."""
    sys.stderr.write("\n".join(map(printable, message.split("\n"))) + "\n")


def exit_if_failed(messages: Iterable[str]) -> None:
    """Say what failed and end the program with exit code 3; nothing where all went well."""
    import typer

    failures = list(messages)
    for message in failures:
        say(message)
    if failures:
        raise typer.Exit(3)


def wants_colour(stream: TextIO) -> bool:
    """Whether `stream` is a terminal whose user did not ask for plain text (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, *codes: str, on: bool) -> str:
    """Return `text` in these ANSI styles where `on`."""
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if on and codes else text


def printable(text: str) -> str:
    """Return `text` without control characters: a page must not steer the reader's terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def counted(items: Iterable[T], what: str) -> Iterator[T]:
    """Yield `items`, counted on the terminal as they pass; silent where stderr is none."""
    shown = sys.stderr.isatty()
    number = 0
    for number, item in enumerate(items, 1):
        yield item
        if shown and number % 10 == 0:
            sys.stderr.write(f"\r{number} {what} …")
    if shown and number >= 10:
        sys.stderr.write("\r\x1b[K")
