"""The steps of the night, one module each: the result of one is committed before the next one starts.

    add_articles.py    articles from files and pages  → store
    extract_claims.py    articles that are new          → claims
    reparse_pages.py  pages as they came             → better texts, their claims
    group_claims.py   claims                         → families
    relate_families.py   families that changed          → their paraphrases and links
    family_stories.py    families                       → their stories, a few at a time
    publish_site.py everything that is shown       → the site

Here the rooms meet; no room knows another. Each step takes the store first, returns a NamedTuple of what it
did, and can be run again: it goes on where the last run stopped. A step loads its own room only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

Warn = Callable[[str], None]  # is handed a line for every input that failed
Watch = Callable[[Iterable[str], str], Iterator[str]]  # passes items on, counting them on a terminal
