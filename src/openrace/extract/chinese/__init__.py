"""Chinese text → claims, by the plain patterns of Chinese news."""

from openrace.extract.chinese.claims import extract_chinese
from openrace.extract.chinese.quotations import has_han, is_chinese

__all__ = ["extract_chinese", "has_han", "is_chinese"]
