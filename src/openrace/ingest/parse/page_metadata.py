"""What a page says of itself: JSON-LD first, OpenGraph and other meta elements next, its markup last.

Sources: schema.org/Article, ogp.me, and Google's guidance for publishers on paywalled content
(``isAccessibleForFree``). A value that is missing or doubtful is None: nothing is guessed from the prose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from openrace.ingest.parse.dates import ANYWHERE, DateContext, WrittenDate, read_written_date
from openrace.ingest.urls import canonical_url, outlet_domain
from openrace.records import normalise_wording

_ARTICLE_TYPE = re.compile(r"Article$|Posting$|^Report$|^(?:Opinion|Analysis)\w*$")
_COMMENT_MARKS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_TITLE_MARKS = r"\s*(?:[|•·»:–—-]|::)\s*"
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-])")
# A last part of a path that names one article: some words joined by hyphens, or a number.
_SLUG = re.compile(r"/[^/]*(?:[^/-]+-[^/-]+-[^/-]+|\d{4,})[^/]*$")
_SAME_PAGE = re.compile(
    r"(?:amp|print|single|all|full|index\.\w+|page/\d+|\?.*)*"
)  # another form of the page above it
_IDENTIFYING = re.compile(
    r"(?:^|&)(?:\w*id|p|a|article|story|news|item|doc|no|newsno|n|s|page_id|guid|key|slug|url|title)=[^&]",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:/page)?/\d{1,2}/?$|[?&](?:page|p|pg)=\d{1,2}$|_\d{1,2}(?=\.\w+$)")
_CREDIT = re.compile(
    r"^\(.*\)$|\b(?:image|photo|picture|pic|illustration|graphic|credit|foto|bild)s?\s*(?:[:/]|by\b|credit|courtesy)|图源|图片|摄影?[:：/／]",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^\s*(?:by|written by|von|par|por|文[:：／/]|作者[:：])\s*", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"https?:|www\.|@|^\d+$|^(?:admin|editor|staff|webmaster|null|none)$", re.IGNORECASE)
# The meta elements that tell a date of the article itself, the most trusted first.
PUBLISHED = (
    "article:published_time", "article:published", "datepublished", "og:published_time", "date", "pubdate",
    "publishdate",
    "publish-date", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date",
    "cxenseparse:recs:publishtime", "citation_publication_date",
)  # fmt: skip
MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified")
AUTHORS = ("author", "article:author", "byl")
MAX_TITLE = 400  # the longest real headline seen is near 250; more is a body in the wrong place


class PageMetadata(NamedTuple):
    """What the page says of itself; None is "it does not say"."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: WrittenDate | None = None
    modified: str | None = None
    canonical: str | None = None
    language: str | None = None  # ISO 639-1
    site: str | None = None
    accessible: bool | None = None  # isAccessibleForFree
    body: str | None = None  # JSON-LD's articleBody
    continues: bool = False  # on a next page of the same article


def read_metadata(tree: HtmlElement, url: str | None, context: DateContext = ANYWHERE) -> PageMetadata:
    """Return the metadata of the page `tree`, found at `url`.

    `context` is what is known of how its outlet writes dates.
    """
    posting = _article_node(tree, url)
    meta = _meta_values(tree)
    canonical = _canonical(tree, posting, meta, url)
    site = _first(meta, "og:site_name", "application-name") or _name_of(posting.get("publisher"))
    language = _language(tree, posting, meta)
    if language == "zh" and context == ANYWHERE:
        context = DateContext(language="zh")
    published = _date(posting, context, "datePublished", "dateCreated")
    modified = _date(posting, context, "dateModified") or _first_date(_named(meta, MODIFIED), context)
    return PageMetadata(
        title=_title(tree, posting, meta, site),
        authors=_authors(tree, posting, meta),
        published=published or _other_date(tree, meta, url or canonical, context),
        modified=modified.when if modified else None,
        canonical=canonical,
        language=language,
        site=site,
        accessible=_accessible(posting, meta),
        body=next(iter(_strings(posting.get("articleBody"))), None),
        continues=_continues(tree, url),
    )


# -- JSON-LD ----------------------------------------------------------------------------------------


def json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield every JSON-LD object of the page, in lists and ``@graph`` too; broken scripts are passed over."""
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        raw = _COMMENT_MARKS.sub("", _COMMENT_MARKS.sub("", script.text or ""))
        try:
            yield from _objects(json.loads(raw, strict=False))
        except (ValueError, RecursionError):
            continue


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item
            yield from _objects(item.get("@graph", []))


def _article_node(tree: HtmlElement, url: str | None) -> dict[str, Any]:
    """Return the JSON-LD object that describes this page's article; empty where there is none.

    Of several, the one that names this page wins; else the first, unless they are a list of teasers.
    """
    nodes = [
        node for node in json_ld(tree) if any(_ARTICLE_TYPE.search(t) for t in _strings(node.get("@type")))
    ]
    here = canonical_url(url) if url else None
    for node in nodes:
        if here and here in _own_addresses(node):
            return node
    return nodes[0] if nodes and (len(nodes) == 1 or nodes[0].get("articleBody")) else {}


def _own_addresses(node: dict[str, Any]) -> set[str | None]:
    page = node.get("mainEntityOfPage")
    page = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    return {
        canonical_url(text)
        for text in (*_strings(page), *_strings(node.get("url")), *_strings(node.get("@id")))
    }


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _name_of(value: Any) -> str | None:
    for item in value if isinstance(value, list) else [value]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and name.strip():
            return _clean(name)
    return None


def _date(node: dict[str, Any], context: DateContext, *keys: str) -> WrittenDate | None:
    return _first_date((text for key in keys for text in _strings(node.get(key))), context)


def _first_date(texts: Iterable[str], context: DateContext) -> WrittenDate | None:
    return next((found for text in texts if (found := read_written_date(text, context))), None)


# -- meta elements ----------------------------------------------------------------------------------


def _meta_values(tree: HtmlElement) -> dict[str, list[str]]:
    """Return each meta element's lower-case name, property or itemprop with its values in order."""
    values: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        names = " ".join(element.get(key) or "" for key in ("property", "name", "itemprop")).lower().split()
        for name in names if content else ():
            values.setdefault(name, []).append(content)
    return values


def _first(meta: dict[str, list[str]], *names: str) -> str | None:
    return next((_clean(meta[name][0]) for name in names if name in meta), None)


def _other_date(
    tree: HtmlElement, meta: dict[str, list[str]], url: str | None, context: DateContext
) -> WrittenDate | None:
    """Return the date of publication by other means than the article's own JSON-LD, the most exact first."""
    pages = (
        node for node in json_ld(tree) if any(t.endswith("WebPage") for t in _strings(node.get("@type")))
    )
    return (
        _meta_date(tree, meta, context)
        or next((found for page in pages if (found := _date(page, context, "datePublished"))), None)
        or _date_in_address(url)
    )


def _date_in_address(url: str | None) -> WrittenDate | None:
    """Return the day in an address like ``/2025/05/19/``: it has always been that of publication."""
    found = _DAY_IN_PATH.search(url or "")
    return read_written_date("{}-{:0>2}-{:0>2}".format(*found.groups())) if found else None


def _meta_date(tree: HtmlElement, meta: dict[str, list[str]], context: DateContext) -> WrittenDate | None:
    texts = _named(meta, PUBLISHED)
    for element in tree.iterfind(".//*[@itemprop='datePublished']"):
        texts += [element.get("datetime") or element.get("content") or ""]
    texts += [element.get("datetime") or "" for element in tree.iterfind(".//time[@pubdate]")]
    return _first_date(texts, context)


def _named(meta: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [text for name in names for text in meta.get(name, [])]


# -- one field each ---------------------------------------------------------------------------------


def _title(
    tree: HtmlElement, posting: dict[str, Any], meta: dict[str, list[str]], site: str | None
) -> str | None:
    own = [_clean(text) for text in _strings(posting.get("headline"))]
    shared = [_clean(text) for name in ("og:title", "twitter:title") for text in meta.get(name, [])]
    markup = [_clean(h.text_content()) for h in tree.iterfind(".//h1")]
    head = [_clean(t.text_content()) for t in tree.iterfind(".//head/title")]
    lone = markup if len(markup) == 1 else []
    for text in (*own, *shared, *lone, *head):
        text = _without_site(text, site, markup)
        if text and len(text) <= MAX_TITLE and not text.startswith(("http:", "https:")):
            return text
    return None


def _without_site(title: str, site: str | None, markup: list[str]) -> str:
    """Return `title` without the outlet's name at either end, as the page's h1 or site name shows it."""
    for heading in markup:
        rest = title.removeprefix(heading) if heading and len(heading) > 15 else title
        if rest != title and re.match(_TITLE_MARKS, rest):
            return heading
    if site:
        title = re.sub(rf"(?<=\S){_TITLE_MARKS}{re.escape(site)}\s*$", "", title, flags=re.IGNORECASE)
        title = re.sub(rf"^{re.escape(site)}{_TITLE_MARKS}(?=\S)", "", title, flags=re.IGNORECASE)
    return title


def _authors(tree: HtmlElement, posting: dict[str, Any], meta: dict[str, list[str]]) -> tuple[str, ...]:
    said = posting.get("author") or posting.get("creator")
    names = [_name_of(_referred_to(tree, item)) for item in (said if isinstance(said, list) else [said])]
    names = names if any(names) else [*_named(meta, AUTHORS)]
    cleaned = (_clean(_BYLINE.sub("", name)) for name in names if name)
    return tuple(
        dict.fromkeys(
            name for name in cleaned if name and not _NOT_A_NAME.search(name) and not _CREDIT.search(name)
        )
    )


def _referred_to(tree: HtmlElement, item: Any) -> Any:
    """Return the object that an ``{"@id": …}`` without a name stands for, from anywhere on the page."""
    if not isinstance(item, dict) or item.get("name") or not isinstance(item.get("@id"), str):
        return item
    same = (node for node in json_ld(tree) if node.get("@id") == item["@id"] and node.get("name"))
    return next(same, item)


def _continues(tree: HtmlElement, url: str | None) -> bool:
    """Whether the page says that its article goes on on another one, by the number in its address."""
    here = canonical_url(url) if url else None
    for link in tree.iter("link", "a"):
        target = (
            canonical_url(link.get("href") or "", base=url)
            if "next" in (link.get("rel") or "").split()
            else None
        )
        if here and target and _NUMBERED.sub("", target) == _NUMBERED.sub("", here) != target:
            return True
    return False


def _canonical(
    tree: HtmlElement, posting: dict[str, Any], meta: dict[str, list[str]], url: str | None
) -> str | None:
    """Return the address that the page gives itself.

    Never a home page, which some sites name on every page.
    """
    links = [link.get("href") or "" for link in tree.iterfind(".//link[@rel='canonical']")]
    here = canonical_url(url) if url else None
    for text in (*links, *_strings(posting.get("url")), *meta.get("og:url", [])):
        found = canonical_url(text, base=url)
        if (
            found
            and found.partition("://")[2].partition("/")[2]
            and not (here and is_section_of(found, here))
        ):
            return found
    return None


def is_section_of(canonical: str, here: str) -> bool:
    """Whether `canonical` names no page of its own but what the page at `here` is part of: a template's
    mistake.

    That is a section above it, or its address without the parameter that tells one article from another.
    """
    above, below = urlsplit(canonical), urlsplit(here)
    if above.netloc.removeprefix("www.") != below.netloc.removeprefix("www.") or above.query:
        return False
    path = above.path.rstrip("/")
    if path == below.path.rstrip("/"):
        return bool(_IDENTIFYING.search(below.query)) and not _SLUG.search(path)
    rest = below.path.removeprefix(f"{path}/")
    return (
        below.path.startswith(f"{path}/")
        and not _SLUG.search(path)
        and not _SAME_PAGE.fullmatch(rest.strip("/"))
    )


def _language(tree: HtmlElement, posting: dict[str, Any], meta: dict[str, list[str]]) -> str | None:
    candidates: Iterable[str] = (
        *_strings(posting.get("inLanguage")),
        tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        *meta.get("og:locale", []),
        *meta.get("content-language", []),
    )
    found = (re.match(r"([A-Za-z]{2})(?:[-_]|$)", text.strip()) for text in candidates)
    return next((match[1].lower() for match in found if match), None)


def _accessible(posting: dict[str, Any], meta: dict[str, list[str]]) -> bool | None:
    said = posting.get("isAccessibleForFree")
    if said is None and meta.get("article:content_tier"):
        return meta["article:content_tier"][0].strip().lower() != "locked"
    return None if said is None else str(said).strip().lower() not in ("false", "no", "0")


def same_outlet(one: str, other: str) -> bool:
    """Whether one outlet serves both addresses."""
    return outlet_domain(one) == outlet_domain(other)


def _clean(text: str) -> str:
    return normalise_wording(unescape(text))
