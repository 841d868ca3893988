"""A family → its story: what happened to the words, and who had them when."""

from openrace.diffusion.clocks import clock_early, leads
from openrace.diffusion.representative import choose_representative
from openrace.diffusion.stories import story_of_family
from openrace.diffusion.timeline import Outlets, PrintedClaim, prints_of

__all__ = [
    "Outlets",
    "PrintedClaim",
    "choose_representative",
    "clock_early",
    "leads",
    "prints_of",
    "story_of_family",
]
