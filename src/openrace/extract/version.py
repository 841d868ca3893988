"""The version of what reads: it stands in every claim and decides which articles are stale."""

# Raise it whenever another claim comes out of any text, English or Chinese.
EXTRACTOR = "8"
