"""Three nights in a row against a small web on loopback, about another topic than the bundled one.

OPENRACE_OUTLETS and OPENRACE_ARTICLES make the web larger: `make night-long` takes 60 and 10.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conftest import openrace

OUTLETS = int(os.environ.get("OPENRACE_OUTLETS", "5"))
ARTICLES = int(os.environ.get("OPENRACE_ARTICLES", "2"))
PEOPLE = ("Mara Quill", "Tobias Fenn", "Ines Harrow", "Odo Brandt")
SEEDS = {
    "topics.toml": """drop = ["open-source-ai"]
[topics.tides]
name = "Tidal power"
threshold = 4
[topics.tides.facets.tides]
at_least = 2
[topics.tides.facets.tides.terms]
"tidal" = 2
"tide mill*" = 3
"barrage*" = 2
""",
    "people.toml": """[people]
mara-quill = { name = "Mara Quill", organisation = "estuary-board" }
[organisations]
estuary-board = { name = "Estuary Board", country = "IE", group = "government" }
""",
}
FIRST = datetime(2026, 3, 1, 4, tzinfo=UTC)


class SmallWeb:
    """Pages by (host, path); what is missing is 404."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], str] = {}
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = (self.headers["Host"] or "").split(":")[0]
                body = web.pages.get((host, self.path), "")
                content = (body or "no").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/xml" if self.path.endswith("xml") else "text/html")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def host(self, number: int) -> str:
        """All of 127/8 is this machine: each outlet has an address of its own."""
        return f"127.0.1.{number + 1}"

    def address(self, number: int, path: str) -> str:
        return f"http://{self.host(number)}:{self.port}{path}"

    def publish(self, number: int, day: int, stories: list[tuple[str, str]]) -> None:
        """Put `stories` (path, HTML) of a day on an outlet, at the head of its feed."""
        when = format_datetime(FIRST + timedelta(days=day, hours=-2))
        for path, html in stories:
            self.pages[self.host(number), path] = html
        items = "".join(
            f"<item><title>Tidal news</title><link>{self.address(number, path)}</link><guid>{path}</guid>"
            f"<description>On tidal power</description><pubDate>{when}</pubDate></item>"
            for path, _ in stories
        )
        old = self.pages.get((self.host(number), "/feed.xml"), "").partition("<item>")[2]
        rest = f"<item>{old}" if old else "</channel></rss>"
        head = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet {number}</title>'
        self.pages[self.host(number), "/feed.xml"] = (
            f"{head}<link>{self.address(number, '/')}</link>{items}{rest}"
        )


def story(number: int, day: int, quote: str, who: str) -> str:
    filler = "".join(
        f"<p>The tide mill at pier {number} was looked at for the {day * 9 + k}th time, and the tidal barrage"
        f" beside it turned slowly while {k + 3} engineers of the yard wrote down what it gave that day.</p>"
        for k in range(4)
    )
    return (
        f"<html lang=en><head><title>Tidal power at pier {number}, day {day}</title></head><body><article>"
        f"<h1>Tidal power at pier {number}, day {day}</h1>{filler}<p>“{quote},” said {who} on the quay.</p>"
        f"{filler}</article></body></html>"
    )


@pytest.fixture
def web() -> Iterator[SmallWeb]:
    small = SmallWeb()
    yield small
    small.server.shutdown()
    small.server.server_close()


@pytest.fixture
def seeds(web: SmallWeb, tmp_path: Path) -> Path:
    from openrace.user_files.seed_files import load_seeds

    folder = tmp_path / "seeds"
    folder.mkdir()
    for name, text in SEEDS.items():
        (folder / name).write_text(text)
    dropped = "".join(
        f'<outline type="rss" isComment="true" text="x" xmlUrl="{feed.url.replace("&", "&amp;")}"/>'
        for feed in load_seeds().feeds
    )
    ours = "".join(
        f'<outline type="rss" text="Outlet {n}" xmlUrl="{web.address(n, "/feed.xml")}"'
        f' htmlUrl="{web.address(n, "/")}"/>'
        for n in range(OUTLETS)
    )
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{ours}{dropped}</body></opml>')
    return folder


def night(
    folder: Path, seeds: Path, day: int
) -> tuple[subprocess.CompletedProcess[str], dict[str, int], str]:
    """Run one; what it told, how much each station did, and the home page of the morning."""
    moment = (FIRST + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")
    done = openrace(
        *("nightly", "--at", moment, "--seeds", str(seeds), "--allow", "127.0.0.0/8", "--log-format", "json"),
        db=folder / "o.db",
    )
    lines = [line for line in map(json.loads, done.stderr.splitlines()) if "name" in line]
    home = (folder / "site" / "index.html").read_text()
    return done, {line["name"]: line["done"] for line in lines}, home


def test_three_nights_about_tides(web: SmallWeb, seeds: Path, tmp_path: Path) -> None:
    shared = "The sea does not send an invoice to anybody on this coast"
    for number in range(OUTLETS):
        quotes = [shared] + [f"Pier {number} gave more than we hoped in week {k}" for k in range(1, ARTICLES)]
        who = PEOPLE[0], *(PEOPLE[1 + k % 3] for k in range(1, ARTICLES))
        stories = [(f"/{k}", story(number, k, quote, who[k])) for k, quote in enumerate(quotes)]
        web.publish(number, 0, stories)
    web.publish(
        0, 0, [("/off", "<html><title>Cakes</title><article><p>“Eat cake,” said Mara Quill.</p></article>")]
    )

    done, did, home = night(tmp_path, seeds, 0)
    assert done.returncode == 0, done.stderr
    assert did["crawl"] == OUTLETS * ARTICLES
    assert "The sea does not send an invoice" in home
    claims = [
        json.loads(line) for line in openrace("export", "claims", db=tmp_path / "o.db").stdout.splitlines()
    ]
    invoice = [claim for claim in claims if "invoice" in claim["text"]]
    assert len(invoice) == OUTLETS
    assert len({claim["family_id"] for claim in invoice}) == 1
    assert {claim["speaker"]["person_id"] for claim in invoice} == {"mara-quill"}
    assert not any("cake" in claim["text"] for claim in claims)

    again, did, _ = night(tmp_path, seeds, 0)
    assert again.returncode == 0, again.stderr
    assert set(did.values()) == {0}

    web.publish(1, 1, [("/new", story(1, 1, "We will open the second barrage before autumn", "Tobias Fenn"))])
    feed = web.pages.pop((web.host(0), "/feed.xml"))
    done, did, home = night(tmp_path, seeds, 1)
    assert done.returncode == 3
    assert web.address(0, "/feed.xml") in done.stderr
    assert did["crawl"] == 1
    assert "second barrage before autumn" in home
    status = (tmp_path / "site" / "status" / "index.html").read_text()
    assert "failing for 1 night" in status

    web.pages[web.host(0), "/feed.xml"] = feed
    web.publish(
        0, 2, [("/late", story(0, 2, "We will open the second barrage before autumn", "Tobias Fenn"))]
    )
    done, did, home = night(tmp_path, seeds, 2)
    assert done.returncode == 0, done.stderr
    assert did["crawl"] == 1
    claims = [
        json.loads(line) for line in openrace("export", "claims", db=tmp_path / "o.db").stdout.splitlines()
    ]
    barrage = [claim for claim in claims if "second barrage" in claim["text"]]
    assert len({claim["family_id"] for claim in barrage}) == 1
    assert len(barrage) == 2
    digest = openrace("digest", "--seeds", str(seeds), "--at", "2026-03-03", db=tmp_path / "o.db").stdout
    assert "second barrage" in digest
    assert "Mara Quill" in openrace("search", "invoice", db=tmp_path / "o.db").stdout
