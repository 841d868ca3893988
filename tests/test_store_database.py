"""Opening a database: what is none of ours, what is newer, what is older, and a disk that says no."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conftest import NOW, an_article, quoted_claims, without_root_power
from openrace.errors import NewerStoreError, StoreError
from openrace.store import article_table, claim_table, database, open_store, transaction


def test_a_fresh_store_is_what_the_schema_says(store_path: Path) -> None:
    db = open_store(store_path, create=True)
    assert db.execute("PRAGMA user_version").fetchone()[0] == database.LATEST
    assert db.execute("PRAGMA application_id").fetchone()[0] == database.APPLICATION_ID
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    db.close()


def test_a_missing_database_is_told_with_the_remedy(store_path: Path) -> None:
    with pytest.raises(StoreError, match="openrace import"):
        open_store(store_path)
    assert not store_path.exists()


def test_a_file_that_is_no_database_is_left_alone(store_path: Path) -> None:
    store_path.write_text("Dear diary, " * 100)
    with pytest.raises(StoreError, match="is not a database"):
        open_store(store_path, create=True)
    assert store_path.read_text().startswith("Dear diary")


def test_somebody_elses_database_is_left_alone(store_path: Path) -> None:
    other = sqlite3.connect(store_path)
    other.execute("CREATE TABLE recipes (soup)")
    other.close()
    before = store_path.read_bytes()
    with pytest.raises(StoreError, match="not one of openrace"):
        open_store(store_path, create=True)
    assert store_path.read_bytes() == before


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)


def test_a_newer_database_is_refused_untouched(store_path: Path) -> None:
    db = open_store(store_path, create=True)
    db.execute(f"PRAGMA user_version = {database.LATEST + 1}")
    db.close()
    before = store_path.read_bytes()
    with pytest.raises(NewerStoreError, match="newer openrace"):
        open_store(store_path)
    assert store_path.read_bytes() == before


def test_an_older_database_is_carried_forward_after_a_copy(
    store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = open_store(store_path, create=True)
    article_table.add_article(db, an_article(), added=NOW)
    db.close()
    step = tmp_path / "step.sql"
    step.write_text("CREATE TABLE later (x INTEGER);\nINSERT INTO later VALUES (1);\n")
    monkeypatch.setattr(database, "STEPS", (*database.STEPS, str(step)))
    monkeypatch.setattr(database, "LATEST", database.LATEST + 1)
    with pytest.raises(StoreError, match="older openrace"):
        open_store(store_path, readonly=True)
    db = open_store(store_path)
    assert db.execute("SELECT x FROM later").fetchone()[0] == 1
    assert len(list(article_table.iter_articles(db))) == 1
    db.close()
    copy = sqlite3.connect(f"{store_path}.before-{database.LATEST}")
    assert copy.execute("SELECT count(*) FROM articles").fetchone()[0] == 1
    copy.close()


def test_a_step_that_fails_leaves_the_old_schema(
    store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(store_path, create=True).close()
    step = tmp_path / "step.sql"
    step.write_text("CREATE TABLE later (x INTEGER);\nINSERT INTO nowhere VALUES (1);\n")
    version = database.LATEST
    with monkeypatch.context() as patch:
        patch.setattr(database, "STEPS", (*database.STEPS, str(step)))
        patch.setattr(database, "LATEST", version + 1)
        with pytest.raises(StoreError):
            open_store(store_path)
    db = open_store(store_path)
    assert db.execute("PRAGMA user_version").fetchone()[0] == version
    assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'later'").fetchone()
    db.close()


def test_a_transaction_is_all_or_nothing(db: sqlite3.Connection) -> None:
    def write_half() -> None:
        with transaction(db):
            db.execute("INSERT INTO outlets (domain, name) VALUES ('a', 'a')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert db.execute("SELECT count(*) FROM outlets").fetchone()[0] == 0


def test_a_database_held_by_another_is_waited_for(store_path: Path) -> None:
    db = open_store(store_path, create=True)
    holder = sqlite3.connect(store_path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, lambda: holder.execute("COMMIT")).start()
    assert article_table.add_article(db, an_article(), added=NOW) == "new"
    holder.close()
    db.close()


def test_a_database_held_for_too_long_is_told(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    db = open_store(store_path, create=True)
    holder = sqlite3.connect(store_path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program"):
        article_table.add_article(db, an_article(), added=NOW)
    holder.close()
    db.close()


FILL = """
import sys
from conftest import NOW, an_article
from openrace.store import article_table, open_store
db = open_store(sys.argv[1], create=True)
for number in range(10_000):
    article_table.add_article(db, an_article(f"{number} " + "words " * 2_000), added=NOW)
    print(number, flush=True)
"""


def test_a_full_disk_costs_nothing_that_was_stored(store_path: Path) -> None:
    import resource

    filled = subprocess.run(
        [sys.executable, "-c", FILL, str(store_path)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000)),
        check=False,
    )
    assert "StoreError" in filled.stderr
    assert "what was stored before is safe" in filled.stderr
    stored = len(filled.stdout.split())
    assert stored > 10
    db = open_store(store_path)
    assert len(list(article_table.iter_articles(db))) == stored
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert article_table.add_article(db, an_article(), added=NOW) == "new"
    db.close()


def test_a_folder_that_may_not_be_written_is_told(store_path: Path) -> None:
    store_path.parent.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(store_path)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        preexec_fn=without_root_power,
        check=False,
    )
    store_path.parent.chmod(0o755)
    assert "StoreError" in done.stderr
    assert "no permission" in done.stderr


def test_reading_while_another_writes(store_path: Path) -> None:
    writer = open_store(store_path, create=True)
    article = an_article()
    article_table.add_article(writer, article, added=NOW)
    reader = open_store(store_path, readonly=True)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE articles SET title = 'half written'")
    assert article_table.get_article(reader, article.id) == article
    with pytest.raises(StoreError, match="no permission"):
        claim_table.save_claims(reader, article.id, quoted_claims(article), "t")
    writer.execute("ROLLBACK")
    reader.close()
    writer.close()
