"""Whether a reporting verb reports: what was denied, refused, supposed or is still to come is no claim."""

from __future__ import annotations

from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import AUX, BE, COMMA, NOT, QUESTION, SAY, WHO, pattern
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.source_phrases import Phrase

_TO_COME = frozenset("will may might must should shall 'll".split())
_REFUSALS = frozenset(
    """
    decline refuse expect plan hope want wish try need likely ready reluctant unwilling
    unable scheduled supposed about hard needless difficult easy fair safe suffice impossible enough
    fail forget have has had is are was were be
    """.split()
)
_NOBODY = frozenset("nobody none neither no no-one".split())
_NO_WORDS = frozenset("nothing little much volumes something".split())
_SUPPOSED = frozenset(["if", "unless", "whether", "should"])


def reports(text: Text, sentence: Sentence, cue: Cue, source: Phrase | None) -> bool:
    """Whether the cue says that something was said.

    Not so: "did not say", "will say", "declined to say", "nobody said", "if she says", "did he say …?".
    """
    classes = sentence.classes
    group = [text.words(sentence, i) for i in range(cue.first, cue.head)]
    if NOT in classes[cue.first : cue.head] or _TO_COME.intersection(group):
        return False
    if classes[cue.head] == SAY and classes[cue.first - 1 : cue.last + 2] == COMMA + SAY + COMMA:
        return False  # "take, say, nine pumps"
    if classes[cue.head] == SAY and _after_refusal(text, sentence, cue):
        return False
    after = [text.words(sentence, i) for i in range(cue.after, min(cue.after + 2, len(classes)))]
    if cue.frame == "say" and after and (after[0] in _NO_WORDS or after == ["a", "lot"]):
        return False
    if source is None:
        return True
    if source.first == 0 and sentence.classes[0] == WHO:
        return False  # "Who knows what …"
    before = text.words(sentence, source.first - 1) if source.first else ""
    if text.words(sentence, source.first) in _NOBODY or before in _NOBODY or before in _SUPPOSED:
        return False
    asked = sentence.classes.endswith(QUESTION) and classes[cue.head] == SAY
    return not (asked and source.last < cue.first and classes[source.first - 1 : source.first] in (AUX, BE))


_SHARED = pattern(r"{TO}{^SAID AUX BE COLON SEMICOLON}{1,40}{AND}{ADVERB NOT}*$")  # "to answer …, or "


def _after_refusal(text: Text, sentence: Sentence, cue: Cue) -> bool:
    """Whether "to" before the cue hangs on a refusal, a plan or a wish ("declined to say", "is to say").

    The "to" may be another verb's that shares it: "refused to answer, or acknowledge, …".
    """
    to = next((i for i in range(cue.first, cue.head) if text.words(sentence, i) == "to"), None)
    if to is None:
        shared = _SHARED.search(sentence.classes, max(0, cue.first - 45), cue.first)
        if shared is None:
            return False
        to = shared.start()
    before = text.words(sentence, to - 1) if to else ""
    stem = before.removesuffix("d").removesuffix("s")
    return bool({before, stem, before.removesuffix("ed"), before.removesuffix("ing")} & _REFUSALS)
