"""A podcast's feed names a transcript: from a server on loopback to a report held against it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import openrace
from openrace.ingest.parse.feed import parse_feed
from test_nightly_web import SmallWeb, night, seeds, story, web

__all__ = ["seeds", "web"]
SAID = "Well, the tidal barrage, uh, the tidal barrage will never pay for the pier before the tide mill does"
TALK = f"WEBVTT\n\n00:01:05.000 --> 00:01:15.000\n<v Quill>{SAID}.\n"
ITEM = """<?xml version="1.0"?><rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>
<title>Tides</title><link>{home}</link><language>en</language><item><title>Tidal power</title><guid>e1</guid>
<description>On the tidal barrage</description><pubDate>Sun, 01 Mar 2026 01:00:00 +0000</pubDate>
<enclosure url="{home}e1.mp3" type="audio/mpeg" length="1"/><podcast:person>Mara Quill</podcast:person>
{transcripts}</item></channel></rss>"""


@pytest.mark.parametrize(
    ("kinds", "best"),
    [
        (["text/plain", "text/html", "application/srt", "text/vtt", "application/json"], ".json"),
        (["text/plain", "text/html", "application/x-subrip"], ".srt"),
        (["text/plain", "text/html"], ".html"),
        (["text/plain", "application/pdf"], ".txt"),
        (["application/pdf"], None),
    ],
)
def test_of_several_transcripts_the_one_that_tells_most_is_taken(kinds: list[str], best: str | None) -> None:
    tags = "".join(f'<podcast:transcript url="/t{n}" type="{kind}"/>' for n, kind in enumerate(kinds))
    body = ITEM.format(home="https://tides.example/", transcripts=tags).encode()
    entries = parse_feed(body, "https://tides.example/feed.xml").entries
    found = [entry for entry in entries if entry.transcript]
    assert [entry.transcript for entry in found] == [best] * bool(best)
    for entry in found:
        assert (entry.people, entry.recording) == (("Mara Quill",), "https://tides.example/e1.mp3")


def test_a_report_is_held_against_a_podcast(web: SmallWeb, seeds: Path, tmp_path: Path) -> None:
    tag = f'<podcast:transcript url="{web.address(0, "/e1.vtt")}" type="text/vtt"/>'
    home = web.address(0, "/")
    web.pages[web.host(0), "/feed.xml"] = ITEM.format(home=home, transcripts=tag)
    web.pages[web.host(0), "/e1.vtt"] = TALK
    quote = "The tidal barrage will pay for the pier before the tide mill does"
    web.publish(1, 0, [("/report.html", story(1, 0, quote, "Mara Quill"))])
    night(tmp_path, seeds, 0)
    lines = [
        json.loads(line) for line in openrace("export", "claims", db=tmp_path / "o.db").stdout.splitlines()
    ]
    assert [
        (line["original_speaker"], line["original_link"], line["against_original"]) for line in lines
    ] == [("Mara Quill", f"{home}e1.mp3#t=65", ["negation"])]
