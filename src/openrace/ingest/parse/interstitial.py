"""Pages that come with status 200 in the place of an article: consent, bot checks, maintenance, errors,
redirects.

Each kind is known by what it says of itself in a short text; an article that speaks of such pages is longer.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from openrace.records import normalise_wording

LONGEST = 2_500  # code points: of 60 such pages the longest, a consent dialogue, had 2,100
LONGEST_HAN = 800
MAX_DELAY = 15  # seconds until a page leads on: longer ones reload a front page
LONGEST_BEFORE_REFRESH = 600  # code points on a page that only leads on
# Each kind: what it is in words, the phrases that its headline has, and those of its text of which `enough`
# occur.
_KINDS: tuple[tuple[str, str, str, int], ...] = (
    (
        "asks for consent before it shows anything",
        r"we value your privacy|before you continue|your (?:privacy|cookies?)\b|privacy (?:settings|choices"
        r"|preferences)"
        r"|cookie (?:consent|notice|settings|preferences)|manage consent|we (?:use|need) cookies|隐私(?:设置"
        r"|偏好)"
        r"|同意",
        r"(?:our|\d+) partners|store and(?:/or)? access information|cookies?\b|consent|personal(?:ised"
        r"|ized) (?:ads|advertising)"
        r"|audience insights|process (?:personal )?data|geolocation data|accept all|reject all"
        r"|legitimate interest",
        4,
    ),
    (
        "asks whether a person is reading",
        r"just a moment|checking (?:your|if the site)|attention required|are you (?:a )?(?:human|robot)"
        r"|security check"
        r"|access (?:to this page has been )?(?:denied|blocked)|pardon our interruption|verif(?:y"
        r"|ying) (?:that )?you"
        r"|one more step|robot or human|请(?:完成)?(?:安全)?验证|安全验证|访问(?:验证|异常)|人机验证",
        r"checking your browser|verify (?:that )?you are (?:a )?human|not a robot"
        r"|enable javascript and cookies|captcha"
        r"|unusual (?:traffic|activity)|ray id|ddos protection|cloudflare|automated (?:access|requests)"
        r"|access denied"
        r"|permission to access|请完成(?:下方|以下)?验证|访问过于频繁|验证码",
        2,
    ),
    (
        "is down for maintenance",
        r"(?:under|down for|scheduled|site) maintenance|(?:we(?:'|’)?ll|we will) be (?:right )?back"
        r"|be right back"
        r"|temporarily unavailable|service unavailable|系统维护|网站维护|维护中",
        r"maintenance|be back (?:soon|shortly|online)|temporarily (?:unavailable|down|offline)|(?:come|check"
        r"|try) (?:back|again) (?:soon|later)"
        r"|apologi[sz]e for (?:the|any) inconvenience|升级维护|维护|稍后(?:再试|访问)",
        2,
    ),
    (
        "is a page that says there is none",
        r"^(?:error )?(?:404|410)\b|page (?:not found|(?:could|can)(?:no|n['’])t be found|does(?: not"
        r"|n['’]t) exist|missing)"
        r"|(?:article|story|content|page) (?:is )?(?:no longer available|not (?:found|available)"
        r"|unavailable)|not found"
        r"|(?:oops|sorry)\b.*(?:page|find)|页面(?:不存在|未找到|走丢)|找不到(?:页面|网页|該頁|该页)|内容(?:不存在|已删除)|文章(?:不存在|已删除)",
        r"page (?:you|that).{0,40}(?:looking for|requested)|(?:could|can)(?:no|n['’])t (?:be )?f(?:ind|ound)"
        r"|no longer (?:exists?|available)"
        r"|(?:moved|removed|deleted|renamed)|does(?: not|n['’]t) exist|(?:404|410)\b|not found|homepage"
        r"|home page|search (?:our|the|for)"
        r"|check the (?:url|address)|broken link|(?:您|你)访问的|不存在|已(?:被)?删除|返回首页",
        2,
    ),
    (
        "asks to log in before it shows anything",
        r"^(?:log|sign) ?in\b|(?:log|sign) in to (?:continue|read|view)|please (?:log|sign) in"
        r"|register to (?:continue|read)|登录",
        r"(?:log|sign) in|create (?:an|a free) account|password|forgot|register|subscrib\w+|登录|注册|密码",
        3,
    ),
)
_PATTERNS = [
    (what, re.compile(headline, re.IGNORECASE), re.compile(phrases, re.IGNORECASE), enough)
    for what, headline, phrases, enough in _KINDS
]
_HAN = re.compile(r"[\u3400-\u9fff]")
_REFRESH = re.compile(
    r"\s*(\d*\.?\d*)\s*(?:[;,]\s*)?(?:url\s*=\s*)?[\"']?\s*([^\"']+?)\s*[\"']?\s*$", re.IGNORECASE
)


def interstitial(headlines: list[str], paragraphs: list[str]) -> str | None:
    """Return what the page is instead of an article ("asks for consent …"); None: it may be one.

    `headlines` are the titles and first headings that the page has.
    """
    text = "\n".join(paragraphs)
    if len(text) > (LONGEST_HAN if len(_HAN.findall(text)) > len(text) / 3 else LONGEST):
        return None
    openings = [*headlines, *paragraphs[:2]]
    for what, headline, phrases, enough in _PATTERNS:
        found = {normalise_wording(match.lower()) for match in phrases.findall("\n".join([*openings, text]))}
        titled = any(headline.search(line) for line in openings if len(line) < 120)
        if len(found) >= enough + (not titled) * 2:
            return what
    return None


def may_refresh(body: bytes) -> bool:
    """Whether the bytes of a page name a refresh at all: most do not, and need no second look."""
    return bool(re.search(rb"http-equiv\s*=\s*[\"']?\s*refresh", body[:65_536], re.IGNORECASE))


def refresh_target(tree: HtmlElement) -> str | None:
    """Return the address, as written, that a page without a text of its own leads on to (``<meta
    http-equiv=refresh>``)."""
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        found = _REFRESH.match(meta.get("content") or "")
        if found and float(found[1] or 0) <= MAX_DELAY and len(_shown_text(tree)) <= LONGEST_BEFORE_REFRESH:
            return found[2]
    return None


def _shown_text(tree: HtmlElement) -> str:
    body = tree.find(".//body")
    parts = (
        []
        if body is None
        else body.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]")
    )
    return normalise_wording(" ".join(parts))
