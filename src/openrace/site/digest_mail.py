"""The digest as a mail: plain text of 72 columns, HTML without remote parts, and both as one message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import partial
from pathlib import Path

from openrace.errors import ConfigError
from openrace.plurals import many
from openrace.resources import resource
from openrace.site.digest import Digest, Morning
from openrace.site.family_view import Utterance, version_of
from openrace.site.reader_text import (
    KIND_WORDS,
    clean,
    day_words,
    shorten,
    web_link,
    week_words,
    weekday_words,
)
from openrace.site.shown_wording import stretches
from openrace.site.snapshot import Edition
from openrace.site.structured_data import absolute
from openrace.site.templating import Templates

COLUMNS = 72
LONGEST = 600  # code points of a statement in a mail; its page has all of it


def digest_text(morning: Morning) -> str:
    """The digest in plain text, no line longer than 72 columns but for addresses."""
    lines = _lines(morning.digest, morning.edition)
    return clean("\n".join(lines)) + "\n"


def digest_html(morning: Morning, *, overlay: Path | None = None) -> str:
    """The digest as one HTML page without style sheet, script, or anything to be fetched."""
    digest, edition = morning.digest, morning.edition
    base = web_link(edition.base_url)
    context = {
        "digest": digest,
        "parts": _parts(digest),
        "site": {"title": edition.title, "tagline": edition.tagline, "base_url": base},
        "place": partial(_where, base_url=base),
        "carried": _carried,
    }
    return Templates(resource("templates"), overlay).render("mail.html", "mail", context).decode()


def digest_mail(
    morning: Morning, *, sender: str, recipient: str, overlay: Path | None = None
) -> EmailMessage:
    """The digest as a multipart message, ready for ``sendmail -t``. Raises ConfigError for a bad address."""
    text = digest_text(morning)
    mail = EmailMessage()
    mail["Subject"] = f"{shorten(clean(morning.edition.title), 40)}: {weekday_words(morning.now)}"
    mail["From"], mail["To"] = _address(sender), _address(recipient)
    mail["Date"] = format_datetime(datetime.fromisoformat(morning.now))
    mail["Message-ID"] = f"<{version_of(text, recipient).hex()}@openrace.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="quoted-printable")
    page = digest_html(morning, overlay=overlay)
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=={version_of(text, page).hex()}")
    return mail


def _address(text: str) -> Address:
    """`text` (``a@b.example`` or ``Name <a@b.example>``) as a header's address."""
    name, plain = parseaddr(text)
    try:
        if not text.isprintable():
            raise ValueError("it has a control character")
        return Address(display_name=name, addr_spec=plain)
    except (ValueError, IndexError) as error:
        raise ConfigError(repr(text), "is not a mail address", "use name@host.example") from error


def _where(utterance: Utterance, base_url: str | None) -> str | None:
    return absolute(base_url, f"q/{utterance.key}/") or web_link(utterance.fullest.article.url)


def _lines(digest: Digest, edition: Edition) -> Iterator[str]:
    base = web_link(edition.base_url)
    yield from _heading(f"{shorten(edition.title, 30)} · {weekday_words(digest.day)}", "=")
    if not digest.current:
        yield from wrap(f"Nothing new this week. In the week of {week_words(digest.week)}:")
    yield from wrap(digest.sentence)
    for title, utterances in _parts(digest):
        yield from _section(title, utterances, base)
    yield from _changes(digest.changed, base)
    yield from _notices(digest)
    if base:
        yield from ("", base)


def _parts(digest: Digest) -> list[tuple[str, list[Utterance]]]:
    """The lists of statements under their titles; what was most repeated only where it is in no other."""
    parts = [(s.beat.name if s.beat else "Others", s.utterances) for s in digest.sections]
    parts += [("New here, date unknown", digest.undated)]
    told = [utterance for _, utterances in parts for utterance in utterances]
    parts += [("Most repeated", [u for u in digest.repeated if u not in told])]
    return [(title, utterances) for title, utterances in parts if utterances]


def _carried(utterance: Utterance) -> str:
    """Who had it first, and who else: three by name and how many more."""
    names = [r.outlet.name if r.outlet else "an unnamed outlet" for r in utterance.all_reports]
    first, *others = (shorten(name, 40) for name in dict.fromkeys(names))
    first = f"{first}, {day_words(utterance.when)}"
    if not others:
        return first
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    head = f"First in {first}; then" if utterance.when else f"{first}; also"
    return f"{head} {', '.join(others[:3])}{more}"


def _heading(title: str, line: str) -> Iterator[str]:
    for part in wrap(clean(shorten(title, 140))):
        yield part
    yield line * min(COLUMNS, width(part))


def _section(title: str, utterances: Iterable[Utterance], base_url: str | None) -> Iterator[str]:
    yield from ("", "")
    yield from _heading(title, "-")
    for utterance in utterances:
        yield ""
        yield from _statement(utterance, base_url)


def _statement(utterance: Utterance, base_url: str | None) -> Iterator[str]:
    """Who, the words, how they were said and where; then the address on a line of its own."""
    said = utterance.fullest.statement
    yield from wrap(_who(utterance))
    yield from wrap(said.short(LONGEST), "  ")
    yield from wrap(f"{KIND_WORDS[said.kind]}. {_carried(utterance)}.", "  ")
    if where := _where(utterance, base_url):
        yield f"  {where}"


def _who(utterance: Utterance) -> str:
    speaker = utterance.speaker
    if speaker is None:
        return shorten(utterance.who, 80)
    home = speaker.organisation.name if speaker.person and speaker.organisation else ""
    return shorten(speaker.name, 80) + (f", {shorten(home, 80)}" if home else "")


def _changes(utterances: list[Utterance], base_url: str | None) -> Iterator[str]:
    """Wordings that differ, with ``[-what one print lacks]`` and ``[+what it adds]``."""
    if not utterances:
        return
    yield from ("", "")
    yield from _heading("Wording differs", "-")
    for utterance in utterances:
        alert = utterance.story.alerts[0]
        yield ""
        yield from wrap(_who(utterance))
        signs = {"del": "[-{}]", "ins": "[+{}]"}
        pieces = (signs.get(piece.op, "{}").format(piece.text) for piece in stretches(alert.changes))
        yield from wrap(shorten(" ".join(pieces), LONGEST), "  ")
        yield from wrap(alert.note, "  ")
        if where := _where(utterance, base_url):
            yield f"  {where}"


def _notices(digest: Digest) -> Iterator[str]:
    if digest.corrections:
        yield from ("", "")
        yield from _heading("Corrections", "-")
        for correction in digest.corrections:
            yield from wrap(f"{day_words(correction.when)}: {correction.what}")
    if digest.failing:
        yield ""
        yield from wrap(f"{many(len(digest.failing), 'feed')} could not be read.")


def width(text: str) -> int:
    """The columns that `text` takes in a terminal: East Asian wide signs take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def wrap(text: str, indent: str = "") -> Iterator[str]:
    """`text` in lines of at most 72 columns, each after `indent`; a word too long for one is cut."""
    line = indent
    for word in clean(text).split():
        for piece in _pieces(word, COLUMNS - len(indent)):
            if line != indent and width(line) + 1 + width(piece) > COLUMNS:
                yield line
                line = indent
            line += piece if line == indent else f" {piece}"
    yield line


def _pieces(word: str, room: int) -> Iterator[str]:
    while width(word) > room:
        cut = next(n for n in range(len(word), 0, -1) if width(word[:n]) <= room)
        yield word[:cut]
        word = word[cut:]
    yield word
