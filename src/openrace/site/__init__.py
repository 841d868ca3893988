"""Records → the files of a static site, and the digest that is mailed.

    edition.py ─▶ catalogue.py ─▶ almanac.py ─▶ views.py ─▶ pages.py ─▶ press.py, files.py
    what came     what is         in the orders  what each   Jinja2      only what differs
                  remembered      of pages       page shows              is written

    publish(edition, news, folder, Publication(now="2026-11-21T04:00:00Z")) -> PublishReport
    morning(edition, news, folder, now) -> the digest, which mail.py writes
    look_version(overlay) -> str

Nothing here knows the store, and only `pages.py` knows Jinja2. What is remembered lies in a SQLite file.
"""

from __future__ import annotations

from openrace.site.pages import look_version
from openrace.site.press import Publication, PublishReport, morning, publish

__all__ = ["Publication", "PublishReport", "look_version", "morning", "publish"]
