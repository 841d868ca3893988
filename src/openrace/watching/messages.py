"""Matches → what a receiver gets: JSON for a webhook, a mail, an Atom feed. Pure; nothing is sent here.

Every statement stands as the one renderer words it, marks and verb included. It is escaped for its place, so
that nothing a page says can become markup, a mention or a link there.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from email.message import EmailMessage
from typing import Any, Literal, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from openrace.claim_wording import UNKNOWN_SPEAKER
from openrace.mail_message import new_mail
from openrace.plurals import many
from openrace.records import NonEmpty, Record

SCHEMA = "openrace/watch/1"
MOST = 50  # matches in one message; it says how many more there are
STATUS_LIMIT = 500  # code points of a Mastodon status, where the instance has not changed it
_NAMESPACE = uuid.UUID(
    "b1f0f6d4-3d1c-5c3e-8f3e-6d9f8b1e2c77"
)  # ours: ids of entries are urn:uuid of it and key
_HEADS = {
    "statement": "Reported",
    "family": "New statement",
    "alert": "Wording differs",
    "change": "No longer on the page",
}


class WatchMatch(Record):
    """One thing that a watch found, as it was worded when it was found."""

    kind: Literal["statement", "family", "alert", "change"]
    claim_id: NonEmpty
    family_id: NonEmpty
    speaker: str | None  # None: unknown, or the reports do not agree
    line: NonEmpty  # the statement as it is shown: marks, verb and all
    how: NonEmpty  # "verbatim", "partial" or "paraphrase"
    outlet: str | None
    published: str | None
    link: str | None  # the article, at the words
    page: NonEmpty  # the statement's place on the site, from its root
    note: str | None = None  # of an alert or a change: what differs, when it was seen


class Message(NamedTuple):
    """What goes to one receiver."""

    watch: str
    key: str  # the same when it is sent again
    made: str  # instant
    matches: Sequence[WatchMatch]
    base_url: str | None  # where the site is served

    @property
    def shown(self) -> Sequence[WatchMatch]:
        """The matches that the message lists."""
        return self.matches[:MOST]

    @property
    def title(self) -> str:
        """The message in one line."""
        return f"{self.watch}: {many(len(self.matches), 'match', 'matches')}"

    @property
    def rest(self) -> str:
        """What is left out, "" where nothing is."""
        more = len(self.matches) - len(self.shown)
        return f"… and {more:,} more: openrace search lists them." if more else ""


def _who(match: WatchMatch) -> str:
    return match.speaker or UNKNOWN_SPEAKER


def _where(match: WatchMatch) -> str:
    day = match.published[:10] if match.published else "no date"
    return f"{match.how} · {match.outlet or 'no outlet'} · {day}"


def _address(match: WatchMatch, base_url: str | None) -> str | None:
    return f"{base_url.rstrip('/')}/{match.page}" if base_url else match.link


def as_text(match: WatchMatch, base_url: str | None) -> str:
    """Return a match in plain text, some lines."""
    lines = [f"{_HEADS[match.kind]}. {_who(match)}", f"  {match.line}", f"  {_where(match)}"]
    lines += [f"  {part}" for part in (match.note, _address(match, base_url)) if part]
    return "\n".join(lines)


def _as_json(message: Message) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "watch": message.watch,
        "key": message.key,
        "made": message.made,
        "total": len(message.matches),
        "matches": [
            match.model_dump(mode="json") | {"address": _address(match, message.base_url)}
            for match in message.shown
        ],
    }


def _lines(message: Message, escaped: Callable[[str], str], link: Callable[[str, str], str]) -> list[str]:
    lines = [f"*{escaped(message.title)}*"]
    for match in message.shown:
        address = _address(match, message.base_url)
        where = link(address, _where(match)) if address else escaped(_where(match))
        note = f"\n{escaped(match.note)}" if match.note else ""
        head = f"{_HEADS[match.kind]}. {escaped(_who(match))}"
        lines.append(f"{head}\n{escaped(match.line)}{note}\n{where}")
    return [*lines, *filter(None, [message.rest])]


def _for_slack(text: str) -> str:
    """Escape as Slack asks; its own marks for bold and code get a zero-width space before them."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([*_~`])", "\u200b\\1", plain)


def _as_slack(message: Message) -> dict[str, Any]:
    lines = _lines(message, _for_slack, lambda url, text: f"<{url.replace('|', '%7C')}|{_for_slack(text)}>")
    return {"text": "\n\n".join(lines), "unfurl_links": False}


def _for_markdown(text: str) -> str:
    """Escape every sign that CommonMark may read; @ and # so that nobody is called and no tag is made."""
    plain = re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~&])", r"\\\1", text)
    return plain.replace("@", "@\u200b")


def _as_mattermost(message: Message) -> dict[str, Any]:
    lines = _lines(message, _for_markdown, lambda url, text: f"[{_for_markdown(text)}](<{url}>)")
    return {"text": "\n\n".join(lines)}


def _as_mastodon(message: Message) -> dict[str, Any]:
    """As many matches as have room, each whole or not there: a cut quotation would be another one."""
    parts, left = [message.title], STATUS_LIMIT - len(message.title) - 60
    for match in message.shown:
        part = as_text(match, message.base_url).replace("@", "@\u200b").replace("#", "#\u200b")
        if len(part) + 2 > left:
            break
        parts.append(part)
        left -= len(part) + 2
    more = len(message.matches) - len(parts) + 1
    parts += [f"… and {more:,} more. {message.base_url or ''}".strip()] * bool(more)
    return {"status": "\n\n".join(parts)[:STATUS_LIMIT], "visibility": "private"}


_TEMPLATES: dict[str, Callable[[Message], dict[str, Any]]] = {
    "json": _as_json,
    "slack": _as_slack,
    "mattermost": _as_mattermost,
    "mastodon": _as_mastodon,
}


def payload(message: Message, template: str) -> dict[str, Any]:
    """Return the JSON that a webhook of this template takes."""
    return _TEMPLATES[template](message)


def as_mail(message: Message, *, sender: str, recipient: str) -> EmailMessage:
    """Return the message as a mail in plain text, its Message-ID the same when it is sent again."""
    subject = f"openrace: {message.title}"
    mail = new_mail(subject, sender=sender, recipient=recipient, when=message.made, key=message.key)
    parts = [as_text(match, message.base_url) for match in message.shown]
    body = "\n\n".join([*parts, *filter(None, [message.rest])])
    mail.set_content(body + "\n", cte="quoted-printable")
    return mail


def _entry(number: int, found: str, match: WatchMatch, watch: str, base_url: str | None) -> str:
    address = _address(match, base_url)
    link = f"<link href={quoteattr(address)}/>" if address else ""
    title = f"{_HEADS[match.kind]}. {_who(match)}: {match.line}"
    urn = uuid.uuid5(_NAMESPACE, f"{watch} {number}")
    return (
        f"<entry><title>{escape(title)}</title><id>urn:uuid:{urn}</id><updated>{found}</updated>{link}"
        f'<content type="text">{escape(as_text(match, base_url))}</content></entry>'
    )


def atom_feed(watch: str, found: Iterable[tuple[int, str, WatchMatch]], base_url: str | None) -> bytes:
    """Return the feed of a watch (RFC 4287); `found` is the id, instant and match of each, latest first."""
    matches = list(found)
    updated = matches[0][1] if matches else "1970-01-01T00:00:00Z"
    here = f"{base_url.rstrip('/')}/watch/{watch}.xml" if base_url else None
    own = f'<link rel="self" href={quoteattr(here)}/>' if here else ""
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(watch)}</title><id>urn:uuid:{uuid.uuid5(_NAMESPACE, watch)}</id>"
        f"<updated>{updated}</updated>{own}<author><name>openrace</name></author>"
    )
    entries = [_entry(number, at, match, watch, base_url) for number, at, match in matches]
    return _without_controls("\n".join([head, *entries, "</feed>\n"])).encode()


def _without_controls(text: str) -> str:
    """Leave out what XML 1.0 cannot hold."""
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
