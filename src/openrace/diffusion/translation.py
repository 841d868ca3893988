"""Which prints of a family are translations: those not in the language in which it was said.

Told only where names show it: a Chinese print of somebody whose name is a foreign one, written in Chinese
or Latin characters; a print in another language where others are Chinese and the name is in pinyin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from openrace.diffusion.items import is_foreign_name
from openrace.diffusion.timeline import PrintedClaim
from openrace.scripts import has_han

_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:iang|iong|uang|ang|eng|ong|iao|ian|ing|uai|uan|ai|ei|ao|ou|an|en|ia|ie|iu|in|ua|uo|ui|un|ue|[aoeiu]))+",
    re.I,
)


def translations(prints: Sequence[PrintedClaim]) -> frozenset[str]:
    """Return the claims among these prints of one utterance that are translations of it."""
    chinese = [shown for shown in prints if has_han(shown.claim.verbatim(shown.article))]
    if not chinese:
        return frozenset()
    if len(chinese) == len(prints):
        foreign = any(map(_is_foreign, _names(prints)))
        return _ids(chinese) if foreign else frozenset()
    ids = _ids(chinese)
    others = [shown for shown in prints if shown.claim.id not in ids]
    return _ids(others) if any(map(_is_pinyin, _names(others))) else ids


def _ids(prints: Iterable[PrintedClaim]) -> frozenset[str]:
    return frozenset(shown.claim.id for shown in prints)


def _names(prints: Iterable[PrintedClaim]) -> list[str]:
    speakers = (shown.claim.speaker for shown in prints)
    return [speaker.name for speaker in speakers if speaker and speaker.name]


def _is_pinyin(name: str) -> bool:
    parts = name.replace("-", " ").replace("'", "").split()
    return len(parts) > 1 and all(map(_PINYIN.fullmatch, parts))


def _is_foreign(name: str) -> bool:
    """Return whether a person's name is no Chinese one; a single word in Latin letters may be a body's."""
    if has_han(name):
        return is_foreign_name(name)
    return len(name.split()) > 1 and not _is_pinyin(name)
