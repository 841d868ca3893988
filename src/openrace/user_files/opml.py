"""A feed list in OPML 2.0 → outlines, each with its line; `seed_files.py` makes records of them.

`o:country` and `o:kind` (namespace ``tag:openrace,2025:opml``) hold for an outline and for all that
stands in it. Any feed reader's export is read as well. Declared entities are refused, as defusedxml
does, so that a small file cannot grow without bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat

from openrace.errors import ConfigError, reason
from openrace.records import Feed, Outlet

OURS = "tag:openrace,2025:opml "
ALL = "*"  # as the address of an outline that is dropped: all that is bundled


@dataclass(frozen=True)
class Outline:
    """One outline with an address: a feed, or an outlet that has none (`feed_url` is None)."""

    where: str  # path:line
    title: str
    feed_url: str | None
    domain: str
    outlet_name: str
    country: str | None
    kind: str | None
    dropped: bool  # OPML's isComment: the feed is left out

    def to_feed(self, url: str) -> Feed:
        """The feed at `url`, which this outline names."""
        return Feed(url=url, title=self.title, outlet=self.domain, country=self.country, kind=self.kind)

    def to_outlet(self) -> Outlet:
        """The outlet whose feed or page this is."""
        return Outlet(domain=self.domain, name=self.outlet_name, country=self.country, kind=self.kind)


def read_opml(path: Path) -> list[Outline]:
    """All outlines of the file with an ``xmlUrl`` or a ``url``, in its order.

    Raises ConfigError, with the line, for what is no OPML, declares entities, or names no web address.
    """
    reader = _Reader(path)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: reader.start(
        tag, attributes, f"{path}:{parser.CurrentLineNumber}"
    )
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = lambda *_: reader.refuse_entities(f"{path}:{parser.CurrentLineNumber}")
    try:
        parser.Parse(path.read_bytes(), True)
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {reason(error)}") from error
    except expat.ExpatError as error:
        raise ConfigError(f"{path}:{error.lineno}", f"is no XML: {expat.ErrorString(error.code)}") from error
    if not reader.is_opml:
        raise ConfigError(path, "is no OPML", "its first element must be <opml>")
    return reader.outlines


class _Reader:
    """Takes outlines from expat's events; `inherited` holds our attributes of the elements now open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_opml = False
        self.outlines: list[Outline] = []
        self.inherited: list[dict[str, str]] = [{}]

    def start(self, tag: str, attributes: dict[str, str], where: str) -> None:
        self.is_opml = self.is_opml or tag == "opml"
        ours = {name: attributes[name] for name in (OURS + "country", OURS + "kind") if name in attributes}
        self.inherited.append(self.inherited[-1] | ours)
        if tag == "outline" and (attributes.get("xmlUrl") or attributes.get("url")):
            self.outlines.append(_outline(self.inherited[-1] | attributes, where))

    def end(self, _tag: str) -> None:
        self.inherited.pop()

    @staticmethod
    def refuse_entities(where: str) -> None:
        raise ConfigError(where, "declares an entity", "write its text out: entities are refused")


def _outline(attributes: dict[str, str], where: str) -> Outline:
    feed_url = attributes.get("xmlUrl", "").strip() or None
    page_url = (attributes.get("htmlUrl") or attributes.get("url") or "").strip()
    dropped = attributes.get("isComment", "").lower() == "true"
    feed_host = _host(feed_url, where) if feed_url and not (dropped and feed_url == ALL) else ""
    domain = _host(page_url, where) if page_url else feed_host
    title = (attributes.get("text") or attributes.get("title") or domain).strip()
    return Outline(
        where=where,
        title=title,
        feed_url=feed_url,
        domain=domain,
        outlet_name=attributes.get(OURS + "outlet") or title,
        country=attributes.get(OURS + "country"),
        kind=attributes.get(OURS + "kind"),
        dropped=dropped,
    )


def _host(url: str, where: str) -> str:
    """The host of a web address, without "www."; ConfigError where it is none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        host = None
    if not host:
        raise ConfigError(where, f"{url!r} is no web address", "write it whole, with https://")
    return host.removeprefix("www.")
