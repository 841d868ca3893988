"""Text → claims: who said what, with exact offsets.

tokens.py ─▶ quotations.py ─▶ sentences.py          words with classes; marks; sentences seen from outside
     words.py, lexicon.py                           the word lists they know
cues.py ─▶ speakers.py ─▶ contents.py               where it is reported; candidates for who and what
     content_features.py, scoring.py, weights.tsv   the scored choice among candidates
     modality.py, settling.py                       what is no report; no quotation given to two
attribution.py ◀─ following.py, transcripts.py      attributions; quotations without a cue of their own
names.py ─▶ resolution.py ◀─ people.py              whom a mention means
claims.py ◀─ venues.py, version.py, chinese/        the door
relevance.py                                        is an article about the topic, and why
"""

from .claims import extract_claims
from .people import Directory

__all__ = ["Directory", "extract_claims"]
