"""Whom a mention means: names, surnames, pronouns, offices and bodies, told from the article and the
directory.

    names of the text ─▶ entities, typed ─▶ mentions in order ─▶ whom a speaker's mention means

Where two could be meant the answer is None: a wrong person is worse than none.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from openrace.extract.directory import Directory
from openrace.extract.english.affiliations import PARTY_HEADS
from openrace.extract.english.descriptions import ANYBODY, find_introduced, is_plural
from openrace.extract.english.entities import Entities, Entity
from openrace.extract.english.grammar import (
    AND,
    COMMA,
    DET,
    DOCUMENT,
    INDEFINITE,
    ING,
    NAME,
    NOUN,
    POSSESSIVE,
    PRONOUN,
    ROLE,
    STOP,
    THAT,
    WHO,
)
from openrace.extract.english.mention_phrases import (
    before_place,
    end_of_partitive,
    firm_before,
    is_interview_label,
    phrase_head,
    phrase_start,
    whole_name,
    word_before,
    written_name,
)
from openrace.extract.english.mentions import Discourse
from openrace.extract.english.name_lists import is_common_word
from openrace.extract.english.name_types import NameType, is_firm_ending, is_no_name
from openrace.extract.english.names import BODY_KINDS, PARTICLES, bare_name, is_headline, is_role, is_title
from openrace.extract.english.names_beside import NamesBeside
from openrace.extract.english.relations import Relations
from openrace.extract.english.sentences import Text
from openrace.extract.english.tokens import visible
from openrace.extract.english.wordclass import CLOSED, HER_KIN, HIS_KIN, OWNERS, POSSESSIVES, TITLES

_POINTING = frozenset("the this that his her its their".split())
_UNNAMED = frozenset("one two three some others other many several few most all both another none".split())
_OWNED = POSSESSIVES | {"their"}
_INDEFINITE = frozenset(["a", "an"])
_LEAD, _LEAD_ENDS = 1, 6  # paragraph and sentences of the lead, in which "a judge" is named
_OF_ONE = frozenset("campaign office administration".split())  # of which everybody has one at most
_FIRM = frozenset(["co", "co."])
_SOON = 2  # sentences after a role in which its holder may first be named


class Resolved(NamedTuple):
    """A mention's `name` (None: not settled), its directory id, and in a few words how it was told.

    `speaks` is False where the mention is nothing that can speak: a label, an adverb at the head of a
    sentence.
    """

    name: str | None
    person_id: str | None
    how: str
    speaks: bool = True


class CoreferenceResolver:
    """Tells of a text's mentions whom they mean."""

    def __init__(self, text: Text, directory: Directory) -> None:
        self.text, self.directory = text, directory
        self.entities = Entities(text, directory)
        self.discourse = Discourse(text, self.entities)
        self._starts = [s.first[0] for s in text.sentences]
        self.relations = Relations(text, self.discourse)
        self.beside = NamesBeside(text, self.discourse)
        self._by_token = self.beside.by_token

    def resolve(self, first: int, last: int) -> Resolved:
        """Return who is meant by the tokens `first` to `last`."""
        tokens = self.text.tokens
        while first < last and tokens[first].cls == ING and not tokens[first].capital:
            first += 1  # "contradicting Velmark police"
        head = tokens[last]
        joint = next((i for i in range(last - 1, first, -1) if tokens[i].cls == AND), None)
        if joint and first < joint and self._is_one_with_two_offices(joint, last):
            first = joint + 1  # "founder and CEO Bo Lindahl"
        elif joint:
            return self._joined(first, last)
        if first == last and is_interview_label(self.text.tokens, first):
            return self._interviewed(first)
        if first == last and head.cls in (DET, PRONOUN, INDEFINITE) and head.low != "one":
            return self._chosen(first, head.low)
        if first == last and head.cls in (WHO, THAT):
            return self._before_who(first)
        if first == last and head.low in _UNNAMED:
            anybody = Resolved(None, None, f"“{head.low}” may be anybody")
            return self._apposed(first, end_of_partitive(tokens, first)) or anybody
        if first == last and head.capital and (explained := self.entities.explained.get(head.low)):
            return self._entity(explained, "an abbreviation that the text explains")
        if is_firm_ending(head.low) and first == last:
            first, last = firm_before(tokens, self._by_token, first)
        if holder := self.beside.holder_behind(last) or self.beside.behind_and(last):
            return self._named(*holder)
        core = phrase_head(tokens, first, last)
        if first in self.discourse.chosen and self._is_by_party(first, last):
            return self._chosen(first, tokens[last].low)
        firm_first = first < last and tokens[first].cls == NAME and tokens[last].cls != NAME  # "Velmark boss"
        if firm_first and (officer := self._officer(first, last)):
            return self._entity(officer, "whom the text names behind the same words")
        if tokens[core].cls != NAME and (core < last or tokens[core].cls != POSSESSIVE):
            return self._apposed(first, last) or self._described(first, last)
        whole = whole_name(tokens, self._by_token, first, core, last)
        if whole:
            return self._named(*whole)
        if core < last:
            return self._described(first, last)
        if first < last and is_title(head.low) and (officer := self._officer(first, last)):
            return self._entity(officer, "whom the text names behind the same words")
        if self._in_headline(first):
            return self._headline(first, last)
        if tokens[last].cls == NAME and first < last and is_title(tokens[last].low):
            return self._apposed(first, last) or self._titled(first, last)
        if first == last and CLOSED.get(head.low) in (ROLE, DOCUMENT):
            # "Critics say", at the head of the sentence
            return self._apposed(first, last) or self._described(first, last)
        bare = bare_name(self.text, first, last)
        if bare:
            return self._named(*bare, title=self._title(first, bare[0]))
        return self._apposed(first, last) or self._described(first, last)

    def _is_one_with_two_offices(self, joint: int, last: int) -> bool:
        """Whether the "and" at `joint` joins two offices of the one named behind them."""
        tokens = self.text.tokens
        office = tokens[joint - 1]
        return office.cls == ROLE and not is_plural(office.low) and tokens[last].cls == NAME

    def _interviewed(self, at: int) -> Resolved:
        """Return the one person whom a "Q" and "A" interview names before it begins."""
        if only := self.beside.only_named_before_interview(at):
            return self._entity(only, "the only one named before the interview")
        return Resolved(None, None, "who is interviewed is not told before the interview")

    def _titled(self, first: int, last: int) -> Resolved:
        """Return who "the CEO" is; whose CEO "its CEO" is, nothing tells."""
        title = self.text.tokens[last].low
        index = bisect_right(self._starts, first) - 1
        holder = (
            find_introduced([title], self.entities.all, self._end(index, _SOON + 1))
            if self.text.tokens[first].low not in _OWNED
            else None
        )
        if holder:
            return self._entity(holder, f"the only {title} introduced by name")
        return self._described(first, last)

    def _officer(self, first: int, last: int) -> Entity | None:
        """Return who "Velmark CEO" is: the one person before whose name the text writes the same words."""
        words = [t.low for t in self.text.tokens[first : last + 1]]
        if any(t.cls == POSSESSIVE for t in self.text.tokens[first:last]):
            return None
        return self.entities.called(words[1:] if words[0] == "former" else words)

    def _in_headline(self, first: int) -> bool:
        return is_headline(self.text.sentences[bisect_right(self._starts, first) - 1])

    def _headline(self, first: int, last: int) -> Resolved:
        """Return the one in a headline whom the text names too: "Rita Solberg Slams Velmark Port"."""
        named = self.entities.longest_named(first, last)
        if named and not named.is_person and first < last and is_title(self.text.tokens[last].low):
            unnamed = Resolved(written_name(self.text, first, last), None, "described, not named")
            return self._apposed(first, last) or unnamed  # "Velmark CEO" is not Velmark
        if named:
            return self._entity(named, f"the text names “{named.name}”")
        bare = bare_name(self.text, first, last)
        if bare and not any(is_common_word(t.low) for t in self.text.tokens[bare[0] : bare[1] + 1]):
            return self._named(*bare, title=self._title(first, bare[0]))
        return Resolved(None, None, "the text names nobody so")

    def _title(self, first: int, name: int) -> str:
        titled = name > first and self.text.tokens[name - 1].low in TITLES
        return self.text.tokens[name - 1].low if titled else ""

    def _chosen(self, at: int, low: str) -> Resolved:
        if (choice := self.discourse.chosen.get(at)) is None:
            return Resolved(None, None, f"“{low}” is not followed back")
        return self._entity(choice.entity, choice.how) if choice.entity else Resolved(None, None, choice.how)

    def _entity(self, entity: Entity, how: str) -> Resolved:
        if entity.known:
            return self._look_up(entity.name, how)
        return Resolved(entity.name, None, how)

    def _look_up(self, name: str, how: str) -> Resolved:
        known = self.directory.find(name)
        if known:  # a body keeps the name that the article gives it
            return Resolved(known.name if known.is_person else name, known.id, how)
        entity = self.entities.by_name.get(name.lower())
        if (entity is None or entity.is_person) and (known := self.directory.find_misspelt(name)):
            return Resolved(known.name, known.id, f"{how}, taken for a misspelling of {known.name}")
        return Resolved(name, None, how)

    def _joined(self, first: int, last: int) -> Resolved:
        return self._look_up(written_name(self.text, first, last), "more than one, or one of two names")

    def _named(self, first: int, last: int, title: str = "") -> Resolved:
        written = written_name(self.text, first, last)
        words = written.lower().split()
        while len(words) > 1 and words[0] in PARTICLES:
            words = words[1:]  # "Van der Meulen said"
        if is_no_name(written) and not title:
            how = f"“{written}” names nobody"
            return Resolved(None, None, how, speaks=words[0] in _FIRM)  # "Co says", of a firm not named here
        if len(words) == 1:
            return self._single(written, words[0], title, first)
        entity = self.entities.by_name.get(written.lower()) or self.entities.by_name.get(
            f"{words[0]} {words[-1]}"
        )
        return self._look_up(entity.name if entity else written, "named in full")

    def _single(self, written: str, low: str, title: str, at: int) -> Resolved:
        entity = self.entities.by_name.get(low)
        generic = not title and CLOSED.get(low) == ROLE and not is_plural(low)
        if generic and entity and entity.name.lower() == low:
            entity = None
        if entity:
            if entity.type is NameType.NONE and not title:
                return Resolved(None, None, f"“{written}” is no name", speaks=False)
            how = "named so only" if entity.name.lower() == low else "an abbreviation that the text explains"
            return self._look_up(entity.name, how)
        bearers = self.entities.bearers(low, title)
        if len(bearers) == 1:
            part = "ends in" if bearers[0].surname == low else "begins with"
            return self._entity(bearers[0], f"the full name that {part} {written}")
        if bearers:
            main = self.discourse.bearer(bearers, at)
            if main:
                return self._entity(main, f"the {written} named or acting first, and no other near")
            return Resolved(None, None, f"{written} may be {' or '.join(sorted(e.name for e in bearers))}")
        if generic:  # "the Company", "Says Investor"
            return Resolved(None, None, f"“{written}” may be anybody")
        if is_common_word(low) and not is_role(low) and not title:
            return Resolved(None, None, f"“{written}” is no name", speaks=False)  # "Find detailed charts"
        return self._look_up(written, "named so only")

    def _apposed(self, first: int, last: int) -> Resolved | None:
        beside = self.beside.apposed_name(first, last)
        return self._named(*beside) if beside else None

    def _described(self, first: int, last: int) -> Resolved:
        tokens = self.text.tokens
        written = visible(self.text.text[tokens[first].start : tokens[last].end])
        head = phrase_head(tokens, first, last)
        index = bisect_right(self._starts, first) - 1
        headline = self.text.sentences[index].paragraph == 0 and tokens[first].cls != DET
        leader = self._by_token.get(first)
        if (
            leader
            and tokens[head].cls == NOUN
            and leader.last > first
            and self.beside.is_person(first, leader.last)
        ):
            return self._named(
                leader.first, leader.last
            )  # "Bo Lindahl stays", where a verb is taken for a noun
        if tokens[head].low in BODY_KINDS and head > first and tokens[head - 1].cls == NAME:
            return self._look_up(
                written_name(self.text, first, last), "a body by its name"
            )  # "the Vance campaign"
        if (headline or tokens[first].low in _INDEFINITE) and (soon := self._soon_named(first, head, index)):
            return self._entity(soon, f"the only {tokens[head].low} introduced by name, right below")
        if related := self.relations.meant(first, head):
            return self._entity(related, "whom the text calls so")
        single = first == last and CLOSED.get(tokens[first].low) == ROLE and not is_plural(tokens[first].low)
        described = Resolved(written, None, "described, not named")
        if single:  # "Says Investor"
            described = Resolved(None, None, f"“{written}” may be anybody")
        if not headline and tokens[first].low not in _POINTING:
            return described
        if tokens[first].low in OWNERS:
            return self._owned(first, head, written)
        choice = self.discourse.chosen.get(first)
        if choice and choice.entity and tokens[first].low not in POSSESSIVES:
            return self._entity(choice.entity, choice.how)
        open_between = choice is not None and tokens[first].low not in POSSESSIVES
        holder = (
            None
            if open_between
            else find_introduced(
                [t.low for t in tokens[first : head + 1]], self.entities.all, self._end(index, _SOON + 1)
            )
        )
        if holder:
            return self._entity(holder, f"the only {tokens[head].low} introduced by name")
        if not headline and head == last and last - first == 1 and tokens[head].cls in (ROLE, INDEFINITE):
            return Resolved(None, None, f"“{written}” may be anybody")
        return described

    def _is_by_party(self, first: int, last: int) -> bool:
        """Whether the phrase is "the Texas Republican"."""
        return self.text.tokens[first].cls == DET and self.text.tokens[last].low in PARTY_HEADS

    def _soon_named(self, first: int, head: int, index: int) -> Entity | None:
        """Return whom the lead or its headline calls "a judge", if the only judge is named right below."""
        token = self.text.tokens[head]
        if self.text.sentences[index].paragraph > _LEAD or CLOSED.get(token.low) != ROLE:
            return None
        soon = find_introduced([token.low], self.entities.all, float("inf"))
        named = soon and soon.is_person and token.low not in ANYBODY and index + 1 < len(self._starts)
        return soon if soon and named and first < soon.first < self._end(index, _LEAD_ENDS) else None

    def _end(self, index: int, sentences: int) -> float:
        """Return the token at which the sentences behind `index` end; infinite at the end of the text."""
        return self._starts[index + sentences] if index + sentences < len(self._starts) else float("inf")

    def _owned(self, first: int, head: int, written: str) -> Resolved:
        """Return who "his remarks" or "her office" stands for."""
        tokens = self.text.tokens
        choice = self.discourse.chosen.get(first)
        if not (choice and choice.entity) and (named := self.relations.owned_before(first, head)):
            return self._look_up(named, "the only one that the text names before")
        if choice and choice.entity and tokens[head].low in BODY_KINDS:
            surname, kind = choice.entity.name.split()[-1], tokens[head].low
            for name in (f"{surname}’s {kind}", f"{surname}'s {kind}", f"{surname} {kind}"):
                if name in self.text.text:
                    return self._look_up(name, f"what the text calls so; {choice.how}")
            if kind in _OF_ONE and head == first + 1:
                return Resolved(f"{choice.entity.name}’s {kind}", None, choice.how)
            return Resolved(written, None, "described, not named")
        kin = HER_KIN | HIS_KIN
        if tokens[head].cls != ROLE and tokens[head].low.split("-")[-1] not in kin:
            return self._chosen(first, tokens[first].low)
        return Resolved(written, None, "described, not named")

    def _before_who(self, who: int) -> Resolved:
        """Return the phrase that "who" belongs to."""
        tokens = self.text.tokens
        end = word_before(tokens, who)
        if tokens[who].low != "which" and not self.beside.is_person(end, end):
            end = before_place(tokens, end)
        joined = end
        while joined > 1 and tokens[joined - 1].cls == AND and tokens[joined - 2].cls == NAME:
            joined -= 2
        if joined < end:
            return self._joined(joined, end)
        name = self._by_token.get(end)
        if name and tokens[end].cls == NAME:
            return self._named(name.first, name.last)
        start = phrase_start(tokens, end)
        if start == end and tokens[end].cls in (COMMA, STOP):
            return Resolved(None, None, "nobody stands before “who”")
        return self._described(start, end)
