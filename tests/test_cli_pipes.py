"""The filters: their contract, line by line."""

from __future__ import annotations

import json

from conftest import openrace

TEXT = "“Weights want to be free,” said Ada Byte. 她说。"
OUT = {"claim_id", "article_id", "kind", "polarity", "spans", "text", "line", "pieces", "cue", "speaker"}
OUT |= {"confidence", "said_when"}


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_extract_keeps_its_contract() -> None:
    done = openrace("pipe", "extract", stdin=lines({"id": "a", "text": TEXT, "url": None, "more": [1]}))
    assert done.returncode == 0, done.stderr
    claim = json.loads(done.stdout.splitlines()[0])
    assert set(claim) == OUT
    assert claim["article_id"] == "a"
    start, end = claim["spans"][0]
    assert TEXT[start:end] == claim["text"]
    start, end = claim["speaker"]["span"]
    assert TEXT[start:end] == claim["speaker"]["text"] == "Ada Byte"
    assert set(claim["speaker"]) == {"span", "text", "name", "person_id"}
    assert set(claim["cue"]) == {"span", "text"}
    assert 0 <= claim["confidence"] <= 1


def test_extract_tells_bad_lines_by_number_and_goes_on() -> None:
    good = lines({"id": "a", "text": TEXT}).encode()
    bad = [
        b"{", b"[1]", b'{"id": "b"}', b'{"id": 1, "text": "x"}', b'{"id": "c", "text": "\\ud800"}', b"\xff",
        b'{"id": "d", "text": "x", "published": "soon"}', b"[" * 100_000,
    ]  # fmt: skip
    done = openrace("pipe", "extract", stdin=b"\xef\xbb\xbf" + b"\n".join([good, *bad, good]))
    assert done.returncode == 3
    assert [json.loads(line)["article_id"] for line in done.stdout.splitlines()] == ["a", "a"]
    told = done.stderr.splitlines()
    assert [line.split(":")[1] for line in told] == [str(number) for number in range(3, 11)]
    assert "Traceback" not in done.stderr


def test_an_empty_text_has_no_claims_and_nothing_in_gives_nothing_out() -> None:
    for stdin in ("", "\n\n", lines({"id": "a", "text": ""})):
        done = openrace("pipe", "extract", stdin=stdin)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_group_keeps_its_contract() -> None:
    quotes = [
        {"quote_id": "1", "text": "weights want to be free and so do the people", "speaker": "Ada Byte"},
        {"quote_id": "2", "text": "the chips are what matters in this race of ours", "speaker": "Bo Chen"},
        {"quote_id": "3", "text": "Weights want to be free, and so do the people.", "date": "2025-01-01"},
    ]
    done = openrace("pipe", "group", stdin=lines(*quotes))
    assert done.returncode == 0, done.stderr
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [set(line) for line in out] == [{"quote_id", "cluster_id"}] * 3
    assert [line["quote_id"] for line in out] == ["1", "2", "3"]
    assert out[0]["cluster_id"] == out[2]["cluster_id"] != out[1]["cluster_id"]


def test_group_tells_bad_lines_and_a_quote_id_that_came_before() -> None:
    stdin = lines({"quote_id": "1", "text": "a b c"}, {"quote_id": "1", "text": "d e f"}, {"text": "x"})
    done = openrace("pipe", "group", stdin=stdin)
    assert done.returncode == 3
    assert len(done.stdout.splitlines()) == 1
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == ["2", "3"]
