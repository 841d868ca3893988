"""Records → the files of a static site, and the digest that is mailed.

    edition.py ─▶ utterances.py, almanac.py ─▶ views.py ─▶ pages.py ─▶ press.py, files.py
    what came     what is known of each,       what each   Jinja2      only what differs
                  in the orders of pages       page shows              is written

    publish(edition, folder, now="2026-11-21T04:00:00Z") -> PublishReport
    look_version(overlay)                                -> str
    mail.py: digest_mail, digest_html, digest_text

Nothing here knows the store, and only `pages.py` knows Jinja2.
"""

from __future__ import annotations

from openrace.site.edition import Edition
from openrace.site.pages import look_version
from openrace.site.press import PublishReport, publish

__all__ = ["Edition", "PublishReport", "look_version", "publish"]
