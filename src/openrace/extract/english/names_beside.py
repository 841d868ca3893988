"""The name that stands beside a mention without one: behind its office, apposed, or before an interview."""

from __future__ import annotations

from openrace.extract.english.descriptions import is_plural
from openrace.extract.english.entities import Entity
from openrace.extract.english.grammar import (
    ADVERB,
    AND,
    AUX,
    COMMA,
    DET,
    NAME,
    NOUN,
    OF,
    PAST_OR_PRESENT,
    POSSESSIVE,
    PREP,
    ROLE,
    STOP,
)
from openrace.extract.english.mention_phrases import capitals_behind_comma, is_interview_label
from openrace.extract.english.mentions import Discourse
from openrace.extract.english.names import bare_name, is_title
from openrace.extract.english.sentences import Text

_OFFICE = 10  # tokens behind a title in which its "of …" and the name stand
_ONE_PHRASE = NAME + NOUN + ROLE + POSSESSIVE
_BEHIND_HOLDER = PAST_OR_PRESENT + COMMA + STOP + ADVERB + AUX


class NamesBeside:
    """The names of a text by their tokens, and which of them stand beside a mention."""

    def __init__(self, text: Text, discourse: Discourse) -> None:
        self.text, self.discourse = text, discourse
        self.by_token = {i: n for n in discourse.entities.names for i in range(n.first, n.last + 1)}

    def only_named_before_interview(self, at: int) -> Entity | None:
        """Return the one person named before the first "Q" or "A", bylines left out."""
        tokens = self.text.tokens
        starts = (s.first[0] for s in self.text.sentences)
        begin = next((s for s in starts if is_interview_label(tokens, s)), at)
        named = {
            id(e): e
            for n in self.discourse.entities.names
            if n.first < begin and not (n.first and tokens[n.first - 1].low == "by")
            if (e := self.discourse.entity_of(n)) and e.is_person
        }
        return next(iter(named.values())) if len(named) == 1 else None

    def holder_behind(self, title: int) -> tuple[int, int] | None:
        """Return the person named behind an office and its "of …": "Minister of Rivers Ines Vardan said"."""
        tokens = self.text.tokens
        if (
            not is_title(tokens[title].low)
            or title + 1 >= len(tokens)
            or tokens[title + 1].cls not in (OF, PREP)
        ):
            return None
        for i in range(title + 3, min(title + _OFFICE, len(tokens) - 1)):
            name = self.by_token.get(i)
            if name and name.first == i and len(name.words) > 1 and self.is_person(i, name.last):
                beside = tokens[i - 1].cls == NAME and tokens[name.last + 1 : name.last + 2]
                return (i, name.last) if beside and beside[0].cls in _BEHIND_HOLDER else None
            if tokens[i].cls not in NAME + AND + DET:
                return None
        return None

    def apposed_name(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the name beside a description: "a spokesman, Josh Hale," or "Mara Lindqvist, a partner"."""
        tokens = self.text.tokens
        behind = capitals_behind_comma(tokens, last)
        if behind:
            return bare_name(self.text, *behind)
        if first < 2 or tokens[first - 1].cls != COMMA or tokens[first - 2].cls != NAME:
            return None
        speaks = last + 1 < len(tokens) and tokens[last + 1].cls in PAST_OR_PRESENT
        if speaks or is_plural(tokens[last].low):  # "… than Lindqvist, Halden analysts say"
            return None
        if tokens[last].cls != ROLE and not is_title(tokens[first].low):
            return None
        start = first - 2
        while start > 0 and tokens[start - 1].cls == NAME:
            start -= 1
        bare = bare_name(self.text, start, first - 2)
        return bare if bare and self.is_person(*bare) else None

    def behind_and(self, last: int) -> tuple[int, int] | None:
        """Return who is named behind a phrase cut at its "and": "the oil and gas firm's Bo Lindahl"."""
        tokens = self.text.tokens
        if tokens[last].cls != NOUN or last + 3 >= len(tokens) or tokens[last + 1].cls != AND:
            return None
        for i in range(last + 2, min(last + _OFFICE, len(tokens) - 1)):
            name = self.by_token.get(i)
            if name and name.first == i and len(name.words) > 1 and self.is_person(i, name.last):
                beside = tokens[name.last + 1 : name.last + 2]
                return (i, name.last) if beside and beside[0].cls in PAST_OR_PRESENT else None
            if tokens[i].cls not in _ONE_PHRASE:
                return None
        return None

    def is_person(self, first: int, last: int) -> bool:
        """Whether the tokens are the name of somebody of the text."""
        name = self.by_token.get(last)
        entity = self.discourse.entity_of(name) if name else None
        return entity is not None and entity.is_person
