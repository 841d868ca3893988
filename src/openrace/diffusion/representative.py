"""Which report's wording is shown for a family.

The longest print is often the worst one: it swallowed the narrator's next sentence, a table or an editor's
insertion. The most printed one alone is no cure: short cuts are printed most. So, among the prints nearly as
long as the longest, the one that most outlets have independently of each other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set

from openrace.diffusion.timeline import PrintedClaim, copies
from openrace.diffusion.translation import translations
from openrace.person_names import FamilySpeaker, same_person
from openrace.records import Article, Claim
from openrace.scripts import HAN

UNKNOWN = FamilySpeaker()
NEARLY_AS_LONG = 0.8  # of the longest print's words: shorter ones are cuts of it
CLEAN_SHARE = 0.5  # a print without blemishes stands for one with some if it has so many of its words
LONGEST_INSERTION = 2  # words in brackets: a name put in for a pronoun
LONGEST_TAIL = 3  # words of the narrator behind the last closing mark: the end of the sentence
_INSERTION = re.compile(r"[\[(（【]([^\[\]()（）【】]*)[\])）】]")
_FURNITURE = re.compile(
    r"\|\s*-{2,}|\|\s*\|| \| |https?://|www\.|©|\(\s*\d+,\s*[-\d.]+,\s*[-\d.%]+\)"
    r"|\b(?:read (?:more|also)|also read|click here|sign up|full story|advertisement)\b"
    r"|图片来源|圖片來源|点击(?:查看|阅读)|责任编辑|相關新聞|相关新闻",
    re.I,
)
# "said he was “instrumental …”": who "he" is, the words alone do not say
_PRONOUN = re.compile(r"(?:he|she|it|they|him|her|them|his|their|its)\b|[他她它]|其(?![他它中次实])", re.I)
# marks that close too late: "The ice will hold, Moor said. It is …"
_REPORTED_INSIDE = re.compile(
    r"[,.!?][\"”]? ?(?:he|she|[A-Z][\w’'-]+) (?:said|says|added|explained|wrote|noted|told [a-z]+)[.,]"
)
_SENTENCE_END = re.compile(r"[.!?。！？]")
_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:['’.,-]\w+)*")


def choose_representative(
    prints: Sequence[PrintedClaim], speaker: FamilySpeaker = UNKNOWN, misleading: Set[str] = frozenset()
) -> str:
    """Return the id of the claim whose wording is shown for the family that `prints` are all reports of.

    Quoted words come before a reporter's, prints without blemishes (see `has_blemish`) before others, the
    language in which it was said before a translation. Of those nearly as long as the longest: the most
    attested by independent outlets, verbatim before partial, without a "he" that no name explains or words
    put in, with a named speaker, the earliest. A report that names another than `speaker`, whose words the
    family's are, and one that a recording contradicts (`misleading`) only stand where there is no other.
    """
    prints = [shown for shown in prints if shown.claim.id not in misleading] or prints
    prints = [shown for shown in prints if not _names_another(shown.claim, speaker)] or prints
    quoted = [shown for shown in prints if shown.claim.kind != "indirect"] or list(prints)
    candidates = _nearly_as_long(_clean(_original(quoted)))
    if len({shown.wording for shown in candidates}) == 1:
        return min(candidates, key=_preference).claim.id
    attested = _attestation(quoted)
    return min(candidates, key=lambda shown: (*attested[shown.wording], *_preference(shown))).claim.id


def _names_another(claim: Claim, speaker: FamilySpeaker) -> bool:
    named = claim.speaker
    if named is None or named.name is None or speaker.name is None:
        return False
    if named.person_id and speaker.person_id:
        return named.person_id != speaker.person_id
    return same_person(named.name, speaker.name) == "different"


def _preference(shown: PrintedClaim) -> tuple[bool, bool, bool, bool, bool, str, str]:
    """Order prints that are equally attested; the least is the best."""
    claim, when = shown.claim, shown.article.published
    named = claim.speaker is not None and claim.speaker.name is not None
    pronoun = claim.kind != "direct" and bool(_PRONOUN.match(claim.text))
    inserted = bool(_INSERTION.search(claim.text))
    return claim.kind != "direct", pronoun, inserted, not named, when is None, when or "", claim.id


def _attestation(prints: Sequence[PrintedClaim]) -> dict[str, tuple[int, int]]:
    """Return how many outlets, and how many reports, have each wording; negative, copies counted once."""
    copied = copies(prints)
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    reports: Counter[str] = Counter()
    for shown in prints:
        outlets[shown.wording]
        if shown.article.id not in copied:
            outlets[shown.wording].add(shown.article.outlet or shown.article.id)
            reports[shown.wording] += 1
    return {wording: (-len(found), -reports[wording]) for wording, found in outlets.items()}


def _nearly_as_long(prints: Sequence[PrintedClaim]) -> list[PrintedClaim]:
    lengths = [_length(shown) for shown in prints]
    least = NEARLY_AS_LONG * max(lengths)
    return [shown for shown, length in zip(prints, lengths, strict=True) if length >= least]


def _length(shown: PrintedClaim) -> int:
    """Count the words inside the marks, without what is put in, as far as they are surely the speaker's."""
    claim, text = shown.claim, shown.article.text
    end = _narrator_begins(claim, text) or claim.spans[-1].end
    inside = claim.quoted if claim.kind != "indirect" else claim.spans
    said = " ".join(text[span.start : min(span.end, end)] for span in inside if span.start < end)
    return len(_WORD.findall(_INSERTION.sub(" ", said)))


def _clean(prints: Sequence[PrintedClaim]) -> Sequence[PrintedClaim]:
    clean = [shown for shown in prints if not has_blemish(shown.claim, shown.article)]
    if clean and max(map(_length, clean)) >= CLEAN_SHARE * max(map(_length, prints)):
        return clean
    return prints


def has_blemish(claim: Claim, article: Article) -> bool:
    """Tell whether a print holds what nobody said.

    That is a sentence of the narrator, page furniture, a converted sum or a long insertion.
    """
    insertions = _INSERTION.findall(claim.text)
    return (
        bool(_FURNITURE.search(claim.text))
        or any(len(_WORD.findall(inserted)) > LONGEST_INSERTION for inserted in insertions)
        or _narrator_begins(claim, article.text) is not None
    )


def _narrator_begins(claim: Claim, text: str) -> int | None:
    """Return where a sentence of the narrator begins, behind words in marks or inside them; else None."""
    begins = [quoted.start for quoted in claim.quoted[1:]] + [claim.spans[-1].end]
    for quoted, until in zip(claim.quoted, begins, strict=bool(claim.quoted)):
        if inside := _REPORTED_INSIDE.search(text, *quoted):
            return inside.start()
        if claim.kind == "mixed" and _ends_sentence(text, quoted.end):
            behind = (text[max(s.start, quoted.end) : min(s.end, until)] for s in claim.spans)
            if len(_WORD.findall(" ".join(behind))) > LONGEST_TAIL:
                return quoted.end
    return None


def _ends_sentence(text: str, end: int) -> bool:
    """Tell whether the quoted words that end at `end` end a sentence: what follows is another one."""
    return bool(_SENTENCE_END.search(text[end - 1 : end + 2]))


def _original(prints: Sequence[PrintedClaim]) -> Sequence[PrintedClaim]:
    """Return the prints in the language of the speaker, where a family holds more than one language."""
    translated = translations(prints)
    return [shown for shown in prints if shown.claim.id not in translated] or prints
