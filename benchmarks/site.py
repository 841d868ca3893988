"""The site: what a build, a night and a search cost.

Usage: python benchmarks/site.py [--write] [--folder FOLDER] [--db DATABASE --now INSTANT]

Editions are invented (tests/site_editions.py); with --db the site of a real store is built too, and a night
is made of two hundred of its families that changed. Files go to FOLDER, else to a temporary one; CPU time
includes the system's for writing them, so two runs compare only on the same file system.
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

from openrace.site import Publication, PublishReport  # noqa: E402
from openrace.site import publish as publish_site  # noqa: E402
from openrace.site.site_index import FILE  # noqa: E402
from report import write_section  # noqa: E402
from site_editions import NOW, MadeSource, Whole, make_edition  # noqa: E402

LARGE, STATEMENTS, NIGHT = 4_000, 30_000, 200
CHROMIUM = next((p for n in ("chromium", "chromium-browser") if (p := shutil.which(n))), None)
QUERIES = ("open", "weights", '"open weights"', "weights kind:direct")


def timed(work: Callable[[], PublishReport]) -> dict[str, Any]:
    """What `work` reports, with the CPU seconds it took (the system's included) and megabytes at most."""
    started = time.process_time()
    report = work()
    seconds, memory = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**report._asdict(), "seconds": seconds, "memory": memory / 1000}


def publish(edition: Whole, folder: Path, changed: list[str] | None = None) -> PublishReport:
    return publish_site(edition.bare(), MadeSource(edition, changed), folder, Publication(NOW))


def whole_site(folder: Path) -> dict[str, Any]:
    """A site from nothing, again with nothing changed, and with the latest 60 families changed."""
    edition = make_edition(LARGE, days=900)
    first = timed(lambda: publish(edition, folder))
    again = timed(lambda: publish(edition, folder, []))
    dated = [story for story in edition.stories if story.appearances[0].when]
    latest = sorted(dated, key=lambda story: story.appearances[0].when or "")[-60:]
    touched = {claim for story in latest for claim in story.family.claim_ids}
    said = tuple(
        s.model_copy(update={"context": f"{s.context} More."}) if s.claim_id in touched else s
        for s in edition.statements
    )
    night = edition.model_copy(update={"statements": said})
    few = timed(lambda: publish(night, folder, [story.family.id for story in latest]))
    assert again["rendered"] == 0
    return {"first": first, "again": again, "night": few}


def search(folder: Path) -> dict[str, Any]:
    """A site of many statements, and in a browser how long queries take and what they fetch, compressed."""
    report = timed(lambda: publish(make_edition(STATEMENTS, days=120, single=True), folder))
    return {"first": report, "browser": in_browser(folder, QUERIES) if CHROMIUM else {}}


def in_browser(folder: Path, queries: tuple[str, ...]) -> dict[str, tuple[int, float]]:
    """Milliseconds from each query to the first page of its results, and the kilobytes fetched for it."""
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=switches)
        for query in queries:
            page, asked = browser.new_page(), list[Path]()
            page.goto((folder / "search/index.html").as_uri())
            page.wait_for_selector("form:not([hidden])")
            page.on("request", lambda request, asked=asked: asked.append(Path(request.url[7:])))
            page.evaluate("document.body.dataset.took = ''")
            page.fill("[name=q]", query)
            page.press("[name=q]", "Enter")
            page.wait_for_selector("body:not([data-took=''])", state="attached")
            kilobytes = sum(len(gzip.compress(path.read_bytes(), 6)) for path in asked) / 1000
            found[query] = (int(page.evaluate("document.body.dataset.took")), kilobytes)
            page.close()
        browser.close()
    return found


def real_site(folder: Path, db: Path, now: str) -> dict[str, Any]:
    """The site of a store, then a night in which some families changed; searches in it."""
    from openrace.pipeline.publish_site import Order, publish_site
    from openrace.store import change_log, family_table, open_store
    from openrace.user_files.seed_files import load_seeds

    store, order = open_store(db), Order(folder, now, load_seeds())
    first = timed(lambda: publish_site(store, order))
    change_log.note_again(store, family_table.every_id(store)[:NIGHT])
    night = timed(lambda: publish_site(store, order, check=False))
    sizes = {"index": (folder / FILE).stat().st_size, "store": db.stat().st_size}
    queries = ("OpenAI", "second amendment", "开源", '"open source"')
    return {
        "first": first,
        "night": night,
        **sizes,
        "browser": in_browser(folder, queries) if CHROMIUM else {},
    }


def report(found: dict[str, dict[str, Any]]) -> str:
    rows = ["| | pages made | files | MB | CPU s | memory MB |", "|---|---|---|---|---|---|"]
    names = {
        ("whole", "first"): f"{LARGE:,} families",
        ("whole", "again"): "again, nothing changed",
        ("whole", "night"): "again, 60 families changed",
        ("search", "first"): f"{STATEMENTS:,} single statements",
        ("real", "first"): "the store given",
        ("real", "night"): f"again, {NIGHT} families noted as changed",
    }
    for (part, step), name in names.items():
        if row := found.get(part, {}).get(step):
            size = row["size"] / 10**6
            rows.append(
                f"| {name} | {row['rendered']:,} | {row['files']:,} | {size:.0f} | {row['seconds']:.1f}"
                f" | {row['memory']:.0f} |"
            )
    for part in ("search", "real"):
        for query, (took, kilobytes) in found.get(part, {}).get("browser", {}).items():
            rows.append(f"| in the browser: `{query}` | | | {kilobytes / 1000:.3f} | {took / 1000:.2f} | |")
    if "real" in found:
        real = found["real"]
        rows.append(f"\nThe site's index has {real['index'] / real['store']:.0%} of the bytes of the store.")
    return "\n".join(rows)


def alone(name: str, folder: Path, given: argparse.Namespace) -> Any:
    """One measurement in a process of its own, so that memory and caches are its own."""
    command = [sys.executable, __file__, "--only", name, "--folder", str(folder / name)]
    command += ["--db", str(given.db), "--now", given.now] if given.db else []
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--now", default=NOW)
    parser.add_argument("--only", choices=["whole", "search", "real"])
    given = parser.parse_args()
    if given.only:
        given.folder.mkdir(parents=True, exist_ok=True)
        work = {"whole": whole_site, "search": search, "real": lambda to: real_site(to, given.db, given.now)}
        print(json.dumps(work[given.only](given.folder)))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        parts = ("whole", "search", *(("real",) if given.db else ()))
        body = report({name: alone(name, Path(folder), given) for name in parts})
    print(body)
    if given.write:
        write_section("Site: pages, rebuilds, search", "make bench-site", body)


if __name__ == "__main__":
    main()
