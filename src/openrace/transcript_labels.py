"""The labels that open a turn of a transcript, with a time or a voice tag: one place for all who read them.

    Ada Rook (00:03:33) The lock leaks.     00:03:33 Ada Rook: The lock leaks.     <v Ada Rook>The lock leaks.

Each pattern has the group `name`; those with a time have the group `time` too.
"""

from __future__ import annotations

import re

TIME = r"[\[(]?\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?[\])]?"
_WORD = r"(?:[A-Z][\w.’'&-]*|#\d+|de|da|del|van|von|der|den|bin|al|el|la|of|the|and)"
NAME = rf"(?P<name>[A-Z@](?:[\w.’'&-]*)(?:[ \u00a0]{_WORD}){{0,5}})"
PARTY = r"(?:[ ,]*\((?:[A-Z][\w .,’'&/-]{0,40})\)|, [A-Z][\w ’'&-]{2,40})?"  # "(R-KS)", ", Halden"
BOLD = r"(?:\*\*|__)?"

VOICE = re.compile(r"<v(?:\.\w+)* (?P<name>[^>\n]+)>")
STAMPED = re.compile(rf"{BOLD}{NAME}{PARTY}:?{BOLD}[ \u00a0]*(?P<time>{TIME}):?{BOLD}(?=\s|$)")
STAMP_FIRST = re.compile(rf"(?P<time>{TIME})[ \u00a0]*[-–—]?[ \u00a0]*{BOLD}{NAME}{PARTY}:{BOLD}(?=\s|$)")
OWN_STAMP = re.compile(rf"(?P<time>{TIME})(?:[ \u00a0]+|$)")
