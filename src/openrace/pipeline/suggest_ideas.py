"""Marks and families → the queue of each idea: which statements a person may want to look at.

ideas-marks.toml ─▶ marks on claims that are there
marks, examples  ─▶ a model an idea, fitted again only where its marks changed
new wordings     ─▶ scores; what is above the line waits in the queue
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from openrace.errors import InputError
from openrace.ideas.features import Vectoriser
from openrace.ideas.model import IdeaModels, IdeaWeights, fit
from openrace.ideas.suggestions import (
    LABELS,
    LINE,
    NEAR,
    Example,
    Suggestion,
    draw_background,
    explain,
    in_turn,
    is_ready,
    says_enough,
)
from openrace.pipeline import Warn
from openrace.plurals import many
from openrace.records import stable_id
from openrace.store import correction_table, idea_tables, night_state
from openrace.store.idea_tables import FamilyStatement, StoredModel
from openrace.user_files.idea_files import Idea, Mark

AT_ONCE = 5_000  # statements scored together: some 50 MB


class SuggestionReport(NamedTuple):
    """How many marks count, how many name a claim that is not there, how many statements were scored."""

    marks: int
    failed: int
    scored: int

    def __str__(self) -> str:
        parts = [f"{many(self.marks, 'mark')} in force", f"{many(self.scored, 'statement')} scored"]
        parts += [f"{self.failed:,} of what is not there"] * bool(self.failed)
        return ", ".join(parts)


def suggest_ideas(
    db: sqlite3.Connection, ideas: Sequence[Idea], marks: Sequence[Mark], *, warn: Warn
) -> SuggestionReport:
    """Lay `marks` over what is kept, fit what changed, score what is new."""
    failed = _apply_marks(db, marks, warn)
    examples = {idea.id: examples_of(db, idea) for idea in ideas}
    ready = {idea: some for idea, some in examples.items() if is_ready(some)}
    idea_tables.forget_families(db)
    vectoriser = vectoriser_of(db) if ready else None
    if vectoriser is None:
        idea_tables.save_models(db, ())
        return SuggestionReport(len(marks) - failed, failed, 0)
    fresh = _fit_what_changed(db, ready, vectoriser)
    return SuggestionReport(len(marks) - failed, failed, _score(db, vectoriser, fresh))


def _apply_marks(db: sqlite3.Connection, marks: Sequence[Mark], warn: Warn) -> int:
    rows, failed = {}, 0
    for mark in marks:
        claim = correction_table.find_claim(db, mark.claim, mark.article, mark.words)
        if claim is None:
            failed += 1
            warn(
                str(
                    InputError(
                        mark.where, f"there is no claim {mark.claim}", "openrace search prints the ids"
                    )
                )
            )
        else:
            rows[mark.idea, claim] = (mark.idea, claim, mark.label, mark.when, mark.by)
    idea_tables.replace_marks(db, rows.values())
    return failed


def examples_of(db: sqlite3.Connection, idea: Idea) -> list[Example]:
    """Return what teaches the suggestions of `idea`: its own examples and what people marked."""
    own = [Example(text, label, None) for label in LABELS for text in getattr(idea, label)]
    marked = {mark.family: mark for mark in idea_tables.iter_marks(db, idea.id) if mark.family}
    said = idea_tables.statements(db, marked)
    return own + [
        Example(it.text, marked[it.family].label, it.speaker, marked[it.family].claim) for it in said
    ]


def vectoriser_of(db: sqlite3.Connection) -> Vectoriser | None:
    """Return what turns statements into vectors; None where nothing is grouped yet.

    Feature frequencies are counted in families drawn by hash, and drawn once: models change only with marks.
    """
    drawn = night_state.get_value(db, "ideas background")
    families = (
        drawn.split() if drawn else draw_background(it.family for it in idea_tables.iter_statements(db))
    )
    texts = [it.text for it in idea_tables.statements(db, families)]
    if not drawn:
        night_state.set_value(db, "ideas background", " ".join(families))
    return Vectoriser(texts) if texts else None


def _fit_what_changed(
    db: sqlite3.Connection, ready: dict[str, list[Example]], vectoriser: Vectoriser
) -> set[str]:
    """Keep a model for each idea that is ready; the ideas whose model is new."""
    stored, models, fresh = idea_tables.load_models(db), [], set()
    for idea, examples in ready.items():
        fingerprint = stable_id(*(f"{e.label} {e.text}" for e in sorted(examples)), length=20)
        if idea in stored and stored[idea].examples == fingerprint:
            models.append(stored[idea])
            continue
        fresh.add(idea)
        marked = vectoriser.vectors(example.text for example in examples)
        texts = {example.text for example in examples}
        behind = vectoriser.vectors(text for text in vectoriser.background if text not in texts)
        buckets, weights = fit(marked, [example.label == "yes" for example in examples], behind)
        models.append(StoredModel(idea, fingerprint, buckets.tobytes(), weights.tobytes()))
    idea_tables.save_models(db, models)
    return fresh


def _models(db: sqlite3.Connection, ideas: Iterable[str] | None = None) -> IdeaModels | None:
    stored = idea_tables.load_models(db)
    wanted = {idea: _weights(model) for idea, model in stored.items() if ideas is None or idea in ideas}
    return IdeaModels(wanted) if wanted else None


def _weights(model: StoredModel) -> IdeaWeights:
    return np.frombuffer(model.buckets, np.int64), np.frombuffer(model.weights, np.float64)


def _score(db: sqlite3.Connection, vectoriser: Vectoriser, fresh: set[str]) -> int:
    """Score new wordings by every model, and all others by those that are new; how many were scored."""
    known = idea_tables.scored(db)
    new: list[FamilyStatement] = []
    old: list[FamilyStatement] = []
    for it in idea_tables.iter_statements(db):
        if not says_enough(it.text):
            continue
        (old if known.get(it.family) == stable_id(it.text) else new).append(it)
    for models, some in ((_models(db), new), (_models(db, fresh), old)):
        if models is None:
            continue
        for begin in range(0, len(some), AT_ONCE):
            _score_batch(db, vectoriser, models, some[begin : begin + AT_ONCE])
    return len(new) + (len(old) if fresh else 0)


def _score_batch(
    db: sqlite3.Connection, vectoriser: Vectoriser, models: IdeaModels, batch: Sequence[FamilyStatement]
) -> None:
    scores = models.scores(vectoriser.vectors(it.text for it in batch))
    above = [
        (models.ideas[column], batch[row].family, float(scores[row, column]))
        for row, column in zip(*np.nonzero(scores >= NEAR), strict=True)
    ]
    wordings = {it.family: stable_id(it.text) for it in batch}
    idea_tables.save_scores(db, wordings, models.ideas, above)


def suggestions_for(
    db: sqlite3.Connection, idea: Idea, limit: int
) -> list[tuple[FamilyStatement, Suggestion]]:
    """Return the queue of `idea`: statements with their nearest marks; empty without marks enough."""
    examples = examples_of(db, idea)
    vectoriser = vectoriser_of(db)
    if vectoriser is None or not is_ready(examples):
        return []
    near = idea_tables.waiting(db, idea.id, NEAR)
    above = {family: score for family, score in near.items() if score >= LINE}
    tests = sorted(near.keys() - above.keys(), key=lambda family: stable_id(idea.id, family))
    picked = in_turn(above, tests, limit)
    found = {it.family: it for it in idea_tables.statements(db, [family for family, _ in picked])}
    shown = [(found[family], test) for family, test in picked if family in found]
    marks = explain([it.text for it, _ in shown], examples, vectoriser)
    return [
        (it, Suggestion(it.family, near[it.family], test, *beside))
        for (it, test), beside in zip(shown, marks, strict=True)
    ]
