"""Chinese text → claims: who said what, by the plain patterns of Chinese news.

    某某表示：“……”    某某说，……    “……，”某某说，“……。”    据某某称，……    在某某看来，……

    text: quotations, sentences ─▶ clauses: cues, contents
           subjects: who stands before a cue ─▶ cast: whom that means
           attribution: utterances ─▶ claims

No segmenter and no dictionary of names: a name is told by its place before a cue, by the title or
organisation in front of it, and by its surname. The cost is linear in the length of the text.
"""

from __future__ import annotations

from collections.abc import Callable

from openrace.extract.chinese.attribution import Reading, Utterance
from openrace.extract.chinese.quotations import Page
from openrace.extract.version import EXTRACTOR
from openrace.records import (
    Article,
    Claim,
    Kind,
    Mention,
    Span,
    Speaker,
    normalise_wording,
)

# How sure each shape is of its content, before its speaker is weighed. Set by hand: no gold data of
# Chinese news was to be had, so these say an order and were not measured.
_SURE = {
    "colon": 0.97,
    "split": 0.97,
    "after": 0.95,
    "comma": 0.9,
    "fragment": 0.9,
    "clause": 0.88,
    "named": 0.85,
    "continued": 0.8,
    "label": 0.75,
    "beside": 0.72,
    "adjacent": 0.55,
}
_UNKNOWN_SURE = 0.45  # the most that a claim without a speaker is given
_HOW = {
    "colon": "cue {cue} with a colon before its words",
    "split": "cue {cue} inside the quotation that it parts",
    "after": "cue {cue} behind the quotation",
    "comma": "cue {cue} with a comma before its clause",
    "fragment": "cue {cue} right before the quoted words",
    "clause": "cue {cue} running into its clause",
    "named": "cue {cue} giving something a name in quotation marks",
    "continued": "a sentence that is all quotation",
    "adjacent": "a sentence that is all quotation",
    "label": "a name and a colon open the line",
    "beside": "a colon before the quotation",
}


def extract_chinese(article: Article, resolve: Callable[[str], str | None]) -> list[Claim]:
    """The claims in the Chinese paragraphs of `article`, in the order of their first words.

    `resolve` gives the directory's id of a name, or None. Paragraphs of other scripts are left alone.
    """
    reading = Reading(Page(article.text), lambda name: resolve(name) is not None)
    utterances = sorted(reading.utterances(), key=lambda u: u.content.spans)
    claims = (_claim(article, utterance, resolve) for utterance in utterances)
    return [*{claim.id: claim for claim in claims}.values()]


def _claim(article: Article, said: Utterance, resolve: Callable[[str], str | None]) -> Claim:
    """The record of `said`."""
    text = article.text
    spans, quoted = said.content.spans, said.content.quoted
    kind: Kind = "indirect" if not quoted else "direct" if quoted == spans else "mixed"
    return Claim(
        id=Claim.make_id(article.id, spans),
        article_id=article.id,
        kind=kind,
        spans=spans,
        quoted=quoted,
        text=normalise_wording(" ".join(text[span.start : span.end] for span in spans)),
        cue=_mention(text, said.cue),
        speaker=_speaker(text, said, resolve),
        venue=_mention(text, said.venue),
        context=said.context,
        parent_id=Claim.make_id(article.id, said.parent) if said.parent else None,
        confidence=_confidence(said),
        reason=_reason(text, said),
        extractor=EXTRACTOR,
    )


def _mention(text: str, span: Span | None) -> Mention | None:
    return Mention(span=span, text=text[span.start : span.end]) if span else None


def _speaker(text: str, said: Utterance, resolve: Callable[[str], str | None]) -> Speaker | None:
    """The mention and whom it means: no name where that is not settled, None where there is neither."""
    subject, found = said.voice
    span = subject.span if subject else None
    mention = text[span.start : span.end] if span else found.name
    if mention is None:
        return None
    names = (found.name, subject.latin if subject and found.name else None)
    known = next((known for name in names if name and (known := resolve(name))), None)
    return Speaker(span=span, text=mention, name=found.name, person_id=known)


def _confidence(said: Utterance) -> float:
    sure = _SURE[said.shape]
    found = said.voice.found
    return round(sure * found.sure if found.name else min(sure, _UNKNOWN_SURE), 2)


def _reason(text: str, said: Utterance) -> str:
    """How the words were found and why they are the speaker's, in one readable line."""
    cue = text[said.cue.start : said.cue.end] if said.cue else ""
    return normalise_wording(f"{_HOW[said.shape].format(cue=cue)}; {said.voice.found.why}")
