"""Whether what a cue takes states something: news also tells what was spoken of, threatened or published.

A verb of speech with a bare noun phrase often names only the subject ("discussed the harbour"), a deed
("is threatening the reefs") or a result ("posted a profit").
"""

from __future__ import annotations

from openrace.extract.english.content_candidates import Content
from openrace.extract.english.cues import Cue
from openrace.extract.english.grammar import (
    AUX,
    BE,
    BECAUSE,
    NUMBER,
    PREPOSITION,
    QUOTATION,
    SAID,
    SAYS,
    THAT,
    TO,
    WHO,
    pattern,
)
from openrace.extract.english.sentences import Sentence, Text

TALKED_OF = 0.5  # the most that a claim is sure whose content names a subject: kept, and marked unsure
_CLAUSAL = frozenset(AUX + BE + SAID + SAYS + QUOTATION + THAT + TO + BECAUSE + WHO)
_ACTS = pattern(r"(?<!{PREPOSITION DET POSSESSIVE ED ING NUMBER}){VERB}")  # no "impact on work"
# of these a noun phrase tells the subject
_SUBJECTS = frozenset(
    "discuss talk speak address reference mention outline detail list invoke comment reflect recount "
    "speculate allude elaborate".split()
)
_RESULTS = frozenset("report declare show conclude".split())  # and of these a result, where no figure stands
_REPORTS = frozenset("statement account report document release text post".split())
_RULINGS = frozenset("dismiss reject deny".split())
_SUITS = frozenset("suit lawsuit suits lawsuits case appeal motion petition charges indictment".split())
_TALKING = frozenset("talk speak".split())
_POINTS = pattern(r"{INDEFINITE}{ADVERB}+")  # "see it differently"
_DEFINITE = frozenset("the one his her its their our my your these those him them us".split())


def is_no_statement(text: Text, sentence: Sentence, cue: Cue, content: Content) -> bool:
    """Whether the content is what somebody endangers, publishes or has as a result, and nothing said."""
    if cue.lemma == "threaten" and content.runs and content.shape.startswith("R"):
        first, last = content.runs[0]
        rest = [text.words(sentence, i) for i in range(first, last + 1)]
        return rest[0] in _DEFINITE and not {"with", "to"}.intersection(rest)
    if _is_idle(text, sentence, cue, content):
        return True
    bare = _bare(sentence, content)
    if bare is None:
        return False
    first, end = bare
    if cue.lemma in _RULINGS and not _SUITS.isdisjoint(text.words(sentence, i) for i in range(first, end)):
        return True
    if cue.lemma == "post":  # "posted a profit", "posted a picture"
        return NUMBER not in sentence.classes[first:end]
    link = text.words(sentence, first - 1) if first else ""
    return cue.frame == "carried" and cue.lemma in _REPORTS and link == "for"


def _is_idle(text: Text, sentence: Sentence, cue: Cue, content: Content) -> bool:
    """Whether what follows says nothing: "nothing about it", "it differently", "not to be named"."""
    if not content.runs or not content.shape.startswith("R"):
        return False
    first, last = content.runs[0]
    opening = [text.words(sentence, i) for i in range(first, min(first + 3, last + 1))]
    link = text.words(sentence, first - 1) if first - 1 > cue.last else ""
    told = THAT in sentence.classes[first : last + 1]  # "talked with us and said that"
    return (
        opening[0] == "nothing"
        or (cue.lemma == "ask" and opening == ["not", "to", "be"])
        or (cue.lemma in _TALKING and link in ("with", "to") and not told)
        or (cue.frame == "think" and bool(_POINTS.fullmatch(sentence.classes, first, last + 1)))
    )


def names_subject(text: Text, sentence: Sentence, cue: Cue, content: Content) -> bool:
    """Whether the content is only what was spoken of: "discussed the harbour", "reported its results"."""
    bare = _bare(sentence, content)
    if bare is None:
        return False
    if cue.lemma in _SUBJECTS or cue.lemma == "post":
        return True
    first, end = bare
    if cue.lemma == "report" and first and sentence.classes[first - 1] in PREPOSITION:
        return True  # "reported on the matter"
    return cue.lemma in _RESULTS and NUMBER not in sentence.classes[first:end]


def _bare(sentence: Sentence, content: Content) -> tuple[int, int] | None:
    """Return where the content begins and ends if it is a noun phrase behind the cue: no verb, no marks."""
    if len(content.runs) != 1 or not content.shape.startswith("R"):
        return None
    first, last = content.runs[0]
    opening = sentence.classes[first - 1 : first] if first else ""
    held = sentence.classes[first : last + 1]
    if not _CLAUSAL.isdisjoint(held) or _ACTS.search(held) or (opening and opening in THAT + TO):
        return None
    return first, last + 1
