"""The demo: the whole way from the bundled corpus to a site, in an empty folder."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from openrace.claim_wording import UNKNOWN_SPEAKER
from openrace.errors import ConfigError
from openrace.ingest.parse.article_files import read_articles
from openrace.pipeline import Warn, Watch
from openrace.pipeline.add_articles import add_articles
from openrace.pipeline.extract_claims import read_for_claims
from openrace.pipeline.group_claims import group_into_families
from openrace.pipeline.publish_site import Order, publish_site
from openrace.pipeline.suggest_ideas import suggest_ideas
from openrace.plurals import many
from openrace.records import Article
from openrace.resources import resource
from openrace.site.interface_language import LanguageCode
from openrace.store import open_store
from openrace.store.article_table import iter_articles
from openrace.store.claim_search import wording_of
from openrace.store.counts import most_quoted, widest_family
from openrace.user_files.idea_files import load_ideas, load_marks, marks_path
from openrace.user_files.seed_files import load_seeds

DATABASE = "openrace.db"


def run_demo(folder: Path, *, now: str, watch: Watch, warn: Warn, language: LanguageCode = "en") -> str:
    """Make the demo in `folder`; what is in it. Raises ConfigError where something else is in the way."""
    if folder.exists() and not folder.is_dir():
        raise ConfigError(folder, "is a file", "give a folder for the demo")
    path = folder / DATABASE
    seeded = resource("seeds")
    bundled = list(read_articles([seeded / "articles", seeded / "invented-talk"]))
    _forget(path, {article.id for article in bundled if isinstance(article, Article)})
    db, seeds = open_store(path, create=True), load_seeds()
    added = add_articles(db, bundled, seeds, now=now, warn=warn)
    reading = read_for_claims(db, seeds, warn=warn, watch=watch)
    grouping = group_into_families(db, now=now)
    ideas = load_ideas()
    marks = load_marks(_own_marks(path), ideas)
    marked = suggest_ideas(db, ideas, marks, warn=warn)
    report = publish_site(db, Order(folder / "site", now, seeds, ideas=ideas, language=language))
    done = [str(added), str(reading), str(grouping), str(marked), many(report.pages, "page")]
    return "\n".join([*done, "", *_highlights(db), "", *_next(folder)]) + "\n"


def _own_marks(database: Path) -> Path:
    """Return the demo's file of marks for ideas: the bundled one, copied, unless there is one already."""
    path = marks_path(database)
    if not path.exists():
        path.write_bytes((resource("seeds") / "demo-marks.toml").read_bytes())
    return path


def _forget(path: Path, bundled: set[str]) -> None:
    """Remove the last demo's database; one that holds more than the `bundled` articles is somebody's work."""
    if path.exists():
        db = open_store(path)
        stored = {article.id for article in iter_articles(db)}
        db.close()
        if not stored <= bundled:
            raise ConfigError(path, "holds more than a demo", "give another folder, or take it away")
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _highlights(db: sqlite3.Connection) -> Iterator[str]:
    yield "Most quoted:"
    for quoted in most_quoted(db, 5):
        yield f"  {quoted.speaker:<24}{many(quoted.claims, 'claim')} in {many(quoted.outlets, 'outlet')}"
    if widest := widest_family(db):
        yield "Most widely reported:"
        yield f"  {wording_of(db, widest.claim_id).line}"
        spread = f"{many(widest.outlets, 'outlet')} and {many(widest.wordings, 'wording')}"
        yield f"  {widest.speaker or UNKNOWN_SPEAKER}, in {spread}"


def _next(folder: Path) -> Iterator[str]:
    yield f"The site:     {folder / 'site' / 'index.html'}"
    yield f"In a browser: {_command()} serve --db {folder / DATABASE}"
    yield f"To search:    {_command()} search --db {folder / DATABASE} '\"open source\"'"


def _command() -> str:
    """Return the command that runs this program: its name where that is on the PATH, else as just called."""
    if which("openrace"):
        return "openrace"
    return "python -m openrace" if Path(sys.argv[0]).name == "__main__.py" else sys.argv[0]
