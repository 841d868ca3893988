"""When a feed is asked again, and what its answers make of it. Pure: states and answers in, states out.

Nothing is given up for a 403 or some bad nights. An address changes only when the same new one was named on
three nights; only a feed that said "gone" (410) on two nights is retired.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from openrace.crawl_records import FeedState
from openrace.ingest.fetch.fetcher import FetchError, Response
from openrace.records import normalise_when

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHORTEST, LONGEST = HOUR, 3 * DAY  # between two requests to one feed that is well
SLACK = 4 * HOUR  # a nightly run may start that much earlier than the day before and still find its feeds due
LONGEST_ASKED = DAY  # of ttl and max-age: no feed silences itself for longer
DATED = 20  # the newest entries whose dates tell how often a feed publishes
NIGHTS_TO_MOVE, NIGHTS_TO_RETIRE, NIGHTS_TO_SEARCH = 3, 2, 3


def first_state(feed_url: str) -> FeedState:
    """Return the state of a feed that was never asked."""
    return FeedState(feed_url=feed_url, url=feed_url)


def is_due(state: FeedState, now: datetime) -> bool:
    """Whether the feed may be asked at `now`."""
    return state.retired is None and (state.due is None or _instant(state.due) <= now)


def after_success(state: FeedState, page: Response, interval: timedelta | None, now: datetime) -> FeedState:
    """Return the state after an answer; `interval` None (nothing changed) keeps the one there was."""
    unchanged = page.status == 304
    interval = interval or _last_interval(state)
    return _after_move(state, page.moved_for_good, now).model_copy(
        update={
            "etag": page.headers.get("etag") or (state.etag if unchanged else None),
            "modified": page.headers.get("last-modified") or (state.modified if unchanged else None),
            "checked": _when(now),
            "succeeded": _when(now),
            "due": _when(now + interval),
            "failed_nights": 0,
            "gone_nights": 0,
            "problem": None,
        }
    )


def after_failure(state: FeedState, error: FetchError, now: datetime) -> FeedState:
    """Return the state after a failure, asked again in hours where it may pass, in three days at most."""
    new_night = _is_new_night(state, now)
    nights = state.failed_nights + (new_night or not state.failed_nights)
    gone = state.gone_nights + (new_night or not state.gone_nights) if error.status == 410 else 0
    pause = min(HOUR * 2 ** min(nights, 10), _nights(1)) if error.kind == "temporary" else _nights(1)
    pause = LONGEST if nights > 7 else pause
    if error.retry_after:
        pause = max(pause, min(timedelta(seconds=error.retry_after), LONGEST))
    return state.model_copy(
        update={
            "checked": _when(now),
            "due": _when(now + pause),
            "failed_nights": nights,
            "gone_nights": gone,
            "problem": error.problem,
            "retired": error.problem if gone >= NIGHTS_TO_RETIRE else state.retired,
        }
    )


def is_lost(state: FeedState) -> bool:
    """Whether it failed for so long that its page should be asked where the feed is now."""
    return state.failed_nights >= NIGHTS_TO_SEARCH or state.retired is not None


def found_at(state: FeedState, url: str) -> FeedState:
    """Return the state of a feed that its page says is at `url` now."""
    fresh = first_state(state.feed_url)
    return fresh.model_copy(update={"url": url, "succeeded": state.succeeded})


def polling_interval(
    dates: Iterable[str | None], ttl_minutes: int | None, headers: Mapping[str, str]
) -> timedelta:
    """Return the time to wait: half the usual time between entries, and what feed and server ask at least."""
    newest = sorted((_instant(date) for date in dates if date), reverse=True)[:DATED]
    gaps = [(later - earlier).total_seconds() for later, earlier in itertools.pairwise(newest)]
    usual = timedelta(seconds=statistics.median(gaps) / 2) if gaps else DAY
    asked = max(timedelta(minutes=ttl_minutes or 0), _max_age(headers))
    wanted = max(usual, min(asked, LONGEST_ASKED))
    return _whole_nights(min(max(wanted, SHORTEST), LONGEST))


def _after_move(state: FeedState, target: str | None, now: datetime) -> FeedState:
    if target is None or target == state.url:
        return state.model_copy(update={"moved_to": None, "moved_nights": 0})
    again = target == state.moved_to
    nights = state.moved_nights + _is_new_night(state, now) if again else 1
    if nights >= NIGHTS_TO_MOVE:
        return state.model_copy(update={"url": target, "moved_to": None, "moved_nights": 0})
    return state.model_copy(update={"moved_to": target, "moved_nights": nights})


def _is_new_night(state: FeedState, now: datetime) -> bool:
    return state.checked is None or state.checked[:10] != _when(now)[:10]


def _last_interval(state: FeedState) -> timedelta:
    if state.due is None or state.checked is None:
        return _nights(1)
    return max(_instant(state.due) - _instant(state.checked), SHORTEST)


def _whole_nights(interval: timedelta) -> timedelta:
    """Return `interval`, or near a day and above the whole nights that are closest, less the slack."""
    return interval if interval < DAY / 2 else _nights(max(1, round(interval / DAY)))


def _nights(number: int) -> timedelta:
    return number * DAY - SLACK


def _max_age(headers: Mapping[str, str]) -> timedelta:
    found = re.search(r"\bmax-age=(\d{1,9})", headers.get("cache-control", ""))
    return timedelta(seconds=int(found[1])) if found else timedelta()


def _instant(when: str) -> datetime:
    parsed = datetime.fromisoformat(when)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _when(moment: datetime) -> str:
    return normalise_when(moment)
