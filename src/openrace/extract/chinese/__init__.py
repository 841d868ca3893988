"""Chinese text → claims, by the plain patterns of Chinese news."""

from openrace.extract.chinese.claims import extract_chinese

__all__ = ["extract_chinese"]
