"""A real headless browser, and a site of invented words behind a real HTTP server.

Where no Chromium is found these tests are left out, and one line says so; with ``CI`` set they insist.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from site_editions import NOW, make_edition, publish, with_idea, with_paraphrase

CHROMIUM = os.environ.get("OPENRACE_CHROMIUM") or next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
LEFT_OUT = "no Chromium was found: the browser tests are left out"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM or os.environ.get("CI"):
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=LEFT_OUT))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    assert CHROMIUM, "CI insists on the browser tests: install chromium, or set OPENRACE_CHROMIUM"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES.split())
        yield chromium
        chromium.close()


@dataclass
class Served:
    """A site in a folder, served below a sub-path under a strict policy."""

    folder: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *given: Any, served: Served, **more: Any) -> None:
        self.served = served
        super().__init__(*given, directory=str(served.folder.parent), **more)

    def do_GET(self) -> None:
        self.served.asked.append(self.path)
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Tests look at `Served.asked` instead."""


def serve(folder: Path) -> Iterator[Served]:
    served = Served(folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, served=served)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        served.url = f"http://127.0.0.1:{server.server_address[1]}/{folder.name}/"
        yield served
        server.shutdown()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("www") / "a-site"
    publish(with_idea(with_paraphrase(make_edition(20))), folder, now=NOW)
    yield from serve(folder)
