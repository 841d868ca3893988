"""A family → its story: what happened to the words, and who had them when."""

from openrace.diffusion.stories import tell_story

__all__ = ["tell_story"]
