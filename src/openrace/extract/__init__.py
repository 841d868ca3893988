"""Text → claims: who said what, with exact offsets."""

from .claims import extract_claims
from .people import Directory

__all__ = ["Directory", "extract_claims"]
