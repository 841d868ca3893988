"""A feed list in OPML 2.0 → outlines, each with its line; `seed_files.py` makes records of them.

`o:country`, `o:kind` and `o:zone` (namespace ``tag:openrace,2025:opml``) hold for an outline and for all that
stands in it. Any feed reader's export is read as well. Declared entities are refused, as defusedxml
does, so that a small file cannot grow without bound.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat

from openrace.crawl_records import Feed
from openrace.errors import ConfigError, reason
from openrace.records import Outlet

OURS = "tag:openrace,2025:opml "
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
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"'](?P<label>[\w.:-]{2,40})[\"'][^>]*\?>")
_TEXT_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
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
    reader = _OutlineReader(path)
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: reader.start(
        tag, attributes, f"{path}:{parser.CurrentLineNumber}"
    )
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = lambda *_: reader.refuse_entities(f"{path}:{parser.CurrentLineNumber}")
    try:
        parser.Parse(xml_text(path, path.read_bytes()), True)
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {reason(error)}") from error
    except expat.ExpatError as error:
        raise ConfigError(f"{path}:{error.lineno}", f"is no XML: {expat.ErrorString(error.code)}") from error
    if not reader.is_opml:
        raise ConfigError(path, "is no OPML", "its first element must be <opml>")
    return reader.outlines


def xml_text(path: Path, data: bytes) -> bytes:
    """Return the XML in `data` as UTF-8: expat knows no encoding of several bytes but that and UTF-16."""
    declared = _DECLARATION.match(data)
    label = declared["label"].decode("ascii") if declared else ""
    label = "gb18030" if label.lower() in ("gb2312", "gbk") else label
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        label = "utf-16"
    if not label or label.lower().startswith("utf-8"):
        return data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode(label)
    except LookupError as error:
        raise ConfigError(path, f"is in an unknown encoding, {label!r}", "save it as UTF-8") from error
    except UnicodeError as error:
        raise ConfigError(path, f"is not in {label}, as it says", "save it as UTF-8") from error
    return _TEXT_DECLARATION.sub("", text.removeprefix("\ufeff")).encode("utf-8", "surrogatepass")


class _OutlineReader:
    """Takes outlines from expat's events; `inherited` holds our attributes of the elements now open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_opml = False
        self.outlines: list[Outline | ConfigError] = []
        self.inherited: list[dict[str, str]] = [{}]

    def start(self, tag: str, attributes: dict[str, str], where: str) -> None:
        self.is_opml = self.is_opml or tag == "opml"
        ours = {name: attributes[name] for name in _INHERITED if name in attributes}
        self.inherited.append(self.inherited[-1] | ours)
        if tag == "outline" and (attributes.get("xmlUrl") or attributes.get("url")):
            try:
                self.outlines.append(_outline(self.inherited[-1] | attributes, where))
            except ConfigError as error:
                self.outlines.append(error)

    def end(self, _tag: str) -> None:
        self.inherited.pop()

    @staticmethod
    def refuse_entities(where: str) -> None:
        raise ConfigError(where, "declares an entity", "write its text out: entities are refused")


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
