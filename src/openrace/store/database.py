"""Opening the SQLite file, carrying it forward, and writing to it in transactions.

Nothing here loads pydantic: ``openrace search`` opens the store too, and has 30 ms to do it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from openrace.errors import NewerStoreError, StoreError, reason

APPLICATION_ID = 0x6F726163  # "orac", in the file's head: `file` and we know it by that
BUSY_SECONDS = 90.0  # a backup or another openrace may hold the file for a minute; then we give up
# Step N carries a file from user_version N-1 to N: append one, never edit one that has shipped.
STEPS = ("schema.sql",)
LATEST = len(STEPS)
MAKE_ONE = "make one with: openrace nightly, or openrace import PATH"


def open_store(path: Path | str, *, create: bool = False, readonly: bool = False) -> sqlite3.Connection:
    """Return a connection to the database at `path` (or ":memory:"), carried forward to the newest schema.

    It is in autocommit mode: write inside `transaction`. Raises StoreError where the file is missing
    (unless `create`), is none of ours or cannot be opened, NewerStoreError where a newer openrace wrote it.
    """
    path = Path(path)
    in_memory = str(path) == ":memory:"
    if not in_memory:
        _check_place(path, create)
    try:
        db = _connect(path, in_memory, readonly)
        _check_identity(db, path)
        if not readonly:
            db.execute("PRAGMA journal_mode = WAL")  # a restored backup is not in it
            _carry_forward(db, path)
        elif not _version(db):
            raise StoreError(path, "is empty", MAKE_ONE)
        elif _version(db) < LATEST:
            raise StoreError(path, "is of an older openrace", "carry it forward with: openrace extract")
    except sqlite3.Error as error:
        if readonly and "readonly" in str(error):
            problem = "cannot be read here: SQLite must write next to a database in use, and may not"
            raise StoreError(path, problem, "read a copy that openrace backup made") from error
        raise StoreError(path, explain(error)) from error
    return db


def _check_place(path: Path, create: bool) -> None:
    if path.is_dir():
        raise StoreError(path, "is a folder, not a database")
    if path.exists():
        return
    if not create:
        raise StoreError(path, "there is no database yet", MAKE_ONE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(path.parent, f"cannot be made: {reason(error)}") from error


def _connect(path: Path, in_memory: bool, readonly: bool) -> sqlite3.Connection:
    if in_memory:
        db = sqlite3.connect(":memory:", isolation_level=None)
    else:
        address = f"file:{quote(str(path.absolute()))}?mode={'ro' if readonly else 'rwc'}"
        db = sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last commit, never the file
    return db


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _check_identity(db: sqlite3.Connection, path: Path) -> None:
    ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    empty = not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    if not ours and not empty:
        raise StoreError(path, "is a database, but not one of openrace")
    if _version(db) > LATEST:
        raise NewerStoreError(path, "was written by a newer openrace", "update openrace; nothing was touched")


def _carry_forward(db: sqlite3.Connection, path: Path) -> None:
    """Run the steps that the file has not seen, each in a transaction, after a copy of what is there."""
    version = _version(db)
    if version == LATEST:
        return
    if version:
        copy_to(db, path.with_name(f"{path.name}.before-{LATEST}"))
    for number in range(version + 1, LATEST + 1):
        script = (Path(__file__).parent / STEPS[number - 1]).read_text("utf-8")
        with transaction(db):
            if _version(db) >= number:  # another process was faster
                continue
            for statement in _statements(script):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of `script`, one by one: `executescript` would commit the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def copy_to(db: sqlite3.Connection, target: Path) -> None:
    """Copy the whole database to the file `target` with SQLite's online backup, and verify the copy."""
    target.write_bytes(b"")  # an empty file is an empty database; where none can be written, it says so
    with sqlite3.connect(target) as copy:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # so that it is one file, on a read-only disk too
        verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
    copy.close()
    if verdict != "ok":
        raise StoreError(target, f"the copy is damaged: {verdict}")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of the block is written, or none of it; one inside another is part of it.

    Raises StoreError where the file cannot be written.
    """
    if db.in_transaction:
        yield
        return
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("COMMIT")
    except sqlite3.Error as error:
        _roll_back(db)
        raise StoreError(place(db), explain(error)) from error
    except BaseException:
        _roll_back(db)
        raise


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")


def place(db: sqlite3.Connection) -> str:
    """Return the path of the database, or ":memory:"."""
    return db.execute("PRAGMA database_list").fetchone()[2] or ":memory:"


def explain(error: sqlite3.Error) -> str:
    """Return what `error` means to a person, and what is safe."""
    text = str(error)
    known = {
        "is full": "the disk is full; what was stored before is safe",
        "disk I/O error": "cannot be written (disk full or failing); what was stored before is safe",
        "readonly": "cannot be written: no permission",
        "is locked": f"another program has held it for {BUSY_SECONDS:.0f} s",
        "unable to open": "cannot be opened: no permission, or no such folder",
        "not a database": "is not a database",
        "malformed": "is damaged; restore a backup (openrace restore)",
    }
    return next((message for mark, message in known.items() if mark in text), text)
