"""The pages that lead to others: front page, topics, indexes, archive, rankings; those about the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from openrace.site import idea_pages
from openrace.site.digest import choose
from openrace.site.family_line import FamilyLine
from openrace.site.feed_writer import MOST_ENTRIES, FeedView
from openrace.site.fragments import Fragments
from openrace.site.index_queries import SiteQueries
from openrace.site.outlet_queries import GRAPH_DAYS
from openrace.site.page_data import Page, Pages, briefs, chunked, data_of, paged
from openrace.site.rankings import rankings
from openrace.site.reader_text import week_of
from openrace.site.two_languages import in_one_line

PER_SIDE = 12  # statements of a side on the page of a topic
FROM_TOPIC = 600  # the latest statements of a side, of which those are chosen
MOST_PAIRS, MOST_EVIDENCE = 60, 3  # pairs of outlets, and statements shown of each
MOST_QUOTED = 40  # on the index of people
PEOPLE_PER_PAGE = 400
UNDATED_PER_PAGE = 200
MOST_UNDATED = 2_000
MOST_REVISED = 200


def front(address: str, queries: SiteQueries, fragments: Fragments, now: str) -> Pages:
    """Return one of the pages that every site has (`page_addresses.FRONT`)."""
    return {"": _home(queries, fragments, now) if not address else _MAKERS[address](queries)}


def _home(queries: SiteQueries, fragments: Fragments, now: str) -> Page:
    """Return the digest of the morning."""
    digest = choose(queries, now)
    shown = [ranked.line for band in digest.bands for ranked in band.ranked]
    lines = list({line.family: line for line in (*shown, *digest.changed, *digest.undated)}.values())
    data = data_of("home", day=digest.day, as_of=digest.moment, statements=briefs(lines, fragments))
    return Page("home.html", {"digest": digest}, data, FeedView("", queries.newest(MOST_ENTRIES)))


def topic(name: str, queries: SiteQueries, fragments: Fragments) -> Pages:
    """Return what each side says of a topic; a side that says nothing is there too."""
    topic = next((t for t in queries.snapshot.topics if t.id == name), None)
    if topic is None:
        return {}
    shown, total = queries.on_topic(name, MOST_ENTRIES), queries.count_on_topic(name)
    counts = queries.sides_on_topic(name)
    sides = []
    for beat in (*queries.snapshot.beats, None):
        side = beat.id if beat else ""
        latest = queries.on_topic_of(name, side, FROM_TOPIC)
        shown_first = _first_in_readers_language(_most_carried(latest)[: 2 * PER_SIDE], queries)
        sides.append((beat, shown_first[:PER_SIDE], counts.get(side, 0)))
    data = data_of("topic", topic=name, total=total, statements=briefs(shown, fragments))
    context = {"topic": topic, "sides": sides, "total": total, "most": FROM_TOPIC, "per_side": PER_SIDE}
    return {
        "": Page("topic.html", context, data, FeedView(queries.language.statements_of(topic.name), shown))
    }


def _first_in_readers_language(lines: list[FamilyLine], queries: SiteQueries) -> list[FamilyLine]:
    """Return `lines`, each told first in the readers' language where it is reported in that too.

    For a page that is made anew whenever anything changes: it shows families that its own list has not.
    """
    code, found = queries.language.code, {line.family: line for line in lines}
    for line in lines:
        if not line.is_for_readers_of(code):
            near = (found.get(other) or queries.line(other) for other in line.same_utterance)
            lead = next((it for it in near if it and it.is_for_readers_of(code)), None)
            if lead:
                found.setdefault(lead.family, lead)
    return in_one_line(found.values(), code)


def _most_carried(lines: list[FamilyLine]) -> list[FamilyLine]:
    return sorted(lines, key=lambda line: (-line.independent, -line.outlets, line.kind, line.family))


def _people(queries: SiteQueries) -> Page:
    sides = [(beat, len(queries.speakers_on(beat.id))) for beat in queries.snapshot.beats]
    quoted, letters = queries.most_quoted(MOST_QUOTED), queries.letters()
    listed = [{"name": s.name, "address": queries.speaker_address(s.key), "statements": n} for s, n in quoted]
    context = {"quoted": quoted, "letters": letters, "sides": sides, "total": sum(letters.values())}
    return Page("people.html", context, data_of("people", most_quoted=listed, letters=letters))


def people_by(kind: str, which: str, queries: SiteQueries) -> Pages:
    """Return the index of people under a letter, or of a side."""
    if kind == "letter":
        title, rows = which, queries.speakers_at(which)
    else:
        title = next((beat.name for beat in queries.snapshot.beats if beat.id == which), "")
        rows = queries.speakers_on(which)
    if not rows:
        return {}
    chunks, pages = chunked(rows, PEOPLE_PER_PAGE), {}
    for number, own in enumerate(chunks, 1):
        listed = [{"name": s.name, "address": f"people/{s.key}/", "statements": n} for s, n in own]
        context = {"kind": kind, "which": which, "title": title, "rows": own, "total": len(rows),
                   "number": number,
                   "last": len(chunks)}  # fmt: skip
        pages[paged(number)] = Page("people_list.html", context, data_of("people", people=listed))
    return pages


def _outlets(queries: SiteQueries) -> Page:
    outlets = queries.outlets()
    listed = [{"name": o.name, "address": f"outlets/{o.key}/", "reports": n.reports} for o, n in outlets]
    failing = {feed.outlet for feed in queries.snapshot.feeds if not feed.fine}
    return Page("outlets.html", {"outlets": outlets, "failing": failing}, data_of("outlets", outlets=listed))


def _outlet_graph(queries: SiteQueries) -> Page:
    """Return which outlets had first what others printed later, pair by pair, with the statements."""
    pairs = queries.outlet_pairs()
    shown = [(pair, queries.evidence_of(pair, MOST_EVIDENCE)) for pair in pairs[:MOST_PAIRS]]
    context = {"shown": shown, "total": len(pairs), "days": GRAPH_DAYS}
    listed = [
        {
            "leader": it.leader,
            "follower": it.follower,
            "statements": it.families,
            "hours": it.median_lag_hours,
        }
        for it in pairs
    ]
    return Page("outlet_graph.html", context, data_of("graph", days=GRAPH_DAYS, pairs=listed))


def _topics(queries: SiteQueries) -> Page:
    topics = [(topic, queries.count_on_topic(topic.id)) for topic in queries.snapshot.topics]
    return Page("topics.html", {"topics": topics}, data_of("topics", topics=topics))


def _rankings(queries: SiteQueries) -> Page:
    tables = rankings(queries)
    return Page("rankings.html", {"tables": tables}, data_of("rankings", tables=tables))


def _archive(queries: SiteQueries) -> Page:
    """Return the months with a report, latest first, with how many statements were new in each."""
    counts = Counter(dict.fromkeys((day[:7] for day in queries.days()), 0))
    for day, number in queries.counters.every("archive/", "new").items():
        counts[day[:7]] += number
    months = sorted(counts.items(), reverse=True)
    years = sorted({month[:4] for month in counts}, reverse=True)
    undated = queries.count_undated()
    data = data_of("archive", months=months, undated=undated)
    return Page("archive.html", {"years": years, "months": months, "undated": undated}, data)


def archive_of(name: str, queries: SiteQueries) -> Pages:
    """Return a month's days and weeks, or the statements without a date."""
    if name == "undated":
        return _undated(queries)
    days = queries.days(name, f"{name}~")
    if not days:
        return {}
    new = queries.counters.every("archive/", "new", name, f"{name}~")
    rows = [(day, new.get(day, 0), number) for day, number in days.items()]
    weeks = sorted({week_of(day) for day in days})
    sides = [(beat, sum(queries.counters.every(f"sides/{beat.id}/", "day", name, f"{name}~").values()))
             for beat in queries.snapshot.beats]  # fmt: skip
    data = data_of("archive", month=name, days=rows)
    return {
        "": Page("archive_month.html", {"month": name, "rows": rows, "weeks": weeks, "sides": sides}, data)
    }


def _undated(queries: SiteQueries) -> Pages:
    lines = in_one_line(queries.undated(MOST_UNDATED), queries.language.code)
    total = queries.count_undated()
    chunks = chunked(lines, UNDATED_PER_PAGE)
    return {
        paged(number): Page(
            "undated.html", {"lines_": own, "total": total, "number": number, "last": len(chunks)}
        )
        for number, own in enumerate(chunks, 1)
    }


def _corrections(queries: SiteQueries) -> Page:
    log = sorted(queries.snapshot.corrections, key=lambda c: (c.when, c.what), reverse=True)
    rows = [(c, [line for i in c.families if (line := queries.line(i))]) for c in log]
    return Page("corrections.html", {"rows": rows}, data_of("corrections", corrections=log))


def _revisions(queries: SiteQueries) -> Page:
    revisions = queries.snapshot.revisions[:MOST_REVISED]
    known = {revision.article.id for revision in revisions if _has_page(revision.article.id, queries)}
    context = {"revisions": revisions, "known": known}
    return Page("revisions.html", context, data_of("revisions", revisions=revisions))


def _has_page(article: str, queries: SiteQueries) -> bool:
    query = "SELECT 1 FROM articles a JOIN reports r ON r.article = a.key WHERE a.id = ? LIMIT 1"
    return queries.db.execute(query, (article,)).fetchone() is not None


def _data(queries: SiteQueries) -> Page:
    downloads = queries.snapshot.downloads
    rows = queries.db.execute("SELECT name FROM segments ORDER BY name DESC").fetchall()
    segments = [row["name"] for row in rows]
    data = data_of("data", downloads=downloads, statements=[f"statements/{name}.json" for name in segments])
    return Page("data.html", {"downloads": downloads, "segments": segments}, data)


def _about(queries: SiteQueries) -> Page:
    facts: dict[str, Any] = {"counts": queries.counts(), "accuracy": queries.snapshot.accuracy}
    return Page("about.html", facts, data_of("about", **facts))


def _status(queries: SiteQueries) -> Page:
    facts: dict[str, Any] = {"run": queries.snapshot.run, "feeds": queries.snapshot.feeds}
    return Page("status.html", facts, data_of("status", **facts))


def _search(queries: SiteQueries) -> Page:
    countries = sorted({outlet.country for outlet, _ in queries.outlets() if outlet.country})
    context = {
        "sides": queries.snapshot.beats,
        "countries": countries,
        "messages": queries.language.of_browser,
    }
    return Page("search.html", context, data_of("search", segments="search/"))


_MAKERS: dict[str, Callable[[SiteQueries], Page]] = {
    "people/": _people,
    "outlets/": _outlets,
    "outlets/graph/": _outlet_graph,
    "topics/": _topics,
    "ideas/": idea_pages.index,
    "archive/": _archive,
    "rankings/": _rankings,
    "corrections/": _corrections,
    "revisions/": _revisions,
    "data/": _data,
    "about/": _about,
    "status/": _status,
    "search/": _search,
}
