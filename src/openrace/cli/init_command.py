"""openrace init: a folder with everything that an observatory needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from openrace.cli.console import say
from openrace.cli.typer_app import NIGHT, app


@app.command(rich_help_panel=NIGHT)
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder; what is in it stays.")],
) -> None:
    """Make a folder with openrace.toml, lists, a corrections file and a README that says how to go on."""
    from openrace.errors import ConfigError
    from openrace.resources import resource

    source = resource("seeds") / "starter"
    files = sorted(path for path in source.rglob("*") if path.is_file())
    there = [path for path in files if (folder / path.relative_to(source)).exists()]
    if there:
        name = there[0].relative_to(source)
        raise ConfigError(folder / name, "is there already", "choose an empty folder; nothing was written")
    for path in files:
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    say(f"{len(files)} files in {folder}; read {folder / 'README.md'}, and start the commands there")
