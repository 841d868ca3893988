"""Names: whether two speakers, as two texts name them, are one person or body.

mention ("Clinton spokesman Brian Fallon") ─▶ `parse_name` ─▶ ParsedName
two names ─▶ `compare_names` ─▶ same | unknown | different

This is the one answer for the whole program: looking a name up in the directory, joining quotes, choosing a
family's speaker. Whoever is only described ("the senator", "many Republicans", "he") has no name, and the
answer beside anybody is "unknown": it neither joins nor parts two quotes. Where a rule could go either way,
the answer is "unknown" too.
"""

from openrace.person_names.compare import Relation, compare_names, name_key, same_person
from openrace.person_names.family_speaker import FamilySpeaker, ReportedSpeaker, family_speaker
from openrace.person_names.parse import NOBODY, ParsedName, fold, parse_name
from openrace.person_names.printed_role import printed_role

__all__ = [
    "NOBODY",
    "FamilySpeaker",
    "ParsedName",
    "Relation",
    "ReportedSpeaker",
    "compare_names",
    "family_speaker",
    "fold",
    "name_key",
    "parse_name",
    "printed_role",
    "same_person",
]
