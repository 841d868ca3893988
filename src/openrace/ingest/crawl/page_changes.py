"""Is this the page that was meant, and what has changed on it? Texts in, verdicts out.

A page can come with status 200 and be another: a wall, an error, a page that names a wrong canonical address.
What an outlet is said to have withdrawn must have been withdrawn, so the text has to be recognised first.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from openrace.crawl_records import Entry
from openrace.ingest.parse.dates import is_in_future
from openrace.ingest.parse.full_text_entries import dated
from openrace.records import Article

PageVerdict = Literal["same article", "cut", "not seen"]
SHINGLE = 4  # words (of Han: characters) in a row
NOTHING_LEFT = (
    0.05  # of the shingles of the stored text: walls and error pages share fewer, edited articles more
)
ANOTHER_TEXT = 0.2  # two versions of one article share more
MUCH_CUT = 0.5  # of the stored text that is missing at its end
SHORT_TEXT = 3_000  # code points: a page that is longer shows something, whatever its entry's title says
TITLE_WORDS = 3  # a title of fewer words ("Tidal news") tells nothing
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_TITLE_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4,}|[\u3400-\u9fff]{2}")
_PAYWALL = re.compile(
    r"subscri(?:be|bers|ption)|sign (?:in|up) to (?:read|continue)|continue reading|unlock|already a member"
    r"|订阅|付费|登录后",
    re.IGNORECASE,
)


def compare_visits(stored: str, seen: str) -> PageVerdict:
    """Return what a page shows of its article, which had the text `stored`, now that its text is `seen`.

    "not seen": nothing of it is left, so this was another page. "cut": it ends after some first paragraphs,
    as behind a paywall; nothing can be said of the rest.
    """
    before = _shingles(stored)
    if before and len(before & _shingles(seen)) < NOTHING_LEFT * len(before):
        return "not seen"
    return "cut" if _is_cut(stored, seen) else "same article"


def _is_cut(stored: str, seen: str) -> bool:
    """Whether `seen` has the beginning of `stored`, not its end, and adds only an offer to subscribe."""
    before, now = _paragraphs(stored), _paragraphs(seen)
    left = [paragraph in now for paragraph in before]
    first_missing = next((place for place, there in enumerate(left) if not there), len(before))
    if first_missing in (0, len(before)) or any(left[first_missing:]):
        return False
    missing = sum(map(len, before[first_missing:])) / sum(map(len, before))
    added = [paragraph for paragraph in now if paragraph not in before]
    offers = any(_PAYWALL.search(paragraph) for paragraph in added)
    shortened = bool(added) and before[first_missing].startswith(added[0].rstrip("….").rstrip()[:200])
    only_offers = len(added) <= 1 + offers or sum(map(len, added)) < 300
    return only_offers and (offers or shortened or missing > MUCH_CUT)


def is_another_page(one: Article, other: Article) -> bool:
    """Whether two articles under one address are different ones: another title, and hardly a sentence in
    common."""
    if one.title == other.title:
        return False
    mine, theirs = _shingles(one.text), _shingles(other.text)
    return len(mine & theirs) < ANOTHER_TEXT * min(len(mine), len(theirs))


def shows_nothing_of(entry: Entry, body: str) -> bool:
    """Whether a page's text below its headline, `body`, has no word of its entry's title."""
    words = set(_TITLE_WORD.findall((entry.title or "").lower()))
    return len(words) >= TITLE_WORDS and len(body) < SHORT_TEXT and not any(w in body.lower() for w in words)


def below_headline(article: Article) -> str:
    """Return the text of the article without its first paragraph where that is its headline."""
    paragraphs = _paragraphs(article.text)
    return "\n\n".join(paragraphs[1:] if article.title and paragraphs[0] == article.title else paragraphs)


def _paragraphs(text: str) -> list[str]:
    return [paragraph for part in text.split("\n\n") if (paragraph := " ".join(part.split()))]


def _shingles(text: str) -> set[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.lower())
    return {tuple(tokens[start : start + SHINGLE]) for start in range(max(1, len(tokens) - SHINGLE + 1))}


# -- dates ------------------------------------------------------------------------------------------


def without_future_date(article: Article, now: datetime) -> Article:
    """Return `article` without a date that is later than tomorrow; as it was written it stays."""
    if not article.published or not is_in_future(article.published, now):
        return article
    return article.model_copy(
        update={
            "published": None,
            "published_zone": None,
            "published_basis": "doubtful",
            "published_written": article.published_written or article.published,
        }
    )


def entry_without_future_date(entry: Entry, now: datetime) -> Entry:
    """Return `entry` without dates that are later than tomorrow.

    As it was written the date of publication stays.
    """
    changes: dict[str, object] = {}
    if entry.published and is_in_future(entry.published, now):
        written = entry.published_written or entry.published
        changes = {
            "published": None,
            "published_zone": None,
            "published_basis": "doubtful",
            "published_written": written,
        }
    if entry.updated and is_in_future(entry.updated, now):
        changes["updated"] = None
    return entry.model_copy(update=changes) if changes else entry


def with_entry(article: Article, entry: Entry) -> Article:
    """Return `article` with what its page did not say and its feed did.

    That is the hour too, where the page has the day alone.
    """
    said: dict[str, object] = {
        "language": article.language or entry.language,
        "authors": article.authors or entry.authors,
    }
    exact = entry.published_basis == "stated" and article.published_basis == "day"
    same_day = entry.published and article.published and entry.published[:10] == article.published
    if (article.published is None and entry.published) or (exact and same_day):
        said |= dated(entry)
    return article.model_copy(update=said)
