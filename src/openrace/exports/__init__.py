"""Records → open formats: what a researcher takes away.

    claim_lines.py        ClaimLine and ArticleLine as JSON Lines (canonical, with a schema) and CSV
    family_lines.py    ExportedFamily: families with speaker, dates, outlets, wordings, alerts
    graph_picture.py   which outlet had it first, which followed, as SVG
    parquet.py       the same as Parquet; the only module that knows pyarrow
    citation_files.py    articles as BibTeX and CSL-JSON
    annotation_lines.py  claims as W3C Web Annotations
    datasette_file.py    a SQLite file of its own with metadata.json, ready for Datasette
    dumps.py        one file a month, and their checksums

Nothing here knows the store: records are handed in. The texts of articles are in none of these.
"""
