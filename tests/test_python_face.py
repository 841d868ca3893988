"""What a programmer gets of `import openrace`: documented, typed, and loaded only when it is used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import openrace

ROOT = Path(__file__).resolve().parents[1]


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_example_of_the_documents_runs() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs/python.md").read_text("utf-8"), re.M | re.S)
    told = run(code)
    assert "'line': 'denied that he had taken money from the northern shipyard'" in told
    assert "'polarity': 'denied'" in told
    assert "“We will open the model in spring,” … “because nobody else wants to go first.”" in told
    assert "'url_count_distinct': 2" in told


def test_every_name_is_there_and_documented() -> None:
    page = (ROOT / "docs/python.md").read_text("utf-8")
    for name in openrace.__all__:
        found = getattr(openrace, name)
        assert found is not None
        if callable(found) and not isinstance(found, type):
            assert f"`{name}(" in page
    assert set(openrace.__all__) <= set(dir(openrace))


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    told = run(
        "import sys, openrace; print([m for m in sys.modules if m.startswith(('openrace.', 'pydantic'))])"
    )
    assert told.strip() == "[]"


def test_the_package_tells_that_it_is_typed() -> None:
    assert (Path(openrace.__file__).parent / "py.typed").exists()
