"""The command line: thin, one module a family of commands, whatever is heavy imported inside the command.

    searching.py  search                         loads neither pydantic nor any room
    reading.py    show, status
    corpus.py     import, extract, reread, group
    sites.py      publish, serve, demo
    digest.py     digest
    night.py      nightly
    crawl.py      crawl
    feeds.py      feeds …
    why.py        why
    scheduling.py schedule cron, schedule systemd
    correcting.py correct …
    care.py       backup, restore, doctor
    exporting.py  export
    pipes.py      pipe extract, pipe group

stdout is data, stderr is progress. Exit codes: 0 done · 1 no match (search only) · 2 usage · 3 done, some
inputs failed · 4 another run holds the lock · 70 a bug.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
from importlib import import_module

from openrace.errors import OpenraceError, reason

BUG = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # as a shell tells of SIGINT
COMMANDS = {  # module → what it offers, in the order of --help
    "corpus": ("import", "extract", "reread", "group"),
    "searching": ("search",),
    "reading": ("show", "status"),
    "families": ("families",),
    "sites": ("publish", "serve", "demo"),
    "digest": ("digest",),
    "night": ("nightly",),
    "crawl": ("crawl",),
    "feeds": ("feeds",),
    "why": ("why",),
    "scheduling": ("schedule",),
    "correcting": ("correct",),
    "care": ("backup", "restore", "doctor"),
    "exporting": ("export",),
    "pipes": ("pipe",),
}
PRINTS_DATA = {"search", "show", "status", "families", "digest", "export", "pipe", "why", "doctor"}


def main() -> None:
    """Run the command in `sys.argv`; every error a person can set right is one line on stderr."""
    try:
        _end_with_the_reader(sys.argv[1:])
        _attach(sys.argv[1:])
        _run()
    except OpenraceError as error:
        _fail(str(error), error.exit_code)
    except sqlite3.Error as error:
        from openrace.store.database import explain

        _fail(f"the database {explain(error)}", 2)
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {reason(error)}", 2)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not break what says so
        _fail("interrupted; what was stored is safe, the same command goes on from there", INTERRUPTED)
    except Exception:
        _report_bug()


def _run() -> None:
    from openrace.cli.app import app

    try:
        app()
    except SystemExit as end:  # Typer makes of Ctrl-C an exit without a word
        cause = end.__context__ and end.__context__.__cause__
        if isinstance(cause, KeyboardInterrupt):
            raise cause from None
        raise


def _end_with_the_reader(arguments: list[str]) -> None:
    """Let ``openrace search … | head`` end as other filters do, by SIGPIPE.

    Only in commands that print data and open no socket: a peer that hangs up must not kill a crawl.
    """
    if arguments and arguments[0] in PRINTS_DATA:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def _attach(arguments: list[str]) -> None:
    """Attach the module of the command that is asked for; all of them for --help and completion.

    Typer reads every signature when it starts: with all modules `openrace search` takes 25 ms longer.
    """
    asked = arguments[0] if arguments else ""
    wanted = [module for module, commands in COMMANDS.items() if asked in commands] or list(COMMANDS)
    for module in wanted:
        import_module(f"openrace.cli.{module}")


def _fail(message: str, code: int) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"openrace: {message}\n")
    sys.exit(code)


def _report_bug() -> None:
    import traceback

    from openrace import __version__

    traceback.print_exc()
    _fail(f"this is a bug in openrace {__version__}; please report the lines above", BUG)
