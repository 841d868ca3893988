"""Records → the files of a static site, and the digest that is mailed.

    edition.py ─▶ almanac.py ─▶ views.py, charts.py ─▶ pages.py ─▶ files.py
     what came      indexes       what a page says      Jinja2      only what differs is written

    publish(edition, folder, now="2026-11-21T04:00:00Z") -> PublishReport
    digest_mail(edition, now=…)                          -> email.message.EmailMessage

Nothing here knows the store, and only `pages.py` knows Jinja2.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from openrace.site.edition import Edition

__all__ = ["Edition", "PublishReport", "publish"]


class PublishReport(NamedTuple):
    """What publishing did: pages of the site in all, files written, removed, left as they were."""

    pages: int
    written: int
    removed: int
    unchanged: int


def publish(
    edition: Edition, folder: Path, *, now: str, overlay: Path | None = None, full: bool = False
) -> PublishReport:
    """Write `edition` as a static site into `folder`, touching only the files that differ.

    `now` is the moment the site speaks from; `overlay` is a folder whose `templates/` and `static/` lie over
    the bundled ones; `full` renders every page anew. Raises ConfigError for a template that cannot be
    used and for a `folder` that holds files of somebody else.
    """
    raise NotImplementedError
