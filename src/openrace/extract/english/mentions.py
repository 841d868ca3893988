"""Every mention of somebody in a text, in order, and whom it means.

The text is read once from its start: names are entities of their own, pronouns and descriptions go to the
entity
that `antecedents.py` chooses among those mentioned before. What stands inside quotations is noted but decides
nothing outside of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from openrace.extract.english.acting_descriptions import GENDERS, acting_described, has_the_word
from openrace.extract.english.affiliations import PARTY_HEADS
from openrace.extract.english.antecedents import (
    MOST,
    Choice,
    Mention,
    Track,
    candidate_features,
    choose,
    nobody_features,
)
from openrace.extract.english.bodies import THINGS, find_body
from openrace.extract.english.descriptions import (
    IN_FOCUS,
    find_contender,
    find_holder,
    find_in_focus,
    gender_of_role,
    is_calling,
    is_plural,
)
from openrace.extract.english.entities import Entities, Entity
from openrace.extract.english.grammar import (
    AND,
    COMMA,
    DET,
    NAME,
    NOUN_PHRASE,
    ROLE,
    pattern,
)
from openrace.extract.english.grammatical_place import place_of
from openrace.extract.english.names import BODY_KINDS, Name, is_headline, role_of, title_gender
from openrace.extract.english.sentences import Sentence, Text

_OWNERS = frozenset(["his", "her", "its"])
_LOOK_BACK = 30  # sentences: farther back nobody is meant by a pronoun
_JUST_BEFORE, _FEW_BEFORE = 1, 3  # sentences back in which "it" and "the company" were named
_PASSAGE = 30  # words of a quotation whose people may be meant outside of it
_NEAR = 2  # sentences in which a full name tells which of two of one surname is meant
_DESCRIPTION = pattern(
    "{DET}(?:{NUMBER}{DASH})?{NOUN NAME ED ING NUMBER POSSESSIVE ROLE DOCUMENT ADVERB}*{ROLE NOUN DOCUMENT}"
)
_MAY_REFER = pattern("{PRONOUN INDEFINITE DET}")
_RELATIVE = pattern("{COMMA}?{PREP}?{WHO THAT}")  # ", whom he praised"
_VERB_ALONE = pattern("{AUX ADVERB NOT}*{SAID SAYS VERB ED}{ADVERB}?")  # "the Ledger quoted him"
_POLLED = frozenset("polled surveyed compiled".split())
_OBJECTS = frozenset(["him", "her"])

Decide = Callable[[Mention, Sequence[Track], Sequence[list[str]]], Choice]


def decide_by_weights(anaphor: Mention, tracks: Sequence[Track], rows: Sequence[list[str]]) -> Choice:
    """Choose among `tracks` by the fitted weights."""
    return choose(rows, tracks, anaphor.word)


class Discourse:
    """The mentions of a text and whom each means."""

    def __init__(self, text: Text, entities: Entities, decide: Decide = decide_by_weights) -> None:
        self.text, self.entities, self._decide = text, entities, decide
        self.tracks: dict[int, Track] = {}
        self.chosen: dict[int, Choice] = {}  # first token of a pronoun or description → whom it means
        self._turn = 0
        self._starts = [s.first[0] for s in text.sentences]
        self._unnamed = ("", -99)  # gender and sentence of the last person without a name
        self._names: dict[int, list[Name]] = defaultdict(list)
        self._alone: dict[str, list[Name]] = defaultdict(list)  # names of one word outside of headlines
        for name in entities.names:
            self._names[name.sentence].append(name)
            if len(name.words) == 1 and not name.headline:
                self._alone[name.low].append(name)
        for index in range(len(text.sentences)):
            self._read(index)

    def _read(self, index: int) -> None:
        sentence = self.text.sentences[index]
        names = {bisect_right(sentence.first, n.first) - 1: n for n in reversed(self._names[index])}
        units = set(names)
        if not is_headline(sentence):
            units.update(m.start() for m in _MAY_REFER.finditer(sentence.classes))
        after = 0
        for unit in sorted(units):
            if unit < after:
                continue
            name = names.get(unit)
            if name and self._is_by_party(name):
                after = bisect_right(sentence.first, name.last)
                self._note_description(sentence, index, unit - 1, after - 1, "the")
            elif name:
                self._note_name(name, sentence, index, unit)
                after = bisect_right(sentence.first, name.last)
            else:
                after = self._note_other(sentence, index, unit) + 1

    def _is_by_party(self, name: Name) -> bool:
        """Whether it is "the Texas Republican", which is no name."""
        before = self.text.tokens[name.first - 1].low if name.first else ""
        return before == "the" and name.words[-1] in PARTY_HEADS and not name.headline and not name.quoted

    def _note_name(self, name: Name, sentence: Sentence, index: int, unit: int) -> None:
        entity = self.entity_of(name)
        if entity is None or self._is_handle(name):
            return
        last = bisect_right(sentence.first, name.last) - 1
        whole = name.low == entity.name.lower()
        mention = self._mention(
            sentence, index, unit, last, "name" if whole else "part", entity.name, quoted=name.quoted
        )
        self._track(entity, mention)
        if name.quoted and self._is_long(name):
            self.tracks[id(entity)].outside = True

    def _is_long(self, name: Name) -> bool:
        """Whether the quotation around a name is a passage of somebody's text: `_PASSAGE` words or more."""
        unit = bisect_right(self.text.sentences[name.sentence].first, name.first) - 1
        sentence = self.text.sentences[name.sentence]
        return sentence.last[unit] - sentence.first[unit] >= _PASSAGE

    def _is_handle(self, name: Name) -> bool:
        """Whether it is "@velmark" or "$VLM", which stand beside a text and not in it."""
        start = self.text.tokens[name.first].start
        return start > 0 and self.text.text[start - 1] in "@$"

    def entity_of(self, name: Name) -> Entity | None:
        """Return the entity that `name` means, chosen among its bearers where there are several."""
        entity = self.entities.by_name.get(name.low)
        if entity:
            return entity
        words = name.words
        if len(words) > 1:
            return self.entities.by_name.get(f"{words[0]} {words[-1]}")
        before = self.text.tokens[name.first - 1].low if name.first else ""
        bearers = self.entities.bearers(words[0], before if title_gender(before) else "")
        return bearers[0] if len(bearers) == 1 else self.bearer(bearers, name.first)

    def bearer(self, bearers: Sequence[Entity], at: int) -> Entity | None:
        """Return which of several of one surname it means at token `at`.

        The one named first in the text; where only another has acted or spoken so far, that one, unless the
        surname alone meant the first before any other was named. None where another of them was named in
        full in the sentences before, and later than that one.
        """
        if not bearers:
            return None
        main = min(bearers, key=lambda e: e.first)
        if main.first > at:
            return None
        acting = [e for e in bearers if (track := self.tracks.get(id(e))) and track.subject]
        if acting and main not in acting and not self._is_called_so(main, bearers):
            if len(acting) > 1:
                return None
            main = acting[0]
        return self._unless_near(main, bearers, at)

    def _is_called_so(self, main: Entity, bearers: Sequence[Entity]) -> bool:
        """Whether the text writes the surname alone between the first of its bearers and the second."""
        second = min(e.first for e in bearers if e is not main)
        return any(main.first < n.first < second for n in self._alone[main.surname])

    def _unless_near(self, main: Entity, bearers: Sequence[Entity], at: int) -> Entity | None:
        here = bisect_right(self._starts, at) - 1
        since = self._starts[max(0, here - _NEAR)]
        named = [(n, e) for e in bearers for n in e.names if since <= n.first < at and len(n.words) > 1]
        if not named:
            return main
        near = max(n.sentence for n, _ in named)
        acting = [e for n, e in named if n.sentence == near and self._acts(n)]
        last = acting[0] if len(acting) == 1 else max(named, key=lambda pair: pair[0].first)[1]
        return last if last is main else None

    def _acts(self, name: Name) -> bool:
        """Whether a name is the subject of its clause, an apposition behind it or not."""
        sentence = self.text.sentences[name.sentence]
        units = (bisect_right(sentence.first, at) - 1 for at in (name.first, name.last))
        return not name.quoted and place_of(sentence.classes, *units) in ("subject", "speaker")

    def _note_other(self, sentence: Sentence, index: int, unit: int) -> int:
        """Note the pronoun or description at `unit`, if there is one; returns its last unit."""
        low = self.text.words(sentence, unit)
        if low in GENDERS:
            self._note_pronoun(sentence, index, unit, low)
        elif low in THINGS:
            self._note_thing(sentence, index, unit, unit, _JUST_BEFORE)
        elif sentence.classes[unit] == DET and (m := _DESCRIPTION.match(sentence.classes, unit)):
            last = m.end() - 1
            head = self.text.words(sentence, last)
            if sentence.classes[last] == ROLE or head in BODY_KINDS or is_calling(head):
                self._note_description(sentence, index, unit, last, low)
                return last
        return unit

    def _note_pronoun(self, sentence: Sentence, index: int, unit: int, low: str) -> None:
        anaphor = self._mention(sentence, index, unit, unit, "pronoun", low, quoted=False)
        tracks = list(self._people(anaphor, GENDERS[low]))
        choice = Choice(None, f"nobody near for “{low}”")
        if tracks:
            gender, unnamed = self._unnamed
            if gender not in ("", GENDERS[low]):
                unnamed = -_LOOK_BACK
            rows = list(candidate_features(anaphor, tracks, sentence.classes[:unit], self._turn, unnamed))
            rows.append(nobody_features(anaphor, tracks, self._near_unnamed(low, index)))
            choice = self._decide(anaphor, tracks, rows)
            if not choice.entity and self._is_only_one(tracks, low, index):
                choice = Choice(tracks[0].entity, f"the only one near who can be “{low}”")
        if choice.entity and (described := self._acts_before(anaphor, choice.entity)):
            choice = Choice(None, f"“{low}” may be {choice.entity.name} or {described}")
        self.chosen[anaphor.first] = choice
        if choice.entity:
            self._track(choice.entity, anaphor)
            self.tracks[id(choice.entity)].gender = GENDERS[low]
        else:
            self._unnamed = (GENDERS[low], index)

    def _acts_before(self, anaphor: Mention, entity: Entity) -> str:
        """Return who acts without a name before `entity` in the pronoun's sentence, or ""."""
        names = {n.first for n in self._names[anaphor.sentence]}
        return acting_described(self.text, anaphor, self.tracks[id(entity)].last, names)

    def _is_only_one(self, tracks: Sequence[Track], low: str, index: int) -> bool:
        """Whether nobody else, named or not, agrees with the pronoun, and the one was named just before."""
        gender = tracks[0].entity.gender
        near = index - tracks[0].last.sentence <= 1
        return len(tracks) == 1 and bool(gender) and near and self._near_unnamed(low, index) == "no"

    def _near_unnamed(self, word: str, index: int) -> str:
        """Where somebody without a name whom `word` may mean was mentioned last."""
        gender, at = self._unnamed
        if gender and GENDERS[word] != gender:
            return "no"
        gap = index - at
        return "here" if gap == 0 else "before" if gap == 1 else "near" if gap < 5 else "no"

    def _people(self, anaphor: Mention, gender: str) -> Iterator[Track]:
        """Yield the people whom a pronoun of this gender may mean, the last mentioned first."""
        found = 0
        excluded = self._bound(anaphor)
        for track in reversed(self.tracks.values()):
            if track.last == excluded or has_the_word(self.text, track.last, anaphor):
                continue
            if found == MOST or anaphor.sentence - track.last.sentence > _LOOK_BACK:
                return
            entity = track.entity
            if track.outside and entity.may_be_person and (entity.gender or track.gender) in ("", gender):
                found += 1
                yield track

    def _bound(self, anaphor: Mention) -> Mention | None:
        """Return the mention in the pronoun's clause that it cannot mean: "Bo, whom he", "Bo told him"."""
        latest = next(reversed(self.tracks.values()), None)
        if latest is None or latest.last.sentence != anaphor.sentence:
            return None
        last = latest.last
        classes, tokens = self.text.sentences[anaphor.sentence].classes, self.text.tokens
        behind = bisect_right(self.text.sentences[anaphor.sentence].first, last.last)
        between = classes[behind : anaphor.unit]
        acted_on = anaphor.word in _OBJECTS and anaphor.place != "owner"
        if acted_on and last.place in ("subject", "speaker") and _VERB_ALONE.fullmatch(between):
            return last
        relative = _RELATIVE.fullmatch(between) and tokens[anaphor.first - 1].low in ("whom", "which", "that")
        return last if relative else None

    def _note_description(self, sentence: Sentence, index: int, unit: int, last: int, det: str) -> None:
        """Note "the senator" or "the company", or that somebody without a name is mentioned."""
        head = self.text.words(sentence, last)
        body = role_of(head) in BODY_KINDS
        pointing = det in ("the", "this", "that")
        if body and pointing:
            self._note_thing(sentence, index, unit, last, _FEW_BEFORE)
        elif not body and not is_plural(head):
            told = self._told_by(sentence, index, unit, last) if pointing else None
            if told:
                self._choose(*told, sentence, index, unit, last)
            elif not self._is_beside_name(sentence, unit, last):
                self._unnamed = (gender_of_role(head), index)

    def _told_by(self, sentence: Sentence, index: int, unit: int, last: int) -> tuple[Entity, str] | None:
        """Return the person whom "the Vermont senator" means, and how that is told."""
        words = [self.text.words(sentence, i) for i in range(unit + 1, last + 1)]
        holder = find_holder(words, self.tracks.values())
        if holder:
            return holder, f"the last {words[-1]} named"
        since = index - IN_FOCUS
        near = [t for t in self.tracks.values() if t.last.sentence >= since]
        beside_name = self._is_beside_name(sentence, unit, last)
        contender = None if beside_name else find_contender(words, near)
        if contender and not self._is_named_behind(contender, index, sentence.first[last]):
            return contender, "the only contender named just before"
        if self._unnamed[1] >= since or place_of(sentence.classes, unit, last) not in ("subject", "speaker"):
            return None
        acting = [
            t
            for t in self.tracks.values()
            if t.subject and t.subject.sentence >= since and t.entity.may_be_person
        ]
        beside = [t for t in self.tracks.values() if t.last.sentence >= since and t.last.place == "other"]
        if any(self._is_joint(t.subject) for t in acting if t.subject) or any(
            t.entity.may_be_person and t not in acting for t in beside
        ):
            return None
        focus = find_in_focus(words, acting, self.entities.all)
        return (focus, "who alone acts or speaks just before") if focus else None

    def _is_named_behind(self, entity: Entity, index: int, at: int) -> bool:
        """Whether the rest of the sentence names it: "the candidate said of running against Mr. Vance"."""
        return any(n.first > at and self.entity_of(n) is entity for n in self._names[index])

    def _is_joint(self, mention: Mention) -> bool:
        """Whether another is named with it by "and"."""
        classes = self.text.sentences[mention.sentence].classes
        return mention.unit > 0 and classes[mention.unit - 1] == AND

    def _is_beside_name(self, sentence: Sentence, unit: int, last: int) -> bool:
        """Whether a name stands right beside a description: then it is no other person."""
        following = sentence.classes[last + 1 : last + 3]
        apposed = sentence.classes[max(0, unit - 2) : unit] == NAME + COMMA
        return apposed or following[:1] == NAME or following == COMMA + NAME

    def _note_thing(self, sentence: Sentence, index: int, unit: int, last: int, back: int) -> None:
        """Note "it" or "the company", which means a body of the `back` sentences before, or nothing."""
        head = self.text.words(sentence, last)
        tracks = [t for t in reversed(self.tracks.values()) if not self._is_pollster(t.last)]
        choice = find_body(head, tracks, index - back)
        if choice and choice.entity:
            self._choose(choice.entity, choice.how, sentence, index, unit, last)
        elif choice:
            self.chosen[sentence.first[unit]] = choice

    def _is_pollster(self, mention: Mention) -> bool:
        """Whether it only stands in "analysts polled by Halden", who tell of another firm."""
        before = [t.low for t in self.text.tokens[max(0, mention.first - 2) : mention.first]]
        return before[-1:] == ["by"] and before[0] in _POLLED

    def _choose(self, entity: Entity, how: str, sentence: Sentence, index: int, unit: int, last: int) -> None:
        mention = self._mention(
            sentence, index, unit, last, "role", self.text.words(sentence, last), quoted=False
        )
        self.chosen[mention.first] = Choice(entity, how)
        self._track(entity, mention)

    def _track(self, entity: Entity, mention: Mention) -> None:
        if mention.place == "speaker" and not mention.quoted:
            self._turn += 1
        track = self.tracks.pop(id(entity), None) or Track(entity, mention)
        track.add(mention, self._turn)
        self.tracks[id(entity)] = track  # so that they stand in the order of their last mentions

    def _mention(
        self, sentence: Sentence, index: int, unit: int, last: int, form: str, word: str, *, quoted: bool
    ) -> Mention:
        place = "quoted" if quoted else place_of(sentence.classes, unit, last)
        if word in _OWNERS and sentence.classes[unit + 1 : unit + 2] in tuple(NOUN_PHRASE):
            place = "owner"
        return Mention(
            sentence.first[unit],
            sentence.last[last],
            index,
            unit,
            sentence.paragraph,
            form,
            place,
            quoted,
            word,
        )
