"""Lines of a text that lead to other texts ("ALSO READ: …", "相关阅读"): no sentences of this article.

Taken for sentences, their labels become speakers, and the people they name become those who "she" below is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from openrace.records import Span

_BULLET = r"[\s*•·▶►»→>|#–—-]*"
_CLEAR = (  # whatever follows, a line that begins so leads elsewhere
    r"also read|read also|read (?:more|next|full|on)|see (?:also|more)|more (?:from|on|stories|news"
    r"|coverage)\b"
    r"|related(?: (?:stor(?:y|ies)|articles?|news|reading|coverage|posts?|topics?|content|links?"
    r"|video))?(?=\s*[:|：]|\s*$)"
    r"|recommended(?: (?:for you|reading|stories))?(?=\s*[:|：]|\s*$)|you (?:may|might) also (?:like"
    r"|be interested in)"
    r"|click here|tap here|don['’]t miss|must[- ]read|further reading|what to read next|editor['’]s picks?"
    r"|(?:top|trending|popular) (?:stories|now|news)|most (?:read|popular|viewed)|sign up (?:for|to) (?:our"
    r"|the)"
)
_WITH_COLON = (  # words that begin sentences too: a label only before a colon or bar
    r"more|read|watch(?: (?:now|live|more|this))?|video|videos|listen|photos?|gallery|in (?:pictures|photos"
    r"|depth)"
    r"|live(?: (?:blog|updates))?|explainer|explained|opinion|analysis|podcast|slideshow|advertisement"
    r"|sponsored|trending"
    r"|editor['’]s note|follow us|join us|share|tags?|topics?|filed under"
)
_CHINESE = (
    r"相[关關](?:阅读|閱讀|新闻|新聞|文章|报道|報道|报导|報導|链接|連結|推荐|推薦)|延伸(?:阅读|閱讀)|推[荐薦](?:阅读|閱讀)"
    r"|更多(?:阅读|閱讀|新闻|新聞|内容|內容|精彩|报道|報道)|(?:另|参|參)[见見]|点[击擊](?:阅读|查看|进入)|點擊(?:閱讀|查看)"
    r"|图片来源|圖片來源|图源|圖源|责任编辑|責任編輯|往期(?:回顾|推荐)|热门(?:文章|推荐)|猜你喜欢"
)
_LABEL = re.compile(
    rf"{_BULLET}(?:(?:{_CLEAR})|(?:{_WITH_COLON})\s*[:|：]|(?:{_CHINESE}))",
    re.IGNORECASE,
)
LONGEST = 300  # code points: a longer line is prose, whatever its first words are
_LINE = re.compile(r"[^\n]+")


def link_labels(text: str) -> Iterator[Span]:
    """Yield the lines of `text` that begin with such a label."""
    for line in _LINE.finditer(text):
        if line.end() - line.start() <= LONGEST and _LABEL.match(line[0]):
            yield Span(*line.span())


def blank_out(text: str, spans: Iterable[Span]) -> str:
    """Return `text` with blanks for all that stands in `spans`, so that every offset stays what it was."""
    pieces, end = [], 0
    for span in sorted(spans):
        start = max(span.start, end)
        if span.end > start:
            pieces += [text[end:start], " " * (span.end - start)]
            end = span.end
    return "".join([*pieces, text[end:]])
