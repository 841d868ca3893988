"""What an article says of somebody right beside the name: "OpenAI CEO", "who leads the lab".

Only against a list of role nouns: "Even", "Recently" and "Fidelity's" stand beside names, too. What is
doubtful is left out: a role that nobody gave them would be a false biography.
"""

from __future__ import annotations

import re

from openrace.person_names.name_words import TITLES
from openrace.scripts import has_han, to_simplified

LONGEST = 10  # words: what is longer is a clause that a name ends
_NO_ROLES = frozenset(
    """
    vice deputy assistant acting interim former republican democratic presidential independent miss general
    """.split()
)
_PEOPLE = """
    pm mp mps mla mlc mep cmo cio cpo ciso cso cro svp evp vp md congressperson lawmaker legislator
    councilman councilwoman councillor councilor councilmember delegate premier envoy diplomat negotiator
    czar tsar prosecutor solicitor barrister magistrate ombudsman governor officeholder official regulator
    policymaker banker financier investor shareholder trader broker billionaire millionaire entrepreneur
    businessman businesswoman tycoon magnate mogul industrialist owner co-owner boss chieftain advocate
    campaigner lobbyist dissident organiser specialist veteran pioneer inventor developer programmer coder
    designer architect technologist technician physicist chemist biologist mathematician statistician
    psychologist sociologist anthropologist astronomer philosopher academic scholar lecturer student
    graduate postdoc teacher educator superintendent librarian physician surgeon doctor nurse pharmacist
    epidemiologist psychiatrist writer novelist poet playwright blogger vlogger youtuber podcaster
    influencer streamer commentator pundit broadcaster presenter newsman producer filmmaker actor actress
    comedian singer songwriter rapper musician composer artist painter photographer model athlete player
    quarterback footballer golfer boxer captain trainer pilot astronaut farmer rancher driver worker
    employee intern recruiter contractor builder realtor landlord tenant resident voter pastor priest monk
    nun sultan sheikh emir shah tsarina countess baron baroness knight brigadier commodore constable
    inspector trooper firefighter whistleblower hacker strongman politician statesman ex-president ex-ceo
    co-ceo co-head co-chair co-leader co-author co-director co-president cohost co-host brother sister son
    daughter husband wife mother father uncle aunt cousin widow widower nephew niece friend colleague
    successor predecessor rival ally mentor protege member chairmen nominee pick
"""
_BODIES = """
    company firm maker startup start-up lab laboratory bank lender insurer brokerage retailer manufacturer
    provider operator carmaker automaker chipmaker drugmaker planemaker supplier vendor distributor
    publisher website outlet newspaper magazine publication broadcaster agency association federation
    union nonprofit charity foundation institute university consultancy consortium conglomerate subsidiary
    affiliate unit division exchange platform marketplace app airline carrier hospital ministry department
    bureau regulator watchdog tank fund parent
"""
ROLE_NOUNS = (TITLES - _NO_ROLES) | set(_PEOPLE.split()) | set(_BODIES.split())
_HAN_ROLE = re.compile(
    "(?:首席[^，。、的]{1,5}[官家]|"
    + "|".join(
        """
        总裁 董事长 总经理 经理 创始人 创办人 合伙人 主席 主任 部长 局长 司长 院长 所长 校长 会长
        秘书长 总监 负责人 发言人 代表 教授 研究员 科学家 工程师 分析师 经济学家 策略师 院士 博士
        律师 顾问 专家 学者 议员 总统 总理 首相 外长 财长 防长 国务卿 大使 州长 市长 省长 书记 委员
        编辑 主编 记者 主持人 投资人 主管 官员 老板 馆长 法官
        """.split()
    )
    + ")$"
)
_WHO_IS = re.compile(
    r"who (?:now |also )?(?:leads|heads|runs|chairs|founded|co-founded|owns|co-owns|manages|directs|"
    r"oversees|teaches|serves as|served as|works (?:as|at|for)|is (?:an?|the) )"
)
_APPOSED = 5  # words within which an apposition behind the name has its noun: "a senior policy analyst at …"
_OPENS_APPOSITION = frozenset("a an the chief ceo founder president director".split())
_OF_GENERAL = frozenset("secretary attorney solicitor director".split())
_WORD = re.compile(r"[^\W_][\w'’.-]*")
_OPENERS = frozenset(
    "even now recently yet but and or so when while although though as if then still also only not wherein "
    "following including according with by for from hear like unlike see per".split()
)
_ROLE_BEFORE_NAME = re.compile(r"(.*\b[a-z][\w-]*) (?:[A-Z]\S* )*")


def printed_role(mention: str, name: str) -> str | None:
    """Return what `mention` says that the bearer of `name` is; None where it only names them.

    >>> printed_role("OpenAI CEO Ada Byte", "Ada Byte")
    'OpenAI CEO'
    >>> printed_role("Ada Byte, who leads the lab", "Ada Byte")
    'who leads the lab'
    """
    before, found, after = mention.partition(name)
    if not found:  # misspelt or shortened: all that stands before the capitals at its end
        last = name.split()[-1]
        titled = _ROLE_BEFORE_NAME.fullmatch(mention.removesuffix(last)) if mention.endswith(last) else None
        before = titled[1] if titled else ""
    before, after = before.strip(" ,"), after.strip(" ,()")
    if _is_role(before):
        return before
    return after if after and _is_apposed(after) else None


def _is_role(before: str) -> bool:
    """Whether the words end with a role noun, and begin like a noun phrase."""
    if has_han(before):
        return bool(_HAN_ROLE.search(to_simplified(before)))
    words = _WORD.findall(before)
    if not words or len(words) > LONGEST or words[0].lower() in _OPENERS or words[0].lower().endswith("ing"):
        return False
    if words[-1].lower() == "general":
        return len(words) > 1 and words[-2].lower() in _OF_GENERAL
    return _is_noun(words[-1])


def _is_noun(word: str) -> bool:
    """Whether the word is a role noun, or the last part of one: "vice-president", "chancellor-elect"."""
    bare = word.lower().strip(".")
    return bare in ROLE_NOUNS or bare.removesuffix("-elect").rpartition("-")[2] in ROLE_NOUNS


def _is_apposed(after: str) -> bool:
    if _WHO_IS.match(after):
        return True
    words = _WORD.findall(after)[:_APPOSED]
    article = bool(words) and words[0].lower() in (
        "a",
        "an",
        "the",
        "chief",
        "ceo",
        "founder",
        "president",
        "director",
    )
    return article and any(map(_is_noun, words))
