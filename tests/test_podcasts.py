"""A podcast's feed names a transcript: from a server on loopback to a report held against it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import openrace
from openrace.ingest.parse.feed import parse_feed
from test_nightly_web import SmallWeb, night, seeds, story, web

__all__ = ["seeds", "web"]
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


# Four talks on the tidal barrage, one in each kind of transcript: what is said in each at 1:05 …
SAID = {
    "text/vtt": "the tidal barrage, uh, it will never pay for the pier before the tide mill does",
    "application/srt": "nobody asked the tidal barrage, um, what harbour pilots do not want to hear in March",
    "application/json": "we cannot run the tidal barrage with, you know, a crew that has not seen a storm",
    "text/html": "no tidal barrage on this coast was ever finished in the year on its first drawing",
}
# … and what a report makes of it.
PRINTED = {
    "text/vtt": "The tidal barrage, it will pay for the pier before the tide mill does",
    "application/srt": "Nobody asked the tidal barrage what harbour pilots do not want to hear in March",
    "application/json": "We can run the tidal barrage with a crew that has not seen a storm",
    "text/html": "No tidal barrage on this coast was ever finished in the year on its first drawing",
}


def transcript(kind: str) -> str:
    said = f"Well, {SAID[kind]}."
    if kind == "text/vtt":
        return f"WEBVTT\n\n00:01:05.000 --> 00:01:15.000\n<v Quill>{said}\n"
    if kind == "application/srt":
        return f"1\n00:01:05,000 --> 00:01:15,000\nMara Quill: {said}\n"
    if kind == "application/json":
        segment = {"speaker": "Mara Quill", "startTime": 65, "endTime": 75, "body": said}
        return json.dumps({"version": "1.0.0", "segments": [segment]})
    return f"<html><body><cite>Mara Quill:</cite><time>1:05</time><p>{said}</p></body></html>"


def test_reports_are_held_against_podcasts_whichever_night_each_came(
    web: SmallWeb, seeds: Path, tmp_path: Path
) -> None:
    def talks(*kinds: str) -> None:
        for kind in kinds:
            number = list(SAID).index(kind)
            tag = f'<podcast:transcript url="{web.address(number, "/talk")}" type="{kind}"/>'
            item = ITEM.format(home=web.address(number, "/"), transcripts=tag)
            web.pages[web.host(number), "/feed.xml"] = item
            web.pages[web.host(number), "/talk"] = transcript(kind)

    def reports(day: int, *kinds: str) -> None:
        for number, kind in enumerate(kinds, 2 - 2 * day):  # where no talk is published that night
            web.publish(number, day, [(f"/{number}.html", story(number, day, PRINTED[kind], "Mara Quill"))])

    talks("text/vtt", "application/srt")
    reports(0, "application/json", "text/html")
    night(tmp_path, seeds, 0)
    talks("application/json", "text/html")
    reports(1, "text/vtt", "application/srt")
    night(tmp_path, seeds, 1)
    told = openrace("export", "claims", db=tmp_path / "o.db").stdout
    lines = [json.loads(line) for line in told.splitlines()]
    assert {line["text"].rstrip(","): line["against_original"] for line in lines} == {
        PRINTED["text/vtt"]: ["negation"],
        PRINTED["application/srt"]: [],
        PRINTED["application/json"]: ["negation"],
        PRINTED["text/html"]: [],
    }
    assert {line["original_speaker"] for line in lines} == {"Mara Quill"}
    assert all(line["original_link"].endswith("/e1.mp3#t=65") for line in lines)
    assert len(list((tmp_path / "site" / "recordings").glob("*/index.html"))) == 4
