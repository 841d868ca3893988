"""The pool: quotes laid out in columns, each distinct wording once, so that a million fit into memory."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from openrace.diffusion.voices import Voice, voice
from openrace.diffusion.wording import encode
from openrace.records import Quote

NO_DAY = 10**7  # after every date
_INNER = re.compile(r"(?<!\w)['‘\"“「『]((?:[^'‘’\"“”「」『』]|(?<=\w)['’](?=\w))+)['’\"”」』](?!\w)")


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
    return [encode(found) for found in _INNER.findall(text)] if re.search(r"['‘\"“「『]", text) else []


class Pool:
    """Columns of quotes: quote `i` has `ids[i]`, `wording[i]`, `voice[i]`, `day[i]`, `article[i]`."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        self.ids: list[str] = []
        self.wording = array("q")
        self.voice: list[Voice] = []
        self.day = array("q")
        self.article = array("q")  # a running number; the quote's own negative one where it is unknown
        self.reported = bytearray()  # 1: a reporter's words, outside quotation marks
        self.inner: dict[int, list[str]] = {}
        wordings: dict[str, int] = {}
        articles: dict[str, int] = {}
        for i, quote in enumerate(quotes):
            self.ids.append(quote.quote_id)
            self.wording.append(wordings.setdefault(encode(quote.text), len(wordings)))
            self.voice.append(voice(quote.speaker))
            self.day.append(day_of(quote.date))
            self.reported.append(quote.kind == "indirect")
            article = quote.article_id
            self.article.append(articles.setdefault(article, len(articles)) if article else -1 - i)
            if inner := inner_quotes(quote.text):
                self.inner[i] = inner
        self.wordings = list(wordings)

    def __len__(self) -> int:
        return len(self.ids)

    def is_dated(self, quote: int) -> bool:
        return is_day(self.day[quote])

    def standing(self, quote: int) -> tuple[int, str, int, str]:
        """Where a quote stands: longest wordings first, then by their words, then earliest."""
        wording = self.wordings[self.wording[quote]]
        return (-len(wording), wording, self.day[quote], self.ids[quote])

    def holders(self) -> list[list[int]]:
        """The quotes of each wording, earliest first."""
        of: defaultdict[int, list[int]] = defaultdict(list)
        for i in sorted(range(len(self.ids)), key=lambda i: (self.day[i], self.ids[i])):
            of[self.wording[i]].append(i)
        return [of[w] for w in range(len(self.wordings))]
