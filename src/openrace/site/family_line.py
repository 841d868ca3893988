"""One family in one line: all that a list, a feed, the search and the digest show of it.

Lines are kept in the index, so that a list of thousands needs no family read again. They are plain values:
what they show changes only with the family itself.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from openrace.links import clock_time
from openrace.records import KINDS, Kind
from openrace.scripts import has_han, to_simplified
from openrace.site.family_view import FamilyView, ReportView
from openrace.site.name_lookup import OutletName, SpeakerName
from openrace.site.reader_text import fragment_link, shorten, web_link
from openrace.site.snapshot import Statement
from openrace.story import Original

LONGEST = 420  # code points of a statement in a list; its page has all of it
MORE = 6  # outlets named after the first; the rest is counted
LONGEST_NAME = 80
_NAMES_ONLY = re.compile(r"(?:according to|per)\b.*:", re.IGNORECASE)  # "according to Ada Byte:"
_NEEDS_A_NAME = re.compile(r"\b(?:to|of|by|from|in|as|per|with)$", re.IGNORECASE)  # "according to"
# Lines are short and alike: a dictionary of what most of them hold halves them (measured on 24,000 articles).
_DICTIONARY = (
    b'"https://www."],["false","true",null,"asserted","denied","said","says","according to","CEO",'
    b'"OpenAI","DeepSeek","Alibaba","Nvidia","Microsoft","Google","open source","artificial intelligence",'
    b'[["\xe8\xa1\xa8\xe7\xa4\xba","zh"],["en","2025-02-","2026-11-","T00:00:00Z","q/","a/","#s-",null],[["'
)


class OutletRef(NamedTuple):
    """An outlet as lines name it."""

    key: str
    name: str


class Words(NamedTuple):
    """Words as one report prints them: stretches as they are shown, marks included, each quoted or not."""

    parts: tuple[tuple[str, bool], ...]
    language: str | None

    @property
    def text(self) -> str:
        """The words on one line."""
        return "".join(text for text, _ in self.parts)


class FamilyLine(NamedTuple):
    """What a line shows. Empty texts stand for "not known"."""

    family: str
    address: str  # of its page, or of its place on the page of its article
    claim: str  # of the report whose wording is shown
    speaker: str  # SpeakerName.key
    who: str  # their name, else what a report calls them
    role: str  # what the report shown calls them, else their organisation
    disputed: tuple[str, ...]  # the names, where reports do not agree
    kind: int  # place in records.KINDS
    polarity: str
    verb: str  # the reporting words of the report shown, where they can stand before a quotation
    lead: str  # the verb with which the words must be read; empty: none is needed
    words: Words
    other: Words | None  # the best attested words in another language
    other_outlets: int
    other_address: str  # where those words are shown; empty: on the page of this family
    same_utterance: tuple[str, ...]  # Family.id of what reports this utterance in another language
    when: str
    first: OutletRef | None
    more: tuple[OutletRef, ...]  # the outlets after the first, in time
    reports: int
    outlets: int
    independent: int
    wordings: int
    countries: tuple[str, ...]
    latest: str
    alert: str  # what differs between the wordings, or from the recording
    heard: str  # what was said in the recording, by whom and when in it
    corrected: str  # the day of the last correction
    gone: str  # when the page was first seen without these words
    url: str  # of the article of the report shown
    described: bool  # `who` is a description, not a name
    first_is_certain: bool  # whether `first` surely had it before the others

    @property
    def kind_name(self) -> Kind:
        """How the words are printed."""
        return KINDS[self.kind]

    @property
    def text(self) -> str:
        """The statement on one line: the words in their marks, with the verb they must be read with."""
        return self.lead + self.words.text

    @property
    def link(self) -> str:
        """The address of the very words in their article; empty where it has no web address."""
        first = next((text for text, quoted in self.words.parts if quoted), self.words.text)
        return fragment_link(self.url, _without_marks(first)) or self.url

    @property
    def sentence(self) -> str:
        """Who said it, and the statement."""
        return f"{self.who}: {self.text}"

    @property
    def is_quotation(self) -> bool:
        """Whether all of it is inside marks and the speaker says so: only then is it set as a quotation."""
        return self.kind == 0 and self.polarity == "asserted"

    def is_for_readers_of(self, language: str) -> bool:
        """Whether the words are in this language (ISO 639-1), or in one that is not known."""
        return (self.words.language or language)[:2] == language

    @property
    def has_page(self) -> bool:
        """Whether it has a page of its own."""
        return self.address.startswith("q/")

    @property
    def others(self) -> int:
        """How many outlets carried it after the first that are not named."""
        return max(0, self.outlets - len(self.more) - (self.first is not None))


def line_of(view: FamilyView) -> FamilyLine:
    """Return the line of a family."""
    shown, other = view.representative, view.translated
    said = shown.statement
    outlets = list(dict.fromkeys(_outlet(r.outlet) for r in view.all_reports if r.outlet))
    first = _outlet(view.first.outlet) if view.first.outlet else None
    return FamilyLine(
        family=view.id,
        address=view.address,
        claim=said.claim_id,
        speaker=view.speaker.key if view.speaker else "",
        who=shorten(view.who, LONGEST_NAME),
        role=_role(view.speaker, shown),
        disputed=tuple(shorten(name, LONGEST_NAME) for name in view.disputed[:4]),
        kind=view.kind,
        polarity=said.polarity,
        verb=_verb(said),
        lead=lead_of(said, view.who if view.speaker or view.described else ""),
        words=words_of(shown),
        other=words_of(other) if other else None,
        other_outlets=_outlets_in(view, other.language) if other else 0,
        other_address="",
        same_utterance=view.story.family.same_utterance,
        when=view.when or "",
        first=first,
        more=tuple(outlet for outlet in outlets if outlet != first)[:MORE],
        reports=len(view.all_reports),
        outlets=view.outlets,
        independent=view.independent,
        wordings=len(view.story.variants),
        countries=view.countries,
        latest=view.latest or "",
        alert=_alert(view),
        heard=_heard(view.story.original, view.language.gettext) if view.story.original else "",
        corrected=view.corrections[-1].when[:10] if view.corrections else "",
        gone=said.gone or "",
        url=web_link(shown.article.url) or "",
        described=view.speaker is None and bool(view.described),
        first_is_certain=view.first_is_certain,
    )


def lead_of(said: Statement, who: str) -> str:
    """Return the verb with which words must be read behind the name `who`; empty for one that only names."""
    if not said.lead or (who and said.polarity == "asserted" and _NAMES_ONLY.fullmatch(said.lead.strip())):
        return ""
    return said.wording.parts[0].text


def _alert(view: FamilyView) -> str:
    """What differs: between two prints, else between one and the recording."""
    if view.story.alerts:
        return view.tell_alert(view.story.alerts[0])
    outlets = {report.statement.claim_id: report.outlet for report in view.reports}
    for check in view.misleading:
        outlet = outlets.get(check.claim_id)
        name = outlet.name if outlet else view.language.gettext("a report")
        return f"{name} {check.note or ', '.join(check.kinds)}"
    return ""


def _heard(original: Original, gettext: Callable[..., str]) -> str:
    who, words = shorten(original.speaker or "", LONGEST_NAME), shorten(original.text, LONGEST)
    at = clock_time(original.second)
    if who and at:
        return gettext("%(who)s, at %(time)s: “%(words)s”", who=who, time=at, words=words)
    if at:
        return gettext("at %(time)s: “%(words)s”", time=at, words=words)
    return gettext("%(who)s: “%(words)s”", who=who or gettext("speaker not named"), words=words)


def _outlet(outlet: OutletName) -> OutletRef:
    return OutletRef(outlet.key, shorten(outlet.name, 60))


def _role(speaker: SpeakerName | None, shown: ReportView) -> str:
    """What the report shown calls the speaker, else the organisation that they are listed with."""
    if speaker is None or speaker.is_organisation:
        return ""
    if shown.statement.role:
        return shorten(shown.statement.role, LONGEST_NAME)
    return shorten(speaker.organisation.name, LONGEST_NAME) if speaker.organisation else ""


def _outlets_in(view: FamilyView, language: str | None) -> int:
    return len({r.outlet.key for r in view.all_reports if r.outlet and r.language == language})


def _without_marks(text: str) -> str:
    """Return quoted words as the article has them, as far as they were not cut."""
    return text.strip("“”‘’「」『』").removesuffix("…")


def _verb(said: Statement) -> str:
    """Return a reporting verb that can stand before a quotation; "according to" and the like cannot."""
    cue = said.cue or ""
    return shorten(cue, 40) if re.search(r"\w", cue) and not _NEEDS_A_NAME.search(cue) else ""


def words_of(report: ReportView, limit: int = LONGEST) -> Words:
    """Return the words of a report, cut to `limit` code points, without the verb they must be read with."""
    wording = report.statement.wording._replace(lead="").shortened(limit)
    return Words(tuple((part.text, part.quoted) for part in wording.parts), language_of(report))


def language_of(report: ReportView) -> str | None:
    """Return the language of a report's words as HTML names it; traditional characters are ``zh-Hant``."""
    text = report.statement.text
    if report.language in (None, "zh") and has_han(text):
        return "zh-Hant" if to_simplified(text) != text else "zh"
    return report.language


def pack(line: FamilyLine) -> bytes:
    """Return a line as it is kept."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15, 8, zdict=_DICTIONARY)
    return deflate.compress(to_json(line)) + deflate.flush()


def unpack(packed: bytes) -> FamilyLine:
    """Return the line that `pack` packed."""
    values = from_json(zlib.decompressobj(-15, zdict=_DICTIONARY).decompress(packed), cache_strings=False)
    for place, restore in _RESTORED:
        values[place] = restore(values[place])
    return FamilyLine._make(values)


def _words(values: list[Any] | None) -> Words | None:
    if values is None:
        return None
    parts, language = values
    return Words(tuple(map(tuple, parts)), language)


def _first(values: list[str] | None) -> OutletRef | None:
    return OutletRef._make(values) if values else None


def _more(values: list[list[str]]) -> tuple[OutletRef, ...]:
    return tuple(map(OutletRef._make, values))


# The fields that JSON has as lists, by their places.
_RESTORED: tuple[tuple[int, Callable[[Any], object]], ...] = tuple(
    (FamilyLine._fields.index(name), restore)
    for name, restore in (
        ("disputed", tuple),
        ("words", _words),
        ("other", _words),
        ("same_utterance", tuple),
        ("first", _first),
        ("more", _more),
        ("countries", tuple),
    )
)
