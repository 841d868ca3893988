"""A transcript ready to be searched: its words and its turns; and the reports that are held against it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from openrace.diffusion.spoken_words import SpokenIndex, spoken_text
from openrace.records import Article

Same = Literal["same", "different", "unknown"]


class Report(NamedTuple):
    """Quoted words of one claim, stretches apart by an ellipsis, and whom it gives them to."""

    claim_id: str
    words: str
    speaker: str | None
    when: str | None = None


class Recording:
    """A transcript ready to be searched: its words and its turns.

    `stints` has for each word the number of the stretch in which one speaker speaks alone.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self.index = SpokenIndex(spoken_text(article.text, tuple(turn.span for turn in article.turns)))
        self.spoken = self.index.spoken
        self._bounds = [turn.span.start for turn in article.turns]
        self.stints = tuple(_stints(article, self.spoken.starts))

    def turn_at(self, word: int) -> int:
        """Return the number of the turn in which a word is said."""
        return max(bisect_right(self._bounds, self.spoken.starts[word]) - 1, 0)

    def turn_words(self, word: int) -> tuple[int, int]:
        """Return the first word of the turn in which a word is said, and the one after its last."""
        start, end = self.article.turns[self.turn_at(word)].span
        return bisect_left(self.spoken.starts, start), bisect_left(self.spoken.starts, end)

    def second_at(self, word: int) -> float | None:
        """Return when a word is said; None where no time is known."""
        return self.article.turns[self.turn_at(word)].second_at(self.spoken.starts[word])

    def speaker_at(self, word: int) -> str | None:
        """Return who says a word; None where the transcript does not name them."""
        return self.article.turns[self.turn_at(word)].speaker


def _stints(article: Article, places: Sequence[int]) -> Iterator[int]:
    """Yield for each word the number of its speaker's stint: turns of one speaker in a row are one."""
    number, at = 0, 0
    for place in places:
        while at + 1 < len(article.turns) and article.turns[at + 1].span.start <= place:
            number += article.turns[at + 1].speaker != article.turns[at].speaker
            at += 1
        yield number
