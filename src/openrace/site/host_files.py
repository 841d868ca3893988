"""Two files that hosts and robots look for at the root of a site: 404.html and robots.txt.

A file of the same name that somebody put there stays as it is.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from openrace.atomic_write import draft_of
from openrace.site.interface_language import InterfaceLanguage, LanguageCode, interface_language

MARK = "made by openrace"  # stands in ours: another file is somebody's own


def write_host_files(folder: Path, title: str, base_url: str | None, language: LanguageCode = "en") -> None:
    """Write both into a site's folder where they differ from what is there."""
    home = base_url or "/"
    for name, text in (
        ("404.html", _not_found(title, home, interface_language(language))),
        ("robots.txt", _robots(base_url)),
    ):
        path = folder / name
        before = path.read_text("utf-8", errors="replace") if path.exists() else MARK
        if MARK in before and before != text:
            with draft_of(path) as draft:
                draft.write_text(text, "utf-8")


def _not_found(title: str, home: str, language: InterfaceLanguage) -> str:
    """Return a page that fetches nothing: it is shown at any address, where no relative link holds."""
    gettext, name, where = language.gettext, escape(title), escape(home, quote=True)
    why = gettext(
        "A statement may have been joined with another report of it, or taken out. "
        "%(site)s has what there is, and a search.",
        site=f'<a href="{where}">{name}</a>',
    )
    head, missing = gettext("There is no page here"), gettext("Not found")
    return (
        f'<!doctype html>\n<html lang="{language.tag}"><!-- {MARK} -->\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" '
        f'content="noindex"><title>{missing} · {name}</title></head>\n'
        '<body style="margin:0 auto;padding:16px;max-width:40rem;font:18px/1.5 Georgia,serif">\n'
        f"<h1>{head}</h1>\n<p>{why}</p>\n</body></html>\n"
    )


def _robots(base_url: str | None) -> str:
    lines = [f"# {MARK}", "User-agent: *", "Allow: /"]
    if base_url:
        lines.append(f"Sitemap: {base_url.rstrip('/')}/sitemap.xml")
    return "\n".join(lines) + "\n"
