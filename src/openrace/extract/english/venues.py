"""Where something was said: "on the Deep Field podcast", "at the Harbour Forum in Oslo", "in a tweet"."""

from __future__ import annotations

import re

from openrace.records import Span, TextSpan

_KINDS = (
    "podcast|show|programme|program|broadcast|interview|conversation|forum|summit|conference|congress|hearing|panel|"
    "meeting|event|rally|debate|speech|keynote|address|lecture|talk|statement|post|tweet|thread|blog|op-ed|essay|column|"
    "letter|memo|email|e-mail|note|filing|testimony|livestream|webinar|AMA|Reddit|Twitter|X|Weibo|WeChat|LinkedIn|"
    "Facebook|YouTube|Bluesky|Threads|Telegram|Discord|social media|session|briefing|news conference|press "
    "conference|call"
)
# what cannot stand inside the name of a place: "in 2022 before renaming the social media …"
_NOT_INSIDE = (
    r"(?i:before|after|since|until|following|when|while|who|which|that|because|for|to|but|by|as|was|were|is|are|"
    r"has|have|had|said|says|whose|if|than)\b"
)
_WORD = rf"(?!{_NOT_INSIDE})[\w.’'&-]+"
_VENUE = re.compile(
    rf"\b(?i:on|at|in|during|via)\s+(?:(?:an?|the|his|her|their|its|this|that)\s+)?(?:{_WORD}\s+){{0,6}}?(?i:{_KINDS})\b"
    rf"(?:\s(?i:{_KINDS}))?(?:\s[A-Z][A-Z\w]+)?(?:\sof\s(?:the|an?)\s\w+(?:\s(?:committee|board|council|group))?)?"
    rf"(?P<more>\s+(?:with|on|in|to|by|at)\s+(?:(?:an?|the)\s+)?(?:[A-Z]{_WORD}\s?)+)?"
)
_WEAK = re.compile(
    r"^(?:in|at|on) (?:the |this |that )?(?:X|call|note|address|event|show|program|session|post|letter)$"
)
# "in a post on Musk's …", "in her address on Jan. 20": the rest of it is missing
_CUT_SHORT = re.compile(r"[’']s?\s*$|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.?\s*$")


def find_venue(text: str, context: Span, taken: list[Span]) -> TextSpan | None:
    """Return the first venue in `context` that lies in none of the spans `taken` (the content), or None."""
    for m in _VENUE.finditer(text, context.start, context.end):
        cut = m.end() if not m["more"] or not _CUT_SHORT.search(m["more"]) else m.start("more")
        end = m.start() + len(text[m.start() : cut].rstrip(" .,’'"))
        words = text[m.start() : end]
        if _WEAK.match(words) or any(s.start < end and m.start() < s.end for s in taken):
            continue
        return TextSpan(span=Span(m.start(), end), text=words)
    return None
