"""Files that are whole or not there: a reader, a crash and a full disk see the old one or the new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """A place beside `path` to write to, which takes its place when the block ends well, and else goes.

    What the system says of the draft it is made to say of `path`, which is the one that people know.
    """
    draft = path.with_name(f"{path.name}.unfinished")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        if error.filename is None or str(error.filename) == str(draft):  # a full disk names no file
            error.filename = str(path)
        raise
    finally:
        draft.unlink(missing_ok=True)
