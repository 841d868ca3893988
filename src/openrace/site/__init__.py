"""Records → the files of a static site, and the digest that is mailed.

    snapshot.py       what came
    site_index.py     what is remembered
    index_queries.py  in the orders of pages
    page_router.py    what each page shows
    templating.py     Jinja2
    builder.py, output_files.py   only what differs is written

    publish(edition, news, folder, Publication(now="2026-11-21T04:00:00Z")) -> PublishReport
    morning(edition, news, folder, now) -> the digest, which digest_mail.py writes
    look_version(overlay) -> str

Nothing here knows the store, and only `templating.py` knows Jinja2. What is remembered lies in a SQLite file.
"""

from __future__ import annotations

from openrace.site.builder import Publication, PublishReport, morning, publish
from openrace.site.templating import look_version

__all__ = ["Publication", "PublishReport", "look_version", "morning", "publish"]
