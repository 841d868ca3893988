"""Local files to articles, as ``openrace import`` reads them; and what cannot be read."""

from __future__ import annotations

import gzip
import random
from io import BytesIO
from pathlib import Path

import pytest

from openrace.errors import InputError
from openrace.ingest.parse.article_files import read_articles
from openrace.records import Article

BRIEF = """\
---
url: https://paper.example/open?utm_source=x
outlet: paper.example
title: A brief of ours
published: 2025-05-19
note: brief by openrace
tags: [kept, by, nobody]
---

She said “we are *late*”.

> And not lost.
"""
PAGE = """<html><head><title>A page</title><link rel="canonical" href="https://paper.example/page"></head><body>
<h1>A page</h1>
<p>The minister said that the rules would change in the spring, and nobody was surprised.</p>
<p>“We are late,” she said. “But we’re not lost.” The hall was silent, and then somebody laughed.</p>
</body></html>"""

LEFT_OUT = {
    "id",
    "authors",
    "language",
    "published_zone",
    "published_basis",
    "published_written",
    "turns",
    "recording",
    "automatic",
}


def only(path: Path | str, stdin: bytes = b"") -> Article:
    (article,) = read_articles([path], BytesIO(stdin))
    assert isinstance(article, Article), article
    return article


def problem(path: Path | str, stdin: bytes = b"") -> str:
    (error,) = read_articles([path], BytesIO(stdin))
    assert isinstance(error, InputError), error
    return str(error)


def test_text_has_its_title_as_the_first_paragraph(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("A headline\nThe minister spoke.\nShe left.\n")
    article = only(file)
    assert (article.title, article.url, article.published) == ("A headline", None, None)
    assert article.text == "A headline\n\nThe minister spoke.\n\nShe left."


def test_markdown_takes_its_fields_from_the_front_matter(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(BRIEF)
    article = only(file)
    assert article.model_dump(exclude=LEFT_OUT) == {
        "url": "https://paper.example/open",
        "outlet": "paper.example",
        "title": "A brief of ours",
        "published": "2025-05-19",
        "note": "brief by openrace",
        "text": "A brief of ours\n\nShe said “we are late”.\n\nAnd not lost.",
    }


def test_html_knows_its_own_address(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(PAGE)
    article = only(file)
    assert (article.url, article.outlet, article.title) == (
        "https://paper.example/page",
        "paper.example",
        "A page",
    )
    assert article.id == Article.make_id("https://paper.example/page", "whatever its text")


def test_json_lines_keep_their_text_to_the_code_point_and_lose_only_bad_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(
        b'{"id": "one", "text": " kept  as it\\nstands ", "url": null, "score": 9}\n'
        b"\n"
        b'{"text": "no id"}\n'
        b"not json\n"
        b'{"id": "x"}\n'
        b'["text"]\n'
        b'{"text": "a", "published": "soon"}\n'
        b'{"text": "\xff"}\n'
        b'{"text": "last"}'
    )
    results = list(read_articles([file]))
    articles = [result for result in results if isinstance(result, Article)]
    assert [article.text for article in articles] == [" kept  as it\nstands ", "no id", "last"]
    assert articles[0].id == "one"
    errors = [str(result) for result in results if isinstance(result, InputError)]
    assert [error.removeprefix(f"{file}:")[:2] for error in errors] == ["4:", "5:", "6:", "7:", "8:"]
    assert "published" in errors[3]


@pytest.mark.parametrize(
    ("stdin", "text"),
    [
        (b'\n{"text": "from JSON"}\n', "from JSON"),
        (PAGE.encode(), "A page"),
        (b"A headline\nProse.\n", "A headline\n\nProse."),
    ],
)
def test_standard_input_is_what_it_looks_like(stdin: bytes, text: str) -> None:
    assert only("-", stdin).text.startswith(text)


def test_the_same_file_is_the_same_article_wherever_it_lies(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(BRIEF)
    one, two = read_articles([tmp_path])
    assert one == two


def test_the_same_words_in_two_outlets_are_two_articles(tmp_path: Path) -> None:
    for outlet in ("paper.example", "wire.example"):
        (tmp_path / f"{outlet}.md").write_text(
            f"---\noutlet: {outlet}\ntitle: One story\n---\nThe same words.\n"
        )
    one, two = read_articles([tmp_path])
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert one.text == two.text
    assert one.id != two.id


def test_a_folder_gives_what_it_can_and_passes_over_the_rest(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "inner/c.txt", ".hidden.txt", ".git/d.txt", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"From {name}.\n")
    texts = [result.text for result in read_articles([tmp_path]) if isinstance(result, Article)]
    assert texts == ["From a.txt.", "From b.txt.", "From inner/c.txt."]


def test_packed_files_are_read_as_what_is_in_them(tmp_path: Path) -> None:
    lines = "".join(f'{{"text": "Line {n} of a long archive."}}\n' for n in range(3))
    packed = {
        "a.jsonl.gz": lines,
        "b.CSV.GZ": "headline,text\nA row,Of a table.\n",
        "c.html.gz": PAGE,
        "d.txt.gz": "A headline\nProse.\n",
        "e.gz": lines,
    }
    for name, content in packed.items():
        (tmp_path / name).write_bytes(gzip.compress(content.encode()))
    assert [len(list(read_articles([tmp_path / name]))) for name in packed] == [3, 1, 1, 1, 3]
    in_folder = list(read_articles([tmp_path]))
    assert len(in_folder) == 6  # of what does not say its kind a folder is silent
    assert all(isinstance(result, Article) for result in in_folder)


@pytest.mark.parametrize("fault", ["cut", "garbled", "not packed"])
def test_a_broken_gzip_file_gives_what_stands_before_the_break(tmp_path: Path, fault: str) -> None:
    digits = random.Random(1)
    lines = [f'{{"text": "Line {n}: {digits.getrandbits(2_000)}"}}\n'.encode() for n in range(200)]
    data = gzip.compress(b"".join(lines))
    middle = len(data) // 2
    broken = {"cut": data[:middle], "garbled": data[:middle] + b"\xff" * 99, "not packed": lines[0]}
    (tmp_path / "a.jsonl.gz").write_bytes(broken[fault])
    *before, last = read_articles([tmp_path / "a.jsonl.gz"])
    assert (len(before) > 50) == (fault != "not packed")
    assert all(isinstance(result, Article) for result in before)
    assert str(last).startswith(f"{tmp_path}/a.jsonl.gz: is a broken gzip file (")
    assert "(fetch it again" in str(last)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"%PDF-1.7", "is a PDF document, not text (save it as text or HTML)"),
        ("report", b"PK\x03\x04", "is a ZIP archive or an office document, not text"),
        ("a.txt", bytes(range(256)) * 50, "binary data"),
        ("a.md", b"---\nurl: [\n---\nText.\n", "a.md:4: has broken front matter"),
        ("a.md", b"---\npublished: someday\n---\nText.\n", "has a bad published"),
        ("a.md", b"---\ntitle: Alone\n---\n", "has no text below its title"),
        ("a.html", b"<html><body></body></html>", "has no article text"),
        ("a.html", b"\x89PNG\r\n", "is a PNG image, not HTML"),
    ],
)
def test_a_bad_file_is_refused_by_name_with_what_is_wrong(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert str(tmp_path) in problem(file)
    assert says in problem(file)


def test_a_folder_with_nothing_to_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"")
    assert "holds no file that can be read" in problem(tmp_path)


def test_a_missing_file_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Here.\n")
    missing, found = read_articles([tmp_path / "a.txt", tmp_path / "b.txt"])
    assert str(missing) == f"{tmp_path / 'a.txt'}: is not there"
    assert isinstance(found, Article)
