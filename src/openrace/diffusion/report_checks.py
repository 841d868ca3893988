"""What a report made of the words as they were said.

    a report's passages ─▶ how it passes from one to the next: cut, joined
                        ─▶ each aligned word by word ─▶ what was changed, put in, turned

What a report leaves out at its ends, or marks with an ellipsis, is no change. What is flagged is a report
that joins what was said apart, that loses or gains a "not", that has another number, or that gives the words
to somebody else. A machine's transcript mishears: its words alone flag nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from openrace.diffusion.items import items_of
from openrace.diffusion.passages import Passage, RecordingMatch
from openrace.diffusion.recordings import Recording, Report, Same
from openrace.diffusion.spoken_words import SMALL_TALK, SpokenText
from openrace.scripts import has_han
from openrace.story import ReportCheck, WordChange
from openrace.wordings.align import aligned_spans
from openrace.wordings.normalise import GAP

JOINED = 8  # words left out without a mark: more join what was said apart
JOINED_HAN = 14
FAR_SECONDS, FAR_WORDS = 60.0, 150  # over which an ellipsis joins two answers, where another speaks between
SHORT_CUT = 3  # words, or twice as many Han characters: with more goes a clause, and its "not" with it
AROUND = 4  # words shown on each side of a changed one
WORDS = frozenset({"negation", "number"})  # changes of single words that turn the sense
MISLEADING = WORDS | {"joined", "another speaker"}


def check_report(
    report: Report, found: RecordingMatch, recording: Recording, same_person: Callable[[str, str], Same]
) -> ReportCheck:
    """Return what a report did to the words as they were said."""
    kinds: list[str] = []
    notes: list[str] = []
    changes: list[WordChange] = []
    original = None
    for before, passage in zip((None, *found.passages), found.passages, strict=False):
        if before and (joint := _joint(before, passage, found, recording)):
            kinds.append(joint[0])
            notes.append(joint[1])
            changes.append(WordChange(op="elided", base="…", variant=""))
        for difference in _differences(passage, found.report, recording):
            kind = _kind(difference)
            changes.append(_change(difference))
            if kind in WORDS and recording.article.automatic:
                kind = "changed"  # a machine may have misheard the word: listed, but no alert
            elif kind in WORDS:
                original = original or difference.said(AROUND)
                notes.append(
                    f"has “{difference.reported(AROUND)}”; the original: “{difference.said(AROUND)}”"
                )
            kinds += [kind] * bool(kind)
    speaker = recording.speaker_at(found.passages[0].start)
    if report.speaker and speaker and same_person(report.speaker, speaker) == "different":
        kinds.append("another speaker")
        notes.append(f"said by {speaker}, not by {report.speaker}")
    return ReportCheck.model_validate(
        {"claim_id": report.claim_id, "kinds": tuple(dict.fromkeys(kinds)), "changes": tuple(changes)}
        | {"flagged": not MISLEADING.isdisjoint(kinds), "note": "; ".join(notes) or None, "said": original}
    )


def _joint(
    before: Passage, after: Passage, found: RecordingMatch, recording: Recording
) -> tuple[str, str] | None:
    """Return how the report passes from one passage to the next: "cut" or "joined", and over what."""
    marked = GAP in found.report.codes[max(after.first - 2, 0) : after.first + 2]
    left_out = after.start - before.end
    a, b = recording.second_at(before.end - 1), recording.second_at(after.start)
    apart = b - a if a is not None and b is not None else None
    distance = f"{abs(apart):.0f} seconds" if apart is not None else f"{abs(left_out)} words"
    if left_out < 0:
        return "joined", f"puts first what was said {distance} later"
    between = {
        recording.article.turns[n].speaker
        for n in range(recording.turn_at(before.start), recording.turn_at(after.start) + 1)
    }
    far = apart > FAR_SECONDS if apart is not None else left_out > FAR_WORDS
    if not marked or (far and len(between) > 1):
        return "joined", f"joins words that were said {distance} apart"
    return "cut", f"leaves out {distance}, with a mark"


class _Difference(NamedTuple):
    """Words `a` to `b` as said, words `c` to `d` as reported, of one passage; `same` where they agree."""

    passage: Passage
    spoken: SpokenText
    report: SpokenText
    same: bool
    a: int
    b: int
    c: int
    d: int

    def said(self, around: int = 0) -> str:
        """Return what was said, with so many words of the passage on either side."""
        first, after = self.passage.start, self.passage.end
        return self.spoken.printed(max(self.a - around, first), min(self.b + around, after))

    def reported(self, around: int = 0) -> str:
        """Return what is reported, with so many words of the passage on either side."""
        first, after = self.passage.first, self.passage.after
        return self.report.printed(max(self.c - around, first), min(self.d + around, after))


def _differences(passage: Passage, report: SpokenText, recording: Recording) -> Iterator[_Difference]:
    """Yield a passage in stretches, those that agree too."""
    spoken, (first, after, start, end) = recording.spoken, passage
    for cut in aligned_spans(spoken.codes[start:end], report.codes[first:after]):
        said, reported = (start + cut.a, start + cut.b), (first + cut.c, first + cut.d)
        yield _Difference(passage, spoken, report, cut.same, *said, *reported)


def _change(it: _Difference) -> WordChange:
    op = "changed" if it.a < it.b and it.c < it.d else "left_out" if it.a < it.b else "put_in"
    variant = it.reported()
    if it.c < it.d and it.report.codes[it.c : it.d] == GAP:
        op, variant = "elided", ""
    return WordChange.model_validate({"op": "same" if it.same else op, "base": it.said(), "variant": variant})


def _kind(it: _Difference) -> str:
    """Return what was done to the words: "" for nothing."""
    if it.same:
        return ""
    lost, gained = it.spoken.forms[it.a : it.b], it.report.forms[it.c : it.d]
    han = has_han("".join(lost))
    if len(lost) <= SHORT_CUT * (2 if han else 1) + len(gained) and _turns_sense(it):
        return "negation"
    numbers = [{form for form in side if form[0] == "#"} for side in (lost, gained)]
    if all(numbers) and numbers[0] != numbers[1]:
        return "number"
    if GAP in gained:
        return "cut"
    if len(lost) - len(gained) > (JOINED_HAN if han else JOINED):
        return "joined"
    if any(form not in SMALL_TALK for form in gained):
        return "changed"
    return "cut" if any(form not in SMALL_TALK for form in lost) else ""


def _turns_sense(it: _Difference) -> bool:
    """Whether one side negates what the other asserts, read with two words on either side."""
    return _negations(it.said(2)) != _negations(it.reported(2))


def _negations(printed: str) -> int:
    return sum(item.kind == "negation" for item in items_of(printed))
