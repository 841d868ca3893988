"""The pool: quotes laid out in columns, each distinct wording once, so that a million fit into memory."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from openrace.clustering.blocking import Offer, Said, candidates
from openrace.person_names import (
    NOBODY,
    Name,
    Relation,
    compare_names,
    name_key,
    parse_name,
)
from openrace.records import KeptQuote, Quote
from openrace.wordings.days import NO_DAY, day_of, is_day
from openrace.wordings.normalise import GAP, encode

BESIDE, KIN = 6, 2  # holders on each side in time; of those, of the same speaker or article
_INNER = re.compile(r"(?<!\w)['‘\"“「『]((?:[^'‘’\"“”「」『』]|(?<=\w)['’](?=\w))+)['’\"”」』](?!\w)")
_MARK = re.compile(r"['‘\"“「『]")


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
        voices: dict[Name, int] = {NOBODY: 0}
        articles: dict[str, int] = {}
        for i, quote in enumerate(quotes):
            wording = wordings.setdefault(quote.words, len(wordings))
            article = quote.article
            self.ids.append(quote.quote_id)
            self.wording.append(wording)
            self.speaker.append(voices.setdefault(parse_name(quote.speaker), len(voices)))
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
        return "same" if x == y else compare_names(self.voices[x], self.voices[y])

    def voice(self, quote: int) -> Name:
        """Who said it; NOBODY where nobody is named."""
        return self.voices[self.speaker[quote]]

    def candidates(self, among: Sequence[int]) -> Iterator[Offer]:
        """Which of these wordings to compare (see `candidates`)."""
        first, last = array("i", [NO_DAY]) * len(self.wordings), array("i", [0]) * len(self.wordings)
        for wording, day in zip(self.wording, self.day, strict=True):
            first[wording] = min(first[wording], day if is_day(day) else 0)
            last[wording] = max(last[wording], day)
        place = array("i", [-1]) * len(self.wordings)
        for i, wording in enumerate(among):
            place[wording] = i
        numbers = [name_key(name) for name in self.voices]
        said = array("i", (place[wording] for wording in self.wording))
        names = array("q", (numbers[speaker] for speaker in self.speaker))
        wordings = [self.wordings[i] for i in among]
        days = [first[i] for i in among], [last[i] for i in among]
        for asking, offered, most in candidates(Said(wordings, *days, said, names)):
            yield Offer(among[asking], [among[i] for i in offered], most)

    def is_dated(self, quote: int) -> bool:
        return is_day(self.day[quote])

    def place(self, wording: int) -> tuple[int, str]:
        """Where a wording stands among all: the longest first, then by their words."""
        words = self.wordings[wording]
        return (-len(words), words)

    def is_above(self, quote: int, other: int) -> bool:
        """Whether a quote stands above another: a fuller wording, or the same one earlier."""
        mine, theirs = self.wording[quote], self.wording[other]
        if mine != theirs:
            return self.place(mine) < self.place(theirs)
        return (self.day[quote], self.ids[quote]) < (self.day[other], self.ids[other])


class Holders:
    """The quotes of each wording, earliest first."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        order = sorted(range(len(pool)), key=pool.ids.__getitem__)
        order.sort(key=pool.day.__getitem__)
        order.sort(key=pool.wording.__getitem__)
        self._quotes = array("i", order)
        held = Counter(pool.wording)
        self._begins = array("i", accumulate((held[w] for w in range(len(pool.wordings))), initial=0))
        self._kin: dict[int, dict[tuple[str, int], list[int]]] = {}  # of wordings that many hold

    def __getitem__(self, wording: int) -> Sequence[int]:
        return self._quotes[self._begins[wording] : self._begins[wording + 1]]

    def beside(self, quote: int, wording: int) -> Iterable[int]:
        """Holders of `wording` worth a look from `quote`: all, or of many the nearest in time and kind."""
        found = self[wording]
        if len(found) <= 2 * BESIDE:
            return found
        kin = self._kin.get(wording) or self._kin.setdefault(wording, self._group(found))
        alike = ("speaker", self.pool.speaker[quote]), ("article", self.pool.article[quote])
        near = self._near(quote, found, BESIDE)
        return {*near, *(other for key in alike for other in self._near(quote, kin.get(key, ()), KIN))}

    def _near(self, quote: int, found: Sequence[int], few: int) -> Sequence[int]:
        place = bisect_left(found, self.pool.day[quote], key=self.pool.day.__getitem__)
        return found[max(0, place - few) : place + few]

    def _group(self, found: Sequence[int]) -> dict[tuple[str, int], list[int]]:
        kin: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for quote in found:
            kin["speaker", self.pool.speaker[quote]].append(quote)
            kin["article", self.pool.article[quote]].append(quote)
        return kin
