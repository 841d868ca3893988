"""Records → the files of a static site, and the digest that is mailed.

    edition.py ─▶ almanac.py ─▶ views.py, charts.py ─▶ pages.py ─▶ files.py
     what came      indexes       what a page says      Jinja2      only what differs is written

    publish(edition, folder, now="2026-11-21T04:00:00Z") -> PublishReport
    digest_mail(edition, now=…)                          -> email.message.EmailMessage

Nothing here knows the store, and only `pages.py` knows Jinja2.
"""

from __future__ import annotations

from openrace.site.edition import Edition
from openrace.site.pages import look_version
from openrace.site.press import PublishReport, publish

__all__ = ["Edition", "PublishReport", "look_version", "publish"]
