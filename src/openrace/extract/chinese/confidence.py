"""One attribution in a Chinese text as it was found, and how sure its shape makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from openrace.extract.attributed_content import AttributedContent
from openrace.extract.chinese.contents import Content
from openrace.extract.chinese.noun_phrases import SourcePhrase
from openrace.extract.chinese.organisation_mentions import Resolution
from openrace.extract.directory import Directory
from openrace.records import Polarity, Span, Speaker, normalise_wording

# How sure each shape is of its content, before its speaker is weighed. Set by hand: they say an order.
_SURE = {
    "colon": 0.97,
    "split": 0.97,
    "after": 0.95,
    "comma": 0.9,
    "fragment": 0.9,
    "clause": 0.88,
    "named": 0.85,
    "turn": 0.85,
    "continued": 0.8,
    "paragraph": 0.8,
    "label": 0.75,
    "beside": 0.72,
    "adjacent": 0.55,
}
_UNKNOWN_SURE = 0.45  # the most that a claim without a speaker is given
_HOW = {
    "colon": "cue {cue} with a colon before its words",
    "split": "cue {cue} inside the quotation that it parts",
    "after": "cue {cue} behind the quotation",
    "comma": "cue {cue} with a comma before its clause",
    "fragment": "cue {cue} right before the quoted words",
    "clause": "cue {cue} running into its clause",
    "named": "cue {cue} giving something a name in quotation marks",
    "paragraph": "cue {cue} with a colon before a paragraph",
    "turn": "a turn of an interview",
    "continued": "a sentence that is all quotation",
    "adjacent": "a sentence that is all quotation",
    "label": "a name and a colon open the line",
    "beside": "a quotation beside its speaker, without a cue",
}


class AttributedSpeaker(NamedTuple):
    """The words that name the speaker, if there are any, and whom they mean."""

    phrase: SourcePhrase | None
    resolution: Resolution


@dataclass(frozen=True)
class Attribution:
    """Content and its speaker. `shape` is how cue and content stand to each other, a key of `_SURE`."""

    content: Content
    shape: str
    cue: Span | None
    speaker: AttributedSpeaker
    venue: Span | None
    context: Span
    polarity: Polarity = "asserted"
    parent: tuple[Span, ...] | None = None  # the content that it is reported inside of

    @property
    def end(self) -> int:
        return max(self.content.spans[-1].end, self.cue.end if self.cue else 0)

    def with_confidence(self, text: str, directory: Directory) -> AttributedContent:
        """Return what the claim builder needs, the speaker looked up in `directory`."""
        sure, resolution = _SURE[self.shape], self.speaker.resolution
        cue = text[self.cue.start : self.cue.end] if self.cue else ""
        return AttributedContent(
            spans=self.content.spans,
            quoted=self.content.quoted,
            cue=self.cue,
            speaker=_speaker(text, self.speaker, directory),
            venue=self.venue,
            context=self.context,
            confidence=round(sure * resolution.sure if resolution.name else min(sure, _UNKNOWN_SURE), 2),
            reason=normalise_wording(f"{_HOW[self.shape].format(cue=cue)}; {resolution.why}"),
            polarity=self.polarity,
            parent=self.parent,
        )


def _speaker(text: str, said: AttributedSpeaker, directory: Directory) -> Speaker | None:
    """Return the mention and whom it means: no name where that is open, None where there is neither."""
    phrase, resolution = said
    mention = text[phrase.span.start : phrase.span.end] if phrase else resolution.name
    if mention is None:
        return None
    names = (resolution.name, phrase.latin if phrase and resolution.name else None, resolution.latin)
    known = next((known.id for name in names if name and (known := directory.find(name))), None)
    known = known if resolution.is_listed else None
    return Speaker(span=phrase.span if phrase else None, text=mention, name=resolution.name, person_id=known)
