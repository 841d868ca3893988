"""Addresses: one canonical spelling for each page, and the domain that somebody had to register for it.

The canonical URL is what tells whether two entries are one page, so only what never changes the page is
taken away: the fragment, a default port, the case of scheme and host, needless escapes (RFC 3986, 6.2.2)
and parameters that only measure the visitor. Parameters of unknown meaning stay, in their order.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import idna
from publicsuffixlist import PublicSuffixList

# Parameters that name a campaign, a click or a reader, never a page; from the documentation of the
# analytics and mail services that add them.
TRACKING = re.compile(
    r"""(?:utm_\w+|hsa_\w+|pk_\w+|mtm_\w+|piwik_\w+|guce_\w+|at_(?:medium|campaign|link_\w+|custom\d|format|bbc_\w+)
    |ns_(?:mchannel|source|campaign|linkname|fee)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid
    |ttclid|igshid|igsh|li_fat_id|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hs\w+|vero_id|oly_(?:anon|enc)_id|s_cid|s_kwcid
    |wt[._]mc(?:_\w+)?|wt\.mc_id|xtor|cmpid|cmp|ncid|ocid|smid|smtyp|sref|srnd|ftag|mbid|guccounter|spm|scm
    |traffic_source|taid|ito|icid|ref_src|ref_url|rss_?id|feedtype)""",
    re.IGNORECASE | re.VERBOSE,
)
# These mean something on some sites; with these values they only say where the reader came from.
TRACKING_PAIRS = {
    ("partner", "rss"), ("source", "rss"), ("ref", "rss"), ("from", "rss"), ("feature", "rss"),
    ("cid", "rss"), ("output", "amp"), ("outputtype", "amp"), ("amp", "1"), ("amp", "true"), ("amp", ""),
}  # fmt: skip
# Domains under which each host is somebody else's, that the public suffix list does not hold.
PLATFORMS = {
    "substack.com",
    "medium.com",
    "beehiiv.com",
    "ghost.io",
    "tumblr.com",
    "typepad.com",
    "buttondown.com",
}
# Links of services that only lead on: host, path, and the parameter that holds the address of the page. From
# the services' own links in feeds, alerts, newsletters and posts.
WRAPPERS = (
    (r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}", r"/url", ("url", "q")),
    (r"(?:www\.|cn\.)?bing\.com", r"/news/apiclick\.aspx", ("url",)),
    (r"lm?\.(?:facebook|instagram)\.com", r"/(?:l\.php)?", ("u",)),
    (r"(?:www\.)?linkedin\.com", r"/redir/redirect|/safety/go", ("url",)),
    (r"(?:www\.)?youtube\.com", r"/redirect", ("q",)),
    (r"(?:[\w-]+\.)*safelinks\.protection\.outlook\.com", r"/.*", ("url",)),
    (r"(?:www\.)?duckduckgo\.com", r"/l/", ("uddg",)),
    (r"link\.zhihu\.com|link\.juejin\.cn|link\.csdn\.net", r"/", ("target",)),
    (r"(?:weibo\.cn|passport\.weibo\.com)", r"/sinaurl|/.*", ("u", "toasturl")),
    (r"out\.reddit\.com", r"/.*", ("url",)),
    (r"exit\.sc", r"/", ("url",)),
    (r"t\.umblr\.com", r"/redirect", ("z",)),
)
DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_WRAPPINGS = (
    3  # of one address inside another: an alert in a newsletter that is read through a mail filter
)
MAX_LENGTH = 2048  # longer addresses are tracking payloads or attacks; browsers and CDNs stop near here

_AMP_CACHE = re.compile(r"/(?:amp|v|c|wp)/(s/)?(?P<rest>[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/.*)?)")
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;)+")  # an ampersand that was escaped more often than it was read
_UNRESERVED = re.compile(rb"[A-Za-z0-9._~-]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


def canonical_url(url: str, base: str | None = None) -> str | None:
    """Return the one spelling of `url` (resolved against `base`).

    None where it is no http(s) address of a host.
    """
    whole = absolute_url(url, base)
    for _ in range(MAX_WRAPPINGS):
        inner = _inside_wrapper(whole) if whole else None
        if inner is None:
            break
        whole = inner
    if whole is None:
        return None
    parts = urlsplit(whole)
    return urlunsplit(parts._replace(query=_without_tracking(parts.query)))


def absolute_url(url: str, base: str | None = None) -> str | None:
    """Return `url` as it can be requested: in ASCII, without fragment or password, its query as it was."""
    url = _ESCAPED_AMPERSAND.sub("&", url.strip())
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host:
        return None
    netloc = host if port in (None, DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = _normal_escapes(_without_dots(parts.path)) or "/"
    plain = urlunsplit((scheme, netloc, path, _escaped(parts.query), ""))
    return plain if len(plain) <= MAX_LENGTH else None


def hostname(url: str) -> str:
    """Return the host of `url` in lower case and ASCII, without its port; empty where there is none."""
    try:
        return _host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def registrable_domain(url: str) -> str:
    """Return the domain under a public suffix that serves `url` (``bbc.co.uk``), or its host or IP address.

    Two hosts of one registrable domain are one neighbour for politeness, and one outlet. The bundled
    public suffix list decides, its private section included (``x.github.io`` is not ``y.github.io``).
    """
    host = hostname(url)
    if _is_address(host):
        return host
    return _suffixes().privatesuffix(host) or host


def outlet_domain(url: str) -> str:
    """Return the key of an outlet: the registrable domain of its address, or its own host on a platform."""
    domain = registrable_domain(url)
    return hostname(url).removeprefix("www.") if domain in PLATFORMS else domain


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _host(host: str) -> str:
    """Return `host` in lower case and ASCII (IDNA 2008 as browsers apply it: UTS 46, non-transitional).

    A name that IDNA refuses, or with a space, counts as none.
    """
    host = host.rstrip(".").lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
        except (idna.IDNAError, UnicodeError, IndexError):
            return ""
    if ":" in host:
        return f"[{host}]"
    return "" if re.search(r"[^\w.-]", host) else host


def _inside_wrapper(url: str) -> str | None:
    """Return the address that `url` only leads on to; None where it is a page of its own."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    cached = _inside_amp_cache(host, parts.path)
    if cached:
        return absolute_url(cached + (f"?{parts.query}" if parts.query else ""))
    for hosts, paths, names in WRAPPERS:
        if re.fullmatch(hosts, host) and re.fullmatch(paths, parts.path):
            values = dict(parse_qsl(parts.query))
            found = (absolute_url(values[name]) for name in names if name in values)
            return next(filter(None, found), None)
    return None


def _inside_amp_cache(host: str, path: str) -> str | None:
    """Return the publisher's address inside that of Google's viewer or of an AMP cache."""
    if host not in ("www.google.com", "google.com") and not host.endswith(".cdn.ampproject.org"):
        return None
    found = _AMP_CACHE.match(path)
    if not found:
        return None
    return f"{'https' if found[1] else 'http'}://{found['rest']}"


def _without_dots(path: str) -> str:
    return urlsplit(urljoin("http://host/", path)).path if "/." in path else path


def _normal_escapes(path: str) -> str:
    """Return `path` with upper-case escapes, unreserved characters plain, and all else but ASCII escaped."""
    spaced = quote(path, safe="%/:@!$&'()*+,;=~-._[]")
    return _ESCAPE.sub(_one_escape, spaced)


def _one_escape(found: re.Match[str]) -> str:
    byte = unquote_to_bytes(found[0])
    return byte.decode("ascii") if _UNRESERVED.fullmatch(byte) else found[0].upper()


def _without_tracking(query: str) -> str:
    """Return `query` with its tracking parameters gone and everything else byte for byte as it was."""
    left = []
    for pair in query.split("&"):
        name, value = (parse_qsl(pair, keep_blank_values=True) or [("", "")])[0]
        if TRACKING.fullmatch(name) or (name.lower(), value.lower()) in TRACKING_PAIRS:
            continue
        left.append(pair)
    return "&".join(pair for pair in left if pair)


def _escaped(query: str) -> str:
    return quote(query, safe="%/:@!$&'()*+,;=~-._?[]|")
