"""Article → claims: the door of this room.

    text ─▶ sentences ─▶ attributions ─▶ speakers resolved ─▶ claims

Chinese paragraphs are read by `chinese/`, all others as English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openrace.extract.attributed_content import AttributedContent
from openrace.extract.calibration import calibrated
from openrace.extract.directory import Directory
from openrace.extract.english.attribution import attribute
from openrace.extract.english.coreference import CoreferenceResolver, Resolved
from openrace.extract.english.grammar import (
    ANY_VERB,
    DASH,
    MARK,
    OPEN,
    OTHER,
    POINTS,
    PREPOSITION,
    PRONOUN,
    THAT,
)
from openrace.extract.english.sentences import Text, read
from openrace.extract.english.uncued_quotations import Attribution
from openrace.extract.english.venues import find_venue
from openrace.extract.link_labels import blank_out, link_labels
from openrace.extract.third_person import doubt_who_speaks
from openrace.extract.version import EXTRACTOR as EXTRACTOR
from openrace.records import (
    Article,
    Claim,
    Kind,
    Span,
    Speaker,
    TextSpan,
    normalise_wording,
    spans_within,
)
from openrace.scripts import has_han, is_chinese

# Below these probabilities of the source no speaker is told: on the training articles about half are wrong.
_SAYING_SOMETHING = ANY_VERB + PRONOUN
_OUTER_MARKS = POINTS + MARK + DASH + OPEN + OTHER
_POINTERS = frozenset("it this that them".split())
_WRITER = frozenset("i me we us".split())
LEAST = 3  # words of an indirect claim: "the plan", "victory" say nothing, and more of them are wrong
SURE_ENOUGH = {"direct": 0.5, "mixed": 0.6, "indirect": 0.6}


def extract_claims(
    article: Article, directory: Directory | None = None, furniture: Iterable[Span] = ()
) -> list[Claim]:
    """Return the claims of `article` in the order of their first words.

    Speakers are looked up in `directory`. Nothing is read from `furniture`, paragraphs that recur in the
    outlet, nor from lines that lead elsewhere.
    """
    text = blank_out(article.text, [*furniture, *link_labels(article.text)])
    if text == article.text:
        return _extract(article, directory or Directory())
    found = _extract(article.model_copy(update={"text": text}), directory or Directory())
    return [claim for claim in found if claim.text == claim_text(article.text, claim.spans)]


def claim_text(text: str, spans: Iterable[Span]) -> str:
    """Return the wording at `spans` of `text`, on one line."""
    return normalise_wording(" ".join(text[span.start : span.end] for span in spans))


def _extract(article: Article, directory: Directory) -> list[Claim]:
    text = read(article.text)
    resolver = CoreferenceResolver(text, directory)
    found = [c for each in attribute(text) if (c := _with_speaker(text, each, resolver))]
    if has_han(article.text):
        found = [c for c in found if not is_chinese(article.text[c.context.start : c.context.end])]
        found += _attribute_chinese(article.text, directory)
    certain = (directory.namesakes.doubt(article.text, each) for each in found)
    told = (doubt_who_speaks(article.text, each) for each in certain)
    made = [build_claim(article, each) for each in told if each]
    claims = sorted({c.id: c for c in made}.values(), key=lambda c: (c.spans, c.id))
    return _with_parents(claims)


def _attribute_chinese(text: str, directory: Directory) -> list[AttributedContent]:
    """Return what the Chinese paragraphs attribute; their patterns are compiled when first needed."""
    from openrace.extract.chinese.attribution import attribute

    return attribute(text, directory)


def _with_parents(claims: list[Claim]) -> list[Claim]:
    """Return `claims`, in order, each with the innermost claim inside whose words it is reported."""
    told: list[Claim] = []
    around: list[Claim] = []
    for claim in claims:
        around = [c for c in around if c.spans[-1].end > claim.spans[0].start]
        at = claim.cue.span.start if claim.cue else -1
        parents = [c for c in around if any(s.start <= at < s.end for s in c.spans)]
        if parents and claim.kind == "indirect" and claim.speaker and claim.speaker.name is None:
            continue  # "Okafor said the minister had said …": Okafor's report is enough
        told.append(claim.model_copy(update={"parent_id": parents[-1].id}) if parents else claim)
        around.append(claim)
    return told


def build_claim(article: Article, found: AttributedContent) -> Claim:
    """Return the record of `found`, whatever language it was read in."""
    kind: Kind = "indirect" if not found.quoted else "direct" if found.quoted == found.spans else "mixed"
    return Claim(
        id=Claim.make_id(article.id, found.spans),
        article_id=article.id,
        kind=kind,
        polarity=found.polarity,
        spans=found.spans,
        quoted=found.quoted,
        text=claim_text(article.text, found.spans),
        cue=_mention(article.text, found.cue),
        speaker=found.speaker,
        venue=_mention(article.text, found.venue),
        context=found.context,
        parent_id=Claim.make_id(article.id, found.parent) if found.parent else None,
        confidence=found.confidence,
        reason=found.reason,
        extractor=EXTRACTOR,
    )


def _mention(text: str, span: Span | None) -> TextSpan | None:
    return TextSpan(span=span, text=text[span.start : span.end]) if span else None


def _with_speaker(text: Text, found: Attribution, resolver: CoreferenceResolver) -> AttributedContent | None:
    """Return the offsets and the speaker of what was attributed in English; None where it says nothing."""
    kind, spans, quoted = content_spans(text, found.content, clause=found.cue is not None)
    if not spans:
        return None
    first, last = text.sentences[min(found.sentences)], text.sentences[max(found.sentences)]
    context = Span(text.tokens[first.first[0]].start, text.tokens[last.last[-1]].end)
    speaker, how = _speaker(text, found, resolver, kind)
    too_short = found.cue and not _says_something(text, found.content)
    if kind == "indirect" and (speaker is None or too_short or _is_writer(speaker)):
        return None
    venue = find_venue(text.text, context, list(spans))
    return AttributedContent(
        spans=spans,
        quoted=quoted,
        cue=_span(text, *found.cue) if found.cue else None,
        speaker=speaker,
        venue=venue.span if venue else None,
        context=context,
        polarity=found.polarity,
        confidence=round(calibrated(kind, found.probability * found.source_probability), 3),
        reason=f"{found.reason}; {how}",
    )


def _is_writer(speaker: Speaker) -> bool:
    """Whether it is the one who writes, whom nothing in the text names: "I", "we" outside of quotations."""
    return speaker.name is None and speaker.text.lower() in _WRITER


def _says_something(text: Text, content: list[tuple[int, int]]) -> bool:
    """Whether the content is more than a noun or a pointer: `LEAST` words, a verb, a pronoun ("it leaks")."""
    tokens = [t for first, last in content for t in text.tokens[first : last + 1] if t.low[0].isalnum()]
    if len(tokens) > 1 and tokens[0].low in _POINTERS and tokens[1].cls in PREPOSITION:
        return False  # "has discussed it on two podcasts"
    return len(tokens) >= LEAST or any(t.cls in _SAYING_SOMETHING or t.low == "it" for t in tokens)


def _speaker(
    text: Text, found: Attribution, resolver: CoreferenceResolver, kind: Kind
) -> tuple[Speaker | None, str]:
    """Return the speaker, or None where it is unknown or too unsure, and how it was told."""
    if found.source is None:
        return None, "no speaker in the sentence"
    first, last = found.source
    resolved: Resolved = resolver.resolve(first, last)
    if not resolved.speaks:
        return None, resolved.how
    if found.source_probability < SURE_ENOUGH[kind]:
        return None, f"too unsure whether it was {resolved.name or 'the one named'}"
    span = _span(text, first, last)
    words = text.text[span.start : span.end]
    speaker = Speaker(span=span, text=words, name=resolved.name, person_id=resolved.person_id)
    named = resolved.name and resolved.name != words
    who = f"“{words}” is {resolved.name}" if named else f"“{words}”"
    return speaker, f"{who}: {resolved.how}"


def content_spans(
    text: Text, content: list[tuple[int, int]], *, clause: bool = True
) -> tuple[Kind, tuple[Span, ...], tuple[Span, ...]]:
    """Kind, spans and quoted spans of the token ranges `content`, marks and outer punctuation left out.

    `clause`: the content may be a clause of a cue, of whose opening "that" nothing is said.
    """
    quoted = [q for first, last in content for q in _quoted(text, first, last)]
    inside = {i for q in quoted for i in range(q[0], q[1] + 1)}
    words = [i for first, last in content for i in range(first, last + 1) if text.tokens[i].low[0].isalnum()]
    words = words[1:] if clause and words and text.tokens[words[0]].cls == THAT else words
    spans_of_quotes = tuple(_span(text, a, b) for a, b in quoted)
    if quoted and all(i in inside for i in words):
        return "direct", spans_of_quotes, spans_of_quotes
    edges = inside.union(*(_marks(text, first, last) for first, last in content))
    trimmed = [r for first, last in content if (r := _trim(text, first, last, edges, clause=clause))]
    spans = tuple(_span(text, a, b) for a, b in trimmed)
    kept = spans_within(spans_of_quotes, spans)
    return ("mixed" if kept else "indirect"), spans, kept


def _marks(text: Text, first: int, last: int) -> set[int]:
    """Return the marks of the quotations between `first` and `last`; partly quoted content keeps both."""
    return {i for at in range(first, last + 1) if (q := text.quotations.get(at)) for i in (q.first, q.last)}


def _quoted(text: Text, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the tokens inside each quotation that begins between `first` and `last`, its marks left out."""
    at = first
    while at <= last:
        quotation = text.quotations.get(at)
        if quotation:
            inner = _trim_marks(text, quotation.first + 1, quotation.last)
            if inner:
                yield inner
            at = quotation.last
        at += 1


def _trim_marks(text: Text, first: int, last: int) -> tuple[int, int] | None:
    while first <= last and text.tokens[last].cls == MARK:
        last -= 1
    while first <= last and (text.tokens[first].cls == MARK or text.tokens[first].low == "..."):
        first += 1
    return (
        (first, last)
        if first <= last and any(t.low[0].isalnum() for t in text.tokens[first : last + 1])
        else None
    )


def _trim(text: Text, first: int, last: int, inside: set[int], *, clause: bool) -> tuple[int, int] | None:
    """Return the range without marks and punctuation at its edges; words inside quotations keep theirs."""
    while first <= last and first not in inside and not text.tokens[first].low[0].isalnum():
        first += 1
    if clause and first < last and text.tokens[first].cls == THAT:
        first += 1  # "that" opens the clause and says nothing
    while first <= last and last not in inside and text.tokens[last].cls in _OUTER_MARKS:
        last -= 1
    return (first, last) if first <= last else None


def _span(text: Text, first: int, last: int) -> Span:
    return Span(text.tokens[first].start, text.tokens[last].end)
