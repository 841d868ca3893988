"""The command line: thin, one module a family of commands, whatever is heavy imported inside the command.

    search_command.py        search                         loads neither pydantic nor any room
    show_commands.py         show, status
    article_commands.py      import, extract, reread, group
    site_commands.py         publish, serve, demo
    digest_command.py        digest
    nightly_command.py       nightly
    crawl_command.py         crawl
    feeds_commands.py        feeds …
    why_command.py           why
    init_command.py          init
    schedule_commands.py     schedule cron, schedule systemd
    correct_commands.py      correct …
    people_commands.py       people suggest
    ideas_commands.py        ideas …
    watch_commands.py        watch …
    maintenance_commands.py  backup, restore, doctor
    export_command.py        export
    pipe_commands.py         pipe extract, pipe group
    batch_commands.py        batch extract, batch group

stdout is data, stderr is progress. Exit codes: 0 done · 1 no match (search only) · 2 usage · 3 done, some
inputs failed · 4 another run holds the lock · 70 a bug.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from importlib import import_module
from io import TextIOWrapper

from openrace.errors import OpenraceError, reason

BUG = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # as a shell tells of SIGINT
COMMANDS = {  # module → what it offers, in the order of --help
    "article_commands": ("import", "extract", "reread", "group"),
    "search_command": ("search",),
    "show_commands": ("show", "status"),
    "families_command": ("families",),
    "site_commands": ("publish", "serve", "demo"),
    "digest_command": ("digest",),
    "nightly_command": ("nightly",),
    "crawl_command": ("crawl",),
    "feeds_commands": ("feeds",),
    "why_command": ("why",),
    "init_command": ("init",),
    "schedule_commands": ("schedule",),
    "correct_commands": ("correct",),
    "people_commands": ("people",),
    "ideas_commands": ("ideas",),
    "watch_commands": ("watch",),
    "maintenance_commands": ("backup", "restore", "doctor"),
    "export_command": ("export",),
    "pipe_commands": ("pipe",),
    "batch_commands": ("batch",),
}
PRINTS_DATA = {
    *("search", "show", "ideas", "status", "families", "digest"),
    *("export", "pipe", "why", "doctor", "people"),
}


def main() -> None:
    """Run the command in `sys.argv`; every error a person can set right is one line on stderr."""
    try:
        _end_with_the_reader(sys.argv[1:])
        _write_as_the_terminal_can()
        _take_settings()
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
    from openrace.cli.typer_app import app

    try:
        app()
    except SystemExit as end:  # Typer makes of Ctrl-C an exit without a word
        cause = end.__context__ and end.__context__.__cause__
        if isinstance(cause, KeyboardInterrupt):
            raise cause from None
        raise


def _end_with_the_reader(arguments: list[str]) -> None:
    """Let ``openrace search … | head`` and ``--help | head`` end as other filters do, by SIGPIPE.

    Only in commands that print data and open no socket: a peer that hangs up must not kill a crawl.
    """
    if not arguments or arguments[0] in PRINTS_DATA or {"--help", "-h"} & set(arguments):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def _write_as_the_terminal_can() -> None:
    """Put a question mark for a character that the terminal's encoding lacks: no reason to stop."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="replace")


def _take_settings() -> None:
    """Take the options of the file that OPENRACE_CONFIG names, else of `openrace.toml` in this folder."""
    named = os.environ.get("OPENRACE_CONFIG")
    if not named and not os.path.exists("openrace.toml"):  # noqa: PTH110 - pathlib is not loaded yet
        return
    from pathlib import Path

    from openrace.user_files.settings_file import read_settings

    for variable, value in read_settings(Path(named or "openrace.toml")).items():
        os.environ.setdefault(variable, value)


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
