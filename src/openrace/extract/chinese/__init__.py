"""Chinese text → claims, by the plain patterns of Chinese news."""

from .claims import extract_chinese
from .text import has_han, is_chinese

__all__ = ["extract_chinese", "has_han", "is_chinese"]
