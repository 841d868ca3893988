"""Everybody and everything that a text names, each once, with type, gender and roles.

Names are gathered over the whole text before anything is resolved, so a surname may stand before the full
name: "Vance said … Sen. Tor Vance".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from openrace.extract.directory import Directory, Known
from openrace.extract.english.affiliations import affiliations_beside
from openrace.extract.english.aliases import aliases
from openrace.extract.english.grammar import DET
from openrace.extract.english.mention_phrases import written_name
from openrace.extract.english.name_lists import given_name, is_common_given_name, is_common_word, is_surname
from openrace.extract.english.name_types import (
    PERSON_FROM,
    NameType,
    all_common,
    context_features,
    form_features,
    has_capital_inside,
    is_family_first,
    is_no_name,
    is_people,
    is_surely_person,
    person_odds,
    type_of_thing,
)
from openrace.extract.english.names import (
    BODY_KINDS,
    PARTICLES,
    Name,
    find_names,
    gender_beside,
    is_epithet,
    is_role,
    role_of,
    roles_beside,
    title_gender,
)
from openrace.extract.english.sentences import Text
from openrace.extract.english.wordclass import CLOSED, TITLES

_MAY_BE = -0.5  # log-odds from which a pronoun may still take a name for somebody's
_MAY_BE_BODY = 1.5  # log-odds below which "the company" may still mean a single name
# The first word of a full name is a given name in a list, or that of a sure person (log-odds), or stands
# alone at most so often for each time that the full name stands: "Amazon" is not short for "Amazon Prime".
_GIVEN_FROM = 2.0
_GIVEN_RARE = 2
_ENOUGH = 8  # mentions of a name that are looked at for its type
_USUAL = 0.2  # share of a name's mentions in which a feature must stand

# what a body whose name tells no kind may be called
_ANY_BODY = frozenset(
    "company website newspaper magazine network outlet bank paper group organization".split()
)


@dataclass
class Entity:
    """One bearer of a name: `name` as first written in full, what it is, and what the text says of it."""

    name: str
    type: NameType
    first: int  # its first token
    gender: str = ""  # "m", "f" or ""
    roles: set[str] = field(default_factory=set)
    affiliations: set[str] = field(default_factory=set)  # party and state: "republican", "texas"
    names: list[Name] = field(default_factory=list)
    odds: float = 0.0  # log-odds that it is a person
    known: Known | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is somebody."""
        return self.type is NameType.PERSON

    @cached_property
    def may_be_person(self) -> bool:
        """Whether it is somebody, or a name that may be somebody's."""
        if self.is_person:
            return True
        plain = self.name.replace("-", "").replace(" ", "").isalpha() and not has_capital_inside(self.name)
        return self.type is NameType.ORGANISATION and plain and not self.known and self.odds > _MAY_BE

    @property
    def is_body(self) -> bool:
        """Whether it is an organisation, and surely no person."""
        return self.type is NameType.ORGANISATION

    @property
    def may_be_body(self) -> bool:
        """Whether it is no person, or a name of which little says that it is one: "Wells Fargo"."""
        if not self.is_person:
            return True
        if self.known or self.gender or self.odds >= _MAY_BE_BODY:
            return False
        return " " not in self.name or not (self.roles or self.affiliations)

    def may_be_called(self, head: str, *, or_unknown: bool = False) -> bool:
        """Whether a body may be called "the `head`": of that kind by its name or by the words beside it.

        `or_unknown`: one of which nothing tells the kind may be called anything.
        """
        if self.type is NameType.PLACE:
            return head == "government"
        words = (*self.roles, *self.name.lower().split())
        kinds = BODY_KINDS.intersection(role_of(w) for w in words)
        return role_of(head) in kinds or (not kinds and (or_unknown or role_of(head) in _ANY_BODY))

    @property
    def surname(self) -> str:
        """The last word of its name in small letters."""
        return self.name.lower().split()[-1]

    @property
    def given(self) -> str:
        """The first word of its name in small letters."""
        return self.name.lower().split()[0]


class Entities:
    """The entities of `text` by the words of their names."""

    def __init__(self, text: Text, directory: Directory) -> None:
        self.text, self.directory = text, directory
        self.names = find_names(text)
        self.by_name: dict[str, Entity] = {}  # in small letters, and as (given name, surname)
        self.explained: dict[str, Entity] = {}  # by the second names that the text gives in brackets
        self.by_surname: dict[str, list[Entity]] = defaultdict(list)
        self.by_given: dict[str, list[Entity]] = defaultdict(list)
        self._roles_beside: dict[int, set[str]] = {}  # by the first token of a name
        self._single = Counter(n.text.lower() for n in self.names if len(n.words) == 1)
        self._first_alone = {n.low: n.first for n in reversed(self.names) if len(n.words) == 1}
        grouped = self.grouped()
        for key, names in sorted(grouped.items(), key=lambda item: _order(item[0])):
            self._add(key, names)
        for alias, name in aliases(text.tokens, self.names):
            entity = self.by_name.get(name.low)
            if entity and alias in BODY_KINDS:
                entity.type = NameType.ORGANISATION
            if entity and not entity.is_person:
                self.by_name[alias] = self.explained[alias] = entity
        self.all = list({id(e): e for e in self.by_name.values()}.values())

    @cached_property
    def _small(self) -> Counter[str]:
        """How often the text writes each word in small letters."""
        return Counter([t.low for t in self.text.tokens if not t.capital])

    def grouped(self) -> dict[str, list[Name]]:
        """The names by how they are written; those of headlines where the text repeats them."""
        grouped: dict[str, list[Name]] = defaultdict(list)
        for name in self.names:
            if not name.headline:
                grouped[name.low].append(name)
        for name in self.names:
            key = name.low
            if name.headline and (key in grouped or is_surely_person(key) or self.directory.find(name.text)):
                grouped[key].insert(0, name)
        return grouped

    def _add(self, key: str, names: list[Name]) -> None:
        words = key.split()
        while len(words) > 1 and words[0] in PARTICLES:
            words = words[1:]
        if len(words) == 1 and (bearers := self.bearers(words[0])):
            for name in names if len(bearers) == 1 else ():
                self._extend(bearers[0], name)
            return
        if _order(key) == 1 and (entity := self._after_adverb(words, names)):
            for name in names:
                self._extend(entity, name)
            self.by_name[key] = entity
            return
        known = self.directory.find(names[0].text)
        if not known and len(words) > 1:
            known = self.directory.find_misspelt(names[0].text)
        odds = person_odds(self.features(names))
        person = known.is_person if known else self._is_person(names, odds)
        pair = f"{words[0]} {words[-1]}"
        entity = self.by_name.get(pair) if person else None
        if entity is None:
            kind = NameType.PERSON if person else self._thing(names)
            entity = Entity(names[0].text, kind, names[0].first, odds=odds, known=known)
            if person:
                entity.gender = _gender_of(words)
                self.by_name[pair] = entity
                for full in {entity.name, known.name} if known else {entity.name}:
                    if " " in full:
                        self.by_surname[full.lower().split()[-1]].append(entity)
                if is_family_first(words):
                    self.by_surname[words[0]].append(entity)
                after = self._first_alone.get(words[0], names[0].first) >= names[0].first
                rare = after and self._single[words[0]] <= _GIVEN_RARE * len(names)
                if rare or given_name(words[0]) or odds > _GIVEN_FROM:
                    self.by_given[words[0]].append(entity)
        self.by_name[key] = entity
        for name in names:
            self._extend(entity, name)

    def _is_person(self, names: list[Name], odds: float) -> bool:
        name = names[0].text
        return (
            odds > PERSON_FROM
            and not is_people(names[0].low)
            and not is_role(name.lower().split()[-1])
            and not is_epithet(names[0].words[-1])
            and not (" " not in name and (has_capital_inside(name) or self._only_opens(names)))
        )

    def _only_opens(self, names: list[Name]) -> bool:
        """Whether a common word has its capital only at the head of sentences: "Find detailed charts"."""
        word = names[0].low
        if not is_common_word(word) or is_common_given_name(word):
            return False
        titled = any(n.first and self.text.tokens[n.first - 1].low in TITLES for n in names)
        return not titled and not any(map(self._is_marked, names))

    def _after_adverb(self, words: list[str], names: list[Name]) -> Entity | None:
        """The person in "Together Lindqvist", where that opens a sentence."""
        if not _may_open(words[0]) or any(n.first != self.text.sentences[n.sentence].first[0] for n in names):
            return None  # "French Hill" is no Hill who is French
        rest = " ".join(words[1:])
        entity = self.by_name.get(rest)
        bearers = [entity] if entity else self.by_surname.get(rest, [])
        return bearers[0] if len(bearers) == 1 and bearers[0].is_person else None

    def _extend(self, entity: Entity, name: Name) -> None:
        entity.names.append(name)
        entity.first = min(entity.first, name.first)
        if not entity.is_person:
            entity.roles |= self._roles(name)
            return
        before = self.text.tokens[name.first - 1].low if name.first else ""
        entity.gender = title_gender(before) or gender_beside(self.text, name) or entity.gender
        roles = self._roles(name)
        entity.roles |= roles
        if len(name.words) > 1:
            titled = before in TITLES and bool(roles)
            entity.affiliations |= affiliations_beside(self.text.tokens, name.first, name.last, titled)

    def _roles(self, name: Name) -> set[str]:
        """The roles beside a name, read once."""
        found = self._roles_beside.get(name.first)
        if found is None:
            found = self._roles_beside[name.first] = roles_beside(self.text, name)
        return found

    def _thing(self, names: list[Name]) -> NameType:
        """The type of a name that is nobody's; `NONE` for words that have capitals only by their place."""
        key = names[0].low
        if (
            is_no_name(names[0].text)
            or is_epithet(key)
            or (all_common(key) and not self._is_name(key, names))
        ):
            return NameType.NONE
        return type_of_thing(names[0].text)

    def _is_name(self, key: str, names: list[Name]) -> bool:
        """Whether the capitals of common words mean something: they stand inside sentences of small words.

        A word alone needs that more often than the text writes it small; several need not be written small.
        """
        if " " in key:
            written_small = all(self._small[word] for word in key.split())
            return not (written_small and f" {key} " in self.text.text)
        return sum(self._is_marked(n) for n in names) > self._small[key]

    def _is_marked(self, name: Name) -> bool:
        """Whether a name stands inside a sentence, behind a word in small letters."""
        sentence = self.text.sentences[name.sentence]
        if name.headline or name.first == sentence.first[0] or name.quoted:
            return False
        before = self.text.tokens[name.first - 1]
        opens = name.first - 1 == sentence.first[0] and before.cls == DET  # "The Courier reported"
        return before.low[0].isalpha() and (opens or not before.capital)

    def features(self, names: list[Name]) -> list[str]:
        """Return what tells whether these mentions of one name are a person's."""
        words = names[0].words
        found = list(form_features(names[0].text))
        names = names[:_ENOUGH]
        if len(words) > 1:
            found.append(f"last alone={self._single[words[-1]] > 0} first alone={self._single[words[0]] > 0}")
        beside = {"body" if role in BODY_KINDS else "office" for n in names for role in self._roles(n)}
        found += [f"beside={kind}" for kind in sorted(beside)]
        around = Counter(f for name in names for f in context_features(self.text, name))
        return found + [f for f, n in around.items() if n >= _USUAL * len(names)]

    def called(self, words: Sequence[str]) -> Entity | None:
        """Return the one person before whose name the text writes `words` (small letters)."""
        found = {}
        for entity in self.all:
            for name in entity.names if entity.is_person else ():
                before = self.text.tokens[max(0, name.first - len(words)) : name.first]
                if [t.low for t in before] == list(words):
                    found[id(entity)] = entity
        return next(iter(found.values())) if len(found) == 1 else None

    def longest_named(self, first: int, last: int) -> Entity | None:
        """Return whom the most of the tokens `first` to `last` together name, alone of that name."""
        for size in range(min(last - first, 5), -1, -1):
            for start in range(first, last - size + 1):
                low = written_name(self.text, start, start + size).lower()
                entity = self.by_name.get(low)
                bearers = [entity] if entity else self.bearers(low)
                if len(bearers) == 1 and bearers[0].type not in (NameType.NONE, NameType.GROUP):
                    return bearers[0]
        return None

    def bearers(self, word: str, title: str = "") -> list[Entity]:
        """Return the people whom `word` may mean: by surname, else by given name (not after a title)."""
        found = self.by_surname.get(word, [])
        if len(found) > 1 and (wanted := title_gender(title)):
            found = [e for e in found if e.gender in ("", wanted)]
        if found or title:
            return found
        return self.by_given.get(word, [])


def _may_open(word: str) -> bool:
    """Whether `word` is an adverb, a participle or a word of grammar that may open a sentence."""
    return (
        word in CLOSED or word.endswith(("ly", "ing", "ed")) or word in ("together", "both", "unlike", "amid")
    )


def _order(key: str) -> int:
    """Names of several words first, then those that begin with a common word, single words last."""
    first, *others = key.split()
    if not others:
        return 2
    return 1 if is_common_word(first) and not given_name(first) else 0


def _gender_of(words: list[str]) -> str:
    """The gender that the given name tells, else the second ("J. Mara Lindqvist"), or ""."""
    if len(words) == 1 and is_surname(words[0]) and not is_common_given_name(words[0]):
        return ""
    first = given_name(words[0])
    if not first and len(words) > 2:
        first = given_name(words[1])
    return first if first in ("m", "f") else ""
