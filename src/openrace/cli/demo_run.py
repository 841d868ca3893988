"""The demo: the whole way from the bundled corpus to a site, in an empty folder."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from openrace.cli.console import in_marks
from openrace.errors import ConfigError
from openrace.ingest import read_articles
from openrace.pipeline import Warn, Watch
from openrace.pipeline.add_articles import keep_articles
from openrace.pipeline.extract_claims import read_for_claims
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.publish_site import Order, publish_site
from openrace.plurals import many
from openrace.records import Article
from openrace.resources import resource
from openrace.store import open_store
from openrace.store.claim_search import wording_of
from openrace.user_files.seed_files import load_seeds

DATABASE = "openrace.db"


def run_demo(folder: Path, *, now: str, watch: Watch, warn: Warn) -> str:
    """Make the demo in `folder`; what is in it. Raises ConfigError where something else is in the way."""
    if folder.exists() and not folder.is_dir():
        raise ConfigError(folder, "is a file", "give a folder for the demo")
    path = folder / DATABASE
    bundled = list(read_articles([resource("seeds") / "articles"]))
    _forget(path, {article.id for article in bundled if isinstance(article, Article)})
    db, seeds = open_store(path, create=True), load_seeds()
    kept = keep_articles(db, bundled, seeds, now=now, warn=warn)
    reading = read_for_claims(db, seeds, warn=warn, watch=watch)
    grouping = group_into_families(db, now=now)
    report = publish_site(db, Order(folder / "site", now, seeds))
    done = [str(kept), str(reading), str(grouping), many(report.pages, "page")]
    return "\n".join([*done, "", *_highlights(db), "", *_next(folder)]) + "\n"


def _forget(path: Path, bundled: set[str]) -> None:
    """Remove the last demo's database; one that holds more than the `bundled` articles is somebody's work."""
    if path.exists():
        db = open_store(path)
        kept = {row["id"] for row in db.execute("SELECT id FROM articles")}
        db.close()
        if not kept <= bundled:
            raise ConfigError(path, "holds more than a demo", "give another folder, or take it away")
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _highlights(db: sqlite3.Connection) -> Iterator[str]:
    yield "Who is quoted most:"
    for row in db.execute(
        "SELECT speaker, count(*) AS claims, count(DISTINCT outlet) AS outlets FROM claims"
        " WHERE speaker IS NOT NULL GROUP BY coalesce(person, speaker) ORDER BY 2 DESC, 1 LIMIT 5"
    ):
        yield f"  {row['speaker']:<24}{many(row['claims'], 'claim')} in {many(row['outlets'], 'outlet')}"
    widest = db.execute(
        "SELECT c.id, c.speaker, count(DISTINCT m.outlet) AS outlets, count(DISTINCT q.wording) AS wordings"
        " FROM families f JOIN claims c ON c.id = f.representative JOIN claims m ON m.family = f.id"
        " JOIN quotes q ON q.claim = m.id GROUP BY f.id ORDER BY 3 DESC, 4 DESC, f.id LIMIT 1"
    ).fetchone()
    if widest:
        yield "What travelled furthest:"
        yield f"  {in_marks(*wording_of(db, widest['id']))}"
        who = widest["speaker"] or "speaker unknown"
        spread = f"{many(widest['outlets'], 'outlet')} and {many(widest['wordings'], 'wording')}"
        yield f"  {who}, in {spread}"


def _next(folder: Path) -> Iterator[str]:
    yield f"The site:     {folder / 'site' / 'index.html'}"
    yield f"In a browser: {_command()} serve --db {folder / DATABASE}"
    yield f"To search:    {_command()} search --db {folder / DATABASE} '\"open source\"'"


def _command() -> str:
    """How the reader can call this program: by its name where that is on the PATH, else as they just did."""
    if which("openrace"):
        return "openrace"
    return "python -m openrace" if Path(sys.argv[0]).name == "__main__.py" else sys.argv[0]
