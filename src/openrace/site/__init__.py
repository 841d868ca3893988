"""Records → the files of a static site, and the digest that is mailed.

    snapshot.py       what is handed in: records, and the port through which families are asked for
    site_index.py     a row for every family; invalidation.py: which pages show it
    index_queries.py  the index in the orders of pages
    page_router.py    which pages are at an address
    templating.py     Jinja2; fragments.py: the one cache of what lists show
    builder.py, output_files.py   only what differs is written

    publish(snapshot, source, folder, Publication(now="2026-11-21T04:00:00Z")) -> PublishReport
    morning(snapshot, source, folder, now) -> the digest, which digest_mail.py writes
    look_version(overlay, language) -> str
    compare_with_hosts(files, size) -> str

Nothing here knows the store, and only `templating.py` knows Jinja2. The index is a SQLite file in the folder
of the site.
"""

from __future__ import annotations

from openrace.site.builder import Publication, PublishReport, morning, publish
from openrace.site.host_limits import compare_with_hosts
from openrace.site.templating import look_version

__all__ = ["Publication", "PublishReport", "compare_with_hosts", "look_version", "morning", "publish"]
