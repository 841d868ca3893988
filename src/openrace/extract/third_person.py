"""Reports that name their supposed speaker, as only another would: he "said Ada Rook would come".

The speaker was then told by a pronoun or by the sentence before, and wrongly: nobody speaks of himself by his
full name. Where the report names its speaker itself, nothing is doubted: firms do.
"""

from __future__ import annotations

from dataclasses import replace

from openrace.extract.attributed_content import AttributedContent
from openrace.records import Speaker
from openrace.scripts import has_han

_LEAST_HAN = 2  # characters of a name
_HE = frozenset("he she 他 她".split())


def doubt_who_speaks(text: str, found: AttributedContent) -> AttributedContent | None:
    """Return `found`, without the name that its own content has; None where no mention is left."""
    speaker = found.speaker
    if found.quoted or speaker is None or speaker.name is None or not _is_told_by_context(found, speaker):
        return found
    content = " ".join(text[span.start : span.end] for span in found.spans)
    if not _is_full(speaker.name) or speaker.name not in content:
        return found
    if speaker.text not in _HE and speaker.text.lower() not in _HE:
        return None
    reason = f"{found.reason}; but the words speak of {speaker.name} as of somebody else"
    return replace(found, speaker=Speaker(span=speaker.span, text=speaker.text, name=None), reason=reason)


def _is_told_by_context(found: AttributedContent, speaker: Speaker) -> bool:
    """Whether the speaker is a pronoun, or named in another sentence alone."""
    if speaker.text.lower() in _HE:
        return True
    inside = speaker.span and found.context.start <= speaker.span.start < found.context.end
    return has_han(speaker.text) and not inside


def _is_full(name: str) -> bool:
    return len(name) >= _LEAST_HAN if has_han(name) else " " in name
