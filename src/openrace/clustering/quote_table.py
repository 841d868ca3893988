"""The quote table: quotes in columns, each distinct wording once, so that a million fit into memory."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import numpy as np

from openrace.clustering.blocking import Candidates, Ints, candidates
from openrace.clustering.held_opinions import opinion_start
from openrace.person_names import NOBODY, ParsedName, Relation, compare_names, name_key, parse_name
from openrace.records import Quote, StoredQuote
from openrace.scripts import has_han
from openrace.wordings.days import NO_DAY, day_of, is_day
from openrace.wordings.normalise import GAP, distinctive_words, encode, figures, is_common, weight_of

# Of a wording that many quotes have: on each side in time so many are compared; of those by the same speaker
# or in the same article so many more.
NEAREST, ALIKE = 6, 2
TITLE_WORDS, TITLE_LETTERS = 8, 80
AROUND = 24  # words kept of the sentences around a quote
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_INNER = re.compile(r"['‘\"“「『](?<!\w.)((?:[^'‘’\"“”「」『』]|(?<=\w)['’](?=\w))+)(?:['’\"”」』](?!\w)|$)")
_MARK = re.compile(r"['‘\"“「『](?<!\w.)")  # an apostrophe within a word opens nothing


def inner_quotes(text: str) -> list[str]:
    """Return the encoded wordings that stand inside marks within `text` (words that somebody else said)."""
    found = _INNER.findall(text) if _MARK.search(text) else ()
    return [encode(said).replace(GAP, "") for said in found]


def is_title(text: str) -> bool:
    """Return whether words are capitalised as a name is: "Owl's Ear", "Never Feed the Otters", "SEC"."""
    if len(text) > TITLE_LETTERS or has_han(text):
        return False
    words = _WORD.findall(text)
    telling = [word for word in words[1:] if not is_common(word.lower())]
    if len(words) == 1:
        return len(text) > 1 and words[0].isupper()  # "SEC"
    return len(words) <= TITLE_WORDS and bool(telling) and all(w[0].isupper() for w in (words[0], *telling))


def prepare(quote: Quote) -> StoredQuote:
    """Return what grouping needs of a quote."""
    words = encode(quote.text)
    day = day_of(quote.date)
    return StoredQuote(
        quote_id=quote.quote_id,
        words=words,
        speaker=quote.speaker,
        day=day if is_day(day) else None,
        article=quote.article_id,
        reported=quote.kind == "indirect",
        titled=is_title(quote.text),
        inner=tuple(said for said in inner_quotes(quote.text) if said != words.replace(GAP, "")),
        around=None if quote.context is None else words_around(quote.context, words),
    )


def words_around(context: str, words: str) -> str:
    """Return what tells most in the sentences around a quote, encoded: each word once, none of its own."""
    found = sorted(distinctive_words(encode(context)).difference(words))
    return "".join(sorted(found, key=weight_of, reverse=True)[:AROUND])


def is_fuller(words: str, others: str) -> bool:
    """Return whether an encoded wording has more words than another, or as many and comes first or is it."""
    return len(words) > len(others) or (len(words) == len(others) and words <= others)


class QuoteTable:
    """Columns of quotes: quote `i` has `ids[i]`, `wording[i]`, `speaker[i]`, `day[i]`, `article[i]`."""

    def __init__(self, quotes: Iterable[StoredQuote]) -> None:
        self.ids: list[str] = []
        self.wording = array("i")
        self.speaker = array("i")
        self.day = array("i")
        self.article = array("q")  # a running number; the quote's own negative one where it is unknown
        self.reported = bytearray()  # 1: a reporter's words, outside quotation marks
        self.titled = bytearray()  # 1: its words are capitalised as in a name or a title
        self.inner: dict[int, tuple[str, ...]] = {}  # of quotes that quote somebody
        self.around: dict[int, str] = {}  # of quotes whose context is known
        wordings: dict[str, int] = {}
        names: dict[ParsedName, int] = {NOBODY: 0}
        articles: dict[str, int] = {}
        for i, quote in enumerate(quotes):
            article = quote.article
            self.ids.append(quote.quote_id)
            self.wording.append(wordings.setdefault(quote.words, len(wordings)))
            self.speaker.append(names.setdefault(parse_name(quote.speaker), len(names)))
            self.day.append(NO_DAY if quote.day is None else quote.day)
            self.reported.append(quote.reported)
            self.titled.append(quote.titled)
            self.article.append(articles.setdefault(article, len(articles)) if article else -1 - i)
            if quote.inner:
                self.inner[i] = quote.inner
            if quote.around is not None:
                self.around[i] = quote.around
        self.wordings = list(wordings)
        self._figures: dict[int, list[str]] = {}
        self._opinions: dict[int, int] = {}
        self.names = list(names)

    def __len__(self) -> int:
        return len(self.ids)

    def relation(self, a: int, b: int) -> Relation:
        """Return whether two quotes can have one speaker."""
        x, y = self.speaker[a], self.speaker[b]
        if not x or not y:
            return "unknown"
        return "same" if x == y else compare_names(self.names[x], self.names[y])

    def figures(self, wording: int) -> list[str]:
        """Return the figures in a wording."""
        found = self._figures.get(wording)
        if found is None:
            found = self._figures[wording] = figures(self.wordings[wording])
        return found

    def is_held_opinion(self, wording: int, other: int) -> bool:
        """Return whether one wording stands in another as what somebody else thinks."""
        words = self.wordings[other]
        start = self._opinions.get(other)
        if start is None:
            start = self._opinions[other] = opinion_start(words)
        return start < len(words) and self.wordings[wording] in words[start:]

    def name(self, quote: int) -> ParsedName:
        """Return who said it; NOBODY where nobody is named."""
        return self.names[self.speaker[quote]]

    def days(self) -> tuple[Ints, Ints]:
        """Return the first and the last day of each wording; where any is unknown, before and after all."""
        first = np.full(len(self.wordings), NO_DAY, np.int64)
        last = np.zeros(len(self.wordings), np.int64)
        wording, day = np.array(self.wording, np.int64), np.array(self.day, np.int64)
        np.minimum.at(first, wording, np.where(day == NO_DAY, 0, day))
        np.maximum.at(last, wording, day)
        return first, last

    def candidates(self, among: Sequence[int]) -> Iterator[Candidates]:
        """Yield which of these wordings to compare, the longest first (see `blocking.candidates`)."""
        place = array("i", [-1]) * len(self.wordings)
        for i, wording in enumerate(among):
            place[wording] = i
        numbers = [name_key(name) for name in self.names]
        said = array("i", (place[wording] for wording in self.wording))
        names = array("q", (numbers[speaker] for speaker in self.speaker))
        for asking, longer in candidates([self.wordings[i] for i in among], said, names):
            yield Candidates(among[asking], [among[i] for i in longer])

    def is_dated(self, quote: int) -> bool:
        """Return whether the day of a quote is known."""
        return is_day(self.day[quote])

    def rank(self, wording: int) -> tuple[int, str]:
        """Return where a wording stands among all: the longest first, then by their words."""
        words = self.wordings[wording]
        return (-len(words), words)

    def is_fuller(self, wording: int, other: int) -> bool:
        """Return whether a wording stands before another, or is the same one."""
        return is_fuller(self.wordings[wording], self.wordings[other])

    def is_above(self, quote: int, other: int) -> bool:
        """Return whether a quote can be the parent of another: a fuller wording, or the same one earlier."""
        mine, theirs = self.wording[quote], self.wording[other]
        if mine != theirs:
            return self.is_fuller(mine, theirs)
        return (self.day[quote], self.ids[quote]) < (self.day[other], self.ids[other])


class Holders:
    """The quotes of each wording, earliest first."""

    def __init__(self, table: QuoteTable) -> None:
        self.table = table
        order = sorted(range(len(table)), key=table.ids.__getitem__)
        order.sort(key=table.day.__getitem__)
        order.sort(key=table.wording.__getitem__)
        self._quotes = array("i", order)
        held = Counter(table.wording)
        self._begins = array("i", accumulate((held[w] for w in range(len(table.wordings))), initial=0))
        self._alike: dict[int, dict[tuple[str, int], list[int]]] = {}  # of wordings that many hold

    def __getitem__(self, wording: int) -> Sequence[int]:
        return self._quotes[self._begins[wording] : self._begins[wording + 1]]

    def compared_with(self, quote: int, wording: int) -> Iterable[int]:
        """Return the holders of `wording` to compare `quote` with: of many the nearest and most alike."""
        found = self[wording]
        if len(found) <= 2 * NEAREST:
            return found
        alike = self._alike.get(wording) or self._alike.setdefault(wording, self._group(found))
        keys = ("speaker", self.table.speaker[quote]), ("article", self.table.article[quote])
        near = self._nearest(quote, found, NEAREST)
        return {*near, *(other for key in keys for other in self._nearest(quote, alike.get(key, ()), ALIKE))}

    def _nearest(self, quote: int, found: Sequence[int], few: int) -> Sequence[int]:
        place = bisect_left(found, self.table.day[quote], key=self.table.day.__getitem__)
        return found[max(0, place - few) : place + few]

    def _group(self, found: Sequence[int]) -> dict[tuple[str, int], list[int]]:
        groups: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for quote in found:
            groups["speaker", self.table.speaker[quote]].append(quote)
            groups["article", self.table.article[quote]].append(quote)
        return groups
