"""Which statements have a share card, and what stands on it.

A card is a picture to be passed on, so nobody may take for somebody's words what are not: its heading and its
frame name the kind, a denied statement shows its verb in red, and the verb is never cut off. Only families
with a page have one, at most `MOST_WIDESPREAD` + `MOST_RECENT`; `card_drawing.py` draws those that changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from openrace.plurals import many
from openrace.scripts import has_han
from openrace.site.family_line import FamilyLine, Words
from openrace.site.family_view import version_of
from openrace.site.index_queries import SiteQueries
from openrace.site.interface_language import InterfaceLanguage, interface_language, message
from openrace.site.page_addresses import CARDS, card_address
from openrace.site.reader_text import clean, component
from openrace.site.site_index import SiteIndex
from openrace.site.snapshot import SiteSnapshot

if TYPE_CHECKING:
    from openrace.site.card_drawing import Faces

MOST_WIDESPREAD, MOST_RECENT = 100, 200  # some 5 MB
CARD_SIZE = 1200, 630  # pixels: what social sites ask of a large picture
RECENT = 30  # days before the newest statement
DRAWING = 1  # raise it with anything that a card of the same facts shows otherwise
LONGEST_HAN = 200  # characters of a Chinese statement: they are twice as wide as Latin ones
INK, OK, HALF, PARA, WARN = "#1a1916", "#1c5a3b", "#6a4a00", "#5a3a78", "#98280f"
REPORTER = "#3f3c35"
_LEFT_OUT = "left out"


class Style(NamedTuple):
    """How a stretch of a card is set."""

    colour: str
    serif: bool = False
    bold: bool = False
    underlined: bool = False


class Run(NamedTuple):
    """A stretch of text in one style."""

    text: str
    style: Style


class Card(NamedTuple):
    """What stands on a card."""

    heading: str
    meaning: str
    who: str
    role: str  # after the name, with the verb of a quotation
    runs: tuple[Run, ...]  # the statement
    where: str
    note: str
    brand: str  # the site's title
    colour: str
    dash: int  # pixels of the frame's dashes; 0: a bar, for what the speaker says in these words
    filled: float  # how much of the mark's square is filled
    language: str | None

    @property
    def text(self) -> str:
        """Every letter that is drawn."""
        return "".join(
            [self.heading, self.meaning, self.who, self.role, *(run.text for run in self.runs), self.where,
             self.note, self.brand]
        )  # fmt: skip


# By kind: heading, what it means, colour, dashes, how much of the square is filled.
_KINDS = (
    (message("Verbatim"), message("These words stand inside quotation marks."), OK, 0, 1.0),
    (
        message("Partly verbatim"),
        message("Only the words inside the marks are the speaker’s. The rest is the reporter’s."),
        HALF,
        60,
        0.5,
    ),
    (
        message("Paraphrase, not a quotation"),
        message("A reporter’s words. Do not print them inside quotation marks."),
        PARA,
        24,
        0.0,
    ),
)
_POLARITIES = {
    "denied": (
        message("%(kind)s: denied"),
        message("The speaker denies this. Do not pass the words on without the verb."),
    ),
    "questioned": (
        message("%(kind)s: a question"),
        message("The speaker asks this and does not say that it is so."),
    ),
    "conditional": (
        message("%(kind)s: under a condition"),
        message("The speaker says this of a case that may not come."),
    ),
}


def card_of(line: FamilyLine, brand: str, language: InterfaceLanguage) -> Card:
    """Return the card of a statement."""
    gettext = language.gettext
    heading, meaning, colour, dash, filled = _KINDS[line.kind]
    heading = gettext(heading)
    if line.polarity != "asserted":
        also, meaning = _POLARITIES[line.polarity]
        heading = gettext(also, kind=heading)
        colour, dash = (WARN if line.polarity == "denied" else HALF), dash or 40
    return Card(
        heading=heading,
        meaning=gettext(meaning),
        who=_who(line, gettext),
        role=_role(line),
        runs=tuple(_runs(line)),
        where=_plain(_where(line, language)),
        note=_plain(language.sentences(list(_notes(line, gettext)))),
        brand=_plain(brand),
        colour=colour,
        dash=dash,
        filled=filled,
        language=line.words.language,
    )


def _where(line: FamilyLine, language: InterfaceLanguage) -> str:
    """Return who had it first and how many others, else how many and when."""
    gettext, counted = language.gettext, language.counted
    first = line.first.name if line.first and line.first_is_certain else ""
    if not first:
        outlets = counted(line.outlets, "%(n)s outlet", "%(n)s outlets")
        return gettext("%(outlets)s, %(when)s", outlets=outlets, when=language.when(line.when))
    named = (
        gettext("%(outlet)s, %(when)s", outlet=first, when=language.when(line.when)) if line.when else first
    )
    if line.outlets < 2:
        return named
    return counted(
        line.outlets - 1,
        "%(first)s, and %(n)s other outlet",
        "%(first)s, and %(n)s other outlets",
        first=named,
    )


def _notes(line: FamilyLine, gettext: Callable[..., str]) -> Iterator[str]:
    if len(line.words.text) > LONGEST_HAN and _is_cut(line.words):
        yield gettext("Shortened.")
    if line.alert:
        yield gettext("Wording differs.")
    yield gettext("Statement %(id)s", id=line.family[:24])


def _plain(text: str) -> str:
    """Return `text` on one line, without the characters that no page may carry."""
    return re.sub(r"\s+", " ", clean(text))


def _who(line: FamilyLine, gettext: Callable[..., str]) -> str:
    if line.disputed:
        names = gettext(" or ").join(line.disputed[:2])
        return _plain(gettext("Reports disagree on the speaker: %(names)s", names=names))
    return _plain(line.who)


def _role(line: FamilyLine) -> str:
    verb = "" if line.lead or line.disputed else f" {line.verb}"
    role = f", {line.role}" if line.role and not line.disputed else ""
    return _plain(f"{role}{',' if role and verb.strip() else ''}{verb.rstrip()}") + ("" if line.lead else ":")


def _runs(line: FamilyLine) -> Iterable[Run]:
    """Yield the statement: the verb as it must be read, quoted words in serif, the rest in sans."""
    denied = line.polarity == "denied"
    if line.lead:
        yield Run(
            _plain(line.lead).rstrip(), Style(WARN if denied else REPORTER, bold=denied, underlined=denied)
        )
        yield Run(" " * line.lead[-1:].isspace(), Style(REPORTER))
    room = LONGEST_HAN if has_han(line.words.text) else len(line.words.text)
    for text, quoted in line.words.parts:
        style = Style(INK, serif=True) if quoted else Style(REPORTER)
        yield Run(_plain(text if len(text) <= room else _cut(text, room, quoted)), style)
        room -= len(text)
        if room <= 0:
            break


def _cut(text: str, room: int, quoted: bool) -> str:
    return f"{text[: max(1, room - 1)].rstrip()}…{text[-1] if quoted else ''}"


def _is_cut(words: Words) -> bool:
    return has_han(words.text) or words.text.rstrip("”’」』").endswith("…")


class CardMaker:
    """Makes the cards of a site; `statics` holds the fonts of its pages."""

    def __init__(self, index: SiteIndex, snapshot: SiteSnapshot, statics: dict[str, Path]) -> None:
        self._index, self._statics = index, statics
        self._card_of = partial(card_of, brand=snapshot.title, language=interface_language(snapshot.language))
        self.left_out = 0  # cards that are new and cannot be drawn

    @cached_property
    def _faces(self) -> Faces:
        from openrace.site.card_drawing import Faces  # loads Pillow

        return Faces(self._statics["static/serif.woff2"], self._statics["static/sans.woff2"])

    def release_fonts(self) -> None:
        """Close the font files: each size of a face maps its file anew, 20 MB for a Chinese one."""
        if "_faces" in self.__dict__:
            self._faces.font.cache_clear()

    def touch(self, queries: SiteQueries, now: str, *, full: bool) -> None:
        """Touch the cards that changed, and the pages of those that came or went."""
        before = {} if full else self._index.facts("card ")
        kept: dict[str, str] = {}
        for line in lines_with_cards(queries, now):
            slug = component(line.family)
            work = partial(self._judged, self._card_of(line), before.get(slug, ""))
            kept[slug] = queries.source.attempt(line.family, work) or before.get(slug, "")
        for slug in {**before, **kept}:
            if before.get(slug) != kept.get(slug):
                self._index.dirty.touch([card_address(slug)])
            if _is_drawn(before.get(slug, "")) != _is_drawn(kept.get(slug, "")):
                self._index.dirty.touch([f"q/{slug}/"])
        self._index.set_facts("card ", kept)

    def _judged(self, card: Card, before: str) -> str:
        """Return the version of `card`, marked where no font has its letters; `before`: the last one."""
        version = version_of(card, DRAWING).hex()
        if before.startswith(version):
            return before
        if self._faces.covers(card.text):
            return version
        self.left_out += 1
        return f"{version} {_LEFT_OUT}"

    def files(self, address: str, queries: SiteQueries) -> dict[str, bytes] | None:
        """Return the file of a card: none where there is no such card any more, None where a bug stops it."""
        slug = address.removeprefix(CARDS).removesuffix(".png")
        family = queries.ids_at([slug]).get(slug) if has_card(self._index, slug) else None
        line = queries.line(family) if family else None
        if line is None:
            return {}
        png = queries.source.attempt(line.family, partial(self._draw, line))
        return None if png is None else {address: png}

    def _draw(self, line: FamilyLine) -> bytes:
        from openrace.site.card_drawing import draw_card

        return draw_card(self._card_of(line), self._faces)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know, once."""
        if not self.left_out:
            return ()
        problem = f"{many(self.left_out, 'share card')} left out: no font here has all of their letters"
        return (f"{problem}; install one, as Noto Sans CJK for Chinese, then publish --full",)


def _is_drawn(fact: str) -> bool:
    return bool(fact) and not fact.endswith(_LEFT_OUT)


def has_card(index: SiteIndex, slug: str) -> bool:
    """Return whether the family whose page is ``q/<slug>/`` has a card."""
    return _is_drawn(index.fact(f"card {slug}"))


def lines_with_cards(queries: SiteQueries, now: str) -> list[FamilyLine]:
    """Return the statements that have a card: the most widespread of all time and of the last month."""
    newest = queries.day_before((date.fromisoformat(now[:10]) + timedelta(days=1)).isoformat())
    since = (date.fromisoformat(newest) - timedelta(days=RECENT)).isoformat() if newest else ""
    found = queries.most_repeated(MOST_WIDESPREAD) + queries.most_repeated_since(since, MOST_RECENT)
    return list({line.family: line for line in found if line.has_page}.values())
