"""Render a claim on one line, the same in every output, so that nobody can take it the other way.

    verbatim     “We will open it,” … “because it works.”    each piece in marks of its own
    otherwise    denied that he took money from the yard     the words of the article from its verb on
                 insisted: The plan is a “mess”              the verb first where the article has it last
                 [denied] he took money from the yard        where the verb alone does not say it

Every word is the article's, in the article's order but for a verb that follows its content. What stands
between two pieces becomes an ellipsis, and what is said of the content besides (`polarity`) is never left
out. Pure functions over text and offsets; nothing heavy is loaded, since ``openrace search`` calls them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from openrace.scripts import HAN, characters, has_han

Offsets = tuple[int, int]  # code points, half-open

# A claim's kind in readers' words; machine outputs keep the stored names.
KIND_NAMES = {"direct": "verbatim", "mixed": "partial", "indirect": "paraphrase"}
UNKNOWN_SPEAKER = "speaker unknown"

OPENING, CLOSING = "“‘„‟\"'«‹「『", "”’“\"'»›」』"
_MARKS_OF = {"「": "「」", "『": "「」"}  # a quotation keeps East Asian marks; all others become “ ”
_COMMAS = " ,;:，；：、"
_LEAST_ROOM = 12  # code points: a shorter beginning of a further piece says nothing
MOST_BETWEEN = 60  # code points from the verb to its content that are shown: "told the court in Paris that"

_HAN_DENIALS = "[不没未非无無沒]|否认|否認|拒|驳|駁"
# Patterns are compiled where they are first needed: `openrace search` would compile longer than it searches.
# The words that say of themselves what a polarity says; without one of them it is written in front.
_SAYS = {
    "denied": (
        r"\b(?:no|not|never|nor|neither|nobody|none|nothing|cannot|without|stop(?:s|ped)? short)\b|n[’']t\b"
        r"|\b(?:den(?:y|ie|ial)|reject|refut|disput|dismiss|refus|declin|rebut|rebuff|disavow|repudiat"
        r"|contradict|disown|disagree|rul(?:e[sd]?|ing) out|avoid|fail|oppos|object|contest|scoff|brush|shrug"
        rf"|push(?:e[sd]|ing)? back|sh(?:oot|oots|ot|ooting) down|derid|mock|ridicul)|{_HAN_DENIALS}|排除"
    ),
    "questioned": (
        r"\b(?:ask|wonder|question|[ie]nquir|quer|whether|if\b|doubt|s[kc]eptic|unsure|uncertain)"
        r"|(?:\b(?:not|never|neither|no)\b|n[’']t\b|\b(?:refus|declin)\w+)(?: \w+)*?"
        r" (?:den[yi]|disput|reject|refut|contest|rul\w+ out|object|oppos|sure|certain|convinced|clear)"
        rf"|[问問?？]|是否|[质質]疑|[怀懷]疑|(?:{_HAN_DENIALS}).{{0,4}}(?:否认|否認|排除|反[驳駁])"
    ),
    "conditional": (
        r"\b(?:if|would|could|might|may|should|were|unless|suppos|imagin)|如果|假如|倘若|要是|一旦|若"
        rf"|(?:{_HAN_DENIALS}).{{0,4}}排除"
    ),
}
_IN_CHINESE = {"denied": "否认", "questioned": "提问", "conditional": "假设"}
# What may stand before the verb and turn it: "has never", "refused to", "did not".
_TURNS = (
    r"(?:do|does|did|has|have|had|is|are|was|were|be|been|being|will|would|can|could|may|might|must|should|"
    r"not|never|no longer|neither|nor|hardly|barely|also|again|only|(?:\w+ly)|to|"
    r"refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|den(?:y|ies|ied|ying)|avoid(?:s|ed|ing)?|fail(?:s|ed|ing)?|"
    r"cannot|\w+n[’']t)"
)
_TURNED = rf"(?i)(?:\b{_TURNS}\s+)+$"
_TURNED_HAN = (
    r"(?:不[得能可]不|并?(?:[从從](?:[来來])?|[绝絕]|[决決]|[丝絲]?毫|拒)?(?:[没沒]有|[没沒]|未曾|未|不)|[并並尚][未不]|[并並][没沒]有"
    r"|不[愿願肯]|拒绝|拒絕|[无無]法|[坚堅][决決]|[断斷]然|矢口|一再|多次|既|也|亦)+$"
)
# a sentence or quotation between the verb and the content
_BREAKS = r"[.!?。！？\n“”\"「」]\s*\w"
_NEEDS_OBJECT = r"(?i)\b(?:to|of|by|from|in)$"  # "according to", "in the words of"


class Piece(NamedTuple):
    """An unbroken stretch of the content, on one line.

    `joint` is what stands between it and the piece before: white space and punctuation of the article, or
    None where words of the article are left out.
    """

    text: str
    quoted: bool  # the article has it inside quotation marks
    marks: str = "“”"
    joint: str | None = ""

    @property
    def marked(self) -> str:
        """The piece as shown: what is quoted in its marks."""
        return f"{self.marks[0]}{self.text}{self.marks[1]}" if self.quoted else self.text


class LinePart(NamedTuple):
    """A part of a line as it is shown, marks included."""

    text: str
    quoted: bool


class Wording(NamedTuple):
    """A claim as it is shown; `lead` is the verb with which it must be read, "" where none is needed."""

    lead: str
    pieces: tuple[Piece, ...]
    gap: str = " … "

    @property
    def words(self) -> str:
        """The pieces in their marks, with an ellipsis for what the article has between them."""
        return "".join(part.text for part in self._of_pieces())

    @property
    def line(self) -> str:
        """The claim on one line: the verb where it needs one, then its words."""
        return "".join(part.text for part in self.parts)

    @property
    def parts(self) -> tuple[LinePart, ...]:
        """The line cut where marks open or close, for outputs that set quoted words apart."""
        if not self.lead:
            return tuple(self._of_pieces())
        space = "" if _touch(self.lead[-1:], self.words[:1]) else " "
        return (LinePart(self.lead + space, quoted=False), *self._of_pieces())

    @property
    def quoted_words(self) -> str:
        """Only what the article has inside marks, each piece in its own; "" for a paraphrase."""
        return self.gap.join(piece.marked for piece in self.pieces if piece.quoted)

    def shortened(self, limit: int) -> Wording:
        """Return the wording cut at a word to about `limit` code points, marks in pairs, verb kept."""
        room, kept = limit - len(self.lead), list[Piece]()
        for piece in self.pieces:
            if len(piece.text) > room:
                head = piece.text[: max(1, room - 1)]
                at_word = head[: head.rfind(" ")] if head.rfind(" ") > len(head) // 2 else head
                kept.append(piece._replace(text=at_word.rstrip(_COMMAS) + "…"))
                break
            kept.append(piece)
            room -= len(piece.text) + 1
            if room < _LEAST_ROOM and len(kept) < len(self.pieces):
                kept[-1] = piece._replace(text=piece.text + "…")
                break
        return self._replace(pieces=tuple(kept))

    def _of_pieces(self) -> Iterator[LinePart]:
        for piece in self.pieces:
            joint = self.gap if piece.joint is None else piece.joint
            if joint:
                yield LinePart(joint, quoted=False)
            yield LinePart(piece.marked, piece.quoted)


class Reported(NamedTuple):
    """Where a claim stands in its article, and what is known of it; offsets as in `records.Claim`."""

    kind: str
    polarity: str
    spans: Sequence[Offsets]
    quoted: Sequence[Offsets]
    cue: Offsets | None
    speaker: Offsets | None = None


def word_claim(text: str, claim: Reported) -> Wording:
    """Return how `claim` of the article `text` is shown."""
    pieces = _trim_commas(list(cut_pieces(text, claim.spans, claim.quoted)))
    chinese = _is_mostly_han("".join(piece.text for piece in pieces))
    lead = ""
    if claim.kind != "direct" or claim.polarity != "asserted":
        lead = _lead(text, claim)
        lead = _with_polarity(lead, pieces, claim.polarity, chinese)
    return Wording(lead, tuple(pieces), "……" if chinese else " … ")


def _is_mostly_han(text: str) -> bool:
    """Return whether more than half of the letters are Han characters."""
    if text.isascii():
        return False
    return 2 * len(characters(HAN).findall(text)) > sum(map(str.isalpha, text))


def cut_pieces(text: str, spans: Sequence[Offsets], quoted: Sequence[Offsets]) -> Iterator[Piece]:
    """Yield the stretches of the content in reading order, cut where quotation marks open or close."""
    for number, span in enumerate(spans):
        end_before: int | None = None  # of the piece before, in the same span
        for part in _cuts(span, quoted):
            start, end = _without_marks(text, part, span)
            words = " ".join(text[start:end].split())
            if not part.inside and (start, end) != tuple(span) and not any(map(str.isalnum, words)):
                continue  # marks and punctuation between two quotations
            if end_before is None:
                joint = None if number else ""
            else:
                joint = re.sub(rf"[{OPENING}{CLOSING}]+", "", re.sub(r"\s+", " ", text[end_before:start]))
            yield Piece(words, part.inside, _marks_for(text, start, words), joint)
            end_before = end


class _Part(NamedTuple):
    """A part of a span, all inside or all outside of quotation marks."""

    start: int
    end: int
    inside: bool


def _cuts(span: Offsets, quoted: Sequence[Offsets]) -> Iterator[_Part]:
    """Yield the parts of `span` inside and outside of `quoted`."""
    at = span[0]
    for start, end in quoted:
        if span[0] <= start and end <= span[1]:
            if at < start:
                yield _Part(at, start, False)
            yield _Part(start, end, True)
            at = end
    if at < span[1]:
        yield _Part(at, span[1], False)


_OPENS = rf"(?:\s*[{OPENING}]{{1,2}})?\s*$"
_CLOSES = rf"\s*(?:[{CLOSING}]{{1,2}}\s*)?"


def _without_marks(text: str, part: _Part, span: Offsets) -> Offsets:
    """Return `part` without the marks of the quotations at its edges, and without white space there."""
    words = text[part.start : part.end]
    left, right = len(words) - len(words.lstrip()), len(words.rstrip())
    if not part.inside and part.start > span[0] and (found := re.match(_CLOSES, words)):
        left = found.end()
    if not part.inside and part.end < span[1] and (found := re.search(_OPENS, words)):
        right = found.start()
    return part.start + left, part.start + max(left, right)


def _marks_for(text: str, start: int, words: str) -> str:
    """Return the marks for a quotation: the article's own East Asian ones, single ones around double."""
    before = text[max(0, start - 4) : start].rstrip()[-1:]
    if before in _MARKS_OF:
        return _MARKS_OF[before]
    return "‘’" if re.search('[“”"]', words) else "“”"


def _trim_commas(pieces: list[Piece]) -> list[Piece]:
    """Take the comma off that belongs to the news sentence: at the end, and where a new sentence follows."""
    for at, piece in enumerate(pieces):
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        goes_on = following and (following.joint is not None or following.text[:1].islower())
        if not goes_on and (bare := piece.text.rstrip(_COMMAS)):
            pieces[at] = piece._replace(text=bare)
    return pieces


def _lead(text: str, claim: Reported) -> str:
    """Return the article's words from the verb to its content; the verb and a colon where it comes later."""
    if claim.cue is None or not any(map(str.isalnum, text[slice(*claim.cue)])):
        return ""
    start, end = claim.cue
    for turned in (_TURNED, _TURNED_HAN):
        if found := re.compile(turned).search(text, max(0, start - 60), start):
            start = found.start()
    first = claim.spans[0][0]
    between = text[end:first]
    if 0 <= first - end <= MOST_BETWEEN and not re.search(_BREAKS, between):
        lead = " ".join(re.sub(rf"\s*[{OPENING}]+\s*$", "", text[start:first]).split())
    else:
        named = claim.speaker
        if named and re.search(_NEEDS_OBJECT, text[start:end]) and 0 < named[0] - end < 3:
            end = named[1]
        lead = " ".join(text[start:end].split()) + ("：" if has_han(text[start:end]) else ":")
    return lead[0].lower() + lead[1:] if lead[1:2].islower() else lead


def _with_polarity(lead: str, pieces: Sequence[Piece], polarity: str, chinese: bool) -> str:
    """Return `lead`, after the polarity in brackets where neither it nor the first word says so itself."""
    if polarity == "asserted":
        return lead
    opening = pieces[0].text.split(" ", 1)[0] if pieces and not pieces[0].quoted else ""
    if re.search(_SAYS[polarity], lead if polarity == "denied" else f"{lead} {opening}", re.IGNORECASE):
        return lead
    asked = all(piece.quoted and piece.text.endswith(("?", "？")) for piece in pieces)
    if polarity == "questioned" and asked:
        return lead
    note = f"[{_IN_CHINESE[polarity] if chinese else polarity}]"
    return f"{note} {lead}".strip()


def _touch(before: str, after: str) -> bool:
    """Whether two signs follow each other without a space, as in Chinese."""
    return (has_han(before) or before in "，：、") and (has_han(after) or after in "“「‘")
