"""From an edition to files: take in the news, make anew what they touch, write what differs.

    news ─▶ catalogue ─▶ stale addresses ─▶ page ─▶ files

An address stays stale until its files are written, so that a run that is killed is finished by the next one;
they are put in place together (`output_files.py`).
Making everything anew gives the same bytes.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from openrace.errors import ConfigError
from openrace.resources import resource
from openrace.site.digest import Morning, choose
from openrace.site.family_view import version_of
from openrace.site.feed_writer import atom, json_feed
from openrace.site.index_queries import Almanac
from openrace.site.output_files import Folder
from openrace.site.page import Page
from openrace.site.page_addresses import FRONT, is_page
from openrace.site.page_router import addresses, page_at
from openrace.site.reader_text import web_link
from openrace.site.search_parts import Finding, index_words
from openrace.site.site_index import FILE, Catalogue, open_catalogue, read_catalogue
from openrace.site.snapshot import Edition, News
from openrace.site.structured_data import absolute
from openrace.site.templating import Templates, write_json

AT_ONCE = 200  # pages between two commits: what a killed run makes again


class PublishReport(NamedTuple):
    """What publishing did: pages of the site in all, pages made, files written and removed.

    `failed` has a line for each family that was left as it was because of a bug.
    """

    pages: int
    rendered: int
    written: int
    removed: int
    failed: tuple[str, ...] = ()


class Publication(NamedTuple):
    """How a site is to be published: `now` is the moment it speaks from.

    `overlay` is a folder whose `templates/` and `static/` lie over the bundled ones; `full` makes every page
    anew; with `check`, files that were lost or damaged since are mended.
    """

    now: str
    overlay: Path | None = None
    full: bool = False
    check: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """Turns a page into its files."""

    templates: Templates
    site: dict[str, Any]

    def print(self, address: str, page: Page) -> dict[str, bytes]:
        """The files of the page at `address` by their path in the site."""
        context = {
            "site": self.site,
            "address": address,
            "root": "../" * address.count("/"),
            "canonical": absolute(self.site["base_url"], address),
            "feed": page.feed,
            **page.context,
        }
        files = {
            "index.html": self.templates.render(page.template, address, context),
            "index.json": write_json({**page.data, "canonical": context["canonical"]}),
        }
        if page.feed:
            files["feed.xml"] = atom(page.feed, self.site, address)
            files["feed.json"] = write_json(json_feed(page.feed, self.site, address))
        return {f"{address}{name}": content for name, content in files.items()}


def publish(
    edition: Edition, news: Callable[[str], News], folder: Path, publication: Publication
) -> PublishReport:
    """Bring the static site in `folder` up to date, touching only the files that differ.

    `news` is asked for what came after a mark (empty: for everything). Raises ConfigError for a template that
    cannot be used and for a `folder` that holds files of somebody else or cannot be written.
    """
    templates = Templates(resource("templates"), publication.overlay)
    target = Folder(Path(folder))
    press = Press(templates, _site(edition, templates))
    kept = target.path / FILE

    def attempt() -> PublishReport:
        with closing(open_catalogue(kept)) as db, _without_collector():
            return _publish(Catalogue(db), target, press, edition, news, publication)

    try:
        try:
            return attempt()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            kept.unlink()  # damaged: all of it can be made anew
            return attempt()
    except sqlite3.DatabaseError as error:
        problem = f"cannot be written: {error}"
        raise ConfigError(target.path, problem, "the site keeps its older files") from error


def _publish(
    catalogue: Catalogue,
    target: Folder,
    press: Press,
    edition: Edition,
    news: Callable[[str], News],
    how: Publication,
) -> PublishReport:
    target.go_on(catalogue)
    lost = not catalogue.mark and (target.path / "index.html").exists()
    with catalogue.transaction():
        catalogue.take_in(edition, news(catalogue.mark))
        almanac = Almanac(catalogue)
        _touch_what_else_changed(catalogue, almanac, target, press, how)
    with catalogue.transaction():
        index_words(catalogue, almanac)
    finding = Finding(catalogue, almanac, press.site["base_url"], press.templates.countries)
    statics = press.templates.statics()

    def files_at(address: str) -> dict[str, bytes]:
        if address in statics:
            return {address: statics[address].read_bytes()}
        if address.startswith(("search/", "sitemap")) and address not in FRONT:
            return finding.files(address)
        page = page_at(address, almanac, how.now)
        return press.print(address, page) if page else {}

    made = 0
    while batch := catalogue.stale(AT_ONCE):
        target.begin(catalogue)
        with catalogue.transaction():
            for address in batch:
                files = files_at(address)
                target.put(catalogue.db, address, files)
                made += bool(files) and is_page(address)
            catalogue.is_fresh(batch)
    with catalogue.transaction():
        almanac.deck.keep()
    target.swap(catalogue)
    if lost:
        target.sweep(catalogue.db)
    return PublishReport(target.count_pages(catalogue.db), made, target.written, target.removed)


@contextmanager
def _without_collector() -> Iterator[None]:
    """No cyclic garbage collection: it took a tenth of the time and more, and found nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _touch_what_else_changed(
    catalogue: Catalogue, almanac: Almanac, target: Folder, press: Press, how: Publication
) -> None:
    """What stands on every page, what is told beside the families, and files that were lost."""
    edition, templates = catalogue.edition, press.templates
    everywhere = version_of(press.site, edition.topics, templates.version).hex()
    if catalogue.remember("everywhere", everywhere) or how.full:
        catalogue.touch((*addresses(almanac), *(address for address, _ in target.parts(catalogue.db))))
        catalogue.forget_cards()
    statics = {name: path.read_bytes() for name, path in templates.statics().items()}
    if catalogue.remember("statics", version_of({n: c.hex() for n, c in statics.items()}).hex()) or how.full:
        parts = (address for address, _ in target.parts(catalogue.db))
        catalogue.touch((*statics, *(address for address in parts if address.startswith("static/"))))
    if catalogue.remember("told", version_of(edition, how.now[:10]).hex()):
        catalogue.touch(FRONT)
    if how.check:
        kept = target.parts(catalogue.db)
        catalogue.touch(address for address, files in kept if not target.is_whole(files))


def _site(edition: Edition, templates: Templates) -> dict[str, Any]:
    """What stands on every page."""
    return {
        "title": edition.title,
        "tagline": edition.tagline,
        "base_url": web_link(edition.base_url),
        "contact": edition.contact,
        "beats": [{"id": b.id, "name": b.name} for b in edition.beats],
        "accuracy": templates.accuracy,
        "marks": {code: country.mark for code, country in templates.countries.items()},
    }


@contextmanager
def morning(edition: Edition, news: Callable[[str], News], folder: Path, now: str) -> Iterator[Morning]:
    """The digest of the morning of `now`: what `folder` remembers, and the news; nothing is written."""
    with closing(read_catalogue(folder / FILE)) as kept, closing(open_catalogue(":memory:")) as copy:
        catalogue = Catalogue(kept)
        told = news(catalogue.mark)
        if told.whole or told.tellings or told.gone:
            kept.backup(copy)
            catalogue = Catalogue(copy)
            with catalogue.transaction():
                catalogue.take_in(edition, told)
        catalogue.look(edition)
        yield Morning(choose(Almanac(catalogue), now), edition, now)
