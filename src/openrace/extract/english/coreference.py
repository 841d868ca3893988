"""Whom a mention means: surnames, pronouns, offices and bodies, told from the article and the directory.

Names are settled by what the article itself says, nearest first: a surname is the full name that ends in
it, "the chief executive" the one person so introduced, "she" the last speaker or the only woman just named.
Where two could be meant the answer is None: a wrong person is worse than none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import NamedTuple

from openrace.extract.directory import Directory
from openrace.extract.english.names import (
    Name,
    bare_name,
    full_names,
    gender,
    looks_like_body,
    role_of,
    roles_beside,
    title_gender,
)
from openrace.extract.english.sentences import Text
from openrace.extract.english.tokens import visible
from openrace.extract.english.wordclass import GIVEN_NAMES, OWNERS, PLACES, TITLES

_LOOK_BACK = 6  # sentences in which a pronoun's person is looked for: farther ones were mostly somebody else
_POINTING = frozenset("the this that his her its their".split())
_GENDERS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}


class Resolved(NamedTuple):
    """A mention's `name` (None: not settled), its directory id, and in a few words how it was told."""

    name: str | None
    person_id: str | None
    how: str


class Cast:
    """Everybody an article names, and who spoke last."""

    def __init__(self, text: Text, directory: Directory) -> None:
        self.text, self.directory = text, directory
        self.names = full_names(text)
        self.by_part: dict[str, set[str]] = defaultdict(set)  # surname or given name → full names
        self.roles: dict[str, set[str]] = defaultdict(set)
        self.genders: dict[str, str] = {}
        self.bodies: set[str] = set()
        self.spelt: dict[tuple[str, str], str] = {}  # (given name, surname) → as first written in full
        self.spoke: dict[int, list[str]] = defaultdict(list)  # sentence → who spoke in it
        self._starts = [s.first[0] for s in text.sentences]
        for name in self.names:
            self._introduce(name)
        self._mentioned = self._all_mentions()

    def _introduce(self, name: Name) -> None:
        words = name.text.lower().split()
        name = name._replace(text=self.spelt.setdefault((words[0], words[-1]), name.text))
        known = self.directory.find(name.text) or self.directory.find_misspelt(name.text)
        acronym = any(len(w) < 4 and w.isupper() for w in name.text.split())
        if (known and not known.is_person) or (not known and (acronym or self._is_body(name, words))):
            self.bodies.add(name.text)
        else:
            self.by_part[words[-1]].add(name.text)
            if known:
                self.by_part[known.name.lower().split()[-1]].add(name.text)
            self.by_part[words[0]].add(name.text)
            self.genders[name.text] = self.genders.get(name.text) or gender(self.text, name)
        for role in roles_beside(self.text, name):
            self.roles[role].add(name.text)

    def _is_body(self, name: Name, words: list[str]) -> bool:
        """Whether the name's words say so, or an article before it: "a Kestrel Connect", no person's name."""
        tokens = self.text.tokens
        article = name.first > 0 and tokens[name.first - 1].low in ("a", "an", "the")
        alone = name.last + 1 >= len(tokens) or tokens[name.last + 1].cls not in "nh"
        return looks_like_body(words) or (article and alone and words[0] not in GIVEN_NAMES)

    def _all_mentions(self) -> dict[int, list[tuple[int, str]]]:
        """Sentence → the people named in it outside quotations: (token, full name)."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for index, sentence in enumerate(self.text.sentences):
            for i, cls in enumerate(sentence.classes):
                if cls == "N" and sentence.classes[i + 1 : i + 2] != "N":
                    whole = self._whole_name(sentence.first[i], sentence.first[i])
                    if whole and whole not in self.bodies:
                        found[index].append((sentence.first[i], whole))
        return found

    def _whole_name(self, first: int, last: int) -> str | None:
        """The full name that the last name in the tokens means, if only one can be meant."""
        surname = self.text.tokens[last].low
        candidates = {n for n in self.by_part.get(surname, ()) if n.lower().split()[-1] == surname}
        return candidates.pop() if len(candidates) == 1 else None

    def resolve(self, first: int, last: int, content: list[tuple[int, int]]) -> Resolved:
        """Who is meant by the tokens `first` to `last`, the source of the words in `content`."""
        index = bisect_right(self._starts, first) - 1
        resolved = self._resolve(first, last, index, content)
        if resolved.name and (resolved.name in self.genders or resolved.person_id):
            self.spoke[index].append(resolved.name)
        return resolved

    def _resolve(self, first: int, last: int, index: int, content: list[tuple[int, int]]) -> Resolved:
        head = self.text.tokens[last]
        if any(t.cls == "c" for t in self.text.tokens[first:last]):
            return self._look_up(self._written(first, last), "more than one, or one of two names")
        if first == last and head.cls in "DPI" and head.low != "one":
            return self._pronoun(head.low, first, index, content)
        if first == last and head.cls in "wt":
            return self._antecedent(first)
        core = self._core(first, last)
        if core < last and self.text.tokens[core].cls != "N":
            return self._apposed(first, last) or self._described(first, last, index, content)
        if core < last or self._is_of(first):
            return self._body(first, last)
        bare = bare_name(self.text, first, last)
        if bare:
            return self._named(*bare, titled=any(t.low in TITLES for t in self.text.tokens[first : bare[0]]))
        return self._apposed(first, last) or self._described(first, last, index, content)

    def _core(self, first: int, last: int) -> int:
        """The last token of the phrase before its "of …" or "for …"."""
        return next((i - 1 for i in range(first + 1, last) if self.text.tokens[i].cls in "op"), last)

    def _is_of(self, first: int) -> bool:
        """Whether the phrase is the end of a body's name: "Rivers" in "Ministry of Rivers"."""
        tokens = self.text.tokens
        return first > 1 and tokens[first - 1].cls == "o" and looks_like_body([tokens[first - 2].low])

    def _body(self, first: int, last: int) -> Resolved:
        tokens = self.text.tokens
        if self._is_of(first):
            first -= 2
            while first > 0 and tokens[first - 1].cls == "N":
                first -= 1
        while tokens[first].cls == "D":
            first += 1
        return self._look_up(self._written(first, last), "a body by its name")

    def _written(self, first: int, last: int) -> str:
        return visible(self.text.text[self.text.tokens[first].start : self.text.tokens[last].end])

    def _apposed(self, first: int, last: int) -> Resolved | None:
        beside = self._apposed_name(first, last)
        return self._named(*beside, titled=False) if beside else None

    def _named(self, first: int, last: int, *, titled: bool) -> Resolved:
        tokens = self.text.tokens
        written = self._written(first, last)
        written = written.removesuffix("'s").removesuffix("’s")
        if first == last:
            return self._single(written, tokens[first].low, tokens[first - 1].low if titled else "")
        return self._look_up(written, "named in full")

    def _look_up(self, name: str, how: str) -> Resolved:
        known = self.directory.find(name)
        if known:
            return Resolved(known.name, known.id, how)
        if name not in self.bodies and (known := self.directory.find_misspelt(name)):
            return Resolved(known.name, known.id, f"{how}, taken for a misspelling of {known.name}")
        return Resolved(name, None, how)

    def _single(self, written: str, low: str, title: str) -> Resolved:
        surnames = {n for n in self.by_part.get(low, ()) if n.lower().split()[-1] == low}
        if len(surnames) > 1 and (wanted := title_gender(title)):
            surnames = {n for n in surnames if self.genders[n] == wanted}
        if len(surnames) == 1:
            return self._look_up(surnames.pop(), f"the full name that ends in {written}")
        if surnames:
            return Resolved(None, None, f"{written} may be {' or '.join(sorted(surnames))}")
        known = self.directory.find(written)
        if known and not title:
            return Resolved(known.name, known.id, "known by this name")
        given = self.by_part.get(low, set())
        if len(given) == 1 and not title:
            return self._look_up(next(iter(given)), f"the full name that begins with {written}")
        return Resolved(written, None, "named so only")

    def _apposed_name(self, first: int, last: int) -> tuple[int, int] | None:
        """The name beside a description: "a spokesman, Josh Hale," or "Mara Lindqvist, a partner"."""
        tokens = self.text.tokens
        at = last + 1
        if at + 1 < len(tokens) and tokens[at].cls == "," and tokens[at + 1].cls == "N":
            end = at + 1
            while end + 1 < len(tokens) and tokens[end + 1].cls == "N":
                end += 1
            if end > at + 1 and end + 1 < len(tokens) and tokens[end + 1].cls in ",vz.":
                return bare_name(self.text, at + 1, end)
        if (
            tokens[last].cls == "h"
            and first >= 2
            and tokens[first - 1].cls == ","
            and tokens[first - 2].cls == "N"
        ):
            start = first - 2
            while start > 0 and tokens[start - 1].cls == "N":
                start -= 1
            return bare_name(self.text, start, first - 2)
        return None

    def _described(
        self, first: int, last: int, index: int = 0, content: list[tuple[int, int]] | None = None
    ) -> Resolved:
        tokens = self.text.tokens
        written = self._written(first, last)
        head = self._core(first, last)
        headline = self.text.sentences[index].paragraph == 0 and tokens[first].cls != "D"
        if not headline and tokens[first].low not in _POINTING:
            return Resolved(written, None, "described, not named")
        if tokens[first].low in OWNERS and tokens[head].cls != "h":
            return self._pronoun(tokens[first].low, first, index, content or [])
        holders = self.roles.get(role_of(tokens[head].low), set())
        if len(holders) == 1:
            return self._look_up(next(iter(holders)), f"the only {tokens[head].low} introduced by name")
        if (
            tokens[first].low == "the"
            and role_of(tokens[head].low) == "company"
            and (body := self._only_body(first))
        ):
            return self._look_up(body, "the only body named before")
        if not headline and head == last and last - first == 1 and tokens[head].cls in "hI":
            return Resolved(None, None, f"“{written}” may be anybody")
        return Resolved(written, None, "described, not named")

    def _only_body(self, before: int) -> str | None:
        """The one organisation named so far, or the one name that opens a sentence and is no person's."""
        bodies = {b for b in self.bodies if not PLACES.intersection(b.lower().split())}
        if bodies:
            return bodies.pop() if len(bodies) == 1 else None
        index = bisect_right(self._starts, before) - 1
        openings = {
            self._written(s.first[0], s.first[0])
            for s in self.text.sentences[max(0, index - _LOOK_BACK) : index]
            if s.classes[0] == "N" and s.classes[1:2] != "N" and not s.headline
        }
        openings = {name for name in openings if name.lower() not in self.by_part}
        maybe = [n for n in self.names if n.first < before and not self.genders.get(n.text)]
        if any(not openings.intersection(n.text.split()) for n in maybe):
            return None  # a name beside it may be a company's too
        return openings.pop() if len(openings) == 1 else None

    def _antecedent(self, who: int) -> Resolved:
        """The phrase that "who" belongs to."""
        tokens = self.text.tokens
        end = who - 1
        while end > 0 and tokens[end].cls in ",-)":
            end -= 1
        end = self._before_place(end)
        joined = end
        while joined > 1 and tokens[joined - 1].cls == "c" and tokens[joined - 2].cls == "N":
            joined -= 2
        if joined < end:
            return self._look_up(self._written(joined, end), "a name of two parts before “who”")
        if tokens[end].cls == "N":
            bare = bare_name(self.text, max(0, end - 5), end)
            if bare:
                return self._named(*bare, titled=False)
        start = end
        while start > 0 and tokens[start - 1].cls in "DnNhr#ei'I":
            start -= 1
        if start == end and tokens[end].cls in ",.":
            return Resolved(None, None, "nobody stands before “who”")
        return self._described(start, end)

    def _before_place(self, end: int) -> int:
        """The end of the phrase before "in Oslo" or "of the firm", where the tokens end in such a place."""
        tokens = self.text.tokens
        start = end
        while start > 0 and tokens[start - 1].cls in "ND":
            start -= 1
        if start > 1 and tokens[start - 1].cls in "po" and tokens[start - 2].cls in "nh":
            return start - 2
        return end

    def _pronoun(self, low: str, at: int, index: int, content: list[tuple[int, int]]) -> Resolved:
        wanted = _GENDERS.get(low)
        if wanted is None:
            return Resolved(None, None, f"“{low}” is not followed back")
        for back in range(index, max(-1, index - _LOOK_BACK), -1):
            if speakers := {n for n in self.spoke.get(back, ()) if self._may_be(n, wanted)}:
                return self._only(speakers, low, "who spoke last")
            inside = [
                n
                for t, n in self._mentioned.get(back, ())
                if t < at and not any(a <= t <= b for a, b in content)
            ]
            if people := {n for n in inside if self._may_be(n, wanted)}:
                known = [n for n in people if self.genders[n]]
                if known == inside[:1]:
                    people = set(known)  # the subject, and the only one of whom it is known
                return self._only(people, low, "the only one named before")
        return Resolved(None, None, f"nobody near for “{low}”")

    def _only(self, people: set[str], low: str, how: str) -> Resolved:
        if len(people) > 1:
            return Resolved(None, None, f"“{low}” may be {' or '.join(sorted(people))}")
        return self._look_up(people.pop(), how)

    def _may_be(self, name: str, wanted: str) -> bool:
        return self.genders.get(name, "") in ("", wanted)
