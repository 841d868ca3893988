"""Which words of a text are whose: cues, their sources and contents, joined into attributions.

For every cue of a sentence two scored choices are made: which phrase is its source (`source_phrases.py`)
and which stretch is its content, or none (`content_candidates.py`). Where two cues want the same
quotation the surer one has it.
Quotations that stand alone then go to the speaker before them, where the layout says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from openrace.extract.english.advice_lists import listed_advice
from openrace.extract.english.choice_model import best, load_weights, probabilities
from openrace.extract.english.content_candidates import (
    PLACED,
    Content,
    contents,
    introduces,
    is_occasion,
    sequel,
    without_day,
)
from openrace.extract.english.content_features import content_features
from openrace.extract.english.cues import Cue, find_cues
from openrace.extract.english.grammar import (
    AUX,
    COMMA,
    ING,
    NAME,
    QUOTATION,
    REPORTING,
    SAY,
    STOPS,
    THAT,
    pattern,
)
from openrace.extract.english.name_lists import is_common_given_name
from openrace.extract.english.occasions import setting_of
from openrace.extract.english.polarity import is_negated, polarity_of
from openrace.extract.english.report_features import report_features
from openrace.extract.english.reporting_words import DENIALS
from openrace.extract.english.selection import Reading, settle
from openrace.extract.english.sentences import Sentence, Text
from openrace.extract.english.source_choice import choose_source
from openrace.extract.english.source_phrases import (
    Phrase,
    extend,
    phrase_kind,
    phrases,
)
from openrace.extract.english.statements import TALKED_OF, is_no_statement, names_subject
from openrace.extract.english.transcripts import is_question, transcript_turns
from openrace.extract.english.uncued_quotations import Attribution, follow

_REPORTED = 0.5  # from here on a cue is taken for a report whose source later cues may share
APPOSED = 0.75  # set by hand, too few to measure: "the boats are late, a delay noted by Mara Lindqvist"
LABEL = 0.8  # set by hand: "Lindqvist: port will close in March", of whom the text tells under her full name
SET = 0.94  # 187 of 199 on the training articles: "wrote in a post that …"
DENIED = 0.8  # set by hand: negated cues and "denied having …" are rare in the training articles
SEEMING = 0.85  # 17 of 20 on the training articles: "the engineers seem to believe that …"
_TELLING = frozenset(["say", "tell"])
_NOTING = frozenset(["say", "cite"])
_SEEMING = frozenset("seem seems seemed appear appears appeared".split())
_TAKES_CLAUSE = frozenset("say think show".split())
# ", can compete": what was begun before the cue goes on behind it
_INTERRUPTED = pattern(r"{COMMA}{ADVERB NOT}*{AUX BE VERB}")
_NOTION = pattern(r"{DET}{NOUN DOCUMENT ED}{1,3}{THAT}")  # "contested the notion that"
_PARENTHESIS_ENDS = pattern(r"(?:{PREP}?{TIME}{TIME NUMBER}*)?(?:{COMMA}{SAYING}|{STOPS}*$)")
_CLAUSE = pattern(r"{NOUN_HEAD PRONOUN}{ADVERB NOT}*{AUX BE VERB ED}")


def attribute(text: Text) -> list[Attribution]:
    """Return every attribution of `text`, in the order of the sentences that hold the cues."""
    found = transcript_turns(text)
    turns = {i for turn in found for i in turn.sentences}
    found = [turn for turn in found if not is_question(text, turn)]
    for index, sentence in enumerate(text.sentences):
        readings = [r for r in read_sentence(text, index) if r.content is not None]
        if index in turns:
            readings = [r for r in readings if _is_told_in_turn(text, sentence, r)]
        advice = listed_advice(text, index, readings)
        found += (
            [advice] if advice else [_attribution(text, index, r) for r in settle(text, sentence, readings)]
        )
    return follow(text, found)


def _is_told_in_turn(text: Text, sentence: Sentence, reading: Reading) -> bool:
    """Whether somebody who has the word tells what another said: "and he said, '…'", "Ray said that …"."""
    content, source = reading.content, reading.source
    if content is None or not content.runs or source is None or reading.cue.frame not in _TELLING:
        return False
    who = sentence.classes[source.last]
    named = who == NAME or text.words(sentence, source.last) in ("he", "she")
    start = content.runs[0][0]
    opening = sentence.classes[max(start - 1, 0) : start + 1]
    return named and (sentence.classes[start] == QUOTATION or THAT in opening)


def read_sentence(text: Text, index: int) -> Iterator[Reading]:
    """Yield every cue of sentence `index` with the best of its sources and contents."""
    sentence = text.sentences[index]
    found: list[Phrase] | None = None
    following = ""
    previous: Phrase | None = None
    for cue in find_cues(text, sentence):
        if found is None:
            found, following = phrases(sentence), sequel(text, index)
        source, sure = choose_source(text, sentence, cue, found, previous, load_weights()["source"])
        candidates = contents(text, sentence, cue, source, following)
        if not candidates:
            continue
        content, probability = _content(text, sentence, cue, source, sure, candidates)
        if content.shape.startswith("R") and introduces(text, index):
            continue  # "asked the board two things:"
        if is_no_statement(text, sentence, cue, content):
            continue
        polarity = polarity_of(text, sentence, cue, source, content)
        if polarity is None:
            continue
        if probability > _REPORTED:
            previous = source
        yield Reading(cue, source, sure, content, probability, polarity)


def _content(
    text: Text, sentence: Sentence, cue: Cue, source: Phrase | None, sure: float, candidates: list[Content]
) -> tuple[Content, float]:
    """Return the content of `cue` among `candidates`, and how sure model or rule is that it is reported."""
    content, probability = choose_content(text, sentence, cue, source, sure, candidates)
    content = without_day(sentence, cue, content)
    if (apposed := next((c for c in candidates if c.shape == "La,"), None)) and cue.frame in _NOTING:
        content, probability = apposed, APPOSED
    if cue.frame == "according" and _closes(sentence, cue, source):
        content = next((c for c in candidates if c.shape == "L0,"), content)
    if _INTERRUPTED.match(sentence.classes, max(cue.last, source.last if source else 0) + 1):
        around = next((c for c in candidates if c.shape == "L0,+"), None)
        if around and content.shape == "L0,":
            content = around
    if content.shape == "L0," and PLACED.match(sentence.classes) and QUOTATION not in sentence.classes:
        content = next((c for c in candidates if c.shape == "Lc,"), content)
    if content.shape.startswith("L0") and _is_scene(text, sentence, content):
        content = next((c for c in candidates if c.shape == f"LQ{content.shape[2:]}"), content)
    return content, max(probability, _by_rule(text, sentence, cue, source, content))


def _closes(sentence: Sentence, cue: Cue, source: Phrase | None) -> bool:
    """Whether cue and source end a sentence without marks: all before is the content."""
    if source is None or QUOTATION in sentence.classes:
        return False
    return not sentence.classes[max(cue.last, source.last) + 1 :].strip(STOPS)


def _is_scene(text: Text, sentence: Sentence, content: Content) -> bool:
    """Whether a sentence of its own stands before the quotation: "She still looked tired, 'We have …,'"."""
    first, last = content.runs[0]
    if sentence.classes[last] != QUOTATION or QUOTATION in sentence.classes[first:last]:
        return False
    opening = text.tokens[sentence.first[last] + 1]
    told = sentence.classes[first:last]
    return opening.capital and told.endswith(COMMA) and bool(_CLAUSE.search(told))


def _by_rule(text: Text, sentence: Sentence, cue: Cue, source: Phrase | None, content: Content) -> float:
    """Return how sure a rule is that the cue reports; 0 where none speaks."""
    if _is_set(sentence, cue, content):
        return SET
    if _is_seeming(text, sentence, cue):
        return SEEMING
    if _is_denial(text, sentence, cue, content):
        return DENIED
    if _is_parenthesis(sentence, cue, source, content):
        return APPOSED
    return LABEL if _is_label(text, sentence, cue, source) else 0.0


def _is_parenthesis(sentence: Sentence, cue: Cue, source: Phrase | None, content: Content) -> bool:
    """Whether a report stands behind the sentence that it tells: "…, the Ledger has said, adding that"."""
    if source is None or source.first < 1 or cue.frame != "say" or content.shape != "L0,":
        return False
    classes = sentence.classes
    (first, last), *_ = content.runs
    apart = classes[source.first - 1] == COMMA and source.last + 1 == cue.first
    whole = first == 0 and bool(_CLAUSE.search(classes, first, last + 1))
    return apart and whole and bool(_PARENTHESIS_ENDS.match(classes, cue.last + 1))


def _is_denial(text: Text, sentence: Sentence, cue: Cue, content: Content) -> bool:
    """Whether a verb of denial, or one negated, has a clause after it: "denied having taken"."""
    after = sentence.classes[cue.after : cue.after + 1]
    if not content.shape.startswith("R") or cue.frame == "noun":
        return False
    noun = _NOTION.match(sentence.classes, cue.after)
    denies = cue.lemma in DENIALS and (after in (THAT, ING, AUX) or bool(noun))
    return denies or (cue.frame in _TAKES_CLAUSE and is_negated(text, sentence, cue))


def _is_seeming(text: Text, sentence: Sentence, cue: Cue) -> bool:
    """Whether the verb hangs on "seem" or "appear": what somebody thinks, as the article reads them."""
    if sentence.classes[cue.head] != SAY:
        return False
    before = [text.words(sentence, i) for i in range(max(0, cue.head - 3), cue.head)]
    return before[-1:] == ["to"] and bool(_SEEMING.intersection(before))


def _is_set(sentence: Sentence, cue: Cue, content: Content) -> bool:
    """Whether the content is the clause after a time or place: "wrote in a post that …"."""
    telling = (
        cue.frame in _TELLING and sentence.classes[cue.head] in REPORTING and content.shape.startswith("Rt")
    )
    return telling and setting_of(sentence.classes, cue, len(sentence.classes)) is not None


def _is_label(text: Text, sentence: Sentence, cue: Cue, source: Phrase | None) -> bool:
    """Whether the headline begins with a person's surname and a colon, and the text has the full name."""
    if cue.frame != "colon" or sentence.paragraph or source is None or source != (0, cue.first - 1):
        return False
    surname, tokens = text.words(sentence, source.last), text.tokens
    following = range(sentence.last[-1] + 2, len(tokens))
    return any(tokens[i].low == surname and is_common_given_name(tokens[i - 1].low) for i in following)


def choose_content(
    text: Text,
    sentence: Sentence,
    cue: Cue,
    source: Phrase | None,
    sure: float,
    found: list[Content],
) -> tuple[Content, float]:
    """Return the likeliest content among those `found`, and the probability that the cue reports anything.

    It is zero where all that is found tells only on what occasion something was said.
    """
    kind = phrase_kind(sentence, source)
    rows = [report_features(text, sentence, cue, source, sure)]
    rows += [content_features(text, sentence, cue, kind, c) for c in found]
    nothing, *chances = probabilities(load_weights()["content"], rows)
    told = [0.0 if is_occasion(text, sentence, cue, c) else p for c, p in zip(found, chances, strict=True)]
    return found[best(told)], 1 - nothing if any(told) else 0.0


def _attribution(text: Text, index: int, reading: Reading) -> Attribution:
    sentence = text.sentences[index]
    content = reading.content
    runs = content.runs if content else ()
    ranges = [(sentence.first[a], sentence.last[b]) for a, b in runs]
    if not runs:
        following = text.sentences[index + 1]
        ranges = [(following.first[0], following.last[-1])]
    shape = content.shape if content else ""
    quoted = any(QUOTATION in sentence.classes[a : b + 1] for a, b in runs) or shape.startswith("FQ")
    cue, source, probability = reading.cue, reading.source, reading.probability
    if content and names_subject(text, sentence, cue, content):
        probability = min(probability, TALKED_OF)
    if source:
        stop = cue.first if source.last < cue.first else len(sentence.classes)
        source = extend(sentence, source, stop)
    return Attribution(
        content=ranges,
        cue=(sentence.first[cue.first], sentence.last[cue.last]),
        source=_source_tokens(text, sentence, source) if source else None,
        probability=probability,
        source_probability=reading.source_probability,
        quoted=quoted,
        reason=_reason(text, sentence, reading),
        polarity=reading.polarity,
        sentences=[index] if runs else [index, index + 1],
    )


def _source_tokens(text: Text, sentence: Sentence, source: Phrase) -> tuple[int, int]:
    """Return the tokens of `source`, without a party and state after the name."""
    last = (
        sentence.first[source.last] if sentence.classes[source.last] == NAME else sentence.last[source.last]
    )
    return sentence.first[source.first], last


_PLACES = {
    "R": "content after the cue",
    "L": "content before the cue",
    "B": "content on both sides of the cue",
    "FQ.": "the quotation after the sentence",
    "FQ:": "the quotation after the colon",
    "FQ¶": "the quotation in the next paragraph",
    "FB:": "the paragraph after the colon",
}


def _reason(text: Text, sentence: Sentence, reading: Reading) -> str:
    """In a few words: the cue, where its content lies, where its source stands, and how sure both are."""
    shape = reading.content.shape if reading.content else ""
    place = _PLACES.get(shape) or _PLACES["B" if "+" in shape else shape[0]]
    cue = " ".join(text.words(sentence, i) for i in range(reading.cue.first, reading.cue.last + 1))
    where = "no speaker beside it"
    if reading.source:
        where = "speaker before it" if reading.source.last < reading.cue.first else "speaker after it"
    sure = reading.source_probability
    return f"cue “{cue}”, {place} ({reading.probability:.2f}), {where} ({sure:.2f})"
