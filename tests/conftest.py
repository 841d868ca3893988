"""What tests share: a store in memory, and claims made from a marked-up text."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from command_server import CommandServer
from openrace.records import (
    Article,
    Claim,
    Family,
    Span,
    Speaker,
    normalise_wording,
    stable_id,
)
from openrace.store import family_table, open_store

NOW = "2026-01-02T03:04:05Z"
# A busy machine is no failure: no property is timed.
settings.register_profile("openrace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("openrace")
_until_the_end = ExitStack()
# Children inherit an ignored SIGINT (as in the background of a script), and would wait for Ctrl-C for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    store = open_store(":memory:")
    yield store
    store.close()


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "openrace.db"


def all_families(db: sqlite3.Connection) -> list[Family]:
    """Every family of shown claims, by id."""
    ids = db.execute("SELECT id FROM families ORDER BY id").fetchall()
    return [family for (family_id,) in ids if (family := family_table.get_family(db, family_id))]


def an_article(text: str = "Ada Byte said “weights want to be free” on Monday.", **given: Any) -> Article:
    fields = {
        "url": f"https://news.example/{stable_id(text)}",
        "outlet": "news.example",
        "published": "2025-05-19",
    }
    fields |= given
    return Article(id=Article.make_id(fields["url"], text), text=text, **fields)


def quoted_claims(
    article: Article, speaker: str | None = "Ada Byte", person_id: str | None = None
) -> list[Claim]:
    """A direct claim for every “…” of the article, all of one speaker."""
    claims = []
    for found in re.finditer("“([^”]+)”", article.text):
        span = Span(*found.span(1))
        who = speaker and Speaker(span=None, text=speaker, name=speaker, person_id=person_id)
        claims.append(
            Claim(
                id=Claim.make_id(article.id, (span,)),
                article_id=article.id,
                kind="direct",
                spans=(span,),
                quoted=(span,),
                text=normalise_wording(found[1]),
                cue=None,
                speaker=who or None,
                context=Span(0, len(article.text)),
                confidence=0.9,
                reason="made by a test",
                extractor="test-1",
            )
        )
    return claims


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Fail where the block takes more CPU time: a busy machine takes no more of it."""

    def too_long(*_: object) -> None:
        pytest.fail(f"took more than {seconds} s of CPU time")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def without_root_power() -> None:
    """For `preexec_fn`: even root then keeps to the permissions of files (Linux)."""
    import ctypes

    if os.geteuid() == 0:
        drop_from_bounding_set, override_permissions = 24, 1  # prctl(2) PR_CAPBSET_DROP, CAP_DAC_OVERRIDE
        ctypes.CDLL(None).prctl(drop_from_bounding_set, override_permissions, 0, 0, 0)


@cache
def command_server() -> CommandServer:
    """The server of this process of tests, started when the first command is run."""
    folder = _until_the_end.enter_context(TemporaryDirectory(prefix="openrace-"))
    return _until_the_end.enter_context(CommandServer(Path(folder) / "commands"))


def pytest_unconfigure() -> None:
    _until_the_end.close()


def openrace(
    *arguments: str,
    db: Path | None = None,
    stdin: str | bytes = b"",
    preexec_fn: Callable[[], None] | None = None,
    **env: str,
) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does, in a process of its own."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("OPENRACE_")}
    if db:
        surroundings["OPENRACE_DB"] = str(db)
    given = stdin.encode() if isinstance(stdin, str) else stdin
    if not preexec_fn and not any(name.startswith(("PYTHON", "LC_")) for name in env):
        return command_server().run(arguments, surroundings | env, given)
    done = subprocess.run(
        [sys.executable, "-m", "openrace", *arguments],
        input=given,
        capture_output=True,
        env=surroundings | env,
        preexec_fn=preexec_fn,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop in this thread, under which no other can run."""
    items.sort(key=lambda item: "browser" in item.path.parts)
