"""What a cue makes of its content: whether it was asserted, denied, questioned, or said on a condition.

What was never said is no claim at all: "did not say", "will say", "declined to say", "if she says". What
somebody rejects, doubts or asks is one, with its polarity, so that nobody is shown as saying the opposite of
what he said:

    denied       "denied that …", "rejected claims that …", "does not believe that …"
    questioned   "asked whether …", "doubted that …"; and what the cue leaves open: "did not deny that …"
    conditional  "would say that …"
    asserted     all else; also "cannot deny that …", "has no doubt that …", and the words of a denial that
                 stand by themselves: "'I never took it,' Pell denied."
"""

from __future__ import annotations

import re

from openrace.extract.english.content_candidates import Content
from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import (
    AND,
    AUX,
    BE,
    COLON,
    COMMA,
    DASH,
    DOCUMENT,
    NAME,
    NOT,
    NOUN,
    QUESTION,
    QUOTATION,
    SAID,
    SAY,
    SAYING,
    STOPS,
    WHO,
    pattern,
)
from openrace.extract.english.reporting_words import (
    CARRIERS,
    DENIALS,
    DISMISSALS,
    DOUBTS,
    NOUN_CUES,
    REFUSING,
    RUMOURS,
    SURE,
    UNSURE,
)
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.source_phrases import Phrase
from openrace.records import Polarity

_UNFINISHED = SAY + SAYING
_TO_COME = frozenset("will may might must should shall 'll".split())
_CONDITIONAL = frozenset("would could 'd".split())
_UNDENIABLE = frozenset("can can't cannot could couldn't".split())  # with "deny" or "doubt": it is so
_REFUSALS = frozenset(
    """
    decline refuse expect plan hope want wish try need likely ready reluctant unwilling yet
    unable scheduled supposed about hard needless difficult easy fair safe suffice impossible enough
    fail forget neglect omit hesitate have had has is are was were be
    """.split()
)
_AVOIDING = frozenset("without instead short avoid avoids avoided refrain refrains refrained than".split())
_NOBODY = frozenset("nobody none neither no no-one few".split())
_NAMING = frozenset("call dub name nickname term title entitle".split())
_NICKNAMING = frozenset("dub name nickname".split())
_NEGATING = REFUSING | {"no", "nor", "neither"}
_NOUNS = frozenset(["noun", "carried"])
_ANYBODY = frozenset("a an any some you anyone anybody somebody someone one few many people".split())
_NO_WORDS = frozenset("nothing little much volumes something".split())
_POSSIBLE = frozenset("can could may might would".split())
_WONDERING = frozenset("wonder ask question".split())
_IMAGINE = frozenset("suppose imagine".split())
_SUPPOSED = _IMAGINE | {"if", "unless", "whether", "should"}
# verbs whose negation denies what follows: "does not think that it leaks" is "thinks that it does not"
_OPINIONS = frozenset("think believe feel agree accept expect consider".split())


def polarity_of(
    text: Text, sentence: Sentence, cue: Cue, source: Phrase | None, content: Content
) -> Polarity | None:
    """Return the polarity that `cue` gives to `content`.

    None where it does not report that anything was said.
    """
    classes = sentence.classes
    group = [text.words(sentence, i) for i in range(cue.first, cue.head)] or _shared_modal(
        text, sentence, cue
    )
    if _TO_COME.intersection(group) or _is_unsaid(text, sentence, cue, source):
        return None
    if is_negated(text, sentence, cue):
        return _when_negated(cue, group, text.words(sentence, cue.head))
    if _after_refusal(text, sentence, cue):
        return "questioned" if cue.lemma in DENIALS else None
    if _CONDITIONAL.intersection(group) and (classes[cue.head] == SAY or "have" in group):
        general = source is None or text.words(sentence, source.first) in _ANYBODY
        return None if general or "have" in group else "conditional"
    return _when_plain(text, sentence, cue, content)


def _shared_modal(text: Text, sentence: Sentence, cue: Cue) -> list[str]:
    """Return the auxiliary that the verb before "and" shares with the cue: "would shrug and say"."""
    classes = sentence.classes
    if classes[cue.head] != SAY or cue.first < 2 or classes[cue.first - 1] != AND:
        return []
    shared = _SHARED_MODAL.search(classes, max(0, cue.first - 8), cue.first)
    return [text.words(sentence, shared.start())] if shared else []


_SHARED_MODAL = pattern(r"{AUX}{^AUX BE COMMA SAID SAYS}{1,6}{AND}$")


def _is_unsaid(text: Text, sentence: Sentence, cue: Cue, source: Phrase | None) -> bool:
    """Whether nothing was said: "take, say, nine pumps", "nobody said", "if she says", "did he say …?"."""
    classes = sentence.classes
    bare = classes[cue.head] == SAY
    if bare and text.words(sentence, 0) == "let":
        return True  # "Let me stress …"
    if bare and classes[cue.first - 1 : cue.last + 2] == COMMA + SAY + COMMA:
        return True
    after = [text.words(sentence, i) for i in range(cue.after, min(cue.after + 2, len(classes)))]
    if cue.frame == "say" and after and (after[0] in _NO_WORDS or after == ["a", "lot"]):
        return True
    avoided = classes[cue.head] in _UNFINISHED and range(max(0, cue.first - 2), cue.first)
    if avoided and any(text.words(sentence, i) in _AVOIDING for i in avoided):
        return True
    if _is_naming(sentence, cue) or _is_passive_denial(sentence, cue):
        return True
    if source is None:
        return False
    if source.first == 0 and classes[0] == WHO:
        return True  # "Who knows what …"
    before = text.words(sentence, source.first - 1) if source.first else ""
    who = text.words(sentence, source.first)
    alone = source.first == source.last
    if _is_imagined(text, sentence, cue, who, before, alone):
        return True
    if who in _NOBODY | _IMAGINE or before in _NOBODY | _SUPPOSED or (before == "before" and bare):
        return True
    if source.last < cue.first and _is_in_doubt(text, sentence, source.first):
        return True
    asked = classes.endswith(QUESTION) and bare
    return asked and source.last < cue.first and classes[source.first - 1 : source.first] in (AUX, BE)


def _is_passive_denial(sentence: Sentence, cue: Cue) -> bool:
    """Whether the subject is what others deny or dismiss: "was ruled out", "were rejected"."""
    passive = BE in sentence.classes[cue.first : cue.head] and cue.lemma != "oppose"
    return passive and (cue.lemma in DENIALS or cue.lemma in DISMISSALS)


# "it is not true that", "no evidence that"
_NOT_SO = re.compile(
    r"(?:\b(?:not|never|hardly)|n[’']t|\bno)(?: \w+)? (?:true|correct|right|clear|certain|known|case"
    r"|evidence|proof|truth|sign|record|indication|suggestion|hint)(?: \w+)? (?:that|whether)$"
    r"|\b(?:untrue|false|wrong|incorrect|nonsense|unclear|unknown|unlikely|doubtful|lie|myth|fiction)"
    r" (?:that|whether)$"
)
_LOOKED_BACK = 6  # units


def _is_in_doubt(text: Text, sentence: Sentence, first: int) -> bool:
    """Whether the clause that begins at unit `first` is not told as a fact.

    "Had she said …, the shares would …"; "it is not true that she said …"; "reports that she said …".
    """
    classes = sentence.classes
    words = [text.words(sentence, i) for i in range(max(0, first - _LOOKED_BACK), first)]
    if words[-1:] == ["had"] and (first == 1 or classes[first - 2] == COMMA):
        return True
    told = words[-1:] == ["that"] and words[-2:-1] and words[-2] in RUMOURS
    if told and (first == 2 or classes[first - 2] in _MAYBE_RUMOUR):
        return True
    return bool(_NOT_SO.search(" ".join(words)))


_MAYBE_RUMOUR = DOCUMENT + NOUN


def _is_imagined(text: Text, sentence: Sentence, cue: Cue, who: str, before: str, alone: bool) -> bool:
    """Whether anybody may say so: "you can ask it things like: “…”", "with some people saying “…”"."""
    if who == "you":
        return any(text.words(sentence, i) in _POSSIBLE for i in range(cue.head))
    if cue.lemma in _WONDERING and who in _ANYBODY and (alone or cue.lemma == "wonder"):
        return True
    return before == "with" and who in _ANYBODY and sentence.classes[cue.head] == SAYING


# "set routes called “lanes”", "runs a line called Long Water": a verb before, a noun, a name
_NAMED = pattern(r"{AUX BE VERB ED SAY SAYS NOUN}{^COMMA AND WHO THAT QUOTATION}*{NOUN ROLE DOCUMENT}$")

_NAMED_ASIDE = pattern(r"{NOUN_HEAD}{COMMA}$")  # "Ada Rook, nicknamed “the owl,” …"


def _is_naming(sentence: Sentence, cue: Cue) -> bool:
    """Whether the cue only gives a thing its name: "routes called “lanes”"."""
    if cue.frame != "call" or sentence.classes[cue.head] != SAID or cue.first != cue.head:
        return False
    behind = sentence.classes[cue.after : cue.after + 1]
    if behind not in (NAME, QUOTATION) or cue.lemma not in _NAMING:
        return False
    aside = (
        cue.lemma in _NICKNAMING
        and behind == QUOTATION
        and _NAMED_ASIDE.search(sentence.classes, 0, cue.first)
    )
    return bool(aside or _NAMED.search(sentence.classes, 0, cue.first))


def is_negated(text: Text, sentence: Sentence, cue: Cue) -> bool:
    """Whether "not", "never", "no longer", "nor" or "refused to" is part of the cue."""
    if NOT in sentence.classes[cue.first : cue.head]:
        return True
    if cue.frame not in _NOUNS and text.words(sentence, cue.first) in _NEGATING:
        return True
    return sentence.classes[cue.head] == SAY and text.words(sentence, 0) == "nor"


def _when_negated(cue: Cue, group: list[str], word: str) -> Polarity | None:
    """Return the polarity of a negated cue.

    A denial or doubt denied leaves the content open, unless it cannot be helped; an opinion is turned.
    """
    if cue.lemma in DENIALS or cue.lemma in DOUBTS:
        undoubted = cue.lemma in DOUBTS or _UNDENIABLE.intersection(group)
        return "asserted" if undoubted else "questioned"
    if cue.frame == "feel":
        return "questioned" if word in SURE else None
    return "denied" if cue.lemma in _OPINIONS else None


def _when_plain(text: Text, sentence: Sentence, cue: Cue, content: Content) -> Polarity:
    """Return the polarity by the cue's own meaning and by the words between it and the content."""
    classes = sentence.classes
    start = content.runs[0][0] if content.runs else cue.after
    carried = (
        _CLAIM_WITHIN - 1 if text.words(sentence, cue.head) in CARRIERS else 0
    )  # "expressed doubt about"
    end = min(max(cue.after, start + carried), len(classes))
    skipped = {text.words(sentence, i) for i in range(cue.first, end)}
    if _is_own_words(text, sentence, cue, content) or text.words(sentence, start - 1) == "as":
        return "questioned" if _is_question(text, sentence, content) else "asserted"
    if cue.lemma in DENIALS or skipped & _DENYING_NOUNS:
        return "denied"
    if cue.lemma in DISMISSALS and _of_a_claim(text, sentence, cue.after, start):
        return "denied"
    doubted = cue.lemma in DOUBTS or text.words(sentence, cue.head) in UNSURE or skipped & _DOUBTING_NOUNS
    if doubted:
        return "asserted" if "no" in skipped else "questioned"
    asked = cue.frame == "ask" or (content.runs and text.words(sentence, start) == "whether")
    if asked or (classes[start] == QUOTATION and _is_question(text, sentence, content)):
        return "questioned"
    return "asserted"


_DENYING_NOUNS = frozenset("denial denials rejection".split())
_DOUBTING_NOUNS = frozenset(
    "doubt doubts skepticism scepticism uncertainty disbelief question questions".split()
)
_CLAIM_WITHIN = 4  # words from "dismissed" to "claims"


def _of_a_claim(text: Text, sentence: Sentence, after: int, start: int) -> bool:
    """Whether the content is what others claim: "claims that …", "the idea of …"."""
    end = min(max(after, start) + _CLAIM_WITHIN, len(sentence.classes))
    words = [text.words(sentence, i) for i in range(min(after, start), end)]
    return bool(NOUN_CUES.intersection(words))


def _is_own_words(text: Text, sentence: Sentence, cue: Cue, content: Content) -> bool:
    """Whether the content is a quotation that stands by itself before or after the cue."""
    classes = sentence.classes
    if not content.runs:
        return True
    start, end = content.runs[0]
    if classes[start] != QUOTATION:
        return False
    apart = end < cue.first or classes[start - 1 : start] in (COMMA, COLON, DASH)
    return apart and classes[start : end + 1].strip(QUOTATION + COMMA) == ""


def _is_question(text: Text, sentence: Sentence, content: Content) -> bool:
    """Whether every quotation of the content ends in a question mark, and is no more than questions."""
    if not content.runs:
        return False
    units = [i for a, b in content.runs for i in range(a, b + 1) if sentence.classes[i] == QUOTATION]
    return bool(units) and all(is_asked(text, sentence.first[i], sentence.last[i]) for i in units)


def is_asked(text: Text, first: int, last: int) -> bool:
    """Return whether the quotation of the tokens `first` to `last` is all questions."""
    ends = [token for token in text.tokens[first : last + 1] if token.is_a(STOPS)]
    closing = text.tokens[max(first, last - 1)]
    return closing.is_a(QUESTION) and all(token.is_a(QUESTION) for token in ends)


# "to answer …, or "
_SHARED = pattern(r"{TO}{^SAID AUX BE COLON SEMICOLON}{1,40}{AND}{ADVERB NOT}*$")


def _after_refusal(text: Text, sentence: Sentence, cue: Cue) -> bool:
    """Whether "to" before the cue hangs on a refusal, a plan or a wish ("declined to say", "is to say").

    The "to" may be another verb's that shares it: "refused to answer, or acknowledge, …".
    """
    if sentence.classes[cue.head] != SAY:
        return False
    to = next((i for i in range(cue.first, cue.head) if text.words(sentence, i) == "to"), None)
    if to is None:
        shared = _SHARED.search(sentence.classes, max(0, cue.first - 45), cue.first)
        if shared is None:
            return False
        to = shared.start()
    before = text.words(sentence, to - 1) if to else ""
    stem = before.removesuffix("d").removesuffix("s")
    return bool({before, stem, before.removesuffix("ed"), before.removesuffix("ing")} & _REFUSALS)
