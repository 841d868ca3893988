"""From records to files: apply what changed, make anew what shows it, write what differs.

    source ─▶ index ─▶ dirty addresses ─▶ pages ─▶ files

An address stays dirty until its files are written, so that a run that is killed is finished by the next one;
they are put in place together (`output_files.py`). Making everything anew gives the same bytes.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from openrace.csv_sheet import write_sheet
from openrace.errors import ConfigError
from openrace.resources import resource
from openrace.site.digest import Morning, choose
from openrace.site.family_view import version_of
from openrace.site.feed_writer import atom, json_feed
from openrace.site.index_queries import SiteQueries
from openrace.site.name_lookup import in_its_language
from openrace.site.output_files import Folder
from openrace.site.page_addresses import CARDS, FOLDING, FRONT, is_page
from openrace.site.page_data import Page, Pages
from openrace.site.page_router import addresses, pages_at
from openrace.site.reader_text import clean_bytes, web_link
from openrace.site.search_parts import SearchParts, update_segments
from openrace.site.share_cards import CardMaker
from openrace.site.site_index import FILE, SiteIndex, open_index, read_index
from openrace.site.snapshot import RecordSource, SiteSnapshot
from openrace.site.structured_data import absolute
from openrace.site.templating import Templates, write_json

AT_ONCE = 200  # addresses between two commits: what a killed run makes again


class PublishReport(NamedTuple):
    """What publishing did: pages of the site in all, pages made, files written and removed; the site's size.

    `failed` says in one line each which families could not be published and stay as they were.
    """

    pages: int
    rendered: int
    written: int
    removed: int
    files: int = 0
    size: int = 0  # bytes
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what a person should know


class Publication(NamedTuple):
    """How a site is to be published: `now` is the moment it speaks from.

    `overlay` is a folder whose `templates/` and `static/` take the place of the bundled ones; `full` makes
    every page anew; with `check`, files that were lost or damaged since are mended.
    """

    now: str
    overlay: Path | None = None
    full: bool = False
    check: bool = True


@dataclass(frozen=True, slots=True)
class PageWriter:
    """Turns pages into their files."""

    templates: Templates
    site: dict[str, Any]

    def files(self, address: str, pages: Pages) -> dict[str, bytes]:
        """Return the files of the part at `address` by their path in the site."""
        return {
            f"{address}{below}{name}": content
            for below, page in pages.items()
            for name, content in self._files(f"{address}{below}", page)
        }

    def _files(self, address: str, page: Page) -> Iterator[tuple[str, bytes]]:
        root, canonical = "../" * address.count("/"), absolute(self.site["base_url"], address)
        context = {
            "site": self.site,
            "address": address,
            "root": root,
            "canonical": canonical,
            "feed": page.feed,
            "has_data": page.data is not None,
            "oembed": page.oembed,
            **page.context,
        }
        yield "index.html", self.templates.render(page.template, address, context)
        if page.data is not None:
            yield "index.json", write_json({**page.data, "canonical": canonical})
        if page.sheet is not None:
            yield "statements.csv", clean_bytes("".join(write_sheet(page.sheet)))
        if page.oembed is not None:
            yield "oembed.json", write_json(page.oembed)
        if page.feed:
            shared = (self.templates.fragments, self.templates.language)
            yield "feed.xml", atom(page.feed, self.site, address, *shared)
            yield "feed.json", write_json(json_feed(page.feed, self.site, address, *shared))


@dataclass(frozen=True, slots=True)
class _Build:
    """One publishing: where from, where to, and how."""

    index: SiteIndex
    target: Folder
    writer: PageWriter
    source: RecordSource
    how: Publication
    cards: CardMaker


def publish(
    snapshot: SiteSnapshot, source: RecordSource, folder: Path, publication: Publication
) -> PublishReport:
    """Bring the static site in `folder` up to date, touching only the files that differ.

    Raises ConfigError for a template that cannot be used and for a `folder` that holds files of somebody
    else or cannot be written.
    """
    snapshot = in_its_language(snapshot)
    templates = Templates(resource("templates"), publication.overlay, snapshot.language)
    target = Folder(Path(folder))
    writer = PageWriter(templates, _site(snapshot, templates))
    path = target.path / FILE

    def attempt() -> PublishReport:
        with closing(open_index(path)) as db, _without_collector():
            index = SiteIndex(db)
            cards = CardMaker(index, snapshot, templates.statics())
            return _publish(_Build(index, target, writer, source, publication, cards), snapshot)

    try:
        try:
            return attempt()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            path.unlink()  # damaged: all of it can be made anew
            return attempt()
    except sqlite3.DatabaseError as error:
        problem = f"cannot be written: {error}"
        raise ConfigError(target.path, problem, "the site keeps its older files") from error


def _publish(build: _Build, snapshot: SiteSnapshot) -> PublishReport:
    index, target = build.index, build.target
    target.go_on(index)
    lost = not index.token and (target.path / "index.html").exists()
    changes = build.source.changes(index.token)
    with index.transaction():
        index.apply(snapshot, changes, build.source)
        queries = SiteQueries(index, build.source)
        _touch_what_else_changed(build, queries)
        build.cards.touch(queries, build.how.now, full=build.how.full)
    build.cards.release_fonts()
    build.source.done(changes)
    with index.transaction():
        update_segments(index, queries)
    made = _write_dirty(build, queries)
    target.swap(index)
    if lost:
        target.sweep(index.db)
    files, size = target.totals(index.db)
    pages = target.count_pages(index.db)
    notes = build.cards.notes
    return PublishReport(pages, made, target.written, target.removed, files, size, notes=notes)


def _write_dirty(build: _Build, queries: SiteQueries) -> int:
    """Write the files of all dirty addresses; return how many pages were made."""
    index, target, templates = build.index, build.target, build.writer.templates
    templates.link_speakers(queries.speaker_address)
    search = SearchParts(index, queries, build.writer.site["base_url"], templates.countries)
    statics, made = templates.statics(), 0
    while batch := index.dirty.next(AT_ONCE):
        target.begin(index)
        with index.transaction():
            for address, files in _files_of(batch, statics, search, build, queries):
                if files is not None:
                    target.put(index.db, address, files)
                    made += sum(name.endswith("index.html") for name in files)
            index.dirty.done(batch)
        build.cards.release_fonts()
        gc.collect(0)  # templates leave cycles that hold all that a page shows: of this batch alone
    return made


def _files_of(
    batch: list[str], statics: dict[str, Path], search: SearchParts, build: _Build, queries: SiteQueries
) -> Iterator[tuple[str, dict[str, bytes] | None]]:
    """Yield the files of each address; None for a family that a bug stops: its files stay as they are."""
    pages = [address for address in batch if is_page(address)]
    for address, found in pages_at(pages, queries, build.writer.templates.fragments, build.how.now):
        yield address, None if found is None else build.writer.files(address, found)
    for address in batch:
        if address in statics:
            yield address, {address: statics[address].read_bytes()}
        elif address.startswith(CARDS):
            yield address, build.cards.files(address, queries)
        elif not is_page(address):
            yield address, search.files(address)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No cyclic garbage collection but where it is asked for: it took a tenth of the time and more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _touch_what_else_changed(build: _Build, queries: SiteQueries) -> None:
    """Touch what stands on every page, what is not about families, and files that were lost."""
    index, target, templates, how = build.index, build.target, build.writer.templates, build.how
    snapshot, touch = index.snapshot, index.dirty.touch
    everywhere = version_of(build.writer.site, snapshot.topics, templates.version).hex()
    if index.set_fact("everywhere", everywhere) or how.full:
        touch((FOLDING, *addresses(queries), *(address for address, _ in target.parts(index.db))))
    statics = {name: path.read_bytes() for name, path in templates.statics().items()}
    version = version_of({name: content.hex() for name, content in statics.items()}).hex()
    if index.set_fact("statics", version) or how.full:
        parts = (address for address, _ in target.parts(index.db))
        touch((*statics, *(address for address in parts if address.startswith("static/"))))
    if index.set_fact("snapshot", version_of(snapshot, how.now[:10]).hex()):
        touch(FRONT)
    if how.check:
        kept = target.parts(index.db)
        touch(address for address, files in kept if not target.is_whole(files))


def _site(snapshot: SiteSnapshot, templates: Templates) -> dict[str, Any]:
    """Return what stands on every page."""
    return {
        "title": snapshot.title,
        "tagline": snapshot.tagline,
        "language": templates.language.tag,
        "base_url": web_link(snapshot.base_url),
        "contact": snapshot.contact,
        "sides": [{"id": beat.id, "name": beat.name} for beat in snapshot.beats],
        "accuracy": templates.accuracy,
    }


@contextmanager
def morning(snapshot: SiteSnapshot, source: RecordSource, folder: Path, now: str) -> Iterator[Morning]:
    """Choose the digest of the morning of `now` from the index in `folder` and what changed since."""
    snapshot = in_its_language(snapshot)
    with closing(read_index(folder / FILE)) as kept, closing(open_index(":memory:")) as copy:
        kept.backup(copy)
        index = SiteIndex(copy)
        changes = source.changes(index.token)
        with index.transaction():
            index.apply(snapshot, changes, source)
        yield Morning(choose(SiteQueries(index, source), now), snapshot, now)
