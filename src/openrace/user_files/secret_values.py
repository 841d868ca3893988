"""Secret passwords, tokens and addresses: named in a file, kept in the environment or a private file.

    env:NAME      the environment variable NAME
    file:PATH     the first line of a file that nobody but its owner can read (mode 600)

What comes out of here stands in no message: an error names the reference, never the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openrace.errors import ConfigError, reason

OTHERS = 0o077  # the permissions of everybody but the owner


def is_reference(text: str) -> bool:
    """Whether `text` says where a secret is kept and is none itself."""
    return text.startswith(("env:", "file:"))


def read_secret(reference: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Return the secret at `reference`; a relative path starts at `folder`. Raises ConfigError."""
    where, _, name = reference.partition(":")
    if where == "env":
        if not environment.get(name):
            raise ConfigError(reference, "is not set", f"set {name} in the environment of the nightly run")
        return environment[name].strip()
    path = folder / name
    try:
        if path.stat().st_mode & OTHERS:
            raise ConfigError(path, "holds a secret and can be read by others", f"chmod 600 {path}")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"cannot be read: {reason(error)}") from error
    if not lines or not lines[0].strip():
        raise ConfigError(path, "holds no secret", "write it on the first line")
    return lines[0].strip()
