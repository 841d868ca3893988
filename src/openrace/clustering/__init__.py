"""Claims → families of one utterance. These verbs are the room's face."""

from openrace.clustering.grouping import explain_pair, group_quotes
from openrace.clustering.incremental import grow_families

__all__ = ["explain_pair", "group_quotes", "grow_families"]
