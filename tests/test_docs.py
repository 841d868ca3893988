"""Every command block of the documents runs as it stands, page by page, in an empty folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))
ONLINE = re.compile(r"# online\s*$")


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def script(page: Path) -> str:
    lines = "\n".join(blocks(page)).splitlines()
    return "\n".join(line for line in lines if not ONLINE.search(line))


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.stem)
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
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
        ["bash", "-euo", "pipefail", "-c", script(page)],
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
