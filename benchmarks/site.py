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
from openrace.site import (  # noqa: E402
    charts,
    publish,
    structured,
    text,
)
from openrace.site.almanac import make_almanac  # noqa: E402
from openrace.site.digest import choose  # noqa: E402
from openrace.site.edition import Edition  # noqa: E402
from openrace.site.files import Folder  # noqa: E402
from openrace.site.pages import Templates  # noqa: E402
from openrace.site.press import Press, _search_parts, _site, _statics, without_collector  # noqa: E402
from openrace.site.views import plan  # noqa: E402
from openrace.site.wording import stretches  # noqa: E402
from report import write_section  # noqa: E402
from site_editions import NOW, make_edition  # noqa: E402

QUOTES, LARGE, STATEMENTS = 4000, 5600, 50_000
CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What `work` returns, and the CPU seconds it took, the system's included."""
    started = time.process_time()
    return work(), time.process_time() - started


def parts_of(edition: Edition) -> tuple[Press, list[Any], Any]:
    templates = Templates(folder_of("templates"))
    almanac = make_almanac(edition)
    return Press(templates, _site(edition, templates)), list(plan(almanac, choose(almanac, NOW))), almanac


def quote_pages(folder: Path) -> dict[str, float]:
    """Quote pages and their JSON only: what Hugo is given too."""
    press, pages, _ = parts_of(make_edition(QUOTES, days=800))
    quotes = [page for page in pages if page.template == "quote.html"]
    target = Folder(folder)

    def work() -> None:
        for page in quotes:
            target.write(page.address, "1", press.print(page))

    with without_collector():
        _, seconds = timed(work)
    sizes = [p.stat().st_size for p in folder.rglob("index.html")]
    return {"pages": len(quotes), "seconds": seconds, "kilobytes": sum(sizes) / len(sizes) / 1000}


def hugo_pages(folder: Path) -> dict[str, float] | None:
    """The same pages by Hugo."""
    if not shutil.which("hugo"):
        return None
    press, pages, _ = parts_of(make_edition(QUOTES, days=800))
    shutil.copytree(HERE / "hugo", folder / "source")
    quotes = [page for page in pages if page.template == "quote.html"]
    for page in quotes:
        path = folder / "source" / "content" / f"{page.address.rstrip('/')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(front_matter(press, page), ensure_ascii=False, default=str) + "\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["hugo", "--quiet", "--source", str(folder / "source"), "--destination", str(folder / "out")]
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    made = list((folder / "out").rglob("index.html"))
    assert len(made) == len(quotes) == len(list((folder / "out").rglob("index.json")))
    kilobytes = sum(p.stat().st_size for p in made) / len(made) / 1000
    return {"pages": len(made), "seconds": seconds, "kilobytes": kilobytes}


def front_matter(press: Press, page: Any) -> dict[str, Any]:
    """Everything that the page shows, worked out: Hugo only has to fill it in."""
    view = page.make()
    it = view.context["utterance"]
    said, first, base = it.fullest.statement, it.first, press.site["base_url"]
    chart = charts.spread(it, press.site["marks"])
    span = said.marked[0]
    return {
        "title": f"{it.speaker.name if it.speaker else 'Speaker unclear'}: {text.shorten(said.text, 80)}",
        "summary": text.shorten(said.text, 160),
        "family": it.id,
        "ld": [json.dumps(graph, ensure_ascii=False) for graph in structured.quotation(it, base)],
        "speaker": it.speaker and {"key": it.speaker.key, "name": it.speaker.name, "home": "Home"},
        "parts": [{"text": part.text, "quoted": part.quoted} for part in said.parts],
        "kind": said.kind,
        "kindwords": text.KIND_WORDS[said.kind],
        "meaning": text.KIND_MEANING[said.kind],
        "confidence": text.confidence_words(said.confidence),
        "reason": said.reason,
        "facts": [{"name": name, "value": text.day_words(it.when)} for name in ("First reported", "Role")],
        "before": said.context[: span.start],
        "marked": said.context[span.start : span.end],
        "after": said.context[span.end :],
        "outlet": {"key": first.outlet.key, "name": first.outlet.name},
        "when": it.when or "",
        "day": text.day_words(it.when),
        "link": it.fullest.link,
        "alerts": [
            {"what": ", ".join(a.what), "note": a.note, "pieces": [p._asdict() for p in stretches(a.changes)]}
            for a in it.story.alerts
        ],
        "chart": chart
        and {**chart._asdict(), "series": [{"mark": "dot", "path": s.path} for s in chart.series]},
        "reports": [hugo_report(report) for report in it.all_reports],
        "variants": [{"text": v.text, "note": f"{len(v.claim_ids)} reports"} for v in it.story.variants[1:]],
        "cite": structured.cite(it, base),
        "embed": structured.embed(it, base),
        "data": json.loads(press.print(page)[f"{page.address}index.json"]),
    }


def hugo_report(report: Any) -> dict[str, Any]:
    return {
        "when": report.when or "",
        "day": text.day_words(report.when),
        "lag": report.lag,
        "outlet": {"key": report.outlet.key, "name": report.outlet.name},
        "country": report.country or "",
        "kind": report.statement.kind,
        "kindwords": text.KIND_WORDS[report.statement.kind],
        "words": report.statement.printed,
        "link": report.link,
    }


def whole_site(folder: Path) -> dict[str, Any]:
    """All pages, feeds and the search index: from nothing, nothing changed, about 300 pages changed."""
    edition = make_edition(LARGE, days=900)
    report, seconds = timed(lambda: publish(edition, folder, now=NOW))
    again, unchanged = timed(lambda: publish(edition, folder, now=NOW))
    changed, few = timed(lambda: publish(one_more_night(edition), folder, now=NOW))
    assert again.rendered == 0
    return {
        "pages": report.pages,
        "seconds": seconds,
        "unchanged": unchanged,
        "rendered": changed.rendered,
        "changed": few,
    }


def one_more_night(edition: Edition, families: int = 60) -> Edition:
    """`edition` with other context sentences in its latest families."""
    dated = (story for story in edition.stories if story.appearances[0].when)
    latest = sorted(dated, key=lambda story: story.appearances[0].when or "")
    touched = {claim for story in latest[-families:] for claim in story.family.claim_ids}
    statements = [
        s.model_copy(update={"context": f"{s.context} More."}) if s.claim_id in touched else s
        for s in edition.statements
    ]
    return edition.model_copy(update={"statements": tuple(statements)})


def search_index(folder: Path) -> dict[str, Any]:
    """The index of 50,000 statements, then with one more day of 150, and a common word in the browser."""
    edition = make_edition(STATEMENTS, days=1500, single=True)
    by_date = sorted(edition.stories, key=lambda story: story.appearances[0].when or "")
    press, pages, almanac = parts_of(edition.model_copy(update={"stories": tuple(by_date[:-150])}))
    templates = press.templates
    target = Folder(folder)

    def work(almanac: Any) -> None:
        parts = _search_parts(almanac, templates, target)
        stale = [name for name, part in parts.items() if not target.has(name, part.version)]
        for name in stale:
            target.write(name, parts[name].version, parts[name].files())

    with without_collector():
        _, seconds = timed(lambda: work(almanac))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        almanac = make_almanac(edition)
        _, more = timed(lambda: work(almanac))
    for page in pages:
        if page.address == "search/":
            target.write(page.address, "1", press.print(page))
    for name, part in _statics(templates).items():
        target.write(name, part.version, part.files())
    return {
        "seconds": seconds,
        "one_more_day": more,
        "megabytes": peak,
        **(in_browser(folder) if CHROMIUM else {}),
    }


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
    parser.add_argument("--only", choices=WORK)
    given = parser.parse_args()
    if given.only:
        given.folder.mkdir(parents=True)
        print(json.dumps(WORK[given.only](given.folder)))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        body = report({name: alone(name, Path(folder)) for name in WORK})
    print(body)
    if given.write:
        write_section("Site: pages, rebuilds, search", "make bench-site", body)


if __name__ == "__main__":
    main()
