"""From an edition to files: plan the pages, render those whose version changed, write what differs.

A page's version is a hash of the records it shows, of its template and of what stands on every page;
it decides, and rendering everything anew gives the same bytes.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from openrace.resources import resource
from openrace.site.almanac import Almanac, make_almanac
from openrace.site.digest import choose
from openrace.site.edition import Edition
from openrace.site.feeds import atom, json_feed
from openrace.site.files import Folder
from openrace.site.pages import Templates, write_json
from openrace.site.search_index import TERMS, Segment, segments, write_lexicon, write_segment
from openrace.site.structured import absolute
from openrace.site.text import web_link
from openrace.site.utterances import version_of
from openrace.site.view import Page
from openrace.site.views import plan


class PublishReport(NamedTuple):
    """What publishing did: pages of the site in all, pages rendered, files written and removed."""

    pages: int
    rendered: int
    written: int
    removed: int


@dataclass(frozen=True, slots=True)
class Press:
    """Turns a view into the files of its page: HTML, JSON and, where it has one, its feeds."""

    templates: Templates
    site: dict[str, Any]

    def print(self, page: Page) -> dict[str, bytes]:
        """The files of `page` by their path in the site."""
        view = page.make()
        context = {
            "site": self.site,
            "address": page.address,
            "root": "../" * page.address.count("/"),
            "canonical": absolute(self.site["base_url"], page.address),
            "feed": view.feed,
            **view.context,
        }
        files = {
            "index.html": self.templates.render(page.template, page.address, context).encode(),
            "index.json": write_json({**view.data, "canonical": context["canonical"]}),
        }
        if view.feed:
            files["feed.xml"] = atom(view.feed, self.site, page.address)
            files["feed.json"] = write_json(json_feed(view.feed, self.site, page.address))
        return {f"{page.address}{name}": content for name, content in files.items()}


def publish(
    edition: Edition, folder: Path, *, now: str, overlay: Path | None = None, full: bool = False
) -> PublishReport:
    """Write `edition` as a static site into `folder`, touching only the files that differ.

    `now` is the moment the site speaks from; `overlay` is a folder whose `templates/` and `static/` lie over
    the bundled ones; `full` renders every page anew. Raises ConfigError for a template that cannot be
    used and for a `folder` that holds files of somebody else or cannot be written.
    """
    templates = Templates(resource("templates"), overlay)
    with without_collector():
        target = Folder(Path(folder))
        told = version_of(edition, now[:10], templates.version).hex()
        if not full and target.is_whole(told):
            return PublishReport(sum(name == "" or name.endswith("/") for name in target.parts()), 0, 0, 0)
        return _publish(edition, target, now, templates, told, full)


def _publish(
    edition: Edition, target: Folder, now: str, templates: Templates, told: str, full: bool
) -> PublishReport:
    """Plan everything and write what is stale; `told` is the version of all of it together."""
    almanac = make_almanac(edition)
    press = Press(templates, _site(edition, templates))
    everywhere = version_of(press.site, templates.version)
    pages = list(plan(almanac, choose(almanac, now)))
    parts = {p.address: Part(_version(everywhere, p), partial(press.print, p)) for p in pages}
    parts |= _statics(templates) | _search_parts(almanac, templates, target) | _site_map(pages, press.site)
    stale = [name for name, part in parts.items() if full or not target.has(name, part.version)]
    target.begin(stale)
    for name in stale:
        target.write(name, parts[name].version, parts[name].files())
    target.finish(parts.keys(), told)
    rendered = len({page.address for page in pages}.intersection(stale))
    return PublishReport(len(pages), rendered, target.written, target.removed)


@contextmanager
def without_collector() -> Iterator[None]:
    """No cyclic garbage collection: with an edition in memory it took 40 % of the time and found nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Part(NamedTuple):
    """A page or another thing that is written as one, and its version; `files` makes it."""

    version: str
    files: Callable[[], dict[str, bytes]]


def _version(everywhere: bytes, page: Page) -> str:
    return blake2b(everywhere + page.version, digest_size=12).hexdigest()


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()


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


def _statics(templates: Templates) -> dict[str, Part]:
    """The style sheet and what else is copied as it is."""
    contents = {f"static/{name}": path.read_bytes() for name, path in templates.statics().items()}
    return {name: _constant(name, content) for name, content in contents.items()}


def _constant(name: str, content: bytes) -> Part:
    return Part(_hash(content), lambda: {name: content})


def _search_parts(almanac: Almanac, templates: Templates, target: Folder) -> dict[str, Part]:
    """The segments of the search, and its lexicons as one part."""
    found = segments(almanac.utterances)
    names = {code: country.name for code, country in templates.countries.items()}

    def lexicon() -> dict[str, bytes]:
        return dict(write_lexicon(found, target.read_json(TERMS), names, made_by))

    made_by = templates.version
    parts = {f"search/{s.name}.js": Part(f"{made_by}-{s.version}", partial(_segment, s)) for s in found}
    everything = f"{made_by}-{version_of([s.version for s in found]).hex()}"
    return parts | {"search/lex": Part(everything, lexicon)}


def _segment(segment: Segment) -> dict[str, bytes]:
    return {f"search/{segment.name}.js": write_segment(segment)}


def _site_map(pages: list[Page], site: dict[str, Any]) -> dict[str, Part]:
    """The site map, where it is known at which address the site will be served."""
    if not site["base_url"]:
        return {}
    return {"sitemap.xml": _constant("sitemap.xml", _sitemap(pages, site["base_url"]))}


def _sitemap(pages: list[Page], base_url: str) -> bytes:
    """https://www.sitemaps.org/protocol.html, without the pages of families that moved."""
    shown = sorted(page.address for page in pages if page.template != "moved.html")
    lines = [f"<url><loc>{escape(absolute(base_url, address) or '')}</loc></url>" for address in shown]
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    return "\n".join([head, *lines, "</urlset>", ""]).encode()
