"""Claims → families of one utterance. The room's verbs, and nothing else, are its face."""

from openrace.diffusion.families import group_quotes

__all__ = ["group_quotes"]
