"""Newsletters as mail (.eml, .mbox) to articles: one a message, from its HTML where it has one.

The address is the message's "view in browser" link, else that of its archive; the outlet its sender's domain.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from lxml import etree, html

from openrace.errors import InputError
from openrace.ingest.parse.dates import MAX_LENGTH, read_written_date
from openrace.ingest.parse.encoding import NotTextError, decode
from openrace.ingest.parse.full_text_entries import markup_paragraphs
from openrace.ingest.parse.import_fields import make_article
from openrace.ingest.parse.plain_text import same_words, text_paragraphs, with_headline
from openrace.ingest.urls import canonical_url, outlet_domain
from openrace.records import Article

_FROM_LINE = re.compile(rb"^From .*\d{4}\r?$", re.MULTILINE)
_VIEW = re.compile(
    r"view (?:this |it )?(?:email |message |post )?(?:in|on) (?:your |the |a )?(?:browser|web)"
    r"|read (?:it )?online|web version|open in (?:app|browser)|在浏览器中|网页版",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"unsubscribe|manage (?:your )?(?:preferences|subscription)|you (?:are )?receiv(?:e|ed|ing) this"
    r"|update your (?:profile|preferences)|forwarded this|退订|取消订阅|all rights reserved|©",
    re.IGNORECASE,
)
LONGEST_FURNITURE = 300  # code points: a longer paragraph is prose that mentions one of these


def read_mailbox(data: bytes, name: str) -> Iterator[Article | InputError]:
    """Yield the articles of an mbox file (RFC 4155), an InputError for each message without a text."""
    starts = [found.start() for found in _FROM_LINE.finditer(data)]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=False), 1):
        message = data[start:end].partition(b"\n")[2].replace(b"\n>From ", b"\nFrom ")
        yield read_message(message, f"{name} message {number}")


def read_message(data: bytes, where: str) -> Article | InputError:
    """Return the article in one message (RFC 5322)."""
    try:
        message = BytesParser(policy=email.policy.default).parsebytes(data)
        assert isinstance(message, EmailMessage)
        return _article(message, where)
    except InputError as error:
        return error
    except (ValueError, LookupError, AttributeError, TypeError, OverflowError) as error:  # beyond the parser
        return InputError(where, f"cannot be read as mail: {type(error).__name__}: {error}")


def _article(message: EmailMessage, where: str) -> Article:
    date = _raw_date(message)
    if not (message["from"] or message["subject"] or date):
        raise InputError(where, "is no mail: it has no header")
    markup, text = _part(message, "html"), _part(message, "plain")
    title = " ".join(str(message["subject"] or "").split()) or None
    paragraphs = [
        p for p in (markup_paragraphs(markup) if markup else text_paragraphs(text)) if not _is_furniture(p)
    ]
    if not any(title is None or not same_words(p, title) for p in paragraphs):
        raise InputError(where, "has no text")
    person, address = parseaddr(str(message["from"] or ""))
    url = _address(message, markup)
    fields = {
        "title": title,
        "text": with_headline(title, paragraphs),
        "url": url,
        "outlet": outlet_domain(url) if url else address.rpartition("@")[2].lower() or None,
        "authors": (person,) if person else (),
        **_dated(date),
    }
    return make_article({key: value for key, value in fields.items() if value}, where)


def _raw_date(message: EmailMessage) -> str:
    """Return the date as it stands in the head: the parsed header raises on hours that no clock has."""
    raw = next((value for name, value in message.raw_items() if name.lower() == "date"), "")
    return " ".join(str(raw).encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())


def _dated(date: str) -> dict[str, str]:
    """Return the date's fields. One that cannot be read is kept as written: its letter is worth having."""
    if not date or read_written_date(date):
        return {"published": date}
    return {"published_basis": "doubtful", "published_written": date[:MAX_LENGTH]}


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return decode(payload, part.get_content_charset())
    except NotTextError:
        return ""


def _is_furniture(paragraph: str) -> bool:
    if len(paragraph) > LONGEST_FURNITURE:
        return False
    return bool(_FURNITURE.search(paragraph) or _VIEW.search(paragraph))


def _address(message: EmailMessage, markup: str) -> str | None:
    """Return where the message stands on the web, if it says so."""
    try:
        tree = html.fragment_fromstring(markup, create_parent="div") if markup else None
    except (etree.ParserError, ValueError):
        tree = None
    for link in tree.iter("a") if tree is not None else ():
        if _VIEW.search(link.text_content()):
            return canonical_url(link.get("href") or "")
    archived = re.search(r"<(https?://[^>]+)>", str(message["archived-at"] or ""))
    return canonical_url(archived[1]) if archived else None
