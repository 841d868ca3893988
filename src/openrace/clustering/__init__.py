"""Claims → families of one utterance. These verbs are the room's door."""

from openrace.clustering.grouping import explain_pair, group_quotes
from openrace.clustering.incremental import place_quotes

__all__ = ["explain_pair", "group_quotes", "place_quotes"]
