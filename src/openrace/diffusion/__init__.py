"""A family → its story: what happened to the words, and who had them when."""

from openrace.diffusion.representative import choose_representative
from openrace.diffusion.stories import tell_story
from openrace.diffusion.timeline import Print, prints_of

__all__ = ["Print", "choose_representative", "prints_of", "tell_story"]
