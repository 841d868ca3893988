"""openrace backup, restore, doctor: keeping the store well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from openrace.cli.console import now, say
from openrace.cli.typer_app import (
    CARE,
    AsJsonLines,
    Corrections,
    Database,
    Marks,
    SeedsFolder,
    Watches,
    app,
    taking,
)


class KeptFiles(NamedTuple):
    """A database and the files that people write for it."""

    db: Database
    corrections: Corrections = None
    marks: Marks = None
    watches: Watches = None


@app.command(rich_help_panel=CARE)
@taking(KeptFiles)
def backup(
    files: KeptFiles,
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            help="A file or folder; default: `backups` next to the database.",
            show_default=False,
        ),
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Keep only this many backups in that folder.")
    ] = None,
) -> None:
    """Back up the database and what people wrote for it, even during a run; the copy is verified."""
    from openrace.store import open_store
    from openrace.store.maintenance import back_up
    from openrace.user_files.backup_files import copy_to_backup, files_of, files_of_backup

    db = files.db
    path = target or db.parent / "backups"
    if path.is_dir() or not path.suffix:
        path = path / f"{db.stem}-{now().replace(':', '')}.db"
    back_up(open_store(db, readonly=True), path)
    copy_to_backup(files_of(*files), path)
    typer.echo(path)
    for old in sorted(path.parent.glob(f"{db.stem}-*Z.db"))[: -keep or None] if keep else []:
        for file in (old, *files_of_backup(old)):
            file.unlink(missing_ok=True)
        say(f"removed {old}")


@app.command(rich_help_panel=CARE)
@taking(KeptFiles)
def restore(
    files: KeptFiles,
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="A file that `openrace backup` made.")],
) -> None:
    """Restore a backup; the database that it replaces is kept next to it, as is what people wrote since."""
    from openrace.lock import only_run
    from openrace.store.maintenance import restore as put_back
    from openrace.user_files.backup_files import files_of, restore_from_backup

    db = files.db
    db.parent.mkdir(parents=True, exist_ok=True)
    with only_run(db, now=now()):
        previous = put_back(source, db)
    for path in restore_from_backup(source, files_of(*files)):
        say(f"{path} is put back")
    say(f"{db} is now what {source} was" + (f"; what was there is in {previous}" if previous else ""))


@app.command(rich_help_panel=CARE)
def doctor(
    db: Database,
    seeds: SeedsFolder = None,
    corrections: Corrections = None,
    mend: Annotated[
        bool, typer.Option("--mend", help="Rebuild the search index and free unused space.")
    ] = False,
    as_json: AsJsonLines = False,
) -> None:
    """Check the database and the files around it. Exit code 3 if something is wrong."""
    from openrace.lock import only_run
    from openrace.pipeline.doctor import look_at
    from openrace.store import open_store
    from openrace.store.maintenance import mend as put_right

    if mend:
        with only_run(db, now=now()):
            put_right(open_store(db))
    findings = list(look_at(db, seeds, corrections, now=now()))
    for found in findings:
        mark = "ok  " if found.well else "BAD "
        typer.echo(
            json.dumps(found._asdict()) if as_json else f"{mark} {found.check:<22} {found.note}".rstrip()
        )
    if not all(found.well for found in findings):
        raise typer.Exit(3)
