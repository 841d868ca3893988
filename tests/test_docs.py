"""Every command block of the documents runs as it stands, page by page, in an empty folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from test_batch_spark import on_spark

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))
ONLINE = re.compile(r"# online\s*$")


def blocks(page: Path, kind: str = "sh") -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def script(found: list[str]) -> str:
    lines = "\n".join(found).splitlines()
    return "\n".join(line for line in lines if not ONLINE.search(line))


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.stem)
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
    run_script(script(blocks(page)), tmp_path)


@on_spark
def test_the_commands_for_spark_run(tmp_path: Path) -> None:
    """Those in ``bash`` blocks, after the one that makes the archive."""
    page = ROOT / "docs" / "archives.md"
    run_script(script([blocks(page)[0], *blocks(page, "bash")]), tmp_path)
    families = pq.read_table(tmp_path / "here" / "families-by-spark").to_pylist()
    assert 0 < len({row["cluster_id"] for row in families}) < len(families)


def run_script(commands: str, tmp_path: Path) -> None:
    """Run them in an empty folder beside the bundled articles; every one must succeed."""
    command = tmp_path / "bin" / "openrace"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m openrace "$@"\n')
    command.chmod(0o755)
    here = tmp_path / "here"
    shutil.copytree(ROOT / "seeds" / "articles", here / "articles")
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("OPENRACE_")}
    surroundings |= {"PATH": f"{command.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    surroundings |= {"XDG_DATA_HOME": str(tmp_path / "data")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=here,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_links_between_documents_lead_somewhere() -> None:
    for page in [*PAGES, *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_commands_of_the_readme_exist() -> None:
    from openrace.cli import COMMANDS

    known = {command for commands in COMMANDS.values() for command in commands}
    told = set(re.findall(r"^openrace (\w+)", "\n".join(blocks(ROOT / "README.md")), re.MULTILINE))
    assert told
    assert told <= known
