"""The digest as a mail: plain text of 72 columns, HTML without remote parts, and both as one message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from openrace.mail_message import new_mail
from openrace.plurals import many
from openrace.resources import resource
from openrace.site.digest import MOST_OF_SIDE, Digest, Morning, RankedStatement
from openrace.site.family_line import FamilyLine
from openrace.site.family_view import version_of
from openrace.site.page_addresses import file_of
from openrace.site.reader_text import (
    KIND_WORDS,
    clean,
    clock_words,
    day_words,
    shorten,
    web_link,
    weekday_words,
)
from openrace.site.snapshot import SiteSnapshot
from openrace.site.structured_data import absolute
from openrace.site.templating import Templates

COLUMNS = 72
LONGEST = 600  # code points of a statement in a mail; its page has all of it


def digest_text(morning: Morning) -> str:
    """Return the digest in plain text, no line longer than 72 columns but for addresses."""
    lines = [*_lines(morning.digest, morning.snapshot), *_watched(morning.watched)]
    return clean("\n".join(lines)) + "\n"


def digest_html(morning: Morning, *, overlay: Path | None = None) -> str:
    """Return the digest as one HTML page without style sheet, script, or anything to be fetched."""
    digest, snapshot = morning.digest, morning.snapshot
    base = web_link(snapshot.base_url)
    context = {
        "digest": digest,
        "parts": _parts(digest),
        "site": {"title": snapshot.title, "tagline": snapshot.tagline, "base_url": base},
        "place": partial(_where, base_url=base),
        "carried": _carried,
        "watched": morning.watched,
    }
    return Templates(resource("templates"), overlay).render("mail.html", "mail", context).decode()


def digest_mail(
    morning: Morning, *, sender: str, recipient: str, overlay: Path | None = None
) -> EmailMessage:
    """Return the digest as a multipart message, ready for ``sendmail -t``.

    Raises ConfigError for a bad address.
    """
    text = digest_text(morning)
    subject = f"{shorten(clean(morning.snapshot.title), 40)}: {weekday_words(morning.now)}"
    key = version_of(text, recipient).hex()
    mail = new_mail(subject, sender=sender, recipient=recipient, when=morning.now, key=key)
    mail.set_content(text, cte="quoted-printable")
    page = digest_html(morning, overlay=overlay)
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=={version_of(text, page).hex()}")
    return mail


def _where(line: FamilyLine, base_url: str | None) -> str | None:
    return absolute(base_url, file_of(line.address)) or line.link or None


def _lines(digest: Digest, snapshot: SiteSnapshot) -> Iterator[str]:
    base = web_link(snapshot.base_url)
    yield from _heading(f"{shorten(snapshot.title, 30)} · {weekday_words(digest.day)}", "=")
    if not digest.current:
        yield from wrap("This is the latest day with reports.")
    yield from wrap(digest.sentence)
    for title, ranked, note in _parts(digest):
        yield from _section(title, ranked, note, base)
    yield from _since(digest, base)
    if base:
        yield from ("", base)


def _parts(digest: Digest) -> list[tuple[str, list[RankedStatement], str]]:
    """Return the statements of each side under its name; of an empty side what it said last."""
    parts = []
    for band in digest.bands:
        if band.ranked:
            parts.append((band.name, band.ranked[:MOST_OF_SIDE], ""))
        elif band.beat:
            last = f" The last words here: {shorten(band.last.sentence, 200)}" if band.last else ""
            parts.append((band.name, [], f"Nobody quoted in 8 days.{last}"))
    undated = [RankedStatement(0, line, 0) for line in digest.undated]
    return [*parts, *([("New here, date unknown", undated, "")] if undated else [])]


def _carried(line: FamilyLine) -> str:
    """Return who had it first, and who else: three by name and how many more."""
    first = f"{line.first.name if line.first else 'an unnamed outlet'}, {clock_words(line.when or None)}"
    if not line.more:
        return first
    rest = line.outlets - 4 if line.first else line.outlets - 3
    more = f" and {rest} more" if rest > 0 else ""
    head = f"First in {first}; then" if line.first_is_certain else f"{first}; also"
    return f"{head} {', '.join(outlet.name for outlet in line.more[:3])}{more}"


def _watched(found: Sequence[str]) -> Iterator[str]:
    if found:
        yield from ("", "")
        yield from _heading("Your watches", "-")
    for match in found:
        yield ""
        for line in match.split("\n"):
            indent = "  " * line.startswith("  ")
            yield from [line] if "://" in line else wrap(line, indent)


def _heading(title: str, line: str) -> Iterator[str]:
    for part in wrap(clean(shorten(title, 140))):
        yield part
    yield line * min(COLUMNS, width(part))


def _section(title: str, ranked: Iterable[RankedStatement], note: str, base_url: str | None) -> Iterator[str]:
    yield from ("", "")
    yield from _heading(title, "-")
    if note:
        yield ""
        yield from wrap(note)
    for it in ranked:
        yield ""
        yield from _statement(it, base_url)


def _statement(it: RankedStatement, base_url: str | None) -> Iterator[str]:
    """Yield who, the words, how they were said and where; then the address on a line of its own."""
    line = it.line
    yield from wrap((f"{it.rank}. " if it.rank else "") + line.who + (f", {line.role}" if line.role else ""))
    yield from wrap(shorten(line.text, LONGEST), "  ")
    fresh = f" +{it.fresh} in a day." if it.fresh else ""
    differs = " Wording differs." if line.alert else ""
    yield from wrap(f"{KIND_WORDS[line.kind_name]}. {_carried(line)}.{fresh}{differs}", "  ")
    if where := _where(line, base_url):
        yield f"  {where}"


def _since(digest: Digest, base_url: str | None) -> Iterator[str]:
    """Yield what is new since yesterday: statements, wordings, recordings, corrections, words taken out."""
    yield from ("", "")
    yield from _heading("Since yesterday", "-")
    yield from wrap(f"{many(digest.new, 'new statement')}.")
    for line in digest.changed:
        yield from wrap(f"Wording differs: {shorten(line.sentence, 200)} {line.alert}")
        if where := _where(line, base_url):
            yield f"  {where}"
    for line in digest.heard:
        yield from wrap(f"In the recording: {shorten(line.sentence, 160)} {shorten(line.heard, 240)}")
        if where := _where(line, base_url):
            yield f"  {where}"
    for line in digest.gone:
        yield from wrap(f"No longer on its page: {shorten(line.sentence, 200)}")
    for correction in digest.corrections:
        yield from wrap(f"Corrected, {day_words(correction.when)}: {correction.what}")
    for voice in digest.voices:
        idea = f"New voice of the idea “{shorten(voice.idea.name, 80)}”"
        yield from wrap(f"{idea}: {shorten(voice.line.sentence, 200)}")
        if where := _where(voice.line, base_url):
            yield f"  {where}"
    if digest.failing:
        yield from wrap(f"{many(len(digest.failing), 'feed')} could not be read.")


def width(text: str) -> int:
    """Return the columns that `text` takes in a terminal: wide East Asian signs two, combining marks none."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def wrap(text: str, indent: str = "") -> Iterator[str]:
    """Yield `text` in lines of at most 72 columns, each after `indent`; a word too long for one is cut."""
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
