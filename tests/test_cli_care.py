"""Backup, restore, doctor: what was kept comes back; what is ill is told."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from conftest import NOW, an_article, openrace, quoted_claims, without_root_power
from openrace.lock import only_run
from openrace.records import Family
from openrace.store import article_table, claim_table, family_table, open_store


@pytest.fixture
def shelf(store_path: Path) -> Path:
    db = open_store(store_path, create=True)
    add(db, "Ada Byte said “weights want to be free” on Monday.")
    db.close()
    return store_path


def add(db: sqlite3.Connection, text: str) -> None:
    article = an_article(text)
    article_table.add_article(db, article, added=NOW)
    made = quoted_claims(article)
    claim_table.save_claims(db, article.id, made, "t")
    found = [Family(id=f"f-{claim.id}", claim_ids=(claim.id,), representative=claim.id) for claim in made]
    family_table.save_families(db, found, whole=False)


def count(db: Path) -> int:
    return int(json.loads(openrace("status", "--json", db=db).stdout)["articles"])


def test_backup_and_restore(shelf: Path) -> None:
    done = openrace("backup", db=shelf)
    copy = Path(done.stdout.strip())
    assert copy.parent == shelf.parent / "backups"
    assert list(copy.parent.iterdir()) == [copy]
    store = open_store(shelf)
    add(store, "Bo Chen said “chips” too.")
    store.close()
    assert count(shelf) == 2
    assert openrace("restore", str(copy), db=shelf).returncode == 0
    assert count(shelf) == 1
    assert openrace("search", "weights", db=shelf).returncode == 0
    assert openrace("search", "chips", db=shelf).returncode == 1
    assert list(copy.parent.iterdir()) == [copy]
    assert openrace("restore", f"{shelf}.before-restore", db=shelf).returncode == 0
    assert count(shelf) == 2
    restored = open_store(shelf)
    assert restored.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    restored.close()


def test_what_a_restore_kept_stays_when_another_follows(shelf: Path) -> None:
    copy = openrace("backup", db=shelf).stdout.strip()
    store = open_store(shelf)
    add(store, "Bo Chen said “chips” too.")
    store.close()
    for _ in range(2):
        assert openrace("restore", copy, db=shelf).returncode == 0
    assert count(Path(f"{shelf}.before-restore")) == 2
    assert count(Path(f"{shelf}.before-restore-2")) == 1


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_database_is_not_its_own_backup(shelf: Path, command: str) -> None:
    done = openrace(command, str(shelf.parent / "." / shelf.name), db=shelf)
    assert (done.returncode, "is the database itself" in done.stderr) == (2, True)
    assert count(shelf) == 1


def test_a_backup_that_is_not_there_is_not_called_a_missing_database(shelf: Path) -> None:
    done = openrace("restore", "nowhere.db", db=shelf)
    assert (done.returncode, "there is no such backup" in done.stderr) == (2, True)


def test_a_backup_that_cannot_be_written_names_its_own_path(shelf: Path) -> None:
    folder = shelf.parent / "kept"
    folder.mkdir(mode=0o555)
    done = openrace("backup", str(folder / "copy.db"), db=shelf, preexec_fn=without_root_power)
    assert (done.returncode, done.stderr) == (2, f"openrace: {folder / 'copy.db'}: permission denied\n")


def test_a_backup_while_another_writes_holds_what_was_committed(shelf: Path) -> None:
    writer = open_store(shelf)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM claims")
    copy = shelf.parent / "copy.db"
    assert openrace("backup", str(copy), db=shelf).returncode == 0
    writer.execute("COMMIT")
    writer.close()
    assert openrace("search", db=copy).returncode == 0


def test_only_the_latest_backups_are_kept(shelf: Path) -> None:
    folder = shelf.parent / "backups"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"openrace-2020-01-0{day}T000000Z.db").touch()
    assert openrace("backup", "--keep", "2", db=shelf).returncode == 0
    assert len(list(folder.iterdir())) == 2
    assert (folder / "openrace-2020-01-05T000000Z.db").exists()


def test_moving_to_another_machine(shelf: Path, tmp_path: Path) -> None:
    copy = shelf.parent / "copy.db"
    openrace("backup", str(copy), db=shelf)
    there = tmp_path / "new" / "openrace.db"
    assert openrace("restore", str(copy), db=there).returncode == 0
    assert count(there) == 1


@pytest.mark.parametrize("content", [b"Dear diary", b"", None])
def test_what_is_no_backup_is_refused_and_nothing_touched(shelf: Path, content: bytes | None) -> None:
    bad = shelf.parent / "bad.db"
    if content is not None:
        bad.write_bytes(content)
    done = openrace("restore", str(bad), db=shelf)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert count(shelf) == 1


def test_a_damaged_database_can_be_restored_over(shelf: Path) -> None:
    copy = shelf.parent / "copy.db"
    openrace("backup", str(copy), db=shelf)
    shelf.write_bytes(b"garbage" * 1000)
    assert openrace("status", db=shelf).returncode == 2
    assert openrace("restore", str(copy), db=shelf).returncode == 0
    assert count(shelf) == 1
    assert Path(f"{shelf}.before-restore").read_bytes().startswith(b"garbage")


def test_no_restore_under_a_running_night(shelf: Path) -> None:
    copy = shelf.parent / "copy.db"
    openrace("backup", str(copy), db=shelf)
    with only_run(shelf, now=NOW):
        assert openrace("restore", str(copy), db=shelf).returncode == 4


def findings(db: Path, *more: str) -> dict[str, dict[str, object]]:
    lines = openrace("doctor", "--json", *more, db=db).stdout.splitlines()
    return {found["check"]: found for found in map(json.loads, lines)}


def test_a_healthy_store(shelf: Path) -> None:
    done = openrace("doctor", db=shelf)
    assert done.returncode == 0, done.stdout
    assert "BAD" not in done.stdout


@pytest.mark.parametrize(
    ("harm", "check", "mended"),
    [
        ("UPDATE articles SET text = 'x' || text", "words at their places", False),
        ("UPDATE claims SET family = 'nowhere'", "families", True),
        ("DELETE FROM claims_fts_data WHERE id > 10", "full-text index", True),
        ("UPDATE articles SET added = '2999-01-01T00:00:00Z'", "clock", False),
        ("UPDATE claims SET article = 99", "references", False),
    ],
)
def test_what_is_ill_is_told(shelf: Path, harm: str, check: str, mended: bool) -> None:
    db = sqlite3.connect(shelf)
    db.execute(harm)
    db.commit()
    db.close()
    done = openrace("doctor", db=shelf)
    assert done.returncode == 3
    assert f"BAD  {check}" in done.stdout
    if mended:
        assert openrace("doctor", "--mend", db=shelf).returncode == 0


def test_a_broken_configuration_is_told(shelf: Path) -> None:
    shelf.with_name("corrections.toml").write_text("[[correction]]\n")
    found = findings(shelf)["corrections"]
    assert not found["well"]
    assert "corrections.toml:1" in str(found["note"])
