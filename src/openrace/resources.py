"""Where `templates/` and `seeds/` lie: inside the package in a wheel, beside `src/` in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Return the folder called `name` ("templates" or "seeds")."""
    packaged = PACKAGE / name
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / name
