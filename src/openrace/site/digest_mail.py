"""The digest as a mail: plain text of 72 columns, HTML without remote parts, and both as one message."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from openrace.mail_message import new_mail
from openrace.resources import resource
from openrace.site.digest import MOST_OF_SIDE, Digest, Morning, RankedStatement
from openrace.site.family_line import FamilyLine
from openrace.site.family_view import version_of
from openrace.site.interface_language import InterfaceLanguage, interface_language
from openrace.site.page_addresses import file_of
from openrace.site.reader_text import clean, shorten, web_link
from openrace.site.snapshot import SiteSnapshot
from openrace.site.structured_data import absolute
from openrace.site.templating import Templates

COLUMNS = 72
LONGEST = 600  # code points of a statement in a mail; its page has all of it


def digest_text(morning: Morning) -> str:
    """Return the digest in plain text, no line longer than 72 columns but for addresses."""
    language = interface_language(morning.snapshot.language)
    lines = [*_lines(morning.digest, morning.snapshot, language), *_watched(morning.watched, language)]
    return clean("\n".join(lines)) + "\n"


def digest_html(morning: Morning, *, overlay: Path | None = None) -> str:
    """Return the digest as one HTML page without style sheet, script, or anything to be fetched."""
    digest, snapshot = morning.digest, morning.snapshot
    base, templates = (
        web_link(snapshot.base_url),
        Templates(resource("templates"), overlay, snapshot.language),
    )
    language = templates.language
    site = {"title": snapshot.title, "tagline": snapshot.tagline, "base_url": base, "language": language.tag}
    context = {
        "digest": digest,
        "parts": _parts(digest, language),
        "site": site,
        "place": partial(_where, base_url=base),
        "carried": partial(_carried, language=language),
        "watched": morning.watched,
    }
    return templates.render("mail.html", "mail", context).decode()


def digest_mail(
    morning: Morning, *, sender: str, recipient: str, overlay: Path | None = None
) -> EmailMessage:
    """Return the digest as a multipart message, ready for ``sendmail -t``.

    Raises ConfigError for a bad address.
    """
    text, language = digest_text(morning), interface_language(morning.snapshot.language)
    subject = f"{shorten(clean(morning.snapshot.title), 40)}: {language.weekday(morning.now)}"
    key = version_of(text, recipient).hex()
    mail = new_mail(subject, sender=sender, recipient=recipient, when=morning.now, key=key)
    mail.set_content(text, cte="quoted-printable")
    page = digest_html(morning, overlay=overlay)
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=={version_of(text, page).hex()}")
    return mail


def _where(line: FamilyLine, base_url: str | None) -> str | None:
    return absolute(base_url, file_of(line.address)) or line.link or None


def _lines(digest: Digest, snapshot: SiteSnapshot, language: InterfaceLanguage) -> Iterator[str]:
    base = web_link(snapshot.base_url)
    yield from _heading(f"{shorten(snapshot.title, 30)} · {language.weekday(digest.day)}", "=")
    if not digest.current:
        yield from wrap(language.gettext("This is the latest day with reports."))
    yield from wrap(digest.sentence)
    for title, ranked, note in _parts(digest, language):
        yield from _section(title, note)
        for it in ranked:
            yield ""
            yield from _statement(it, base, language)
    yield from _since(digest, base, language)
    if base:
        yield from ("", base)


def _parts(digest: Digest, language: InterfaceLanguage) -> list[tuple[str, list[RankedStatement], str]]:
    """Return the statements of each side under its name; of an empty side what it said last."""
    gettext, parts = language.gettext, []
    for band in digest.bands:
        if band.ranked:
            parts.append((band.name, band.ranked[:MOST_OF_SIDE], ""))
        elif band.beat:
            note = [gettext("Nobody quoted in 8 days.")]
            if band.last:
                last = shorten(band.last.sentence, 200)
                note.append(gettext("The last words here: %(statement)s", statement=last))
            parts.append((band.name, [], language.sentences(note)))
    undated = [RankedStatement(0, line, 0, line.outlets) for line in digest.undated]
    return [*parts, *([(gettext("New here, date unknown"), undated, "")] if undated else [])]


def _carried(line: FamilyLine, language: InterfaceLanguage) -> str:
    """Return who had it first, and who else: three by name and how many more."""
    gettext, when = language.gettext, language.clock(line.when or None)
    outlet = line.first.name if line.first else gettext("an unnamed outlet")
    first = gettext("%(outlet)s, %(when)s", outlet=outlet, when=when)
    if not line.more:
        return first
    others = language.listed([outlet.name for outlet in line.more[:3]])
    rest = line.outlets - 4 if line.first else line.outlets - 3
    if rest > 0:
        others = gettext("%(outlets)s and %(number)s more", outlets=others, number=rest)
    if line.first_is_certain:
        return gettext("First in %(first)s; then %(others)s", first=first, others=others)
    return gettext("%(first)s; also %(others)s", first=first, others=others)


def _watched(found: Sequence[str], language: InterfaceLanguage) -> Iterator[str]:
    if found:
        yield from ("", "")
        yield from _heading(language.gettext("Your watches"), "-")
    for match in found:
        yield ""
        for line in match.split("\n"):
            indent = "  " * line.startswith("  ")
            yield from [line] if "://" in line else wrap(line, indent)


def _heading(title: str, line: str) -> Iterator[str]:
    for part in wrap(clean(shorten(title, 140))):
        yield part
    yield line * min(COLUMNS, width(part))


def _section(title: str, note: str) -> Iterator[str]:
    yield from ("", "")
    yield from _heading(title, "-")
    if note:
        yield ""
        yield from wrap(note)


def _statement(it: RankedStatement, base_url: str | None, language: InterfaceLanguage) -> Iterator[str]:
    """Yield who, the words, how they were said and where; then the address on a line of its own."""
    line, gettext = it.line, language.gettext
    yield from wrap((f"{it.rank}. " if it.rank else "") + line.who + (f", {line.role}" if line.role else ""))
    yield from wrap(shorten(line.text, LONGEST), "  ")
    if line.other:
        yield from wrap(shorten(line.other.text, LONGEST), "  ")
    facts = [gettext("%(kind)s.", kind=language.kinds[line.kind_name])]
    facts.append(gettext("%(carried)s.", carried=_carried(line, language)))
    if it.fresh:
        facts.append(gettext("+%(number)s in a day.", number=it.fresh))
    if line.alert:
        facts.append(gettext("Wording differs."))
    yield from wrap(language.sentences(facts), "  ")
    if where := _where(line, base_url):
        yield f"  {where}"


def _since(digest: Digest, base_url: str | None, language: InterfaceLanguage) -> Iterator[str]:
    """Yield what is new since yesterday: statements, wordings, recordings, corrections, words taken out."""
    yield from ("", "")
    yield from _heading(language.gettext("Since yesterday"), "-")
    new = language.counted(digest.new, "%(n)s new statement", "%(n)s new statements")
    yield from wrap(language.gettext("%(statements)s.", statements=new))
    for news, line in _news(digest, language):
        yield from wrap(news)
        if line and (where := _where(line, base_url)):
            yield f"  {where}"
    if digest.failing:
        yield from wrap(
            language.counted(
                len(digest.failing), "%(n)s feed could not be read.", "%(n)s feeds could not be read."
            )
        )


def _news(digest: Digest, language: InterfaceLanguage) -> Iterator[tuple[str, FamilyLine | None]]:
    """Yield what happened in a line of text each, and the statement whose address stands below it."""
    gettext = language.gettext
    for line in digest.changed:
        how = f"{shorten(line.sentence, 200)} {line.alert}"
        yield gettext("Wording differs: %(how)s", how=how), line
    for line in digest.heard:
        heard = f"{shorten(line.sentence, 160)} {shorten(line.heard, 240)}"
        yield gettext("In the recording: %(heard)s", heard=heard), line
    for line in digest.gone:
        said = shorten(line.sentence, 200)
        yield gettext("No longer on its page: %(statement)s", statement=said), None
    for it in digest.corrections:
        when = language.day(it.when)
        yield gettext("Corrected, %(day)s: %(what)s", day=when, what=it.what), None
    for voice in digest.voices:
        idea, said = shorten(voice.idea.name, 80), shorten(voice.line.sentence, 200)
        voiced = gettext("New voice of the idea “%(idea)s”: %(statement)s", idea=idea, statement=said)
        yield voiced, voice.line


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
