"""search, show, status and export, run as a person runs them."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import NOW, an_article, openrace, quoted_claims
from openrace.extract.claims import extract_claims
from openrace.store import article_table, claim_table, open_store
from openrace.store.counts import count_all

TEXT = "Ada Byte said on Monday: “weights want to be free, and so do the people who train them every day”."


@pytest.fixture
def shelf(store_path: Path) -> Path:
    db = open_store(store_path, create=True)
    for number, (text, url) in enumerate(
        [(TEXT, "https://n.example/a?b=1#old"), ("“chips,” she said", None)]
    ):
        article = an_article(text, url=url, title="Free\x1b[31m weights", published=f"2025-05-1{number}")
        article_table.add_article(db, article, added=NOW)
        claim_table.save_claims(db, article.id, quoted_claims(article, "Ada Byte" if url else None), "t")
    db.close()
    return store_path


def test_search_tells_who_what_where(shelf: Path) -> None:
    done = openrace("search", "free", db=shelf)
    assert done.returncode == 0
    assert done.stderr == "1 claim\n"
    first, second, third, link = done.stdout.strip().splitlines()
    assert first.startswith("Ada Byte  verbatim · ")
    assert second.strip() == "“weights want to be free, and so do the people who train them every day”"
    assert third.strip() == "2025-05-10 · news.example · Free [31m weights"
    assert link.strip() == (
        "https://n.example/a?b=1#:~:text=weights%20want%20to%20be%20free%2C,who%20train%20them%20every%20day"
    )


def test_search_says_when_the_speaker_is_unknown_and_gives_no_link_without_an_address(shelf: Path) -> None:
    done = openrace("search", "chips", db=shelf)
    assert done.stdout.startswith("speaker unknown")
    assert "http" not in done.stdout


def test_search_without_a_match_is_exit_1(shelf: Path) -> None:
    done = openrace("search", "absent", db=shelf)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "no claim matches\n")


def test_search_as_json(shelf: Path) -> None:
    done = openrace("search", "--json", "--limit", "1", db=shelf)
    (hit,) = map(json.loads, done.stdout.splitlines())
    assert hit["text"] == "chips,"
    assert hit["speaker"] is None
    assert "\x01" not in done.stdout


def test_search_as_a_table_of_chosen_fields(shelf: Path) -> None:
    done = openrace("search", "--csv", "--fields", "speaker,text,link", db=shelf)
    rows = list(csv.reader(done.stdout.splitlines()))
    assert rows[0] == ["speaker", "text", "link"]
    assert [row[1][:5] for row in rows[1:]] == ["chips", "weigh"]
    line = openrace("search", "--jsonl", "--fields", "kind", "--limit", "1", db=shelf).stdout
    assert line == '{"kind": "direct"}\n'
    done = openrace("search", "--csv", "--fields", "speaker,mood", db=shelf)
    assert done.returncode == 2
    assert "mood" in done.stderr


def test_a_phrase_is_one_argument_or_quoted(shelf: Path) -> None:
    assert openrace("search", "be free", "weights", db=shelf).returncode == 0
    assert openrace("search", "free be", "weights", db=shelf).returncode == 1
    assert openrace("search", '"free be"', db=shelf).returncode == 1
    assert openrace("search", "free be", db=shelf).returncode == 0


def test_a_word_that_must_not_occur_is_no_option(shelf: Path) -> None:
    assert openrace("search", "weights", "-chips", db=shelf).returncode == 0
    assert openrace("search", "weights", "-free", db=shelf).returncode == 1
    assert "Usage" in openrace("search", "-h", db=shelf).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["search", 'say "open'], "a quotation mark is missing"),
        (["search", "--since", "whenever"], "YYYY-MM-DD"),
        (["search", "--kind", "shouted"], "direct"),
        (["search", "--limit", "0"], "limit"),
        (["search", "weights", "--spekaer", "x"], "no option --spekaer"),
        (["show", "nonsense"], "no claim and no family has this id"),
        (["nonsense"], "No such command"),
        (["serve"], "there is no site"),
    ],
)
def test_usage_errors_are_exit_2_and_say_what_is_right(shelf: Path, arguments: list[str], told: str) -> None:
    done = openrace(*arguments, db=shelf)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_error_is_one_line_whatever_it_names(shelf: Path) -> None:
    done = openrace("search", 'say "open\nand\x1b[31m red', db=shelf)
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr


def test_no_escape_sequence_reaches_the_terminal_from_a_page(shelf: Path) -> None:
    for arguments in (["search"], ["show", "--why", _an_id(shelf)]):
        assert "\x1b" not in openrace(*arguments, db=shelf).stdout


def _an_id(shelf: Path) -> str:
    return str(json.loads(openrace("search", "free", "--json", db=shelf).stdout)["id"])


def test_show_explains(shelf: Path) -> None:
    claim_id = _an_id(shelf)
    plain, why = (
        openrace("show", claim_id, db=shelf).stdout,
        openrace("show", claim_id, "--why", db=shelf).stdout,
    )
    assert "[weights want to be free, and so do the people who train them every day]" in plain
    assert "made by a test" not in plain
    assert "because     made by a test" in why
    assert json.loads(openrace("show", claim_id, "--json", db=shelf).stdout)["id"] == claim_id


def test_what_is_hidden_waits_for_nothing(db: sqlite3.Connection) -> None:
    article = an_article("Ada Byte said “weights want to be free” and “nobody pays for them” on Monday.")
    article_table.add_article(db, article, added=NOW)
    claims = quoted_claims(article)
    claim_table.save_claims(db, article.id, claims, "test")
    assert count_all(db)["claims_to_group"] == 2
    db.execute("UPDATE claims SET hidden = 'asked for' WHERE id = ?", (claims[0].id,))
    counts = count_all(db)
    assert (counts["claims"], counts["claims_to_group"], counts["claims_left_out"]) == (2, 1, 1)


def test_status_counts(shelf: Path) -> None:
    counts = json.loads(openrace("status", "--json", db=shelf).stdout)
    assert (counts["articles"], counts["claims"], counts["with_a_speaker"]) == (2, 2, 1)
    assert "claims                2" in openrace("status", db=shelf).stdout


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("--speaker A", ["Ada Byte"]), ("--outlet n", ["news.example"]), ("--sort r", ["relevance"])],
)
def test_a_shell_completes_speakers_and_outlets(shelf: Path, typed: str, expected: list[str]) -> None:
    assert _complete(shelf, typed) == expected
    if expected != ["relevance"]:
        assert _complete(shelf.with_name("none.db"), typed) == []


def _complete(db: Path, typed: str) -> list[str]:
    """What bash is offered, asked as its completion script asks."""
    words = ["openrace", "search", *typed.split()]
    asked = {"_OPENRACE_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(words), "COMP_CWORD": "3"}
    program = "import sys; sys.argv = ['openrace']; from openrace.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | asked | {"OPENRACE_DB": str(db)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


def _on_a_terminal(shelf: Path, **env: str) -> str:
    main, side = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "openrace", "search", "free", "--db", str(shelf)],
        stdout=side,
        stderr=side,
        env=os.environ | {"TERM": "xterm"} | env,
    ) as process:
        process.wait()
    os.close(side)
    seen = os.read(main, 65536).decode()
    os.close(main)
    return seen


def test_matches_are_highlighted_on_a_terminal_only(shelf: Path) -> None:
    assert "\x1b[1;33mfree\x1b[0m" in _on_a_terminal(shelf)
    assert "\x1b" not in _on_a_terminal(shelf, NO_COLOR="1")


LIGHT = """
import sys
from openrace.cli import main
sys.argv = ["openrace", "search", "free", "--db", sys.argv[1]]
try:
    main()
except SystemExit:
    pass
heavy = {"pydantic", "httpx", "httpcore", "numpy", "feedparser", "jinja2", "trafilatura", "rapidfuzz"}
sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)
"""


def test_searching_loads_nothing_heavy(shelf: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, str(shelf)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Ada Byte" in done.stdout


@pytest.mark.parametrize("command", ["search", "doctor"])
def test_a_reader_that_stops_early_is_no_error(shelf: Path, command: str) -> None:
    script = f"{sys.executable} -m openrace {command} --db {shelf} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) in [(128 + signal.SIGPIPE, ""), (0, "")]


def test_export_claims(shelf: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in openrace("export", "claims", db=shelf).stdout.splitlines()]
    assert [line["text"][:5] for line in lines] == ["weigh", "chips"]
    assert lines[0]["speaker"]["name"] == "Ada Byte"
    assert lines[0]["url"] == "https://n.example/a?b=1#old"
    table = tmp_path / "claims.csv"
    assert openrace("export", "claims", "--format", "csv", "-o", str(table), db=shelf).returncode == 0
    assert len(table.read_text().splitlines()) == 3


def test_the_texts_of_articles_stay_home(shelf: Path) -> None:
    assert "on Monday" not in openrace("export", "articles", db=shelf).stdout
    assert len(openrace("export", "articles", db=shelf).stdout.splitlines()) == 2


def test_pieces_of_a_split_quotation_are_never_shown_as_one_sentence(store_path: Path) -> None:
    text = "“Weights want to be free,” said Ada Byte, who builds them. “Chips do not.”"
    openrace("import", "-", stdin=text, db=store_path)
    openrace("extract", db=store_path)
    openrace("group", db=store_path)
    told = openrace("families", db=store_path).stdout
    assert "“Weights want to be free” … “Chips do not.”" in told
    family = told.splitlines()[1].split()[0]
    shown = openrace("show", family, db=store_path).stdout
    assert "“Weights want to be free” … “Chips do not.”" in shown
    assert "free, Chips" not in shown


def test_families_say_when_there_are_none(shelf: Path) -> None:
    assert openrace("families", db=shelf).stderr == "there are no families yet\n"


def test_a_field_that_is_none_is_told_even_where_nothing_matches(shelf: Path) -> None:
    done = openrace("search", "absent", "--fields", "nobody", db=shelf, COLUMNS="300")
    assert (done.returncode, "there is no field 'nobody'; there are id, kind" in done.stderr) == (2, True)


def test_why_of_the_address_of_an_imported_article(tmp_path: Path) -> None:
    article = '{"id": "own-7", "url": "https://o.example/open", "text": "Ada Byte said the model is open."}'
    openrace("import", "-", stdin=article, db=tmp_path / "o.db")
    done = openrace("why", "https://o.example/open", db=tmp_path / "o.db")
    assert (done.returncode, "imported: read for claims" in done.stdout) == (0, True), done.stderr


def test_why_of_a_file_without_an_article(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").touch()
    done = openrace("why", str(tmp_path / "none.jsonl"), db=tmp_path / "o.db")
    assert (done.returncode, done.stderr) == (2, f"openrace: {tmp_path}/none.jsonl: holds no article\n")


def test_search_counts_pages_and_proposes(shelf: Path) -> None:
    first = openrace("search", "--limit", "1", db=shelf)
    assert "--page 2" in first.stderr
    second = openrace("search", "--limit", "1", "--page", "2", db=shelf)
    assert second.stdout
    assert second.stdout != first.stdout
    misspelt = openrace("search", "speaker:bytr", db=shelf)
    assert misspelt.returncode == 1
    assert "did you mean Ada Byte?" in misspelt.stderr
    assert openrace("search", "speaker:byte", "since:2025-05", db=shelf).returncode == 0
    assert openrace("search", "side:nowhere", db=shelf).returncode == 2


def test_search_opens_the_published_site(shelf: Path) -> None:
    assert "there is no site" in openrace("search", "free", "--web", db=shelf).stderr
    page = shelf.parent / "site" / "search" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("a page")
    done = openrace("search", "open source", "--web", db=shelf, BROWSER="true")
    assert "search/index.html?q=open%20source" in done.stderr


def test_show_tells_on_what_evidence_a_pronoun_is_somebody(store_path: Path) -> None:
    text = "Mr. Tor Vance runs the harbour.\n\nThe locks are old, Vance said. He said the weir will hold."
    db = open_store(store_path, create=True)
    article = an_article(text)
    article_table.add_article(db, article, added=NOW)
    claim_table.save_claims(db, article.id, claims := extract_claims(article), "t")
    db.close()
    told = next(c for c in claims if c.speaker and c.speaker.text == "He")
    shown = openrace("show", told.id, "--why", db=store_path).stdout
    assert re.search(r"because .*“He” is Tor Vance: the last speaker, a man; next best \d+\.\d below", shown)
