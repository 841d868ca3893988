"""The pool: quotes laid out in columns, each distinct wording once, so that a million fit into memory."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from openrace.diffusion.voices import NOBODY, Relation, Voice, relation, voice
from openrace.diffusion.wording import GAP, encode
from openrace.records import KeptQuote, Quote

NO_DAY = 10**7  # after every date
_INNER = re.compile(r"(?<!\w)['‘\"“「『]((?:[^'‘’\"“”「」『』]|(?<=\w)['’](?=\w))+)['’\"”」』](?!\w)")
_MARK = re.compile(r"['‘\"“「『]")


def day_of(when: str | None) -> int:
    """The day of an ISO date or instant as a running number; NO_DAY where it is unknown or no date."""
    try:
        return date.fromisoformat((when or "")[:10]).toordinal()
    except ValueError:
        return NO_DAY


def is_day(day: int) -> bool:
    """Whether `day` is one, or only says that none is known."""
    return day != NO_DAY


def inner_quotes(text: str) -> list[str]:
    """The encoded wordings that stand inside marks within `text` (words that somebody else said)."""
    found = _INNER.findall(text) if _MARK.search(text) else ()
    return [encode(said).replace(GAP, "") for said in found]


def prepare(quote: Quote) -> KeptQuote:
    """What grouping needs of a quote."""
    words = encode(quote.text)
    day = day_of(quote.date)
    return KeptQuote(
        quote_id=quote.quote_id,
        words=words,
        speaker=quote.speaker,
        day=day if is_day(day) else None,
        article=quote.article_id,
        reported=quote.kind == "indirect",
        inner=tuple(said for said in inner_quotes(quote.text) if said != words.replace(GAP, "")),
    )


class Pool:
    """Columns of quotes: quote `i` has `ids[i]`, `wording[i]`, `speaker[i]`, `day[i]`, `article[i]`."""

    def __init__(self, quotes: Iterable[KeptQuote]) -> None:
        self.ids: list[str] = []
        self.wording = array("i")
        self.speaker = array("i")
        self.day = array("i")
        self.article = array("q")  # a running number; the quote's own negative one where it is unknown
        self.reported = bytearray()  # 1: a reporter's words, outside quotation marks
        self.inner: dict[int, tuple[str, ...]] = {}  # of quotes that quote somebody
        wordings: dict[str, int] = {}
        voices: dict[Voice, int] = {NOBODY: 0}
        articles: dict[str, int] = {}
        for i, quote in enumerate(quotes):
            wording = wordings.setdefault(quote.words, len(wordings))
            article = quote.article
            self.ids.append(quote.quote_id)
            self.wording.append(wording)
            self.speaker.append(voices.setdefault(voice(quote.speaker), len(voices)))
            self.day.append(NO_DAY if quote.day is None else quote.day)
            self.reported.append(quote.reported)
            self.article.append(articles.setdefault(article, len(articles)) if article else -1 - i)
            if quote.inner:
                self.inner[i] = quote.inner
        self.wordings = list(wordings)
        self.voices = list(voices)

    def __len__(self) -> int:
        return len(self.ids)

    def relation(self, a: int, b: int) -> Relation:
        """Whether two quotes can have one speaker."""
        x, y = self.speaker[a], self.speaker[b]
        if not x or not y:
            return "unknown"
        return "same" if x == y else relation(self.voices[x], self.voices[y])

    def voice(self, quote: int) -> Voice:
        """Who said it; NOBODY where nobody is named."""
        return self.voices[self.speaker[quote]]

    def speakers(self) -> Sequence[int]:
        """For each wording a number for the first known speaker of it; 0 where nobody is named."""
        found = array("i", [0]) * len(self.wordings)
        for wording, speaker in zip(self.wording, self.speaker, strict=True):
            found[wording] = found[wording] or speaker
        return found

    def is_dated(self, quote: int) -> bool:
        return is_day(self.day[quote])

    def standing(self, quote: int) -> tuple[int, str, int, str]:
        """Where a quote stands: longest wordings first, then by their words, then earliest."""
        wording = self.wordings[self.wording[quote]]
        return (-len(wording), wording, self.day[quote], self.ids[quote])

    def holders(self) -> Sequence[Sequence[int]]:
        """The quotes of each wording, earliest first."""
        order = sorted(range(len(self.ids)), key=self.ids.__getitem__)
        order.sort(key=self.day.__getitem__)
        order.sort(key=self.wording.__getitem__)
        starts = [0, *(k for k in range(1, len(order)) if self._differ(order[k - 1], order[k])), len(order)]
        quotes = array("i", order)
        return [quotes[a:b] for a, b in pairwise(starts)] if order else []

    def _differ(self, a: int, b: int) -> bool:
        return self.wording[a] != self.wording[b]
