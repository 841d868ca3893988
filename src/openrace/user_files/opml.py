"""A feed list in OPML 2.0 → outlines, each with its line; `seed_files.py` makes records of them.

`o:country`, `o:kind` and `o:zone` (namespace ``tag:openrace,2025:opml``) hold for an outline and for all that
stands in it. Any feed reader's export is read as well. Declared entities are refused, as defusedxml
does, so that a small file cannot grow without bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from openrace.crawl_records import Feed
from openrace.errors import ConfigError, reason
from openrace.records import Outlet

NAMESPACE = "tag:openrace,2025:opml"
OURS = f"{{{NAMESPACE}}}"  # in front of the names of our attributes
# Countries whose press keeps one clock (IANA tz database); where there are several the list of feeds says
# which.
ZONE_OF_COUNTRY = {
    "CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "TW": "Asia/Taipei", "SG": "Asia/Singapore",
    "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "IN": "Asia/Kolkata", "GB": "Europe/London",
    "IE": "Europe/Dublin", "FR": "Europe/Paris", "DE": "Europe/Berlin", "BE": "Europe/Brussels",
    "NL": "Europe/Amsterdam", "IT": "Europe/Rome", "CH": "Europe/Zurich", "AT": "Europe/Vienna",
    "SE": "Europe/Stockholm", "DK": "Europe/Copenhagen", "NO": "Europe/Oslo",
    "FI": "Europe/Helsinki", "PL": "Europe/Warsaw", "IL": "Asia/Jerusalem", "AE": "Asia/Dubai",
    "QA": "Asia/Qatar", "MY": "Asia/Kuala_Lumpur", "TH": "Asia/Bangkok", "VN": "Asia/Ho_Chi_Minh",
    "PH": "Asia/Manila", "NZ": "Pacific/Auckland", "ZA": "Africa/Johannesburg",
}  # fmt: skip
_INHERITED = (OURS + "country", OURS + "kind", OURS + "zone")  # hold for all that stands in an outline
_FEED_SCHEME = re.compile(r"^(?:feed|itpc|pcast|rss):(?:(https?://)|//)", re.IGNORECASE)
# gb2312 is what files say that hold more than its characters: GB 18030 has these and all of its own.
_OLD_CHINESE = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"'](?:gb2312|gbk)[\"']", re.IGNORECASE)
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
    zone: str | None  # the time zone it writes its hours in, if one is given or its country has only one
    dropped: bool  # OPML's isComment: the feed is left out

    def to_feed(self, url: str) -> Feed:
        """Return the feed at `url`, which this outline names."""
        return Feed(url=url, title=self.title, outlet=self.domain, **self._home())

    def to_outlet(self) -> Outlet:
        """Return the outlet whose feed or page this is."""
        return Outlet(domain=self.domain, name=self.outlet_name, **self._home())

    def _home(self) -> dict[str, str | None]:
        return {"country": self.country, "kind": self.kind, "zone": self.zone}


def read_opml(path: Path) -> list[Outline]:
    """Return all outlines of the file with an ``xmlUrl`` or a ``url``, in its order.

    Raises ConfigError, with the line, for what is no OPML, declares entities, or names no web address.
    """
    outlines = []
    for outline in iter_opml(path):
        if isinstance(outline, ConfigError):
            raise outline
        outlines.append(outline)
    return outlines


def iter_opml(path: Path) -> list[Outline | ConfigError]:
    """Return the outlines as `read_opml` gives them, with an error in the place of each that names no web
    address."""
    try:
        root = parse_opml(path, path.read_bytes())
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {reason(error)}") from error
    found: list[Outline | ConfigError] = []
    for element in root.iter("outline"):
        if element.get("xmlUrl") or element.get("url"):
            try:
                found.append(_outline(_attributes(element), f"{path}:{element.sourceline}"))
            except ConfigError as error:
                found.append(error)
    return found


def parse_opml(path: Path, data: bytes) -> etree._Element:
    """Return the root of the OPML in `data`, which stands in the file `path`. Raises ConfigError."""
    chinese = "gb18030" if _OLD_CHINESE.match(data) else None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, encoding=chinese)
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        problem = error.msg.partition(", line")[0]
        raise ConfigError(f"{path}:{error.lineno}", f"is no XML: {problem}") from error
    subset: Any = root.getroottree().docinfo.internalDTD
    if subset is not None and list(subset.iterentities()):
        line = data[: data.index(b"<!ENTITY")].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}", "declares an entity", "write its text out: entities are refused")
    if root.tag != "opml":
        raise ConfigError(path, "is no OPML", "its first element must be <opml>")
    return root


def _attributes(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an outline, and those of ours that hold for it from around it."""
    around = (outer for outer in element.iterancestors() if isinstance(outer.tag, str))
    inherited: dict[str, str] = {}
    for outer in reversed([*around]):
        inherited |= {name: outer.get(name, "") for name in _INHERITED if outer.get(name)}
    return inherited | {str(name): str(value) for name, value in element.attrib.items()}


def _outline(attributes: dict[str, str], where: str) -> Outline:
    feed_url = _web_address(attributes.get("xmlUrl", "")) or None
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
        zone=attributes.get(OURS + "zone") or ZONE_OF_COUNTRY.get(attributes.get(OURS + "country", "")),
        dropped=dropped,
    )


def _web_address(url: str) -> str:
    """Return `url` without the scheme that feed readers once gave it: ``feed://`` and ``feed:https://``."""
    return _FEED_SCHEME.sub(lambda found: found[1] or "http://", url.strip())


def _host(url: str, where: str) -> str:
    """Return the host of a web address, without "www."; ConfigError where it is none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        host = None
    if not host:
        raise ConfigError(where, f"{url!r} is not a web address", "write it in full, with https://")
    return host.removeprefix("www.")
