"""Whom a pronoun hardly means: who has the word, and who is acted on where somebody without a name acts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection

from openrace.extract.english.antecedents import Mention
from openrace.extract.english.descriptions import gender_of_role, is_calling, is_plural
from openrace.extract.english.grammar import ROLE, pattern
from openrace.extract.english.names import BODY_KINDS, role_of
from openrace.extract.english.sentences import Text
from openrace.extract.english.wordclass import CLOSED

GENDERS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "herself": "f"}
_DESCRIBED_SUBJECT = pattern(
    "({DET}{NOUN ED NAME ROLE}*{ROLE NOUN})(?:{OF PREP}{NOUN_PHRASE}+)*{ADVERB}*{PREDICATE}"
)
_STAMP = pattern("{OPEN}{NUMBER COLON}+{CLOSE}")
_AGENTS = ("er", "or", "ist", "ian", "ant", "man", "woman")  # endings of those who do something


def acting_described(text: Text, anaphor: Mention, last: Mention, names: Collection[int]) -> str:
    """Return the subject without a name that "he" or "she" may mean rather than who was named `last`, or "".

    "The head of Halvorsen angered Governor Dahlen, after he attacked the tax": he may be either. `names` are
    the first tokens of the names of the sentence.
    """
    if last.sentence != anaphor.sentence or last.form not in ("name", "part"):
        return ""
    if last.place in ("subject", "speaker") or anaphor.word not in ("he", "she"):
        return ""
    sentence = text.sentences[anaphor.sentence]
    m = _DESCRIBED_SUBJECT.match(sentence.classes, 0, last.unit)
    if m is None or sentence.first[m.end(1) - 1] + 1 in names:
        return ""
    head = text.words(sentence, m.end(1) - 1)
    person = CLOSED.get(head) == ROLE or is_calling(head) or head.endswith(_AGENTS)
    agrees = gender_of_role(head) in ("", GENDERS[anaphor.word])
    return head if person and agrees and role_of(head) not in BODY_KINDS and not is_plural(head) else ""


def has_the_word(text: Text, label: Mention, anaphor: Mention) -> bool:
    """Return whether `label` stands, with its time, before the pronoun’s turn: "Ada Rook (00:03) He …"."""
    if label.unit or label.form != "name" or label.paragraph != anaphor.paragraph:
        return False
    sentence = text.sentences[label.sentence]
    return bool(_STAMP.match(sentence.classes, bisect_right(sentence.first, label.last)))
