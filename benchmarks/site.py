"""The site: pages a CPU second beside Hugo, rebuilds, the search index, and a common word in the browser.

Usage: python benchmarks/site.py [--write] [--folder FOLDER]

Hugo (Debian's package) makes the same quote pages and their JSON in the same run, from front matter in which
everything is worked out for it; where there is no Hugo the row is left out, and said so. The editions are
invented (tests/site_editions.py). Files go to FOLDER, else to a temporary one; CPU time includes the
system's for writing them, so two runs compare only on the same file system.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from openrace.resources import resource as folder_of  # noqa: E402
from openrace.site import Publication, charts, reader_text, structured_data  # noqa: E402
from openrace.site import publish as publish_news  # noqa: E402
from openrace.site.builder import Press, _site, _without_collector  # noqa: E402
from openrace.site.index_queries import Almanac  # noqa: E402
from openrace.site.output_files import Folder  # noqa: E402
from openrace.site.page_router import page_at  # noqa: E402
from openrace.site.search_parts import Finding, index_words  # noqa: E402
from openrace.site.shown_wording import stretches  # noqa: E402
from openrace.site.site_index import FILE, Catalogue, open_catalogue  # noqa: E402
from openrace.site.snapshot import News  # noqa: E402
from openrace.site.templating import Templates  # noqa: E402
from report import write_section  # noqa: E402
from site_editions import NOW, Whole, make_edition  # noqa: E402

QUOTES, LARGE, STATEMENTS = 4000, 5600, 50_000
CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What `work` returns, and the CPU seconds it took, the system's included."""
    started = time.process_time()
    return work(), time.process_time() - started


def told(edition: Whole, path: Path | str = ":memory:") -> tuple[Press, Catalogue, Almanac]:
    """A press and the almanac of `edition`."""
    templates, catalogue = Templates(folder_of("templates")), Catalogue(open_catalogue(path))
    with catalogue.transaction():
        catalogue.take_in(edition.bare(), edition.news())
    return Press(templates, _site(edition, templates)), catalogue, Almanac(catalogue)


def quotes_of(catalogue: Catalogue) -> list[str]:
    return [f"q/{row['key']}/" for row in catalogue.db.execute("SELECT key FROM utterances ORDER BY key")]


def quote_pages(folder: Path) -> dict[str, float]:
    """Quote pages and their JSON only: what Hugo is given too."""
    press, catalogue, almanac = told(make_edition(QUOTES, days=800))
    target, quotes = Folder(folder), quotes_of(catalogue)

    def work() -> None:
        target.begin(catalogue)
        for address in quotes:
            page = page_at(address, almanac, NOW)
            assert page is not None
            target.put(catalogue.db, address, press.print(address, page))
        target.swap(catalogue)

    with _without_collector():
        _, seconds = timed(work)
    sizes = [p.stat().st_size for p in folder.rglob("index.html")]
    return {"pages": len(quotes), "seconds": seconds, "kilobytes": sum(sizes) / len(sizes) / 1000}


def hugo_pages(folder: Path) -> dict[str, float] | None:
    """The same pages by Hugo."""
    if not shutil.which("hugo"):
        return None
    press, catalogue, almanac = told(make_edition(QUOTES, days=800))
    shutil.copytree(HERE / "hugo", folder / "source")
    quotes = quotes_of(catalogue)
    for address in quotes:
        path = folder / "source" / "content" / f"{address.rstrip('/')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        front = front_matter(press, address, page_at(address, almanac, NOW))
        path.write_text(json.dumps(front, ensure_ascii=False, default=str) + "\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["hugo", "--quiet", "--source", str(folder / "source"), "--destination", str(folder / "out")]
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    made = list((folder / "out").rglob("index.html"))
    assert len(made) == len(quotes) == len(list((folder / "out").rglob("index.json")))
    kilobytes = sum(p.stat().st_size for p in made) / len(made) / 1000
    return {"pages": len(made), "seconds": seconds, "kilobytes": kilobytes}


def front_matter(press: Press, address: str, page: Any) -> dict[str, Any]:
    """Everything that the page shows, worked out: Hugo only has to fill it in."""
    it = page.context["utterance"]
    said, first, base = it.fullest.statement, it.first, press.site["base_url"]
    chart = charts.spread(it, press.site["marks"])
    span = said.marked[0]
    speaker = it.speaker.name if it.speaker else "Speaker unclear"
    return {
        "title": f"{speaker}: {reader_text.shorten(said.text, 80)}",
        "summary": reader_text.shorten(said.text, 160),
        "family": it.id,
        "ld": [json.dumps(graph, ensure_ascii=False) for graph in structured_data.quotation(it, base)],
        "speaker": it.speaker and {"key": it.speaker.key, "name": it.speaker.name, "home": "Home"},
        "parts": [{"text": part.text, "quoted": part.quoted} for part in said.parts],
        "kind": said.kind,
        "kindwords": reader_text.KIND_WORDS[said.kind],
        "meaning": reader_text.KIND_MEANING[said.kind],
        "confidence": reader_text.confidence_words(said.confidence),
        "reason": said.reason,
        "facts": [
            {"name": name, "value": reader_text.day_words(it.when)} for name in ("First reported", "Role")
        ],
        "before": said.context[: span.start],
        "marked": said.context[span.start : span.end],
        "after": said.context[span.end :],
        "outlet": {"key": first.outlet.key, "name": first.outlet.name},
        "when": it.when or "",
        "day": reader_text.day_words(it.when),
        "link": it.fullest.link,
        "alerts": [
            {"what": ", ".join(a.what), "note": a.note, "pieces": [p._asdict() for p in stretches(a.changes)]}
            for a in it.story.alerts
        ],
        "chart": chart
        and {**chart._asdict(), "series": [{"mark": "dot", "path": s.path} for s in chart.series]},
        "reports": [hugo_report(report) for report in it.all_reports],
        "variants": [{"text": v.text, "note": f"{len(v.claim_ids)} reports"} for v in it.story.variants[1:]],
        "cite": structured_data.cite(it, base),
        "embed": structured_data.embed(it, base),
        "data": json.loads(press.print(address, page)[f"{address}index.json"]),
    }


def hugo_report(report: Any) -> dict[str, Any]:
    return {
        "when": report.when or "",
        "day": reader_text.day_words(report.when),
        "lag": report.lag,
        "outlet": {"key": report.outlet.key, "name": report.outlet.name},
        "country": report.country or "",
        "kind": report.statement.kind,
        "kindwords": reader_text.KIND_WORDS[report.statement.kind],
        "words": report.statement.printed,
        "link": report.link,
    }


def whole_site(folder: Path) -> dict[str, Any]:
    """All pages, feeds and the search index: from nothing, nothing changed, about 300 pages changed."""
    edition = make_edition(LARGE, days=900)
    everything = edition.news()._replace(mark="1")
    report, seconds = timed(lambda: publish_some(edition, everything, folder))
    again, unchanged = timed(lambda: publish_some(edition, News((), whole=False, mark="1"), folder))
    news = one_more_night(edition)._replace(mark="2")
    changed, few = timed(lambda: publish_some(edition, news, folder))
    assert again.rendered == 0
    return {
        "pages": report.pages,
        "seconds": seconds,
        "unchanged": unchanged,
        "rendered": changed.rendered,
        "changed": few,
    }


def publish_some(edition: Whole, news: News, folder: Path) -> Any:
    return publish_news(edition.bare(), lambda _: news, folder, Publication(NOW))


def one_more_night(edition: Whole, families: int = 60) -> News:
    """The latest families of `edition`, told with other context sentences."""
    dated = (story for story in edition.stories if story.appearances[0].when)
    latest = sorted(dated, key=lambda story: story.appearances[0].when or "")[-families:]
    touched = {claim for story in latest for claim in story.family.claim_ids}
    before = (s for s in edition.statements if s.claim_id in touched)
    said = [s.model_copy(update={"context": f"{s.context} More."}) for s in before]
    return (
        edition.model_copy(update={"stories": tuple(latest), "statements": tuple(said)})
        .news()
        ._replace(whole=False)
    )


def search_index(folder: Path) -> dict[str, Any]:
    """The index of 50,000 statements, then with one more day of 150, and a common word in the browser."""
    edition = make_edition(STATEMENTS, days=1500, single=True)
    by_date = sorted(edition.stories, key=lambda story: story.appearances[0].when or "")
    folder.mkdir(parents=True, exist_ok=True)
    before = edition.model_copy(update={"stories": tuple(by_date[:-150])})
    told(before, folder / FILE)[1].db.close()
    work = [sys.executable, __file__, "--folder", str(folder), "--only"]
    first = json.loads(subprocess.run([*work, "words"], check=True, capture_output=True).stdout)
    _, catalogue, _ = told(edition, folder / FILE)
    catalogue.db.close()
    more = json.loads(subprocess.run([*work, "words"], check=True, capture_output=True).stdout)
    templates = Templates(folder_of("templates"))
    for name, path in templates.statics().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(path.read_bytes())
    press, _, almanac = told(make_edition(3))
    page = page_at("search/", almanac, NOW)
    assert page is not None
    (folder / "search/index.html").write_bytes(press.print("search/", page)["search/index.html"])
    return {
        "seconds": first["seconds"],
        "one_more_day": more["seconds"],
        "megabytes": first["megabytes"],
        **(in_browser(folder) if CHROMIUM else {}),
    }


def words(folder: Path) -> dict[str, Any]:
    """What is stale of the search, made: the segments and lexicons of the touched months."""
    catalogue = Catalogue(open_catalogue(folder / FILE))
    almanac = Almanac(catalogue)
    target = Folder(folder)

    def work() -> None:
        with catalogue.transaction():
            index_words(catalogue, almanac)
        finding = Finding(catalogue, almanac, None, {})
        parts = "address GLOB 'search/*.?*' OR address GLOB 'search/lex/*'"
        rows = catalogue.db.execute(f"SELECT address FROM stale WHERE {parts}")
        target.begin(catalogue)
        with catalogue.transaction():
            for row in rows.fetchall():
                target.put(catalogue.db, row["address"], finding.files(row["address"]))
            catalogue.db.execute("DELETE FROM stale")
            almanac.deck.keep()
        target.swap(catalogue)

    with _without_collector():
        _, seconds = timed(work)
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


def in_browser(folder: Path) -> dict[str, Any]:
    """Milliseconds from the query to the first page of results, and what was fetched for it, compressed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=switches)
        page = browser.new_page()
        asked: list[Path] = []
        page.goto((folder / "search/index.html").as_uri())
        page.wait_for_selector("form:not([hidden])")
        page.on("request", lambda request: asked.append(Path(request.url.removeprefix("file://"))))
        took = []
        for query in ("open ", "weights ", '"open weights"'):
            page.evaluate("document.body.dataset.took = ''")
            page.fill("[name=q]", query)
            page.press("[name=q]", "Enter")
            page.wait_for_selector("body:not([data-took=''])", state="attached")
            took.append(int(page.evaluate("document.body.dataset.took")))
            if len(took) == 1:
                fetched = sum(len(gzip.compress(path.read_bytes(), 6)) for path in asked) / 1000
        browser.close()
    return {"common_word": took[0], "next_word": took[1], "phrase": took[2], "kilobytes": fetched}


WORK: dict[str, Callable[[Path], Any]] = {
    "quotes": quote_pages,
    "hugo": hugo_pages,
    "whole": whole_site,
    "index": search_index,
}


def alone(name: str, folder: Path) -> Any:
    """One measurement in a process of its own, so that memory and caches are its own."""
    command = [sys.executable, __file__, "--only", name, "--folder", str(folder / name)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def report(found: dict[str, Any]) -> str:
    quotes, hugo, whole, index = (found[name] for name in WORK)
    rows = ["| | pages | KB a page | CPU s | pages a CPU s |", "|---|---|---|---|---|"]
    for name, row in (
        ("openrace, quote pages and their JSON", quotes),
        ("Hugo, the same pages and JSON", hugo),
    ):
        if row:
            speed = row["pages"] / row["seconds"]
            rows.append(
                f"| {name} | {row['pages']:,} | {row['kilobytes']:.1f} | {row['seconds']:.1f} | {speed:.0f} |"
            )
    speed = whole["pages"] / whole["seconds"]
    rows.append(f"| openrace, the whole site | {whole['pages']:,} | | {whole['seconds']:.1f} | {speed:.0f} |")
    facts = [
        ("whole site again, nothing changed", f"{whole['unchanged']:.2f} CPU s"),
        (f"whole site again, {whole['rendered']} pages changed", f"{whole['changed']:.2f} CPU s"),
        (
            f"search index of {STATEMENTS:,} statements",
            f"{index['seconds']:.1f} CPU s, {index['megabytes']:.0f} MB",
        ),
        ("one more day of 150 statements", f"{index['one_more_day']:.2f} CPU s"),
    ]
    if "common_word" in index:
        facts += [
            (
                "common word in the browser, first query",
                f"{index['common_word']} ms, {index['kilobytes']:.0f} KB",
            ),
            ("another common word, a phrase", f"{index['next_word']} ms, {index['phrase']} ms"),
        ]
    hint = "" if hugo else "\nHugo was not found; Debian's package is `hugo`.\n"
    table = ["| | |", "|---|---|", *(f"| {name} | {figure} |" for name, figure in facts)]
    return "\n".join([*rows, hint, *table])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", choices=[*WORK, "words"])
    given = parser.parse_args()
    if given.only:
        given.folder.mkdir(parents=True, exist_ok=True)
        print(json.dumps({**WORK, "words": words}[given.only](given.folder)))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        body = report({name: alone(name, Path(folder)) for name in WORK})
    print(body)
    if given.write:
        write_section("Site: pages, rebuilds, search", "make bench-site", body)


if __name__ == "__main__":
    main()
