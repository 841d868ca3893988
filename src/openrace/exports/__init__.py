"""Records → open formats: what a researcher takes away.

    lines.py        ClaimLine and ArticleLine as JSON Lines (canonical, with a schema) and CSV
    sheets.py       rows as CSV
    tables.py       the same as Parquet; the only module that knows pyarrow
    citations.py    articles as BibTeX and CSL-JSON
    annotations.py  claims as W3C Web Annotations
    datasette.py    a SQLite file of its own with metadata.json, ready for Datasette
    dumps.py        one file a month, and their checksums

Nothing here knows the store: records are handed in. The texts of articles are in none of these.
"""
