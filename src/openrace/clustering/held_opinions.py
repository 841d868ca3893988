"""Held opinions: "He still believes that …" tells what somebody else thinks: an utterance of its own."""

from __future__ import annotations

import re

from openrace.wordings.normalise import encode

_VERBS = "believe feel hold insist maintain think consider regard remain stand view call"
_HAN_VERBS = "认为 相信 觉得 坚持 坚信 主张"
_BETWEEN = 3  # words between who holds an opinion and the verb: "she very much still thinks"


def _codes(words: str) -> str:
    return "".join(map(encode, words.split()))


_OPENING = re.compile(
    f"[{_codes('he she')}].{{0,{_BETWEEN}}}[{_codes(_VERBS)}]"
    f"|[{_codes('his her')}].?[{_codes('belief conviction opinion position stance view')}]"
    f"|(?:{encode('the')}|^(?!.{{0,2}}[{_codes('i we you')}])).{{1,{_BETWEEN}}}"
    f"[{_codes(_VERBS)}]{encode('that')}"
    f"|[{_codes('他 她')}].{{0,4}}(?:{'|'.join(map(encode, _HAN_VERBS.split()))})"
)


def opinion_start(wording: str) -> int:
    """Return where in an encoded wording an opinion of somebody else begins; its length where none does."""
    found = _OPENING.search(wording)
    return found.end() if found else len(wording)
