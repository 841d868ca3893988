"""The options of a folder: `openrace.toml`, which `openrace init` writes.

    db = "openrace.db"           # paths start at the file's folder
    base-url = "https://race.example/"

Each line stands for an environment variable, which overrides it; so does an option of the command. Loads
nothing heavy: it is read before any command starts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from openrace.errors import ConfigError, reason

NAME = "openrace.toml"
PATHS = {  # key → environment variable, of what is a path
    "db": "OPENRACE_DB",
    "site": "OPENRACE_SITE",
    "seeds": "OPENRACE_SEEDS",
    "corrections": "OPENRACE_CORRECTIONS",
    "marks": "OPENRACE_MARKS",
    "watches": "OPENRACE_WATCHES",
    "look": "OPENRACE_LOOK",
    "smtp-password-file": "OPENRACE_SMTP_PASSWORD_FILE",
}
TEXTS = {
    "base-url": "OPENRACE_BASE_URL",
    "contact": "OPENRACE_CONTACT",
    "by": "OPENRACE_BY",
    "lang": "OPENRACE_LANG",
    "smtp": "OPENRACE_SMTP",
    "mail-from": "OPENRACE_MAIL_FROM",
}


def read_settings(path: Path) -> dict[str, str]:
    """Return the environment variables that the file stands for. Raises ConfigError with the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"cannot be read: {reason(error)}") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ConfigError(f"{path}:{line[1]}" if line else path, f"is not TOML: {error}") from error
    return dict(_variables(found, text, path))


def _variables(found: Mapping[str, object], text: str, path: Path) -> list[tuple[str, str]]:
    variables = []
    for key, value in found.items():
        if key not in PATHS and key not in TEXTS:
            known = ", ".join((*PATHS, *TEXTS))
            raise ConfigError(
                _place(key, text, path), f"{key}: there is no such option", f"there are {known}"
            )
        if not isinstance(value, str) or not value:
            raise ConfigError(_place(key, text, path), f"{key}: is not text", f'write {key} = "…"')
        where = str(path.absolute().parent / Path(value).expanduser()) if key in PATHS else value
        variables.append((PATHS.get(key) or TEXTS[key], where))
    return variables


def _place(key: str, text: str, path: Path) -> str:
    lines = enumerate(text.splitlines(), 1)
    number = next((n for n, line in lines if re.match(rf'\s*\[*"?{re.escape(key)}\b', line)), None)
    return f"{path}:{number}" if number else str(path)
