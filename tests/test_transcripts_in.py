"""Transcripts as sources: captions and labelled text to turns, and what is said can be searched."""

from __future__ import annotations

import itertools
import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import openrace
from openrace.errors import InputError
from openrace.ingest.parse.transcript_files import TranscriptSegment, read_transcript, write_turns
from openrace.links import clock_time, link_to_second

CASES = tomllib.loads((Path(__file__).parent / "cases" / "transcripts.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_a_transcript_is_read_turn_for_turn(case: dict) -> None:
    article = read_transcript(case["file"], case["kind"], "talk", people=case.get("people", ()))
    turns = [
        [turn.speaker or "", turn.times[0][1] if turn.times else -1, article.text[slice(*turn.span)]]
        for turn in article.turns
    ]
    assert turns == case["turns"]
    assert article.is_transcript
    assert article.automatic == case.get("automatic", False)
    if all(turn.speaker is None for turn in article.turns):
        assert "without speakers" in (article.note or "")
    for key, value in case.get("fields", {}).items():
        assert getattr(article, key) == value


@pytest.mark.parametrize("case", CASES["none"], ids=lambda case: case["name"])
def test_what_is_no_transcript_is_told(case: dict) -> None:
    with pytest.raises(InputError, match=case["says"]):
        read_transcript(case["file"], case["kind"], "talk")


def an_hour() -> list[tuple[str, list[tuple[float, str]]]]:
    """120 turns of half a minute, three cues each: who, and what is said from which second on."""
    people, things = ("Ada Rook", "Kaveh Sorin", "王岚"), ("lock", "ferry", "pump", "quay", "mill")
    return [
        (
            people[n % 3],
            [
                (
                    30.0 * n + 10 * k,
                    f"the {things[(n + k) % 5]} was mended {n} times before part {k} of it broke,",
                )
                for k in range(3)
            ],
        )
        for n in range(120)
    ]


def clock(second: float, mark: str) -> str:
    return f"{int(second) // 3600:02}:{int(second) // 60 % 60:02}:{int(second) % 60:02}{mark}000"


def written(kind: str) -> str:
    """The hour as a file of this kind."""
    turns = an_hour()
    if kind in (".html", ".txt"):
        told = [
            (who, clock(cues[0][0], ".")[:8], " ".join(words for _, words in cues)) for who, cues in turns
        ]
        if kind == ".txt":
            return "\n\n".join(f"{who} ({at}): {words}" for who, at, words in told)
        return "".join(f"<cite>{who}:</cite><time>{at}</time><p>{words}</p>" for who, at, words in told)
    cues = [(who, k, at, words) for who, said in turns for k, (at, words) in enumerate(said)]
    if kind == ".json":
        keys = ("speaker", "startTime", "endTime", "body")
        segments = [dict(zip(keys, (who, at, at + 9, words), strict=True)) for who, _, at, words in cues]
        return json.dumps({"version": "1.0.0", "segments": segments})
    if kind == ".srt":
        blocks = (
            f"{n}\n{clock(at, ',')} --> {clock(at + 9, ',')}\n{f'{who}: ' * (k == 0)}{words}"
            for n, (who, k, at, words) in enumerate(cues, 1)
        )
        return "\n\n".join(blocks)
    blocks = (
        f"{clock(at, '.')} --> {clock(at + 9, '.')}\n<v {who}>{words}</v>" for who, _, at, words in cues
    )
    return "\n\n".join(["WEBVTT", *blocks])


@pytest.mark.parametrize("kind", [".vtt", ".srt", ".json", ".html", ".txt"])
def test_an_hour_is_read_turn_for_turn(kind: str) -> None:
    article = read_transcript(written(kind), kind, "talk")
    found = [
        (
            turn.speaker,
            " ".join(article.text[slice(*turn.span)].split()),
            [turn.second_at(place) for place, _ in turn.times],
        )
        for turn in article.turns
    ]
    cues = 1 if kind in (".html", ".txt") else 3  # these time each turn, not each cue
    assert found == [
        (who, " ".join(words for _, words in said), [at for at, _ in said][:cues]) for who, said in an_hour()
    ]


PIECES = st.lists(
    st.builds(
        TranscriptSegment,
        st.sampled_from([None, "Ada Rook", "王岚"]),
        st.none() | st.floats(0, 9000),
        st.text("ab 冰.", min_size=1).map(str.strip).filter(bool),
        st.booleans(),
    ),
    min_size=1,
)


@given(PIECES, st.none() | st.just("The lock"))
def test_every_word_is_in_one_turn_of_its_speaker(pieces: list[TranscriptSegment], title: str | None) -> None:
    text, turns = write_turns(pieces, title)
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(turns))
    said = "".join(text[slice(*turn.span)] for turn in turns)
    assert "".join(said.split()) == "".join("".join(piece.words.split()) for piece in pieces)
    at = 0
    for turn in turns:
        mine = "".join(text[slice(*turn.span)].split())
        while mine:
            assert pieces[at].speaker == turn.speaker
            mine = mine[len("".join(pieces[at].words.split())) :]
            at += 1
        assert all(turn.span.start <= offset < turn.span.end for offset, _ in turn.times)


def test_what_is_said_is_kept_and_searched_and_is_no_statement(tmp_path: Path) -> None:
    segments = [
        {
            "speaker": "Ada Rook",
            "startTime": 61.5,
            "endTime": 64,
            "body": "The lock leaks, um, each year.",
        },
        {"speaker": "Kaveh Sorin", "startTime": 64, "endTime": 66, "body": "It always does."},
    ]
    talk = {"version": "1.0.0", "title": "On locks", "recording": "https://talks.example/7.mp3"}
    (tmp_path / "talk.json").write_text(json.dumps(talk | {"segments": segments}))
    db = tmp_path / "o.db"
    openrace("import", str(tmp_path / "talk.json"), "--at", "2026-03-02T00:00:00Z", db=db)
    told = openrace("extract", db=db)
    assert "1 transcript" in told.stderr
    found = json.loads(openrace("search", "leaks", "--spoken", "--json", db=db).stdout)
    assert (found["speaker"], found["second"]) == ("Ada Rook", 61.5)
    assert found["link"] == "https://talks.example/7.mp3#t=61"
    assert "1:01" in openrace("search", "leaks", "--spoken", db=db).stdout
    assert openrace("search", "leaks", db=db).returncode == 1
    assert openrace("search", "leaks", "--spoken", "--speaker", "Sorin", db=db).returncode == 1


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://talks.example/7.MP3?x=1", "https://talks.example/7.MP3?x=1#t=83"),
        ("https://www.youtube.com/watch?v=a&t=5s", "https://www.youtube.com/watch?v=a&t=83s"),
        ("https://youtu.be/a", "https://youtu.be/a?t=83s"),
        ("https://vimeo.com/1#x", "https://vimeo.com/1#t=83s"),
        ("https://talks.example/7", None),
        ("javascript:alert(1).mp3", None),
    ],
)
def test_a_link_plays_from_the_second_where_the_player_is_known(url: str, link: str | None) -> None:
    assert link_to_second(url, 83.9) == link
    assert link_to_second(url, None) is None


def test_seconds_are_shown_as_players_show_them() -> None:
    assert [clock_time(s) for s in (None, 3.9, 83, 3723)] == ["", "0:03", "1:23", "1:02:03"]
