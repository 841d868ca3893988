"""openrace digest: this morning's digest for a mail, a browser or a terminal."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from openrace.cli.console import exit_if_failed
from openrace.cli.typer_app import (
    PUBLISHING,
    At,
    BaseUrl,
    Corrections,
    Database,
    Lang,
    SeedsFolder,
    SiteFolder,
    Watches,
    app,
    clock_at,
)


class DigestFormat(StrEnum):
    eml = "eml"
    html = "html"
    txt = "txt"


@app.command(rich_help_panel=PUBLISHING)
def digest(
    db: Database,
    seeds: SeedsFolder = None,
    to: SiteFolder = None,
    corrections: Corrections = None,
    base_url: BaseUrl = None,
    watches: Watches = None,
    lang: Lang = "en",
    at: At = None,
    format: Annotated[
        DigestFormat, typer.Option("--format", help="A complete mail, an HTML page, or plain text.")
    ] = DigestFormat.txt,
    mail_to: Annotated[str, typer.Option(help="The recipient of the mail.")] = "root@localhost",
    mail_from: Annotated[str, typer.Option(help="The sender of the mail.")] = "openrace@localhost",
) -> None:
    """Write the digest to stdout. In cron: openrace digest --format eml | sendmail -t"""
    from openrace.pipeline.publish_site import Order, StoreSource, snapshot_of
    from openrace.pipeline.run_watches import watched_since_yesterday
    from openrace.site import morning
    from openrace.site.digest_mail import digest_html, digest_mail, digest_text
    from openrace.store import open_store
    from openrace.user_files.corrections_file import corrections_of
    from openrace.user_files.idea_files import load_ideas
    from openrace.user_files.seed_files import load_seeds
    from openrace.user_files.watch_file import watches_path

    now = clock_at(at)()
    known, right = load_seeds(seeds), corrections_of(db, corrections)
    ideas = load_ideas(seeds)
    order = Order(to or db.parent / "site", now, known, right, base_url=base_url, ideas=ideas, language=lang)
    store = open_store(db)
    source = StoreSource(store, order, peek=True)
    matches = watched_since_yesterday(store, watches_path(db, watches), now, base_url)
    with morning(snapshot_of(store, order), source, order.folder, now) as chosen:
        found = chosen._replace(watched=matches)
        match format:
            case DigestFormat.eml:
                made = digest_mail(found, sender=mail_from, recipient=mail_to).as_bytes()
            case DigestFormat.html:
                made = digest_html(found).encode()
            case DigestFormat.txt:
                made = digest_text(found).encode()
    sys.stdout.buffer.write(made)
    exit_if_failed(source.failed.messages())
