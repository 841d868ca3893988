"""Chinese text made ready for rules: told by its script, folded to simplified, its quotations masked.

`Page` keeps every offset: `folded` and `masked` are as long as the text itself, so a match in either
is at the same place in the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from openrace.extract.chinese.patterns import BRACKETED, QUOTED, TITLED
from openrace.records import Span

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RE = re.compile(f"[{HAN}]")
_KANA_RE = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_OTHER_WORD_RE = re.compile(rf"[^\W\d_{HAN}\u3041-\u30ff]+")

# Traditional characters of the words in words.py, each above its simplified one.
_TRADITIONAL = (
    "萬與專業叢東兩嚴個箇爲舉麼樂喬書瞭於雲產親僅讎從儀們價衆夥會傳體餘藉黨蘭關內寫軍農馮況準淩幾憑齣擊劃"
    "劉則創別彆劍辦務動勢勻區醫華協單蔔盧衛卻捲廠廳歷曆厲壓參蔘雙發髮敘隻祇臺檯颱葉號嘆歎籲閤衕後嚮曏呂嗎"
    "聽吳員週賙迴團糰圍國圖場堅壇罈聲處備復複覆夠頭奧薑婁孫學寧甯牠實宮傢對導將爾侷層屬屢嶽峯鞏佈師帶蓆幹"
    "乾並併廣莊庫應龐開異張強歸當噹錄彔憶誌憂唸態總懇憤願戲戰慼戶纔執護報牴擔換據數斷無舊時暱顯闇麴術朮硃"
    "機雜權條來楊構標欄樣欒樑檢歡歐畢氣漢湯瀋沒氾汎註測濟塗溫遊滿點愛牽獨獻翫現電監碼確禮離俬種祕稱竇筆簡"
    "係繫緊級紀納紛線組細織終紹經結繞給絡絕統繼績續維緩編繆網羅羣聶職聯肅鬍衚臉緻節蘆蘇甦囌範榮營薩蔣矇濛"
    "懞藍雖補錶裝見觀規視覽計認討讓議訊記講諱許論設訪證証評訴譯誠話詭詢該詳語說請諸諾讀課誰調談謀謊諧謂謝"
    "謙謹譚穀負貢財責質賤貴費賀賈資贊讚趙趨踐車軌軒轉軟輕輯轅辭辯邊達過運還這進連遲跡蹟鄧鄺鄔郵鄒鄭採寀釋"
    "裏針鍼鍾鐘鈡錢銘銀錫鍵長門閆問間閔聞閭隊陽際陸陳隨難靜麪韋韓項須鬚顧頌預領頻題顏額風飽饒館馬駁驗魯鮑"
    "鮮麥黃齊龍龔為裡麽喫産啓啟説幷鑑綫衞録"
)
_SIMPLIFIED = (
    "万与专业丛东两严个个为举么乐乔书了于云产亲仅仇从仪们价众伙会传体余借党兰关内写军农冯况准凌几凭出击划"
    "刘则创别别剑办务动势匀区医华协单卜卢卫却卷厂厅历历厉压参参双发发叙只只台台台叶号叹叹吁合同后向向吕吗"
    "听吴员周周回团团围国图场坚坛坛声处备复复复够头奥姜娄孙学宁宁它实宫家对导将尔局层属屡岳峰巩布师带席干"
    "干并并广庄库应庞开异张强归当当录录忆志忧念态总恳愤愿戏战戚户才执护报抵担换据数断无旧时昵显暗曲术术朱"
    "机杂权条来杨构标栏样栾梁检欢欧毕气汉汤沈没泛泛注测济涂温游满点爱牵独献玩现电监码确礼离私种秘称窦笔简"
    "系系紧级纪纳纷线组细织终绍经结绕给络绝统继绩续维缓编缪网罗群聂职联肃胡胡脸致节芦苏苏苏范荣营萨蒋蒙蒙"
    "蒙蓝虽补表装见观规视览计认讨让议讯记讲讳许论设访证证评诉译诚话诡询该详语说请诸诺读课谁调谈谋谎谐谓谢"
    "谦谨谭谷负贡财责质贱贵费贺贾资赞赞赵趋践车轨轩转软轻辑辕辞辩边达过运还这进连迟迹迹邓邝邬邮邹郑采采释"
    "里针针钟钟钟钱铭银锡键长门闫问间闵闻闾队阳际陆陈随难静面韦韩项须须顾颂预领频题颜额风饱饶馆马驳验鲁鲍"
    "鲜麦黄齐龙龚为里么吃产启启说并鉴线卫录"
)
_FOLD = str.maketrans(_TRADITIONAL, _SIMPLIFIED) | dict.fromkeys(map(ord, (QUOTED, BRACKETED, TITLED)), " ")

FULL = "。！？!?….．"  # ends a sentence, inside marks too
_CLOSING = {"“": "”", "「": "」", "『": "』", "‘": "’", '"': '"', "＂": "＂", "〝": "〞", "«": "»"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items() if opening != closing}
_MARK_RE = re.compile(r"[“”「」『』‘’\"＂〝〞«»]|\n\s*")
# Half-width marks among Han characters are read as full-width ones; those in numbers and addresses stay.
_WIDE = str.maketrans(",.:;!?()", "，。：；！？（）")
_HALF_RE = re.compile(
    rf"(?<=[{HAN}{QUOTED}）》)])[,:;!?(]|[,:;!?)(](?=\s?[{HAN}{QUOTED}“「《])|(?<=[{HAN}])(?:[)]|\.(?=[\s\"”]|$))"
)
_BRACKET_RE = re.compile(r"[（(][^（）()\n]{1,60}[）)]|《([^《》\n]{1,60})》|〈([^〈〉\n]{1,60})〉")


def has_han(text: str) -> bool:
    """Whether any Han character occurs in `text`."""
    return _HAN_RE.search(text) is not None


def is_chinese(text: str) -> bool:
    """Whether `text` is Chinese by its script: at least as many Han characters as words of other scripts.

    Japanese is told apart by its kana: one to ten Han characters already speaks for it.
    """
    han = len(_HAN_RE.findall(text))
    if han < 2 or 10 * len(_KANA_RE.findall(text)) > han:
        return False
    return han >= len(_OTHER_WORD_RE.findall(text))


def fold(text: str) -> str:
    """`text` with the traditional characters of our word lists simplified; of the same length."""
    return text.translate(_FOLD)


class Quotation(NamedTuple):
    """A quotation: from its opening mark to behind its closing one, and the words between the marks.

    One that goes on over paragraphs, its mark opened anew in each, has a span for each of them.
    """

    start: int
    end: int
    spans: tuple[Span, ...]
    closed: bool = True


@dataclass
class _Open:
    """The quotation that is being read."""

    mark: str
    start: int
    inner: int
    depth: int = 1
    last_close: int | None = None
    spans: list[Span] = field(default_factory=list)

    def finish(self, text: str, end: int, after: int, closed: bool = True) -> Quotation | None:
        spans = tuple(span for span in (*self.spans, trim(text, self.inner, end)) if span.start < span.end)
        return Quotation(self.start, after, spans, closed) if spans else None


def trim(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return Span(start, max(start, start + len(words.strip())))


def find_quotations(text: str) -> Iterator[Quotation]:
    """The outermost quotations of `text` in order; one pass, whatever the marks.

    Marks of the same kind may nest. A paragraph that ends inside a quotation carries it on when the next
    one reopens the mark; else the quotation ends at the last closing mark seen, or, after a colon, with
    its paragraph; else the mark was a slip and is left alone.
    """
    current: _Open | None = None
    for match in _MARK_RE.finditer(text + "\n"):
        mark, at = match[0], match.start()
        if mark[0] == "\n":
            if current and not _goes_on(text, current, match.end(), at):
                quotation = _end_of_paragraph(text, current, at)
                current = None
                if quotation:
                    yield quotation
        elif current is None:
            opening = _opening_of(text, mark, at)
            current = _Open(opening, at, at + 1) if opening else None
        elif (quotation := _step_inside(text, current, mark, at)) is not None:
            yield quotation
            current = None
        elif current.depth == 0:
            current = None


def _opening_of(text: str, mark: str, at: int) -> str | None:
    """The opening mark that `mark` stands for; a closing one after a colon is a slip for it."""
    if mark in _CLOSING:
        return mark
    return _OPENING[mark] if mark != "’" and text[max(0, at - 1) : at] in ("：", ":") else None


def _step_inside(text: str, current: _Open, mark: str, at: int) -> Quotation | None:
    """The quotation if `mark` closes it; else its depth is kept."""
    if at < current.inner:
        return None  # the mark that reopened it in this paragraph
    if mark == _CLOSING[current.mark]:
        current.depth -= 1
        current.last_close = at
        return current.finish(text, at, at + 1) if current.depth == 0 else None
    if mark == current.mark:
        current.depth += 1
    return None


def _goes_on(text: str, current: _Open, behind: int, at: int) -> bool:
    """Whether the paragraph from `behind` on reopens the mark; then the quotation is carried into it."""
    if behind >= len(text) or text[behind] != current.mark or current.last_close is not None:
        return False
    current.spans.append(trim(text, current.inner, at))
    current.inner, current.depth = behind + 1, 1
    return True


def _end_of_paragraph(text: str, current: _Open, at: int) -> Quotation | None:
    if current.last_close is not None:
        return current.finish(text, current.last_close, current.last_close + 1)
    if current.spans or text[max(0, current.start - 1) : current.start] in ("：", ":"):
        return current.finish(text, at, at, closed=False)
    return None


def _mask_bracket(match: re.Match[str]) -> str:
    whole = match[0]
    if match[1] or match[2]:
        return whole[0] + TITLED * (len(whole) - 2) + whole[-1]
    return BRACKETED * len(whole)


class Page:
    """An article's text with what the rules read of it.

    `masked` is the folded text in which quotations (marks included), brackets and the titles inside 《》
    are runs of placeholders. `sentences` are spans that never end inside a quotation.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.quotations = list(find_quotations(text))
        self.folded = fold(text)
        wide = _HALF_RE.sub(lambda match: match[0].translate(_WIDE), self._mask_quotations())
        self.masked = _BRACKET_RE.sub(_mask_bracket, wide)
        self.sentences = [*self._split()]

    def _mask_quotations(self) -> str:
        parts, last = [], 0
        for quotation in self.quotations:
            parts += [self.folded[last : quotation.start], QUOTED * (quotation.end - quotation.start)]
            last = quotation.end
        return "".join((*parts, self.folded[last:]))

    def _split(self) -> Iterator[Span]:
        """Each ends with a full stop, a line or the closing mark of an introduced, full quotation."""
        closings = {q.end for q in self.quotations if self._ends_sentence(q)}
        start = 0
        for match in re.finditer(rf"[。！？!?]+|\n\s*|{QUOTED}+", self.masked):
            if match[0][0] == QUOTED and match.end() not in closings:
                continue
            yield from self._sentence(start, match.end())
            start = match.end()
        yield from self._sentence(start, len(self.masked))

    def _sentence(self, start: int, end: int) -> Iterator[Span]:
        span = trim(self.text, start, end)
        if span.start < span.end:
            yield span

    def _ends_sentence(self, quotation: Quotation) -> bool:
        """Introduced by a colon and full inside, with nothing that carries the sentence on."""
        before = self.text[max(0, quotation.start - 2) : quotation.start].rstrip()[-1:]
        after = self.text[quotation.end : quotation.end + 1]
        full = self.text[quotation.spans[-1].end - 1] in FULL
        return (
            before in ("：", ":")
            and full
            and after not in ("，", ",", "、", "；", ";", "“", "「", '"', "和", "的")
        )


def paragraph_breaks(text: str) -> list[int]:
    """Where each paragraph of `text` begins."""
    return [0, *(match.end() for match in re.finditer(r"\n\s*", text))]
