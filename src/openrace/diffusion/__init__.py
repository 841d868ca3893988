"""Claims → families of one utterance, and their stories. These verbs are the room's face."""

from openrace.diffusion.families import explain_pair, group_quotes
from openrace.diffusion.growth import grow_families
from openrace.diffusion.stories import tell_story

__all__ = ["explain_pair", "group_quotes", "grow_families", "tell_story"]
