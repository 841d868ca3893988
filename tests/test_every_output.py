"""One denial and one split quotation in every output: the words never stand without verb or ellipsis."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import openrace

DENIED, VERB = "he had taken money from the northern shipyard", "denied that "
FIRST, SECOND = "We will open the model in spring", "because nobody else wants to go first"
ARTICLES = [
    {
        "id": f"a{n}",
        "url": f"https://news{n}.example/harbour",
        "title": "The harbour and the model",
        "published": f"2026-11-2{n}",
        "text": f"Jon Pell denied that {DENIED}.\n\n“{FIRST},” Ruben Vale said, “{SECOND}.”",
    }
    for n in (1, 2)
]
TABLES = [
    ["claims"],
    ["claims", "--format", "csv"],
    ["claims", "--format", "annotations"],
    ["families"],
    ["families", "--format", "csv"],
]
CITATIONS = [["articles", "--format", "bibtex"], ["articles", "--format", "csl-json"]]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database and the site of a night that found them."""
    folder = tmp_path_factory.mktemp("night")
    lines = "".join(json.dumps(article) + "\n" for article in ARTICLES)
    at = ["--at", "2026-11-24"]
    for arguments in (
        ["import", "-", *at],
        ["nightly", "--no-crawl", "--base-url", "https://o.example/", *at],
    ):
        done = openrace(*arguments, db=folder / "o.db", stdin=lines)
        assert done.returncode == 0, done.stderr
    return folder


def reads_as_it_was_said(text: str) -> None:
    """Fail where a reader of `text` could take the denial for a statement, or the two pieces for one."""
    words = " ".join(re.sub(r"<[^>]+>", "", html.unescape(text)).split())
    for found in re.finditer(re.escape(DENIED), words):
        before = words[: found.start()].removesuffix("[")  # where the words are set off in their sentence
        assert before.endswith(VERB), words[max(0, found.start() - 60) : found.end()]
    assert not re.search(rf"{FIRST}[,”“\s]*{SECOND}", words)


def printed(*arguments: str, night: Path, stdin: str = "") -> str:
    done = openrace(*arguments, db=night / "o.db", stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


def records(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in `value` that holds the denied words in one of its own fields.

    The pieces of a statement are passed over where its `text` says them with the verb.
    """
    if isinstance(value, list):
        for item in value:
            yield from records(item)
    elif isinstance(value, dict):
        if any(isinstance(own, str) and DENIED in own for own in value.values()):
            yield value
        told = VERB + DENIED in str(value.get("text"))
        for name, own in value.items():
            if not (name == "pieces" and told):
                yield from records(own)


@pytest.mark.parametrize("command", [["search"], ["families"], ["digest", "--at", "2026-11-24"]])
def test_what_a_person_reads_in_a_terminal(night: Path, command: list[str]) -> None:
    told = printed(*command, night=night)
    assert FIRST in " ".join(told.split())
    reads_as_it_was_said(told)


def test_one_claim_and_one_family(night: Path) -> None:
    for line in printed("search", "--jsonl", night=night).splitlines():
        hit = json.loads(line)
        reads_as_it_was_said(hit["line"])
        for name in (hit["id"], hit["family"]):
            reads_as_it_was_said(printed("show", name, night=night))


@pytest.mark.parametrize("form", ["html", "eml"])
def test_the_mail(night: Path, form: str) -> None:
    told = printed("digest", "--at", "2026-11-24", "--format", form, night=night)
    reads_as_it_was_said(told.replace("=\n", ""))


@pytest.mark.parametrize("what", [*TABLES, *CITATIONS], ids=" ".join)
def test_every_row_of_an_export_carries_verb_and_polarity(night: Path, what: list[str]) -> None:
    told = printed("export", *what, night=night)
    rows = [row for row in told.splitlines() if DENIED in row]
    assert all(f"{VERB}{DENIED}" in row and "denied" in row for row in rows)
    assert what in CITATIONS or rows
    split = [row for row in told.splitlines() if FIRST in row]
    assert all("” … “" in row for row in split)


def test_parquet(night: Path) -> None:
    table = pytest.importorskip("pyarrow.parquet")
    path = night / "claims.parquet"
    printed("export", "claims", "--format", "parquet", "-o", str(path), night=night)
    rows = [row for row in table.read_table(path).to_pylist() if row["text"] == DENIED]
    assert {(row["polarity"], row["line"]) for row in rows} == {("denied", VERB + DENIED)}


def test_the_pipe(night: Path) -> None:
    claims = [json.loads(line) for line in printed_by_pipe().splitlines()]
    denied = next(claim for claim in claims if claim["text"] == DENIED)
    assert (denied["polarity"], denied["line"]) == ("denied", VERB + DENIED)
    split = next(claim for claim in claims if claim["kind"] == "direct")
    assert split["line"] == f"“{FIRST},” … “{SECOND}.”"
    assert [piece["text"] for piece in split["pieces"]] == [f"{FIRST},", f"{SECOND}."]


def printed_by_pipe() -> str:
    return openrace("pipe", "extract", stdin=json.dumps(ARTICLES[0])).stdout


def test_every_page_and_feed_of_the_site(night: Path) -> None:
    pages = [path for path in (night / "site").rglob("*") if path.suffix in (".html", ".xml")]
    assert sum(DENIED in page.read_text("utf-8") for page in pages) > 3
    for page in pages:
        text = page.read_text("utf-8")
        reads_as_it_was_said(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))


def test_linked_data_puts_the_denied_words_in_nobodys_mouth(night: Path) -> None:
    for page in (night / "site").rglob("index.html"):
        for script in re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', page.read_text("utf-8")
        ):
            for record in records(json.loads(script)):
                assert record.get("@type") != "Quotation"
                if record.get("type") != "TextQuoteSelector":  # it finds the words in the page of the outlet
                    assert any(VERB + DENIED in own for own in record.values() if isinstance(own, str))


def test_the_data_of_pages(night: Path) -> None:
    found = 0
    for path in [*(night / "site").rglob("index.json"), *(night / "site").rglob("feed.json")]:
        for record in records(json.loads(path.read_bytes())):
            found += 1
            told = json.dumps(record, ensure_ascii=False)
            pointer = "exact" in record or "claim_ids" in record  # beside the statements that it points at
            assert pointer or VERB + DENIED in told, (path, told)
    assert found


def test_an_embed_quotes_only_what_is_verbatim(night: Path) -> None:
    for page in (night / "site/q").rglob("index.html"):
        for code in re.findall(r"&lt;figure&gt;.*?&lt;/figure&gt;", page.read_text("utf-8"), re.DOTALL):
            embed = html.unescape(code)
            assert ("<blockquote" in embed) == (FIRST in embed)
            assert "news1.example" in embed
            assert "21 November 2026" in embed
            assert re.search("verbatim|paraphrase", embed)
