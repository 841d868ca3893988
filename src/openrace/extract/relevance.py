"""Is this article about a topic, and why: weighted terms, every match with its places.

An article is on a topic when its terms reach `at_least` in each facet and `threshold` in all. So an
article on open-source software, on language models or on trade alone stays out, however long it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby

from openrace.records import Article, Span
from openrace.seed_records import Facet, Relevance, TermMatch, Topic

# A term that comes a fourth time says nothing new; without a cap a long article reaches any threshold.
MOST_COUNTED = 3
# A headline has room for the subject only.
HEADLINE_COUNTS = 3

# Letters that make words with spaces between them; Chinese, Japanese and Korean ones are not among them, so
# that "AI" is found in "中国AI发展".
_WORD = r"[0-9A-Za-z\u00aa-\u02ff\u0370-\u052f]"
_GAP = r"[\s\-\u2010-\u2015]{1,3}"


def judge_relevance(article: Article, topics: Iterable[Topic]) -> Relevance:
    """How relevant `article` is to the topic that it fits best; linear in its length.

    The best is one that it is on, then the one whose threshold it comes nearest to. Raises ValueError
    where there are no topics.
    """
    judged = [_judge_topic(article, topic) for topic in topics]
    if not judged:
        raise ValueError("there is no topic to judge by")
    return max(judged, key=lambda relevance: (relevance.relevant, relevance.score / relevance.threshold))


def could_be_relevant(text: str, topics: Iterable[Topic]) -> bool:
    """Whether `text` has a term of each facet that a topic asks for; without one, no judge finds it relevant.

    It stops at the first term of a facet, and at the first facet without one: most texts cost one search.
    """
    return any(
        all(facet.at_least <= 0 or _compile(facet)[1].search(text) for facet in topic.facets)
        for topic in topics
    )


def _judge_topic(article: Article, topic: Topic) -> Relevance:
    headline_end = _headline_end(article)
    found = {facet: _match_facet(article.text, facet, headline_end) for facet in topic.facets}
    missing = tuple(
        facet.name for facet, matches in found.items() if sum(m.weight for m in matches) < facet.at_least
    )
    matches = sorted((m for group in found.values() for m in group), key=lambda m: -m.weight)
    score = sum(match.weight for match in matches)
    return Relevance(
        topic=topic.id,
        score=score,
        threshold=topic.threshold,
        relevant=not missing and score >= topic.threshold,
        matches=tuple(matches),
        missing=missing,
    )


def _headline_end(article: Article) -> int:
    """Where the headline ends that stands at the head of the text; 0 without one."""
    return len(article.title) if article.title and article.text.startswith(article.title) else 0


def _match_facet(text: str, facet: Facet, headline_end: int) -> list[TermMatch]:
    places: defaultdict[str, list[Span]] = defaultdict(list)
    groups, pattern = _compile(facet)
    for found in pattern.finditer(text):
        places[groups[found.lastgroup or ""]].append(Span(*found.span()))
    weights = dict(facet.terms)
    return [
        TermMatch(
            term=term,
            facet=facet.name,
            weight=weights[term] * _count(spans, headline_end),
            places=tuple(spans),
        )
        for term, spans in places.items()
    ]


def _count(spans: list[Span], headline_end: int) -> int:
    in_headline = sum(span.end <= headline_end for span in spans)
    return min(MOST_COUNTED, len(spans)) + (HEADLINE_COUNTS - 1) * min(1, in_headline)


@cache
def _compile(facet: Facet) -> tuple[dict[str, str], re.Pattern[str]]:
    """One pattern for all terms of `facet`, the longest first, and the term that each group stands for."""
    terms = sorted((term for term, _ in facet.terms), key=len, reverse=True)
    groups = {f"t{number}": term for number, term in enumerate(terms)}
    latin = {group: term for group, term in groups.items() if re.match(_WORD, term)}
    others = {group: term for group, term in groups.items() if group not in latin}
    sides = [_alternatives(latin, f"(?<!{_WORD})"), _alternatives(others, "")]
    return groups, re.compile("|".join(filter(None, sides)))


def _alternatives(terms: Mapping[str, str], before: str) -> str:
    """A pattern for any of `terms`: those with one first letter together, and only these are tried at it."""
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for group, term in terms.items():
        by_letter[term[0].lower()].append(f"(?P<{group}>{_pattern(term)})")
    if not by_letter:
        return ""
    firsts = {letter: "".join(map(re.escape, {letter: 0, letter.upper(): 0})) for letter in by_letter}
    either = (f"(?=[{firsts[letter]}])(?:{'|'.join(own)})" for letter, own in by_letter.items())
    return f"(?=[{''.join(firsts.values())}]){before}(?:{'|'.join(either)})"


def _pattern(term: str) -> str:
    """A capital wants a capital, a small letter takes either; spaces take hyphens; ``*`` is any ending."""
    stem = term.removesuffix("*")
    body = _GAP.join(_either_case(word) for word in stem.split())
    if term != stem:
        return f"{body}{_WORD}*"
    return f"{body}(?!{_WORD})" if re.match(_WORD, stem) else body


def _either_case(word: str) -> str:
    """`word` as a pattern whose small letters match capitals too."""
    runs = ("".join(run) for _, run in groupby(word, str.islower))
    return "".join(f"(?i:{re.escape(run)})" if run[0].islower() else re.escape(run) for run in runs)
