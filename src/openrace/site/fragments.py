"""The one cache of what lists show: a family's line as HTML, as an Atom entry and as JSON.

A family is in the lists of its speaker, outlets, days, week, side and topic, and in their feeds; its line is
rendered once. Templates and feeds ask here and nowhere else. Nothing is kept from one run to the next.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Self

from openrace.site.family_line import FamilyLine

MOST = 20_000  # fragments, about a kilobyte each
ROOT = secrets.token_hex(8)  # stands for the way to the root of the site: no text of an article can have it


class RawJson:
    """JSON that is already written: it is put into what is written around it as it stands."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    @classmethod
    def list(cls, bodies: Iterable[bytes]) -> Self:
        """Return a list of such."""
        return cls(b"[%b]" % b",".join(bodies))


class Fragments:
    """Fragments by form and line, those used last."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    def get(self, form: str, line: FamilyLine, make: Callable[[FamilyLine], bytes]) -> bytes:
        """Return what `make` gives for a line in this form; made once while there is room for it."""
        key = (form, line.family, line.other_address)  # of which there is one line in a run
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make(line)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def html(self, form: str, line: FamilyLine, root: str, make: Callable[[FamilyLine], bytes]) -> bytes:
        """Return the same for a page from which `root` leads to the root; `make` writes `ROOT` for it."""
        return self.get(form, line, make).replace(ROOT.encode(), root.encode())
