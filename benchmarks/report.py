"""Figures into RESULTS.md: each benchmark owns one section and rewrites only that."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


def machine() -> str:
    """This machine in a few words."""
    model = platform.processor() or platform.machine()
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        model = found[1] if found else model
    except OSError:
        pass
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def write_section(title: str, command: str, body: str) -> None:
    """Put ``## title`` with `body`, the day and the machine into RESULTS.md, in place of what was there."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Results\n"
    head = f"`{command}`, {datetime.now(UTC):%Y-%m-%d}, {machine()}"
    section = f"## {title}\n\n{head}\n\n{body.strip()}\n"
    others = [part.strip() for part in re.split(r"(?m)^(?=## )", text)]
    kept = [part for part in others if part and not part.startswith(f"## {title}\n")]
    RESULTS.write_text("\n\n".join([*kept, section]), "utf-8")
