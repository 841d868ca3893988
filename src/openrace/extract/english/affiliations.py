"""Parties and states of people, as news writes them beside a name, and as it calls people by them later.

"Sen. Mara Lindqvist (R-Texas)", "Rep. Bo Lindahl, a Democrat from Ohio" → "the Texas Republican".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from openrace.extract.english.name_lists import is_place
from openrace.extract.english.tokens import Token

PARTIES = {
    "republican": "republican",
    "gop": "republican",
    "democrat": "democrat",
    "democratic": "democrat",
    "r": "republican",
    "d": "democrat",
}
PARTY_HEADS = frozenset(["republican", "democrat"])  # "the Texas Republican" is one person
_LETTER = re.compile(r"^([rd])-(.+)$")
_NEAR = 8  # tokens behind a name in which party and state stand
# how news shortens the states: the rest are written out
_STATES = {
    short: state
    for state, shorts in {
        "alabama": "ala. al",
        "alaska": "ak",
        "arizona": "ariz. az",
        "arkansas": "ark. ar",
        "california": "calif. ca",
        "colorado": "colo. co",
        "connecticut": "conn. ct",
        "delaware": "del. de",
        "florida": "fla. fl",
        "georgia": "ga. ga",
        "hawaii": "hi",
        "idaho": "id",
        "illinois": "ill. il",
        "indiana": "ind. in",
        "iowa": "ia",
        "kansas": "kan. ks",
        "kentucky": "ky. ky",
        "louisiana": "la. la",
        "maine": "me",
        "maryland": "md. md",
        "massachusetts": "mass. ma",
        "michigan": "mich. mi",
        "minnesota": "minn. mn",
        "mississippi": "miss. ms",
        "missouri": "mo. mo",
        "montana": "mont. mt",
        "nebraska": "neb. ne",
        "nevada": "nev. nv",
        "new hampshire": "n.h. nh",
        "new jersey": "n.j. nj",
        "new mexico": "n.m. nm",
        "new york": "n.y. ny",
        "north carolina": "n.c. nc",
        "north dakota": "n.d. nd",
        "ohio": "oh",
        "oklahoma": "okla. ok",
        "oregon": "ore. or",
        "pennsylvania": "pa. pa",
        "rhode island": "r.i. ri",
        "south carolina": "s.c. sc",
        "south dakota": "s.d. sd",
        "tennessee": "tenn. tn",
        "texas": "tex. tx",
        "utah": "ut",
        "vermont": "vt. vt",
        "virginia": "va. va",
        "washington": "wash. wa",
        "west virginia": "w.va. wv",
        "wisconsin": "wis. wi",
        "wyoming": "wyo. wy",
    }.items()
    for short in shorts.split()
}


def affiliations_beside(tokens: Sequence[Token], first: int, last: int, titled: bool) -> set[str]:
    """Return the party and the state that the words beside the name of tokens `first` to `last` tell.

    `titled`: an office stands before it; then a place after "of" or before the office is a state.
    """
    found: set[str] = set()
    for token in tokens[last + 1 : last + 3]:
        if m := _LETTER.match(token.low):
            found |= {PARTIES[m[1]], _STATES.get(m[2], m[2].rstrip("."))}
    after = tokens[last + 1 : last + 1 + _NEAR]
    if after and after[0].low in (",", "("):
        found |= _in_appositive(after[1:])
    if titled and after and after[0].low in ("of", "from"):
        found |= _places(after[1:3])
    if titled and first > 1:
        found |= _places(tokens[max(0, first - 3) : first - 1])
    return found


def _in_appositive(after: Sequence[Token]) -> set[str]:
    """Return the party and place in ", a Republican from Ohio," or ", Democrat of Maine,"."""
    words = []
    for token in after:
        if token.low in (",", ".", ")"):
            break
        words.append(token)
    party = next((i for i, t in enumerate(words) if t.low in PARTY_HEADS), None)
    if party is None or any(not t.capital and len(t.low) > 4 for t in words[:party]):
        return set()
    return {words[party].low} | _places(words[party + 1 :])


def _places(tokens: Sequence[Token]) -> set[str]:
    """Return the states or countries among `tokens`, of one word or two."""
    lows = [t.low for t in tokens if t.capital]
    pairs = [f"{a} {b}" for a, b in pairwise(lows)]
    whole = {p for p in pairs if is_place(p)}
    return whole or {_STATES.get(low, low) for low in lows if low in _STATES or is_place(low)}


def affiliations_in(words: Iterable[str]) -> set[str]:
    """Return the party and the place among the words of a description: "the Vermont senator"."""
    lows = list(words)
    pairs = [f"{a} {b}" for a, b in pairwise(lows)]
    places = {p for p in pairs if is_place(p)} or {low for low in lows if is_place(low)}
    return places | {PARTIES[low] for low in lows if low in PARTIES and len(low) > 1}


def agree(called: set[str], known: set[str]) -> bool:
    """Whether one known by `known` may be called by `called`: neither another party nor another place."""
    parties = set(PARTIES.values())
    for sort in (parties, None):
        one = called & parties if sort else called - parties
        other = known & parties if sort else known - parties
        if one and other and not one & other:
            return False
    return True
