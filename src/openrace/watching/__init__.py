"""Saved searches: the messages about their matches, and sending them."""
