"""The pages of families and of articles.

A family of two reports or more has a page of its own. A statement that one article alone reports is on the
page of that article, at an anchor that stays; once its family has a page, it leads on to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from openrace.links import clock_time
from openrace.site.family_line import FamilyLine, OutletRef, Words, language_of, lead_of, line_of, words_of
from openrace.site.family_view import FamilyView, ReportView
from openrace.site.index_queries import SiteQueries
from openrace.site.page_addresses import card_address
from openrace.site.page_data import Page, Pages, data_of, facts_of
from openrace.site.share_cards import has_card
from openrace.site.shown_wording import Stretch, stretches
from openrace.site.snapshot import ArticleRevision, ArticleStatements, Statement
from openrace.site.structured_data import annotate, oembed
from openrace.site.two_languages import beside, in_two
from openrace.story import Alert, Variant

MOST_WORDINGS = 26  # rows of the table of wordings: one for each letter
MOST_REPORTS = 400  # rows of the table of reports; the data have all
LONGEST = 4_000  # code points of a statement on its own page


class Carried(NamedTuple):
    """An outlet that printed a wording, and when it first did."""

    outlet: OutletRef
    when: str | None


class PrintedWording(NamedTuple):
    """One wording of a family: its letter, the words, who printed them, and what is different in them."""

    letter: str
    words: Words
    stretches: list[Stretch]  # empty: there is nothing to mark
    reports: int
    carried: list[Carried]
    kinds: tuple[str, ...]  # of diffusion's ChangeKind, or "translated"
    is_shown: bool  # it is the wording at the top of the page
    comparable: bool  # it has enough in common with that one


class PrintedAlert(NamedTuple):
    """What differs between two prints: the deviating one, in stretches, and who printed it."""

    alert: Alert
    note: str
    stretches: list[Stretch]
    outlets: list[OutletRef]


def family(slug: str, family_id: str, queries: SiteQueries) -> Pages:
    """Return the page of a family."""
    view = queries.views([family_id]).get(family_id)
    if view is None:
        return {}
    wordings = _wordings(view)
    letters = {
        claim: w.letter for w, v in zip(wordings, view.story.variants, strict=False) for claim in v.claim_ids
    }
    card = card_address(slug) if has_card(queries.index, slug) else ""
    line, same = line_of(view), _lines(view.story.family.same_utterance, queries)
    others = [other for other in same if in_two(line, other)]
    context = {
        "view": view,
        "line": beside(line, others) if others else line,
        "words": words_of(view.representative, LONGEST),
        "wordings": wordings,
        "letters": letters,
        "alerts": [_alert(alert, view) for alert in view.story.alerts[:12]],
        "original": _original(view) if view.story.original else None,
        "translations": _translations(view, wordings),
        "reports": view.all_reports[:MOST_REPORTS],
        "same_utterance": same,
        "linked": _lines(view.story.links, queries),
        "revised": revisions_of({r.article.id for r in view.reports}, queries),
        "card": card,
    }
    return {"": Page("family.html", context, oembed=oembed(view, card, queries.snapshot))}


def moved(slug: str, queries: SiteQueries) -> Pages:
    """Return the page at the address of a family that was merged, leading on to where it is now."""
    found = queries.moved_to(slug)
    if found is None:
        return {}
    gone, target = found
    data = data_of("moved", family=gone, kept=target.family, address=target.address)
    return {"": Page("moved.html", {"target": target}, data)}


def _wordings(view: FamilyView) -> list[PrintedWording]:
    reports = {r.statement.claim_id: r for r in view.reports}
    shown = view.representative.statement.claim_id
    found = []
    for letter, variant in zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ", view.story.variants[:MOST_WORDINGS], strict=False
    ):
        printed = [reports[claim] for claim in variant.claim_ids if claim in reports]
        if printed:
            found.append(_wording(letter, variant, printed, shown))
    return found


def _wording(letter: str, variant: Variant, printed: list[ReportView], shown: str) -> PrintedWording:
    held = variant.to_representative
    at_top = next((r for r in printed if r.statement.claim_id == shown), None)
    # translators choose their own words: nothing is to be marked in them
    marked = [] if at_top or held is None or held.translated else stretches(held.changes)
    carried: dict[OutletRef, str | None] = {}
    for report in printed:
        if report.outlet:
            carried.setdefault(OutletRef(report.outlet.key, report.outlet.name), report.when)
    return PrintedWording(
        letter=letter,
        words=words_of(at_top or printed[0], LONGEST),
        stretches=marked,
        reports=len(printed),
        carried=[Carried(outlet, when) for outlet, when in carried.items()],
        kinds=(*held.kinds, *["translated"] * held.translated) if held else (),
        is_shown=at_top is not None,
        comparable=held is None or held.translated or bool(marked),
    )


def _original(view: FamilyView) -> dict[str, Any]:
    """Return what is shown of the recording: the words, when, and what each report did to them."""
    original = view.story.original
    assert original is not None
    outlets = {report.statement.claim_id: report.outlet for report in view.reports}
    held = [(outlets.get(check.claim_id), check) for check in original.reports if check.kinds]
    return {"said": original, "clock": clock_time(original.second), "held": held[:12]}


def _alert(alert: Alert, view: FamilyView) -> PrintedAlert:
    outlets = [r.outlet for r in view.reports if r.outlet and r.statement.claim_id in alert.claim_ids]
    named = dict.fromkeys(OutletRef(outlet.key, outlet.name) for outlet in outlets)
    return PrintedAlert(alert, view.tell_alert(alert), stretches(alert.changes), list(named))


def _lines(families: Sequence[str], queries: SiteQueries) -> list[FamilyLine]:
    """Return the lines of those of these families that there are."""
    return [line for family in families if (line := queries.line(family))]


def _translations(view: FamilyView, wordings: list[PrintedWording]) -> dict[str, list[PrintedWording]]:
    """Return the wordings in other languages than the one shown, by language."""
    own = (language_of(view.representative) or "")[:2]
    found: dict[str, list[PrintedWording]] = defaultdict(list)
    for wording in wordings:
        if (language := (wording.words.language or "")[:2]) != own and language:
            found[language].append(wording)
    return dict(found)


def data_of_family(view: FamilyView) -> dict[str, Any]:
    """Return a family as data: what its page tells, and where the words are in their articles."""
    story = view.story.model_dump(
        include={"variants", "alerts", "paraphrases", "reach", "links", "first", "original"}
    )
    reports = [_data_of_report(report) for report in view.all_reports]
    more = {"disputed": view.disputed, "reports_in_full": reports, "corrections": view.corrections}
    return facts_of(line_of(view)) | more | story


def _data_of_report(report: ReportView) -> dict[str, Any]:
    return {
        "when": report.when,
        "lag_hours": report.lag_hours,
        "lag_doubt_hours": report.lag_doubt_hours,
        "link": report.link,
        "paraphrase": report.paraphrase,
        "statement": report.statement,
        "article": report.article,
        "outlet": report.outlet,
        "annotation": annotate(report),
    }


class ArticleRow(NamedTuple):
    """A statement on the page of its article; `line` is its family's."""

    statement: Statement
    line: FamilyLine
    report: ReportView

    @property
    def lead(self) -> str:
        """The verb with which the words must be read behind the name of the speaker."""
        who = self.line.who if self.line.speaker or self.line.described else ""
        return lead_of(self.statement, who).strip()


def article(found: ArticleStatements, queries: SiteQueries) -> Pages:
    """Return the page of an article with its statements in the order of the text."""
    outlet = queries.names.outlet(found.article.outlet)
    rows = []
    for statement, family_id in zip(found.statements, found.families, strict=True):
        if line := queries.line(family_id):
            report = ReportView(statement, found.article, outlet, found.article.published, None)
            rows.append(ArticleRow(statement, line, report))
    if not rows:
        return {}
    revisions = revisions_of({found.article.id}, queries)
    return {
        "": Page(
            "article.html", {"article": found.article, "outlet": outlet, "rows": rows, "revisions": revisions}
        )
    }


def revisions_of(articles: set[str], queries: SiteQueries) -> list[ArticleRevision]:
    """Return what changed in these articles, latest first."""
    return [revision for revision in queries.snapshot.revisions if revision.article.id in articles]
