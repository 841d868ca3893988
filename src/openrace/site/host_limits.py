"""What hosts of static sites carry: how a site's size and number of files compare with their limits."""

from __future__ import annotations

from typing import NamedTuple

from openrace.plurals import many


class Host(NamedTuple):
    """A host and its limit; None where it has none of that kind. As their documentation says in 2025."""

    name: str
    files: int | None = None
    size: int | None = None  # bytes

    def takes(self, files: int, size: int) -> bool:
        """Return whether a site of so many files and bytes is within the limit."""
        return (self.files is None or files <= self.files) and (self.size is None or size <= self.size)

    @property
    def limit(self) -> str:
        """The limit in words."""
        return many(self.files, "file") if self.files else f"{(self.size or 0) // 10**9} GB"


HOSTS = (
    Host("GitHub Pages", size=10**9),
    Host("GitLab Pages", files=200_000),
    Host("Cloudflare Pages", files=20_000),
)


def compare_with_hosts(files: int, size: int) -> str:
    """Return in one line how large a site is, and which hosts carry it."""
    fits = [f"{host.name} ({host.limit})" for host in HOSTS if host.takes(files, size)]
    beyond = [f"{host.name} ({host.limit})" for host in HOSTS if not host.takes(files, size)]
    verdict = [f"fits {', '.join(fits)}"] * bool(fits) + [f"too large for {', '.join(beyond)}"] * bool(beyond)
    megabytes = "less than 1 MB" if size < 10**6 else f"{round(size / 10**6):,} MB"
    return f"{many(files, 'file')}, {megabytes}: {'; '.join(verdict)}"
