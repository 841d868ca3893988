"""What is no part of the story on a page or in a release: link labels, credits, boilerplate, tables.

It yields no claims, and nobody it names is meant by a "he" elsewhere. Only the wording and layout of the one
text is used here; that a block recurs on all pages of an outlet is known elsewhere.
"""

from __future__ import annotations

import re

# Labels of links, prompts and credits that open a paragraph.
_OPENINGS = re.compile(
    r"""\W*(?:
        (?:also\ read|read\ also|read\ more|read\ next|see\ also|more\ from|more\ on\ this
          |don[’']t\ miss|up\ next
          |you\ (?:may|might)\ also\ like|recommended\ for\ you|continue\ reading|story\ continues\ below
          |related(?:\ (?:stor(?:y|ies)|articles?|news|posts?|content|reading|video))?\ ?(?:[:“"‘'|»-]|$)
          |related\ stor(?:y|ies)\b|trending\ now|most\ read|advertisement\b|sponsored\ content|promoted\b)
        |(?:image|photo|picture|featured\ image|cover|header)\ ?(?:credits?|sources?|courtesy|by|via)\b
        |(?:photo|image|credit|photograph|caption|tags?|topics?|filed\ under|keywords)\s?:
        |(?:sign|signing)\ up\ (?:for|to|here)|subscribe\b|follow\ (?:us|me)\b|join\ (?:us\ on|our)\b
        |click\ here|share\ this|download\ (?:the|our)\ app
        |to\ receive\ (?:sms|updates|alerts)|get\ the\ latest
        |listen\ to\ this\ article|getting\ your\ .{0,20}\ player|view\ source\ version
        |original/source\b|pickup\ -
        |copyright\b|©|all\ rights\ reserved|disclaimer\b|disclosures?:|attorney\ advertising
        |please\ see\ (?:the\ )?full\ terms
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Wording that occurs in boilerplate alone.
_BOILERPLATE = re.compile(
    r"""
    not\ (?:constitute\ )?(?:financial|investment|legal)\ advice|for\ informational\ purposes\ only
    |past\ performance\ is\ (?:not|no)|do\ your\ own\ research\b|terms\ of\ (?:use|service)\ and
    |prior\ results\ do\ not\ guarantee|on\ a\ contingen(?:cy|t)\ fee
    |no\ (?:class\ has\ been\ certified|obligation\ to\ you)
    |forward-looking\ statements?|safe\ harbor\ (?:provisions?|statement)
    |undertakes?\ no\ obligation\ to\ update
    |without\ (?:our\ |the\ )?prior\ written\ (?:consent|permission)
    """,
    re.VERBOSE,
)
# Some word of every alternative, in small letters: a search for plain words costs a tenth.
_BOILERPLATE_WORDS = (
    "advice", "informational", "past performance", "research", "terms of", "prior results", "contingen",
    "certified", "obligation", "forward-looking", "safe harbor", "consent", "permission",
)  # fmt: skip
# The labels of law firms' notices: "WHY: Rosen Law Firm …", "SO WHAT: If you purchased …".
_NOTICE = re.compile(
    r"(?:WHY|SO WHAT|WHAT TO DO NEXT|WHAT IS THIS ABOUT|DETAILS OF THE CASE|CLASS PERIOD|ALLEGATIONS|DEADLINE"
    r"|NEXT STEPS|WHY ROSEN LAW|YOUR RIGHTS|LEAD PLAINTIFF)\b[A-Z .,’']{0,40}:"
)
# Headings under which nothing but boilerplate follows.
_SECTION = re.compile(
    r"(?:#+\s*|\*\*)?(?:About (?:the )?[A-Z@][^.!?:]{0,70}|About us"
    r"|(?:Cautionary (?:Note|Statement)[^.!?]{0,60}|Forward[- ]Looking Statements?|Safe Harbor[^.!?]{0,40}"
    r"|(?:Media|Press|Investor)(?: Relations)? Contacts?|Contacts?|Disclaimer|Notes? to [Ee]ditors))"
    r"(?:\*\*)?\s*:?\s*$"
)
_SECTION_ENDS = re.compile(r"[“\"]|#+\s")  # a quotation or a heading: the story goes on
_SECTION_LENGTH = 8  # paragraphs after such a heading
_TABLE = re.compile(r"\s*\|.*\|\s*$|[^|]*(?:\|[^|]*){3,}$|[\s|:+-]*-{3,}[\s|:+-]*$")
_CREDIT = re.compile(
    r"(?:Getty Images?|Shutterstock|Unsplash|(?:/|via )(?:AP|AFP|Reuters|Bloomberg))\)?\W*$|^\W*Photo by "
)
_CREDIT_WORDS = 30


def furniture(paragraphs: list[str]) -> list[bool]:
    """Whether each of the `paragraphs` of a text is furniture and no part of its story."""
    found = []
    left = 0  # paragraphs of boilerplate still to come
    for paragraph in paragraphs:
        if _SECTION.match(paragraph):
            left = _SECTION_LENGTH + 1
        elif left and _SECTION_ENDS.match(paragraph):
            left = 0
        found.append(left > 0 or _is_furniture(paragraph))
        left = max(0, left - 1)
    return found


def _is_furniture(paragraph: str) -> bool:
    if _OPENINGS.match(paragraph) or _NOTICE.match(paragraph) or _TABLE.match(paragraph):
        return True
    low = paragraph.lower()
    if any(word in low for word in _BOILERPLATE_WORDS) and _BOILERPLATE.search(low):
        return True
    return bool(_CREDIT.search(paragraph)) and len(paragraph.split()) < _CREDIT_WORDS
