"""openrace ideas …: which statements voice an argument, marked by a person and suggested to them."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from openrace.cli.console import printable, say
from openrace.cli.typer_app import READING, At, Database, Marks, SeedsFolder, app, clock_at, taking

if TYPE_CHECKING:
    from openrace.ideas.suggestions import Nearest, Suggestion
    from openrace.store.idea_tables import FamilyStatement
    from openrace.user_files.idea_files import Idea, Label

ideas = typer.Typer(
    help="Arguments that different people make in different words: mark statements, review suggestions.",
    no_args_is_help=True,
)
app.add_typer(ideas, name="ideas", rich_help_panel=READING)

IdeaId = Annotated[str, typer.Argument(metavar="IDEA", help="An idea's id, as `ideas list` prints it.")]
ClaimId = Annotated[str, typer.Argument(metavar="CLAIM", help="The id of a claim, as search prints it.")]
ClaimIds = Annotated[list[str], typer.Argument(metavar="CLAIM...", help="Ids of claims.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")]
KEYS = {"y": "yes", "a": "against", "n": "no"}


class IdeaOptions(NamedTuple):
    """The options of every command about ideas."""

    db: Database
    marks: Marks = None
    seeds: SeedsFolder = None
    by: Annotated[
        str | None,
        typer.Option("--by", envvar="OPENRACE_BY", metavar="NAME", help="Who marks; shown on the page."),
    ] = None
    at: At = None


class Workspace:
    """The database, the ideas and the file of marks that a command works on."""

    def __init__(self, marking: IdeaOptions) -> None:
        from openrace.store import open_store
        from openrace.user_files.idea_files import load_ideas, marks_path

        self.marking = marking
        self.db: sqlite3.Connection = open_store(marking.db)
        self.ideas = {idea.id: idea for idea in load_ideas(marking.seeds)}
        self.path = marks_path(marking.db, marking.marks)

    def idea(self, idea_id: str) -> Idea:
        """Return the idea. Raises ConfigError where there is none."""
        from openrace.errors import ConfigError

        if idea_id not in self.ideas:
            raise ConfigError(idea_id, "is not the id of an idea", "openrace ideas list prints the ids")
        return self.ideas[idea_id]

    def sentence(self, said: FamilyStatement) -> str:
        """Return who said it, with its verb where it is no plain quotation, and who printed it."""
        who = printable(said.speaker or "speaker unknown")
        return f"{who}: {self.line(said.claim)}  [{said.outlet or 'outlet unknown'}]"

    def line(self, claim_id: str) -> str:
        """Return a claim as it is shown: a denial never reads as an assertion."""
        from openrace.store.claim_search import wording_of

        return printable(wording_of(self.db, claim_id).line)

    def mark(self, idea_id: str, claim_id: str, label: Label) -> None:
        """Write one mark."""
        from openrace.pipeline.mark_ideas import mark_claim

        when = clock_at(self.marking.at)()[:10]
        mark_claim(self.db, self.path, self.idea(idea_id), claim_id, label, when=when, by=self.marking.by)

    def apply(self) -> None:
        """Apply the file of marks to the database, and bring the queues up to date."""
        from openrace.pipeline.suggest_ideas import suggest_ideas
        from openrace.user_files.idea_files import load_marks

        ideas = tuple(self.ideas.values())
        report = suggest_ideas(self.db, ideas, load_marks(self.path, ideas), warn=say)
        say(str(report))
        if report.failed:
            raise typer.Exit(3)


@ideas.command("list")
@taking(IdeaOptions)
def list_(marking: IdeaOptions) -> None:
    """List every idea with its marks and the length of its queue."""
    from openrace.ideas.suggestions import LINE
    from openrace.store import idea_tables

    workspace = Workspace(marking)
    for idea in workspace.ideas.values():
        marks = list(idea_tables.iter_marks(workspace.db, idea.id))
        counts = [f"{sum(m.label == label for m in marks)} {label}" for label in ("yes", "against", "no")]
        queue = len(idea_tables.waiting(workspace.db, idea.id, LINE))
        typer.echo(f"{idea.id:18} {printable(idea.name)}  ({', '.join(counts)}; {queue} suggested)")


@ideas.command()
@taking(IdeaOptions)
def show(marking: IdeaOptions, idea_id: IdeaId) -> None:
    """Show an idea and every statement that was marked for it."""
    from openrace.store import idea_tables

    workspace = Workspace(marking)
    idea = workspace.idea(idea_id)
    typer.echo(f"{printable(idea.name)}\n  {printable(idea.definition)}")
    if idea.not_when:
        typer.echo(f"  Not when: {printable(idea.not_when)}")
    marks = list(idea_tables.iter_marks(workspace.db, idea.id))
    turned = idea_tables.turned_families(workspace.db, marks)
    for mark in marks:
        (said,) = idea_tables.statements(workspace.db, [mark.family]) if mark.family else (None,)
        words = workspace.sentence(said) if said else ""
        again = "  (worded the other way since: look again)" if mark.family in turned else ""
        typer.echo(f"{mark.label:8} {mark.claim}  {words}  [{mark.marked}, {mark.by or 'not signed'}]{again}")


def _mark_all(marking: IdeaOptions, idea_id: str, claims: list[str], label: Label) -> None:
    workspace = Workspace(marking)
    for claim in claims:
        workspace.mark(idea_id, claim, label)
    workspace.apply()


@ideas.command()
@taking(IdeaOptions)
def yes(marking: IdeaOptions, idea_id: IdeaId, claims: ClaimIds) -> None:
    """Mark statements that voice the idea."""
    _mark_all(marking, idea_id, claims, "yes")


@ideas.command()
@taking(IdeaOptions)
def against(marking: IdeaOptions, idea_id: IdeaId, claims: ClaimIds) -> None:
    """Mark statements that argue the opposite."""
    _mark_all(marking, idea_id, claims, "against")


@ideas.command()
@taking(IdeaOptions)
def no(marking: IdeaOptions, idea_id: IdeaId, claims: ClaimIds) -> None:
    """Mark statements that do neither, though they sound like it."""
    _mark_all(marking, idea_id, claims, "no")


@ideas.command()
@taking(IdeaOptions)
def unmark(marking: IdeaOptions, idea_id: IdeaId, claims: ClaimIds) -> None:
    """Remove marks."""
    from openrace.errors import ConfigError
    from openrace.user_files.idea_files import remove_mark

    workspace = Workspace(marking)
    for claim in claims:
        if not remove_mark(workspace.path, workspace.idea(idea_id).id, claim):
            raise ConfigError(
                claim, f"has no mark for {idea_id}", f"openrace ideas show {idea_id} lists them"
            )
    workspace.apply()


@ideas.command()
@taking(IdeaOptions)
def new(
    marking: IdeaOptions,
    idea_id: IdeaId,
    name: Annotated[str, typer.Argument(metavar="NAME", help="One line for a list.")],
    definition: Annotated[str, typer.Option(help="The argument, as its supporters would put it.")] = "",
) -> None:
    """Add a new idea to your own ideas.toml (in the folder that --seeds names)."""
    from openrace.errors import ConfigError
    from openrace.user_files.idea_files import add_idea

    if marking.seeds is None:
        raise ConfigError("--seeds", "is not given", "name the folder of your own ideas.toml")
    path = add_idea(marking.seeds, idea_id, name, definition or name)
    say(f"{path}: idea {idea_id} added; write its definition and examples there")


@ideas.command()
@taking(IdeaOptions)
def suggest(marking: IdeaOptions, idea_id: IdeaId, limit: Limit = 20) -> None:
    """Print the queue: statements that may voice the idea, each with its nearest marks."""
    workspace = Workspace(marking)
    for statement, suggestion in _queue(workspace, idea_id, limit):
        typer.echo("\n".join(_lines(workspace, statement, suggestion)))


def _queue(workspace: Workspace, idea_id: str, limit: int) -> Iterator[tuple[FamilyStatement, Suggestion]]:
    from openrace.ideas.suggestions import LEAST_SPEAKERS, LEAST_YES, is_ready
    from openrace.pipeline.suggest_ideas import examples_of, suggestions_for

    idea = workspace.idea(idea_id)
    if not is_ready(examples_of(workspace.db, idea)):
        say(f"no suggestions yet: mark {LEAST_YES} statements of {LEAST_SPEAKERS} speakers with yes first")
        return
    yield from suggestions_for(workspace.db, idea, limit)


def _lines(workspace: Workspace, statement: FamilyStatement, suggestion: Suggestion) -> Iterator[str]:
    test = "below the line, a test: " if suggestion.below_the_line else ""
    yield f"{statement.claim}  {workspace.sentence(statement)}  ({test}{suggestion.score:.2f})"
    for label, near in (("yes", suggestion.nearest_yes), ("against", suggestion.nearest_against)):
        if near:
            yield f"    nearest {label}: {_near(workspace, near)}"


def _near(workspace: Workspace, near: Nearest) -> str:
    shared = f"  [{', '.join(near.shared)}]" if near.shared else ""
    claim = near.example.claim_id
    said = workspace.line(claim) if claim else printable(near.example.text)
    return f"{near.likeness:.2f}  {said}{shared}"


@ideas.command()
@taking(IdeaOptions)
def review(marking: IdeaOptions, idea_id: IdeaId, limit: Limit = 50) -> None:
    """Go through the queue: y yes, a against, n no, l later, o open the source, q stop."""
    workspace, done = Workspace(marking), 0
    for statement, suggestion in _queue(workspace, idea_id, limit):
        typer.echo("\n".join(_lines(workspace, statement, suggestion)))
        key = _ask(workspace, statement)
        if key == "q":
            break
        if key in KEYS:
            workspace.mark(idea_id, statement.claim, KEYS[key])  # type: ignore[arg-type]
            done += 1
    say(f"{done} marked")
    if done:
        workspace.apply()


def _ask(workspace: Workspace, statement: FamilyStatement) -> str:
    """Return the key that a person pressed; `o` opens the source and asks again."""
    from openrace.store.idea_tables import address_of

    while True:
        say("y yes · a against · n no · l later · o open · q stop")
        key = _key()
        if key == "o":
            address = address_of(workspace.db, statement.claim)
            say(address or "this article has no address")
            if address:
                typer.launch(address)
        elif key in {*KEYS, "l", "q"}:
            return key


def _key() -> str:
    """Return the key that a person pressed, or the next character of stdin; `q` at its end."""
    return str(typer.getchar() if sys.stdin.isatty() else sys.stdin.read(1) or "q").lower()


@ideas.command()
@taking(IdeaOptions)
def why(marking: IdeaOptions, idea_id: IdeaId, claim_id: ClaimId) -> None:
    """Print the marked statements that are nearest to a claim, and the words they share."""
    from openrace.pipeline import mark_ideas

    workspace = Workspace(marking)
    voiced, opposed = mark_ideas.why(workspace.db, workspace.idea(idea_id), claim_id)
    for label, near in (("yes", voiced), ("against", opposed)):
        typer.echo(f"nearest {label}: {_near(workspace, near) if near else 'none'}")


@ideas.command()
@taking(IdeaOptions)
def like(marking: IdeaOptions, claim_id: ClaimId, limit: Limit = 20) -> None:
    """Print the statements that are most like a claim: the start of a new idea."""
    from openrace.pipeline.mark_ideas import statements_like

    workspace = Workspace(marking)
    for near in statements_like(workspace.db, claim_id, limit):
        said, shared = workspace.sentence(near.statement), ", ".join(near.shared)
        typer.echo(f"{near.likeness:.2f}  {near.statement.claim}  {said}  [{shared}]")


@ideas.command()
@taking(IdeaOptions)
def export(marking: IdeaOptions) -> None:
    """Write what people marked as JSON Lines: idea, label, claim, speaker, words, who marked and when."""
    import json

    from openrace.store import idea_tables

    workspace = Workspace(marking)
    for mark in idea_tables.iter_marks(workspace.db):
        for said in idea_tables.statements(workspace.db, [mark.family] if mark.family else []):
            line = {"idea": mark.idea, "label": mark.label, "claim_id": mark.claim, "family_id": mark.family}
            line |= {"speaker": said.speaker, "text": said.text, "line": workspace.line(said.claim)}
            line |= {"marked": mark.marked, "by": mark.by}
            typer.echo(json.dumps(line, ensure_ascii=False))
