"""openrace publish, serve, demo: the site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from openrace.cli.console import counted, exit_if_failed, now, say
from openrace.cli.typer_app import (
    PUBLISHING,
    At,
    Database,
    Full,
    Lang,
    SiteFolder,
    SiteOptions,
    app,
    clock_at,
    taking,
)


@app.command(rich_help_panel=PUBLISHING)
@taking(SiteOptions)
def publish(site: SiteOptions, at: At = None, full: Full = False) -> None:
    """Build the site; only files that changed are written."""
    from openrace.pipeline.publish_site import Order, publish_site
    from openrace.plurals import many
    from openrace.site import compare_with_hosts
    from openrace.store import open_store
    from openrace.user_files.corrections_file import corrections_of
    from openrace.user_files.idea_files import load_ideas
    from openrace.user_files.seed_files import load_seeds

    known = load_seeds(site.seeds)
    right = corrections_of(site.db, site.corrections)
    look = (site.base_url, site.contact, site.look, load_ideas(site.seeds), site.lang)
    order = Order(site.folder, clock_at(at)(), known, right, full, *look)
    report = publish_site(open_store(site.db), order)
    files = f"{many(report.written, 'file')} written, {report.removed:,} removed"
    say(f"{many(report.pages, 'page')} in {site.folder}: {files}")
    say(compare_with_hosts(report.files, report.size))
    for note in report.notes:
        say(note)
    exit_if_failed(report.failed)


@app.command(rich_help_panel=PUBLISHING)
def serve(
    db: Database,
    to: SiteFolder = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    host: Annotated[
        str, typer.Option(help="The address to serve at; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    open_: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Serve the published site to browsers, by default on this machine."""
    from openrace.errors import ConfigError, reason

    folder = to or db.parent / "site"
    if not (folder / "index.html").is_file():
        raise ConfigError(folder, "there is no site", "build it with: openrace publish")
    try:
        _serve(folder, host, port, open_)
    except OSError as error:
        raise ConfigError(f"{host}, port {port}", reason(error), "choose another one: --port 0") from error


def _serve(folder: Path, host: str, port: int, open_: bool) -> None:
    from contextlib import suppress
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """One line a request is of no use to anybody."""

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            """Send the site's own page for what is not there, as static hosts do."""
            page = folder / "404.html"
            if code != 404 or not page.is_file():
                super().send_error(code, message, explain)
                return
            body = page.read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

    with ThreadingHTTPServer((host, port), partial(Quiet, directory=str(folder))) as server:
        address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{server.server_address[1]}/"  # noqa: S104
        say(f"{address} shows {folder}; stop with Ctrl-C")
        if open_:
            typer.launch(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("")


@app.command(rich_help_panel=PUBLISHING)
def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder for its database and site.")
    ] = Path("demo"),
    lang: Lang = "en",
) -> None:
    """Import the bundled articles into a new database, extract, group and publish."""
    from openrace.cli.demo_run import run_demo

    sys.stdout.write(run_demo(folder, now=now(), watch=counted, warn=say, language=lang))
