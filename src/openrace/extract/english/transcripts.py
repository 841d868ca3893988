"""Interviews, calls, hearings and debates set as a transcript: who has the word, turn for turn.

    LINDQVIST: The ice came early.     Ada Rook (00:03:33) The lock leaks.     Rep. Vera Stolz (R-KS):
    Kaveh Sorin: It always does.       (00:04:10) It has for years.            The committee will come …

    Mr. Sorin. I thank the chair.      <v Ada Rook>The lock leaks.             Q. Who owns it?

A turn begins at a label and goes on over paragraphs, with or without time stamps of their own, up to the
next label or a heading. Lists of companies, addresses or dates look much alike, so labels alone make no
transcript: they must be stamped with a time, or be spoken like a conversation (see `_is_conversation`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from openrace.extract.english.name_lists import is_common_given_name
from openrace.extract.english.sentences import Text
from openrace.extract.english.uncued_quotations import Attribution
from openrace.extract.english.wordclass import BODIES, CLOSED, TITLES
from openrace.records import Span
from openrace.transcript_labels import BOLD, NAME, OWN_STAMP, PARTY, STAMP_FIRST, STAMPED, VOICE

TURN = 0.95  # set by hand: the training articles have three transcripts
# What may open a turn, the surest first.
_COLON = re.compile(rf"{BOLD}{NAME}{PARTY}{BOLD}:{BOLD}(?=\s|$)")
_LETTER = re.compile(r"(?P<name>[QA])[.:](?=\s)")
_RECORD = re.compile(  # as the Congressional Record has it: "Mr. Sorin. I thank …", "The Chairwoman. …"
    r"(?P<name>(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep)\.|Senator|Chair(?:man|woman)?) [A-Z][\w’'-]+"
    r"|The Chair(?:man|woman)?|The Clerk|The Witness|The Court)\.(?= [A-Z“\"])"
)
_ALONE = re.compile(rf"{NAME}$")
_CUE_TIMING = re.compile(r"(?:\d+|(?:\d\d:)?\d\d:\d\d[.,]\d{3} --> .*|WEBVTT.*)$")  # of a subtitle file
_DIALOGUE = re.compile(r"\?|\b(?:I|I[’'](?:m|ve|ll|d)|[Ww]e|[Yy]ou|[Yy]our|[Mm]y|[Oo]ur|Let me|Thank)\b")
_ENDED = re.compile(r"[.!?…,;:—–-][”\"’')\]*]*$")
_LEAST_WORDS_ALONE = 2  # a name alone on a line has a given name and a surname
_WORDS = re.compile(r"[a-z]{2,}")
_PARAGRAPHS_A_TURN = 5  # more on average are an article with two labels in it
_WORDY = 0.7  # of the turns have two words or more
_SPOKEN = 0.5  # of the turns that speak to somebody

INTERVIEW_LABELS = frozenset(["q", "a"])  # the outlet asks, and the one interviewed answers
_ROLE_LABELS = frozenset(
    """
    operator moderator host interviewer interviewee question answer speaker analyst narrator chairman
    chairwoman chair clerk witness court anchor reporter q a audience unidentified
    """.split()
)
_NO_LABELS = frozenset(
    """
    note notes update photo photos image source sources read related watch listen subscribe topics date time
    where when what why how who video audio transcript summary contact contacts email phone tags category
    credit caption disclaimer warning tip step example examples key about share price website verdict pros
    cons edited written by published deadline allegations details next so important background more
    also updated
    """.split()
)


class _Line(NamedTuple):
    """One line of the text: `text[start:end]`."""

    start: int
    end: int
    words: str


class _Turn(NamedTuple):
    """A label's name, and where the words of its speaker stand, a span for each paragraph."""

    name: Span
    words: list[Span]
    stamped: bool


def transcript_turns(text: Text) -> list[Attribution]:
    """Return the turns of `text` where it is a transcript: the words after each label are its speaker's."""
    turns = _turns(text.text)
    stamped = [turn for turn in turns if turn.stamped]
    turns = stamped if len(stamped) > 1 else turns
    if not turns or not _is_conversation(text.text, turns):
        return []
    starts = [t.start for t in text.tokens]
    firsts = [text.tokens[s.first[0]].start for s in text.sentences]
    made = (_attribution(text, starts, firsts, turn) for turn in turns)
    return [turn for turn in made if turn]


def is_question(text: Text, turn: Attribution) -> bool:
    """Whether a turn is a question of the outlet's own: "Q: Who owns it?"."""
    return turn.source is not None and text.tokens[turn.source[0]].low == "q"


def _turns(text: str) -> list[_Turn]:
    """Return every label of `text` with the lines up to the next."""
    turns: list[_Turn] = []
    alone = _names_alone(text)
    open_turn = False
    for line in _lines(text):
        label = _label(line.words, alone)
        if label:
            name = Span(line.start + label.start("name"), line.start + label.end("name"))
            rest = _span(text, line.start + label.end(), line.end)
            stamped = label.re in (STAMPED, VOICE, STAMP_FIRST)
            turns.append(_Turn(name, [rest] if rest else [], stamped))
            open_turn = True
        elif _CUE_TIMING.match(line.words):
            continue
        elif open_turn and _is_heading(line.words, turns[-1]):
            open_turn = False
        elif open_turn:
            stamp = OWN_STAMP.match(line.words)
            words = _span(text, line.start + (stamp.end() if stamp else 0), line.end)
            if words:
                turns[-1].words.append(words)
    return [turn for turn in turns if turn.words]


def _lines(text: str) -> Iterator[_Line]:
    for m in re.finditer(r"[^\n]+", text):
        words = m.group()
        left = len(words) - len(words.lstrip(" \t\u00a0>"))
        stripped = words.strip(" \t\u00a0>\r")
        if stripped:
            yield _Line(m.start() + left, m.start() + left + len(stripped), stripped)


def _span(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end) if any(c.isalnum() for c in text[start:end]) else None


def _label(line: str, alone: frozenset[str]) -> re.Match[str] | None:
    """Return the label that opens `line`, or None; a heading with a colon in it opens no turn."""
    for form in (VOICE, STAMPED, STAMP_FIRST, _COLON, _LETTER, _RECORD):
        m = form.match(line)
        if m and (form is _LETTER or _may_be_label(m["name"])):
            heading = form is _COLON and line[m.end() :].strip() and not _ENDED.search(line)
            return None if heading else m
    return _ALONE.match(line) if line in alone else None


def _may_be_label(name: str) -> bool:
    """Whether the words can name a speaker: no "Also Read", no "What to do next"."""
    words = [w.lower().strip(".") for w in name.split()]
    if _NO_LABELS.intersection(words) or len(name) < 2:
        return False
    lower = [w for w in name.split() if w[0].islower()]
    return len(lower) < len(words) and not any(CLOSED.get(w) in ("P", "x", "B", "u", "~") for w in words)


def _names_alone(text: str) -> frozenset[str]:
    """Return names that stand alone on a line again and again, two different ones at least."""
    seen = Counter(
        line.words
        for line in _lines(text)
        if len(line.words) < 40
        and len(line.words.split()) >= _LEAST_WORDS_ALONE
        and _ALONE.match(line.words)
        and is_common_given_name(line.words.split()[0])
        and _may_be_label(line.words)
    )
    again = frozenset(name for name, n in seen.items() if n > 1)
    return again if len(again) > 1 else frozenset()


def _is_heading(line: str, turn: _Turn) -> bool:
    """Whether the line is no more of the turn before it: "## The flood", "Sen. Rook asks about the crew"."""
    if line.startswith(("#", "---", "***", "About ", "Read more", "READ MORE", "ALSO READ", "Related")):
        return True
    return bool(turn.words) and not turn.stamped and not _ENDED.search(line) and len(line.split()) < 12


def _is_conversation(text: str, turns: list[_Turn]) -> bool:
    """Whether labels and words are those of people who speak to each other, and no list.

    Two stamped labels are enough. Else there must be two speakers, every turn but the last must end like a
    sentence, and two of these signs must hold: half of the turns speak to somebody (counts twice); a label
    comes back; a label is a person's or a role's beyond doubt; all look like people's names.
    """
    if sum(turn.stamped for turn in turns) > 1:
        return True
    names = Counter(text[turn.name.start : turn.name.end] for turn in turns)
    ended = all(_ENDED.search(text, turn.words[-1].start, turn.words[-1].end) for turn in turns[:-1])
    if len(names) < 2 or not ended or _is_list(text, turns):
        return False
    spoken = sum(any(_DIALOGUE.search(text, s.start, s.end) for s in turn.words) for turn in turns)
    answering = spoken >= _SPOKEN * len(turns)
    again = len(turns) > len(names)
    introduced = all(f"({name})" in text for name in names)
    known = introduced or any(_is_person(name) for name in names)
    people = introduced or all(_looks_like_person(name) for name in names)
    signs = 2 * answering + again + known + people
    return signs > 1 and (answering or again or introduced or len(turns) == len(names) == 2)


def _is_list(text: str, turns: list[_Turn]) -> bool:
    """Whether the labels stand too far apart for turns, or before figures and single words."""
    paragraphs = sum(len(turn.words) for turn in turns)
    wordy = sum(len(_WORDS.findall(text, turn.words[0].start, turn.words[0].end)) > 1 for turn in turns)
    return paragraphs > _PARAGRAPHS_A_TURN * len(turns) or wordy < _WORDY * len(turns)


def _is_person(name: str) -> bool:
    words = [w.lower() for w in name.split()]
    return is_common_given_name(words[0]) or words[0] in TITLES or words[0] in _ROLE_LABELS


def _looks_like_person(name: str) -> bool:
    """Whether the label is a title and a name, a name of two or three words, or a surname in capitals."""
    words = [w.lower() for w in name.split()]
    if BODIES.intersection(words):
        return False
    return words[0] in TITLES or 1 < len(words) < 4 or (len(words) == 1 and name.isupper())


def _attribution(text: Text, starts: list[int], firsts: list[int], turn: _Turn) -> Attribution | None:
    content = [r for s in turn.words if (r := _tokens(starts, s))]
    source = _tokens(starts, turn.name)
    if not content or not source:
        return None
    first, last = bisect_left(firsts, turn.name.start), bisect_left(firsts, turn.words[-1].end)
    if first == len(firsts) or firsts[first] > turn.name.start:
        first -= 1
    return Attribution(
        content=content,
        cue=None,
        source=source,
        probability=TURN,
        source_probability=1.0,
        quoted=False,
        reason=f"a turn of a transcript, with its speaker in front ({TURN:.2f})",
        sentences=list(range(max(first, 0), max(last, first + 1))),
    )


def _tokens(starts: list[int], span: Span) -> tuple[int, int] | None:
    """First and last token of `span`."""
    first, last = bisect_left(starts, span.start), bisect_left(starts, span.end) - 1
    return (first, last) if first <= last else None
