"""Coverage-guided fuzzing (atheris) of whatever reads what strangers wrote.

Usage: python benchmarks/fuzz.py [TARGET …] [--minutes CPU-MINUTES-EACH] [--write]

Each target parses the input and then asks of the result what the rest of the program relies on; whatever it
raises beside an `InputError` is a finding. A finding does not stop the run: its input is put down in
`build/fuzz/TARGET/findings/` under a name made of where it was raised. What libFuzzer found to reach new code
is kept in `build/fuzz/TARGET/corpus/`, so the next run goes on from there. Seeds: the cases of `tests/cases`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

CASES = Path("tests/cases")
BUILD = Path("build/fuzz")
MAX_LENGTH = 20_000  # bytes: three times our longest case; a longer input finds the same code, slower
SLOW = 10.0  # CPU seconds on one input, ten times the slowest seed under instrumentation
ROUND = 60  # seconds: then what was done is noted, and a new process goes on
INSTRUMENTED = ("openrace", "feedparser", "trafilatura", "justext", "htmldate", "courlan", "frontmatter",
                "markdown_it", "protego", "charset_normalizer")  # fmt: skip
WORDS = """
<p> </p> <div> <br> <article> <script type="application/ld+json"> <meta property="og:title" content=""
<!-- --> <![CDATA[ ]]> <blockquote> <rss> <channel> <item> <entry> <link> <guid> <pubDate>
<content:encoded> <!DOCTYPE <!ENTITY &#x0; &amp; &#55296; <urlset> <sitemapindex> <loc> {"items":[{
"content_html": "url": "text": --- title: published: 2025-05-19 0000-00-00
said told according_to he she asked : , . ; ? ! “ ” " ' ‘ ’ « » 「 」 — … 表示 称 ： 他 U.S. Dr.
Ada_Byte OpenForge
""".split()


class Finding(Exception):  # noqa: N818  it is no error of ours to handle
    """The result breaks what the program relies on."""


def expect(holds: bool, what: str) -> None:
    if not holds:
        raise Finding(what)


# -- targets ----------------------------------------------------------------------------------------


def fuzz_feeds() -> Callable[[bytes], None]:
    from openrace.ingest.parse.feed import parse_feed
    from openrace.ingest.parse.full_text_entries import full_text_article

    def feed(data: bytes) -> None:
        kind = (None, "text/xml; charset=utf-8", "text/html; charset=gbk", "application/json")[data[0] % 4]
        parsed = parse_feed(data[1:], "https://paper.example/feed", kind)
        ids = [entry.entry_id for entry in parsed.entries]
        expect(len(ids) == len(set(ids)), "two entries have one id")
        for entry in parsed.entries:
            expect(entry.url is None or entry.url.startswith(("http://", "https://")), "no web address")
            expect(type(entry).model_validate_json(entry.model_dump_json()) == entry, "no round trip")
            article = full_text_article(entry)
            expect(article is None or bool(article.text.strip()), "an article without text")

    return feed


def fuzz_pages() -> Callable[[bytes], None]:
    from openrace.ingest.parse.page import parse_page
    from openrace.records import Article

    def page(data: bytes) -> None:
        charset = (None, "utf-8", "gb2312", "no-such-charset")[data[0] % 4]
        article = parse_page(data[1:], "https://paper.example/2025/05/19/story", charset)
        expect(all(part.strip() for part in article.text.split("\n\n")), "an empty paragraph")
        expect((article.url or "").startswith(("http://", "https://")), "no web address")
        expect(Article.model_validate_json(article.model_dump_json()) == article, "no round trip")
        expect(parse_page(data[1:], "https://paper.example/2025/05/19/story", charset) == article, "unsteady")

    return page


def fuzz_files() -> Callable[[bytes], None]:
    from openrace.errors import InputError
    from openrace.ingest.parse.article_files import read_articles
    from openrace.ingest.parse.import_fields import Notice
    from openrace.records import Article

    plain = ("story.txt", "story.md", "story.html", "story.jsonl", "story")
    kinds = (*plain, *(f"story.{kind}" for kind in "csv tsv ris json eml mbox vtt srt".split()))
    folder = Path(tempfile.mkdtemp(prefix="openrace-fuzz-"))

    def file(data: bytes) -> None:
        path = folder / kinds[data[0] % len(kinds)]
        path.write_bytes(data[1:])
        for found in read_articles([path]):
            expect(isinstance(found, Article | InputError | Notice), "neither article nor error nor notice")
            if isinstance(found, Article):
                expect(bool(found.text.strip()), "an article without text")
                expect(Article.model_validate_json(found.model_dump_json()) == found, "no round trip")

    return file


def fuzz_claims() -> Callable[[bytes], None]:
    from openrace.extract.claims import extract_claims
    from openrace.extract.directory import Directory
    from openrace.records import Article, Claim
    from openrace.seed_records import Organisation, Person

    directory = Directory(
        [Person(id="ada-byte", name="Ada Byte", aliases=("李若川",))],
        [Organisation(id="openforge", name="OpenForge", aliases=("海棠智能",))],
    )

    def claims(data: bytes) -> None:
        text = data.decode("utf-8", "ignore").strip()
        if not text:
            return
        article = Article(id="a", text=text, title=text.split("\n\n")[0][:200])
        found = extract_claims(article, directory)
        for claim in found:
            claim.check_against(article)
            expect(claim.id == Claim.make_id("a", claim.spans), "another id")
            inside = claim.context.start <= claim.spans[0].start and claim.spans[-1].end <= claim.context.end
            expect(inside, "the context does not hold the words")
            expect(Claim.model_validate_json(claim.model_dump_json()) == claim, "no round trip")
        expect(len({claim.id for claim in found}) == len(found), "two claims have one id")
        parents = {claim.parent_id for claim in found} - {None}
        expect(parents <= {claim.id for claim in found}, "a parent that is not there")
        expect(extract_claims(article, directory) == found, "read again, other claims")

    return claims


def fuzz_own_files() -> Callable[[bytes], None]:
    from openrace.errors import OpenraceError
    from openrace.store import open_store
    from openrace.store.claim_search import ClaimQuery, search
    from openrace.user_files.corrections_file import load_corrections
    from openrace.user_files.opml import read_opml

    folder = Path(tempfile.mkdtemp(prefix="openrace-fuzz-"))
    db = open_store(folder / "empty.db", create=True)

    def own(data: bytes) -> None:
        path, body = folder / "file", data[1:]
        try:
            if data[0] % 3 == 2:
                search(db, ClaimQuery(words=body.decode("utf-8", "replace")))
            else:
                path.write_bytes(body)
                (load_corrections, read_opml)[data[0] % 3](path)
        except OpenraceError as error:
            expect("\n" not in str(error).strip(), "an error of two lines")

    return own


def fuzz_diff() -> Callable[[bytes], None]:
    from openrace.diffusion.alerts import difference
    from openrace.diffusion.diff import compare

    def diff(data: bytes) -> None:
        base, _, variant = data.decode("utf-8", "ignore").partition("\x00")
        changes, _ = compare(base, variant)  # all words of both stand in it
        expect(_words(change.base for change in changes) == _words([base]), "words of the base")
        expect(_words(change.variant for change in changes) == _words([variant]), "words of the variant")
        expect(compare(base, base)[1] == (), "a text differs from itself")
        difference(base, variant)

    return diff


def _words(parts: Iterable[str]) -> str:
    return "".join("".join(parts).split())


TARGETS: dict[str, Callable[[], Callable[[bytes], None]]] = {
    "feeds": fuzz_feeds,
    "pages": fuzz_pages,
    "files": fuzz_files,
    "claims": fuzz_claims,
    "own": fuzz_own_files,
    "diff": fuzz_diff,
}

# -- seeds ------------------------------------------------------------------------------------------


def seeds(target: str) -> Iterator[bytes]:
    """Inputs to begin with; the first byte of all but claims chooses a variant."""
    texts = [case["text"].encode() for path in sorted(CASES.glob("*.toml")) for case in cases(path)]
    feeds = [path.read_bytes() for path in sorted((CASES / "ingest/feeds").glob("*.[xj]*"))]
    pages = [path.read_bytes() for path in sorted((CASES / "ingest/pages").glob("*.html"))]
    match target:
        case "feeds":
            yield from (b"\x00" + feed for feed in feeds)
        case "pages":
            yield from (b"\x00" + page for page in pages)
        case "files":
            for number, body in enumerate(texts[:60]):
                yield bytes([number % 5]) + body
            yield from (b"\x02" + page for page in pages)
            yield b"\x01---\ntitle: A story\npublished: 2025-05-19\n---\n# A story\n\n* one\n\n> two\n"
            yield b'\x03{"id": "a", "text": "One.", "url": "https://a.example/"}\n{"text": "Two."}\n'
            yield b"\x05title,text,date,url\nA story,It said so.,2025-05-19,https://a.example/1\n"
            yield b"\x06title\ttext\nA story\tIt said so.\n"
            yield b"\x07TY  - NEWS\nTI  - A story\nAB  - It said so.\nDA  - 2025/05/19\nER  - \n"
            yield b'\x08[{"itemType": "newspaperArticle", "title": "A story", "abstractNote": "It said so."}]'
            mail = b"From: a@a.example\nSubject: A story\nDate: 19 May 2025 09:00:00 +0800\n\nIt said so.\n"
            yield b"\x09" + mail
            yield b"\x0aFrom a@a.example Mon May 19 09:00:00 2025\n" + mail
            yield b"\x0bWEBVTT\n\n00:00.000 --> 00:02.000\n<v Ada Byte>The river froze.\n"
            yield b"\x0c1\n00:00:00,000 --> 00:00:02,000\nADA BYTE: The river froze.\n"
        case "claims":
            yield from texts
        case "diff":
            for text in texts[:40]:
                yield text + b"\x00" + text[: len(text) // 2] + b" not " + text[len(text) // 2 :]
        case "own":
            yield b'\x00[[correction]]\nwhen = 2026-01-05\nwhy = "so"\nclaim = "7895e28823ae"\nhide = true\n'
            yield b'\x01<opml version="2.0"><body><outline text="a" xmlUrl="https://a.example/f"/></body></opml>'
            yield b'\x02open weights -closed "the river" OR dam* (a b)'


def cases(path: Path) -> list[dict[str, str]]:
    return [case for case in tomllib.loads(path.read_text("utf-8")).get("case", []) if "text" in case]


def prepare(target: str) -> Path:
    """The target's folder with its seeds and dictionary laid out."""
    folder = BUILD / target
    for name in ("seeds", "corpus", "findings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for seed in seeds(target):
        (folder / "seeds" / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed[:MAX_LENGTH])
    lines = ["".join(f"\\x{byte:02x}" for byte in word.replace("_", " ").encode()) for word in WORDS]
    (folder / "words.dict").write_text("".join(f'"{line}"\n' for line in lines))
    return folder


# -- one process: libFuzzer around a target ---------------------------------------------------------


def fuzz(target: str, arguments: list[str]) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        check = TARGETS[target]()
    from openrace.errors import InputError

    def one(data: bytes) -> None:
        if not data:
            return
        started = time.process_time()
        try:
            check(data)
        except InputError:
            pass
        except Exception as error:
            keep(target, data, error)
        if time.process_time() - started > SLOW:
            keep(target, data, TimeoutError())

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


def keep(target: str, data: bytes, error: Exception) -> None:
    """Put down the input, one of the shortest for each place that raises."""
    stack = traceback.extract_tb(error.__traceback__)
    frames = [f"{Path(frame.filename).stem}.{frame.name}" for frame in stack]
    told = f" {error}" if isinstance(error, Finding) else ""
    place = re.sub(r"[^\w.-]+", "-", f"{type(error).__name__}{told} {' '.join(frames[-2:])}")
    path = BUILD / target / "findings" / place
    if not path.exists() or path.stat().st_size > len(data):
        path.write_bytes(data)
        path.with_name(path.name + ".txt").write_text("".join(traceback.format_exception(error)))


# -- all of them, one after the other ---------------------------------------------------------------


class Ran(NamedTuple):
    """What fuzzing a target came to, in all the times that it was fuzzed in this folder."""

    runs: int = 0
    minutes: float = 0.0
    covered: int = 0  # edges of the code that was instrumented


def run(target: str, minutes: float) -> None:
    """Fuzz `target` for so many CPU minutes; an input that hangs or grows too large is left in `findings`."""
    folder = prepare(target)
    arguments = ["-timeout=60", "-rss_limit_mb=3000", f"-max_len={MAX_LENGTH}", "-print_final_stats=1"]
    arguments += [f"-dict={folder / 'words.dict'}", f"-artifact_prefix={folder}/findings/"]
    end = cpu_minutes() + minutes
    while (left := end - cpu_minutes()) > 0.01:
        command = [sys.executable, __file__, "--inside", target, *arguments]
        command += [
            f"-max_total_time={min(ROUND, int(left * 60) + 1)}",
            f"{folder}/corpus",
            f"{folder}/seeds",
        ]
        before = cpu_minutes()
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        counted = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        if not counted and done.returncode:
            print(done.stderr[-2000:], file=sys.stderr)
        ran = so_far(target)
        covered = max([ran.covered, *(int(n) for n in re.findall(r" cov: (\d+)", done.stderr))])
        runs = ran.runs + (int(counted[1]) if counted else 0)
        now = Ran(runs, ran.minutes + cpu_minutes() - before, covered)
        (folder / "ran.json").write_text(json.dumps(now))


def so_far(target: str) -> Ran:
    file = BUILD / target / "ran.json"
    return Ran(*json.loads(file.read_text())) if file.exists() else Ran()


def row(target: str) -> str:
    ran = so_far(target)
    findings = [path for path in (BUILD / target / "findings").glob("*") if path.suffix != ".txt"]
    corpus = len(list((BUILD / target / "corpus").glob("*")))
    told = f"{ran.runs:,} | {ran.minutes:.1f} | {corpus:,} | {ran.covered:,} | {len(findings)}"
    return f"| {target} | {told} |"


def cpu_minutes() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) / 60


def main() -> None:
    if sys.argv[1:2] == ["--inside"]:
        fuzz(sys.argv[2], sys.argv[3:])
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("targets", nargs="*", choices=[[], *TARGETS], default=[])
    options.add_argument("--minutes", type=float, default=10.0, help="CPU minutes for each target")
    options.add_argument("--write", action="store_true", help="write the figures to RESULTS.md")
    given = options.parse_args()
    for target in given.targets or TARGETS:
        run(target, given.minutes)
        print(row(target), flush=True)
    if given.write:
        from report import write_section

        head = [
            "| target | inputs | CPU minutes | reach new code | edges | findings |",
            "|---|---|---|---|---|---|",
        ]
        write_section("Fuzzing", "make fuzz", "\n".join([*head, *map(row, TARGETS)]))


if __name__ == "__main__":
    main()
