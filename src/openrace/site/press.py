"""From an edition to files: plan the pages, render those whose version changed, write what differs.

A page's version is a hash of the records it shows, of its template and of what stands on every page;
it decides, and rendering everything anew gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from openrace.resources import resource
from openrace.site.almanac import make_almanac
from openrace.site.digest import choose
from openrace.site.edition import Edition
from openrace.site.feeds import atom, json_feed
from openrace.site.files import Folder
from openrace.site.pages import Templates, write_json
from openrace.site.structured import absolute
from openrace.site.text import web_link
from openrace.site.utterances import version_of
from openrace.site.views import Page, View, plan


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

    def print(self, page: Page, view: View) -> dict[str, bytes]:
        """The files of `page` by their path in the site."""
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
    target = Folder(Path(folder))
    almanac = make_almanac(edition)
    site = _site(edition, templates)
    everywhere = version_of(site, templates.version)
    press = Press(templates, site)
    pages = {p.address: (p, _version(everywhere, p)) for p in plan(almanac, choose(almanac, now))}
    stale = {a for a, (_, version) in pages.items() if full or not target.has(a, version)}
    extras = _extras(templates, pages, site)
    changed = {name: content for name, content in extras.items() if not target.has(name, _hash(content()))}
    gone = target.pages() - pages.keys() - extras.keys()
    if stale or changed or gone:
        target.begin(stale | changed.keys())
        for name, content in changed.items():
            target.write(name, _hash(content()), {name: content()})
        for address, (page, version) in pages.items():
            if address in stale:
                target.write(address, version, press.print(page, page.make()))
        target.finish(pages.keys() | extras.keys())
    return PublishReport(len(pages), len(stale), target.written, target.removed)


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
        "marks": {code: country.mark for code, country in templates.countries.items()},
        "search": False,
    }


def _extras(
    templates: Templates, pages: dict[str, Any], site: dict[str, Any]
) -> dict[str, Callable[[], bytes]]:
    """Files that are no pages: the style sheet and other static files, and the site map."""
    extras: dict[str, Callable[[], bytes]] = {
        f"static/{name}": path.read_bytes for name, path in templates.statics().items()
    }
    if site["base_url"]:
        extras["sitemap.xml"] = lambda: _sitemap(pages, site["base_url"])
    return extras


def _sitemap(pages: dict[str, Any], base_url: str) -> bytes:
    """https://www.sitemaps.org/protocol.html, without the pages of families that moved."""
    shown = [a for a, (page, _) in pages.items() if page.template != "moved.html"]
    lines = [f"<url><loc>{absolute(base_url, address)}</loc></url>" for address in sorted(shown)]
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    )
    return "\n".join([head, *lines, "</urlset>", ""]).encode()
