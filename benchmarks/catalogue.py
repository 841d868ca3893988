"""Extract the messages of the interface anew into the catalogue of each language.

    python benchmarks/catalogue.py

Messages that are new come in without a translation, those that are gone are taken out. What is extracted:
messages of the templates, of the modules that speak to readers and of the browser's search, and the names in
the bundled tables of countries, topics, sides and ideas.
"""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po

from openrace.site.interface_language import apart_from_numbers

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "src" / "openrace" / "locale"
SOURCES = (  # files, how Babel reads them
    ("src/openrace/dating.py", "python"),
    ("src/openrace/story.py", "python"),
    ("src/openrace/user_files/corrections_file.py", "python"),
    ("src/openrace/pipeline/feed_health.py", "python"),
    ("src/openrace/site/*.py", "python"),
    ("templates/*.html", "jinja2.ext:babel_extract"),
    ("templates/static/search.js", "javascript"),
)
TABLES = (  # files, the keys whose texts readers see
    ("seeds/topics.toml", {"name"}),
    ("seeds/ideas.toml", {"name", "definition", "not_when"}),
    ("templates/countries.toml", {"name"}),
    ("templates/accuracy.toml", {"what", "compared", "measured_on"}),  # with figures that are measured anew
)
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}


def extracted() -> Catalog:
    """Return all messages, none translated, with the files that they are in."""
    found = Catalog(fuzzy=False)
    for pattern, method in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            content = io.BytesIO(path.read_bytes())
            for _, message, comments, context in extract(method, content, _keywords(), options=OPTIONS):
                found.add(message, None, [(_name(path), 1)], auto_comments=comments, context=context)
    for name, keys in TABLES:
        for text in _texts(tomllib.loads((ROOT / name).read_text("utf-8")), keys):
            found.add(apart_from_numbers(text)[0] if "accuracy" in name else text, None, [(name, 1)])
    return found


def _keywords() -> Any:
    return DEFAULT_KEYWORDS | {"counted": (2, 3), "message": None}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _texts(table: Any, keys: set[str]) -> Iterator[str]:
    """Yield the texts under `keys`, however deep."""
    if isinstance(table, list):
        table = dict(enumerate(table))
    for key, value in table.items() if isinstance(table, dict) else ():
        if key in keys and isinstance(value, str) and re.search(r"[A-Za-z]", value):
            yield value
        else:
            yield from _texts(value, keys)


def main() -> None:
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/openrace.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, ignore_obsolete=True, include_lineno=False)
        missing = sum(not message.string for message in catalogue if message.id)
        print(f"{_name(path)}: {len(catalogue)} messages, {missing} without a translation")


if __name__ == "__main__":
    main()
