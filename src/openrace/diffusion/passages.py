"""Where the words of a report are said in a recording.

    the report's words ─▶ runs that the recording has too ─▶ the best chain of them ─▶ passages

Speech is no print: fillers, repetitions and the figures of numbers are the same in both (spoken_words.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from openrace.diffusion.recordings import Recording
from openrace.diffusion.spoken_words import SHINGLE, SpokenText, spoken_text
from openrace.wordings.align import aligned_spans

# Set on made pairs (tests/cases/recordings.toml); each has a case on both sides of it.
LEAST_COVERAGE = 0.66  # of the report's words, by weight, that the passages must have
LEAST_WEIGHT = 12.0  # of what is found, in all
LEAST_PASSAGE = 7.0  # weight of each passage of several
LEAST_RUN = 4  # words of the report in a row that the recording has too
NEAR = 20  # words that may be left out within one passage
SLACK = 4  # words around a passage that may hold what its first and last words are reported of
MOST_RUNS = 200  # the longest are looked at
JUMP = 6.0  # weight that a passage elsewhere must bring more

_LETTER_IN_BRACKETS = re.compile(r"\[(\w{1,2})\](?=\w)")
_BRACKETS = re.compile(r"\[[^\[\]]*\]|［[^［］]*］")


class Block(NamedTuple):
    """`size` words of the report from `report` on that stand in the recording from `place` on."""

    report: int
    place: int
    size: int


class Passage(NamedTuple):
    """Words `first` to `after` of the report, said from word `start` to `end` of the recording."""

    first: int
    after: int
    start: int
    end: int


class RecordingMatch(NamedTuple):
    """Where a report's words stand in a recording."""

    report: SpokenText
    passages: tuple[Passage, ...]
    weight: float  # of the words that both have
    coverage: float  # their share of the report's words


def find_words(words: str, recording: Recording) -> RecordingMatch | None:
    """Return where these words of a report are said in the recording; None where they are not."""
    report = printed_words(words)
    chain = _best_chain(_blocks(report.codes, recording), report, recording)
    if not chain or max(block.size for block in chain) < LEAST_RUN:
        return None
    passages = tuple(_passages(chain, report, recording))
    weight = sum(_shared(passage, report, recording) for passage in passages)
    found = RecordingMatch(report, passages, weight, weight / (report.weight() or 1.0))
    return found if weight >= LEAST_WEIGHT and found.coverage >= LEAST_COVERAGE else None


def printed_words(words: str) -> SpokenText:
    """Return the words of a report without what an editor put in brackets."""
    return spoken_text(_BRACKETS.sub(" ", _LETTER_IN_BRACKETS.sub(r"\1", words)))


def _blocks(codes: str, recording: Recording) -> list[Block]:
    """Return the runs of three words or more that one speaker has too, each as long as it goes."""
    said, stints = recording.spoken.codes, recording.stints
    found = []
    before: set[int] = set()  # where the three words one word earlier stand: a run begun there has these too
    for at in range(len(codes) - SHINGLE + 1):
        places = recording.index.places(codes[at : at + SHINGLE])
        for place in places:
            if stints[place] != stints[place + SHINGLE - 1]:
                continue
            if place - 1 in before and stints[place - 1] == stints[place]:
                continue
            size = SHINGLE
            while (
                codes[at + size : at + size + 1] == said[place + size : place + size + 1] != ""
                and stints[place + size] == stints[place]
            ):
                size += 1
            found.append(Block(at, place, size))
        before = set(places)
    return sorted(found, key=lambda block: -block.size)[:MOST_RUNS]


def _best_chain(blocks: list[Block], report: SpokenText, recording: Recording) -> list[Block]:
    """Return the blocks that tell most of the report in its order; a step to elsewhere costs JUMP."""
    blocks = sorted(blocks)
    best: list[tuple[float, int]] = []
    for n, block in enumerate(blocks):
        own = report.weight(block.report, block.report + block.size)
        score, before = own, -1
        for m, earlier in enumerate(blocks[:n]):
            overlap = max(earlier.report + earlier.size - block.report, 0)
            if overlap >= block.size or earlier.report >= block.report:
                continue
            rest = report.weight(block.report + overlap, block.report + block.size)
            through = best[m][0] + rest - (0 if _follows(earlier, block, overlap, recording) else JUMP)
            if through > score:
                score, before = through, m
        best.append((score, before))
    if not best:
        return []
    at = max(range(len(best)), key=lambda n: (best[n][0], -n))
    chain = []
    while at >= 0:
        chain.append(blocks[at])
        at = best[at][1]
    return chain[::-1]


def _follows(earlier: Block, later: Block, overlap: int, recording: Recording) -> bool:
    """Whether the same speaker goes on with `later` soon after `earlier`."""
    end = earlier.place + earlier.size
    skipped = later.place + overlap - end
    soon = 0 <= skipped <= NEAR + (later.report - earlier.report - earlier.size)
    return soon and recording.stints[end - 1] == recording.stints[later.place]


def _passages(chain: list[Block], report: SpokenText, recording: Recording) -> Iterator[Passage]:
    """Yield the chain as passages that cover the report without a gap."""
    groups: list[list[Block]] = []
    for block in chain:
        last = groups[-1][-1] if groups else None
        overlap = max(last.report + last.size - block.report, 0) if last else 0
        if last and _follows(last, block, overlap, recording):
            groups[-1].append(block)
        else:
            groups.append([block])
    first = 0
    for n, group in enumerate(groups):
        after = groups[n + 1][0].report if n + 1 < len(groups) else len(report.codes)
        after = max(after, group[-1].report + group[-1].size) if n + 1 < len(groups) else after
        lead, tail = max(group[0].report - first, 0), after - group[-1].report - group[-1].size
        end = group[-1].place + group[-1].size
        start = max(group[0].place - lead - SLACK * (lead > 0), recording.turn_words(group[0].place)[0])
        reach = max(tail, 0) + SLACK * (tail > 0)
        end = max(min(end + reach, recording.turn_words(end - 1)[1]), end)
        yield _trimmed(Passage(first, after, start, end), report, recording)
        first = after


def _trimmed(passage: Passage, report: SpokenText, recording: Recording) -> Passage:
    """Return the passage without what only the recording has at its ends."""
    cuts = aligned_spans(
        recording.spoken.codes[passage.start : passage.end], report.codes[passage.first : passage.after]
    )
    start, end = passage.start, passage.end
    if cuts and not cuts[0].same:
        start += cuts[0].b - cuts[0].a if cuts[0].c == cuts[0].d else 0
    if cuts and not cuts[-1].same:
        end -= cuts[-1].b - cuts[-1].a if cuts[-1].c == cuts[-1].d else 0
    return passage._replace(start=start, end=max(end, start + 1))


def _shared(passage: Passage, report: SpokenText, recording: Recording) -> float:
    """Return the weight of the words that a passage and the report share; 0 where these are too few."""
    said, reported = (
        recording.spoken.codes[passage.start : passage.end],
        report.codes[passage.first : passage.after],
    )
    cuts = aligned_spans(said, reported)
    same = sum(report.weight(passage.first + cut.c, passage.first + cut.d) for cut in cuts if cut.same)
    return same if same >= LEAST_PASSAGE else 0.0
