"""Saved searches that are run every night: `watches.toml`, edited by hand or written by ``openrace watch``.

    [[watch]]
    name = "weights"
    query = '"open weights" -closed'      # as openrace search and the site's search page take it
    of = ["family", "alert", "change"]    # what counts as a match; this is the default
    since = 2026-01-05                    # only what came in then or later; else all that is kept
    mail = "me@paper.example"
    webhook = "env:NEWSROOM_HOOK"         # or file:hook.txt (mode 600), or an address that is no secret
    template = "slack"                    # json (the default), slack, mattermost, mastodon
    token = "file:mastodon.token"         # sent as a bearer token: never written here itself
    feed = true                           # an Atom feed on the site: watch/weights.xml

Nothing here knows the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from openrace.errors import ConfigError
from openrace.links import is_web_address
from openrace.records import NonEmpty, Record, Slug, When
from openrace.user_files.secret_values import is_reference
from openrace.user_files.toml_tables import append_table, read_text, record_of, remove_tables, tables_of

MatchKind = Literal["statement", "family", "alert", "change"]
Template = Literal["json", "slack", "mattermost", "mastodon"]
DEFAULT_KINDS: tuple[MatchKind, ...] = ("family", "alert", "change")


class SavedSearch(Record):
    """One watch. `where` is ``path:line``.

    `of`: "statement" is each report, "family" each utterance once, "alert" prints that differ in meaning,
    "change" quoted words that are gone from a page.
    """

    where: str
    name: Slug
    query: NonEmpty
    of: Annotated[tuple[MatchKind, ...], Field(min_length=1)] = DEFAULT_KINDS
    since: When | None = None  # None: all that is kept
    mail: str | None = None
    webhook: str | None = None  # an address, or a reference to one (secret_values.py)
    template: Template = "json"
    token: str | None = None  # a reference
    feed: bool = False

    @model_validator(mode="after")
    def _receivers_are_usable(self) -> SavedSearch:
        if self.mail and (not self.mail.isprintable() or "@" not in parseaddr(self.mail)[1]):
            raise ValueError(f"mail: {self.mail!r} is not a mail address")
        if self.webhook and not is_reference(self.webhook) and not is_web_address(self.webhook):
            raise ValueError("webhook: write https://…, env:NAME or file:PATH")
        if self.token and not is_reference(self.token):
            raise ValueError("token: a secret does not stand here; write env:NAME or file:PATH")
        return self


def watches_path(database: Path, given: Path | None = None) -> Path:
    """Return where the watches for `database` are kept: the file that is given, else one next to it."""
    return given or database.with_name("watches.toml")


def iter_watches(path: Path) -> Iterator[SavedSearch | ConfigError]:
    """Yield every watch of `path`, or what is wrong with it; nothing where there is no such file.

    Raises ConfigError with the line where the file as a whole is not TOML.
    """
    return _iter_parsed(read_text(path), path)


def load_watches(path: Path) -> tuple[SavedSearch, ...]:
    """Return every watch of `path`. Raises ConfigError with the line of the first that is not right."""
    return _parse(read_text(path), path)


def add_watch(path: Path, fields: Mapping[str, Any]) -> None:
    """Append a watch to `path`. Raises ConfigError for one that is not right; the file stays."""
    append_table(path, "watch", fields, _parse)


def remove_watch(path: Path, name: str) -> bool:
    """Take a watch out of `path`; whether there was one."""
    return path.exists() and bool(remove_tables(path, "watch", lambda watch: watch.get("name") == name))


def _iter_parsed(text: str, path: Path) -> Iterator[SavedSearch | ConfigError]:
    seen: dict[str, SavedSearch] = {}
    for where, table in tables_of(text, path, "watch"):
        try:
            watch = record_of(SavedSearch, table, where)
        except ConfigError as error:
            yield error
            continue
        other = seen.setdefault(watch.name, watch)
        if other is watch:
            yield watch
        else:
            yield ConfigError(where, f"has the name of {other.where}", "choose another name")


def _parse(text: str, path: Path) -> tuple[SavedSearch, ...]:
    found = tuple(_iter_parsed(text, path))
    for watch in found:
        if isinstance(watch, ConfigError):
            raise watch
    return tuple(watch for watch in found if isinstance(watch, SavedSearch))
