"""What a person set right: `corrections.toml`, edited by hand or written by ``openrace correct``.

    [[correction]]
    when = 2026-01-05                     # the day it was set right
    why = "He is asked here, not quoted."  # shown on the site's page of corrections
    claim = "7895e28823ae"                # the id that search and show print

and one of

    speaker = "Bo Chen"                   # who said it (person = "bo-chen" beside it, where known)
    withhold = true                       # nobody can say who said it
    hide = true                           # take the claim out of sight

or, instead of a claim,

    join = ["id", "id", …]                # these claims report one utterance
    part = ["id", …]                      # these do not belong to the family they are in
    merge = "A. Byte"                     # this speaker (a name or id) …
    into = "ada-byte"                     # … is this one of people.toml
    article = "id"                        # this article …
    published = 2025-05-19                # … came out then ("unknown": nobody can say)

Beside a claim, `words` (its content) and `article` let it be found again after a better extractor has cut
it differently, and `line` is how it is shown to readers. Nothing here knows the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import model_validator

from openrace.errors import ConfigError
from openrace.records import NonEmpty, Record, When, normalise_when, stable_id
from openrace.user_files.toml_tables import append_table, plain, read_text, record_of, tables_of

UNKNOWN = "unknown"
_DOING = ("speaker", "withhold", "hide", "join", "part", "merge", "published")


class Correction(Record):
    """One thing set right; exactly one of `_DOING` is given. `where` is ``path:line``."""

    where: str
    when: When
    why: NonEmpty
    claim: str | None = None
    words: str | None = None
    line: str | None = None
    speaker: str | None = None
    person: str | None = None
    withhold: bool = False
    hide: bool = False
    join: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    merge: str | None = None
    into: str | None = None
    article: str | None = None
    published: str | None = None  # `UNKNOWN`, or as `When`

    @property
    def does(self) -> str:
        """Which of the things that a correction can do this one does."""
        return next(name for name in _DOING if getattr(self, name))

    @model_validator(mode="after")
    def _one_thing(self) -> Correction:
        doing = [name for name in _DOING if getattr(self, name)]
        if len(doing) != 1:
            raise ValueError(f"give one of {', '.join(_DOING)}; here are {' and '.join(doing) or 'none'}")
        if doing[0] in ("speaker", "withhold", "hide") and not self.claim:
            raise ValueError(f"{doing[0]} needs a claim")
        if self.join and len(set(self.join)) < 2:
            raise ValueError("join needs two claims or more")
        if bool(self.merge) != bool(self.into):
            raise ValueError("merge and into belong together")
        if self.published and not self.article:
            raise ValueError("published needs an article")
        return self

    def tell(self, gettext: Callable[[str], str] = str) -> str:
        """Return what it does, in one line for a reader."""
        about = self.line or gettext("claim %(claim)s") % {"claim": self.claim}
        told = {
            "speaker": gettext("The speaker is %(speaker)s: %(about)s"),
            "withhold": gettext("The speaker is not known: %(about)s"),
            "hide": gettext("A claim was taken out of sight."),
            "join": gettext("%(joined)s reports are of one utterance."),
            "part": gettext("%(parted)s reports are of another utterance."),
            "merge": gettext("%(merged)s is %(into)s."),
            "published": gettext("The date of article %(article)s is %(published)s."),
        }[self.does]
        return told % {
            "about": about,
            "speaker": self.speaker,
            "joined": len(self.join),
            "parted": len(self.part),
            "merged": self.merge,
            "into": self.into,
            "article": self.article,
            "published": self.published,
        }


def corrections_path(database: Path, given: Path | None = None) -> Path:
    """Return where the corrections of `database` are kept: the file that is given, else one next to it."""
    return given or database.with_name("corrections.toml")


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """Return the corrections in `path`, none where there is no such file.

    Raises ConfigError naming the line of what cannot be read or contradicts another.
    """
    return _parse(read_text(path), path)


def corrections_of(database: Path, given: Path | None = None) -> tuple[Correction, ...]:
    """Return the corrections of `database`, as `load_corrections` reads them."""
    return load_corrections(corrections_path(database, given))


def _parse(text: str, path: Path) -> tuple[Correction, ...]:
    found = tuple(_read(table, where) for where, table in tables_of(text, path, "correction"))
    _refuse_contradictions(found)
    return found


def _read(table: Mapping[str, Any], where: str) -> Correction:
    published = plain(table.get("published"))
    if published not in (None, UNKNOWN):
        try:
            table = {**table, "published": normalise_when(published)}
        except (ValueError, TypeError) as error:
            raise ConfigError(where, f"published: {error}") from error
    return record_of(Correction, table, where)


def _refuse_contradictions(corrections: tuple[Correction, ...]) -> None:
    said: dict[tuple[str, str | None], Correction] = {}
    for this in corrections:
        about, says = _statement(this)
        other = said.setdefault(about, this)
        if _statement(other)[1] != says:
            raise ConfigError(this.where, f"contradicts {other.where}", "only one of them can stand")
    for this in corrections:
        for other in corrections:
            if (apart := set(this.part) & set(other.join)) and not set(other.join) <= set(this.part):
                problem = f"contradicts {other.where}, which joins {min(apart)} with others"
                raise ConfigError(this.where, problem, "only one of them can stand")


def _statement(this: Correction) -> tuple[tuple[str, str | None], object]:
    """Return the subject of `this` and what it says of it: no two may say different things of one."""
    match this.does:
        case "speaker" | "withhold":
            return ("speaker", this.claim), (this.speaker, this.person)
        case "merge":
            return ("merge", this.merge), this.into
        case "published":
            return ("published", this.article), this.published
    return (this.does, this.where), None


def rearrange(placed: Mapping[str, str], corrections: Iterable[Correction]) -> dict[str, str]:
    """Return `placed` (claim id → family id) with families joined and parted as corrected, in order."""
    families = dict(placed)
    for correction in corrections:
        known = [claim for claim in (*correction.join, *correction.part) if claim in families]
        if not known:
            continue
        if correction.join:
            target = families[known[0]]
            old = {families[claim] for claim in known}
            families = {c: target if f in old else f for c, f in families.items()}
        else:
            families |= dict.fromkeys(known, stable_id("parted", *sorted(correction.part)))
    return families


def write_correction(path: Path, fields: Mapping[str, Any]) -> None:
    """Append a correction to `path`, which stays as it was where it would then not be right.

    Raises ConfigError as `load_corrections` does.
    """
    append_table(path, "correction", fields, _parse)
