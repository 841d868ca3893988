"""Saved searches: what is told of their matches, and to whom it is sent."""
