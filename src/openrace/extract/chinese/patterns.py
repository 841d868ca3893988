"""The rules that the word lists of `words.py` make: cues and what is none, names, adverbials, venues."""

from __future__ import annotations

import re

from openrace.extract.chinese import reporting_words, wordclass

QUOTED, BRACKETED, TITLED = "\ue000", "\ue001", "\ue002"  # stand in for what rules must not look into
STOP = f"，,。！？!?；;：:\n{QUOTED}"
STOP_RE = re.compile(f"[{STOP}]")
_PHRASE = f"[^{STOP}]"
_WEEKDAY = "(?:周|星期)[一二三四五六日天末]"
_DATE = r"(?:\d{2,4}年)?(?:\d{1,2}月)?\d{1,2}[日号]"
_MANNER = f"(?:{'|'.join(wordclass.DEGREES.split())})?(?:{'|'.join(wordclass.MANNERS.split())})"
_PLAIN_MANNER = f"(?:{'|'.join(wordclass.MANNERS.split())})"
_HOURS = "(?:上午|下午|晚间|晚上|早间|凌晨|晚)?"


def one_of(listed: str) -> str:
    """A pattern for any of the white-space separated words of `listed`, longest first."""
    return "(?:" + "|".join(sorted(listed.split(), key=len, reverse=True)) + ")"


COMPOUND_SURNAMES = frozenset(wordclass.COMPOUND_SURNAMES.split())
SURNAME = f"(?:{'|'.join(sorted(COMPOUND_SURNAMES))}|[{wordclass.SURNAMES}])"
# What may stand behind a person's name
GOES_ON = (
    "在对向就也还则曾于和与、，。的是将说表称指强认透告周接出任担加毕离先都均各；：被把兼"
    "发昨今上亦做作回介分解坦警呼补提谈宣批反主参抵访会受等"
)
AFTER_NAME = f"(?=面对面|[{GOES_ON}\\d{BRACKETED}{QUOTED}]|$)"
# A cue; the name of the group that matches is its frame.
CUE_RE = re.compile(
    rf"(?P<told>(?:告诉|告知|提醒|回复|答复)了?(?:[^{STOP}]{{1,20}}|{QUOTED}{{3,14}})(?:(?=[，,：:])|(?:记者|媒体|{one_of(wordclass.OUTLETS)})(?=。))|(?:告诉|告知)(?:记者|媒体|笔者|本报))"
    rf"|(?P<naming>{one_of(reporting_words.NAMING_CUES)}(?=了?[^{STOP}]{{0,12}}[：:]?{QUOTED}))"
    rf"|(?P<words_of>的话(?:来?说|来讲|称|报道|写道|指出)?|的{one_of(reporting_words.NOUN_CUES)}(?:认为|指出|显示|称)?)"
    r"|(?P<such>所(?:说|言|讲|述)(?:的那样)?(?=[：:，,]))"
    rf"|(?P<characterising>(?:这样|如此|这么){one_of(reporting_words.CHARACTERISING)}[^{STOP}]{{0,16}}(?=[：:，,]\s*{QUOTED}))"
    rf"|(?P<reason>{one_of(reporting_words.REASONS)}是[^{STOP}]{{0,16}}(?=[：:，,]?\s*{QUOTED}))"
    rf"|(?P<posted>{one_of(reporting_words.POSTING_CUES)}(?:了|[一两几]))"
    rf"|(?P<pointed>(?<=[又亦还续再更曾则并文社报刊行道息告方])指(?=[^{STOP}{reporting_words.NOT_POINTING}]))"
    rf"|(?P<gesture>{one_of(reporting_words.GESTURES)}(?=[：:]\s*{QUOTED}))"
    r"|(?P<seen>看来(?=[，,]))"
    r"|(?P<spoke>(?<![报知通频渠街轨管隧头])道(?=[：:])|(?<=[声地])道(?=[，。]))"
    rf"|(?P<said>{one_of(reporting_words.PLAIN_CUES + reporting_words.MARKED_CUES)}"
    rf"{one_of(reporting_words.SAYING_TAILS)}?(?:过(?![度多高大分去于程早低快剩往期半])|着|了)?)"
    rf"|(?P<evidence>{one_of(reporting_words.EVIDENCE_CUES)}(?:显示|称|说|指出)?(?=[，,：:]))"
)
# 否认，称…; 辟谣，因此…: the denial is over
GOES_ON_RE = re.compile(
    rf"[并且还也又则而]*(?:{one_of(reporting_words.CONSEQUENCES)}|{one_of(reporting_words.SAYING_TAILS)}|{one_of(reporting_words.PLAIN_CUES)})"
)
MARKED_RE = re.compile(one_of(reporting_words.MARKED_CUES) + r"(?:过|着|了)?$")
TAIL_NEXT_RE = re.compile(rf"[，,]并?(?:{one_of(reporting_words.SAYING_TAILS)})(?![到为])")
NOT_AFTER_RE = re.compile(
    rf"(?:{one_of(reporting_words.NOT_SAID)}说|{one_of(reporting_words.NOT_CALLED)}称|{one_of(reporting_words.NOT_POINTED)}指"
    rf"|[查学顾访疑发责慰盘自试拷千]问|{one_of(reporting_words.NOT_DEMANDED)}要求|(?:的|政策|若干|合理化|投资|专业|优化|操作|配置|决策|行动|策略|修改|用药|治疗)建议|(?:据|有|可|难)预计"
    "|(?:一步|严格|具体|简单|总体|通俗|概括|准确|确切)(?:地|来)?[讲说]"
    "|(?:新|旧|天气|财务|年度|大会|主旨)报道"
    "|(?:给出|作出|做出|得到|获得|获|未经|经)(?:承认|确认|证实|否认|同意|赞同))$"
)
NOT_BEFORE_RE = re.compile(one_of(reporting_words.NOT_BEFORE))
OBJECT_RE = re.compile(rf"[^{STOP}]{{1,16}}(?=[：:]\s*{QUOTED})")  # 这样评价对手：“…”
JUDGING_RE = re.compile(one_of(reporting_words.JUDGING_CUES) + "了?$")
_VIEW = one_of(reporting_words.VIEWS + " " + reporting_words.REJECTABLE)
# 这一说法, 上述传闻, 此事: it names what was said elsewhere
POINTING_RE = re.compile(
    "(?:这|该|此|上述|前述|有关|相关|全部|所有|一切|任何|那|外界|[一两些种个项])*"
    f"(?:{_VIEW}|事|点|事实|消息|罪名|控罪)|有?(?:以下|如下).{{0,4}}"
)
VIEW_RE = re.compile(f"的{one_of(reporting_words.VIEWS)}$")
REJECTED_RE = re.compile(f"的{_VIEW}$")
QUESTION_LABEL_RE = re.compile(f"^{one_of(wordclass.QUESTION_LABELS)}$|记者$|[报社网刊台]$")
ANSWER_LABEL_RE = re.compile(one_of(wordclass.ANSWER_LABELS))
REPORT_RE = re.compile("报道|消息|报导")
OUTLET_RE = re.compile(f"(?:》|{one_of(wordclass.OUTLETS)})$|》")
FURNITURE_RE = re.compile(one_of(wordclass.FURNITURE))
AGAIN_RE = re.compile("[又亦还续再更]指")
NO_LABELS = frozenset(wordclass.NO_LABELS.split())
TOPICAL_RE = re.compile(one_of(reporting_words.TOPICAL_CUES))
THING_RE = re.compile(
    "一[项个份条种次组系]|关于|有关|对(?!方|手)|“?[^，]{1,16}的(?:问题|话题|前景|情况|做法)"
)
PREDICATE_RE = re.compile("[应比是会将能可已在有没不把被让使]")
CORE_RE = re.compile(one_of(reporting_words.CORE_CUES))
PASSIVE_RE = re.compile(
    "(?:被|受到|遭|遭到|广受|备受|饱受)(?:[^，,。；;：:]{1,4}地|普遍|广泛|一致|外界|人们|业界|业内|公开|严厉|给予|予以|处以)?$"
)
# 遭某局询问: it is not the one before who asks or judges
UNDERGOING_RE = re.compile(f"(?:遭到?|受到)[^{STOP}]{{1,16}}$")
QUESTION_RE = re.compile("为什么|为何|是否|难道|凭什么|怎么|如何|谁|哪|什么|有没有|会不会")
SPEECH_RE = re.compile(one_of(reporting_words.SPEECH_NOUNS))
TERM_RE = re.compile(one_of(reporting_words.TERM_INTRODUCERS) + "$")
FRAGMENT_RE = re.compile(one_of(reporting_words.FRAGMENT_INTRODUCERS) + "$")

NOT_SAID_RE = re.compile(
    f"(?<!不[得能可])(?P<negation>{one_of(reporting_words.NEGATIONS)}){one_of(reporting_words.NEGATED_ADVERBS)}{{0,3}}$"
)
# 并未给出承认或否认的正面/回应
NOT_GIVEN_RE = re.compile(
    f"(?:未|没有?|拒绝)(?:给出|[作做]出|予以|进行)了?(?!进一步$)[^{STOP}]{{3,16}}的[^{STOP}]{{0,6}}$"
)
_NEITHER = f"既?{one_of(reporting_words.NEGATIONS)}{one_of(reporting_words.LEFT_OPEN)}"
# behind a cue that is negated, another: 不承认也不否认… is told by the last of them
NEITHER_RE = re.compile(
    f"[，,]?[也又亦]?{one_of(reporting_words.NEGATIONS)}{one_of(reporting_words.LEFT_OPEN)}"
)
NOT_YET_RE = re.compile(one_of(reporting_words.MODALS) + "$")
SUPPOSED_RE = re.compile(
    "如果|如若|设若|假如|假设|倘若|要是|除非|即使|即便|哪怕|一旦|只要|万一|若(?!干)|就算|难道"
)
NOBODY_RE = re.compile(one_of(reporting_words.NOBODY) + "$")

FOREIGN_RE = re.compile(f"[{wordclass.FOREIGN_SOUNDS}]{{3,7}}")
_COMPANY = f"(?:该|这家|这一|这个|本){one_of(wordclass.COMPANY_NOUNS)}(?:方面)?"
COMPANY_HEAD_RE = re.compile(f"{one_of(wordclass.COMPANY_NOUNS)}$")
HOUSE_RE = re.compile(
    "[该本](?:大?行|机构|券商|投行|组织|研究机构)$"
)  # 该行 in a report on somebody's shares
COMPANY_RE = re.compile(rf"{_COMPANY}$|公司(?:方面)?$|它$")
ANAPHOR_RE = re.compile("^(?:该名|该位|该|这位|这名|这家|这个|这则|那位|那名|上述|前述)(?P<head>.+)$")
SOMEBODY_RE = re.compile("该|該|上述|前述|这名|那名")  # one who need not be named before
THESE_RE = re.compile("^(?:这些|那些|(?:上述|前述|这|那)[两三四五多几])")
TITLE_RE = re.compile(one_of(wordclass.TITLES))
# In what seems an adverbial, somebody of whom it is told: 与智慧事业群总裁沈屿在…, 经编辑 Ada Byte在…
SUBJECT_INSIDE_RE = re.compile(
    rf"(?:{one_of(wordclass.TITLES)})(?:{SURNAME}[\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{{1,6}}(?:[·•・‧][\u4e00-\u9fff]{{1,7}}?)+"
    rf"| ?[A-Z][a-z][A-Za-z.'’-]*(?: [A-Z][A-Za-z.'’-]*)*)"
    rf"(?:{_DATE}|{_WEEKDAY}|{one_of(wordclass.ADVERBS)})*(?=在|于|对|向|接受)"
)
# The second of two who speak together, and no adverbial: 霍利和/沃伦在信中
JOINED_RE = re.compile(
    rf"[和与](?:[{wordclass.FOREIGN_SOUNDS}]{{2,6}}|{one_of(wordclass.ORGANISATION_NAMES)})(?=[在于对向])"
)
TITLE_AND_SURNAME_RE = re.compile(f"{one_of(wordclass.TITLES)}{SURNAME}$")
DOCUMENT_RE = re.compile(one_of(wordclass.DOCUMENTS) + "$")
ANONYMOUS_RE = re.compile(f"(?:{one_of(wordclass.ANONYMOUS)}(?:们)?|{one_of(wordclass.DOCUMENTS)})$")
ORGANISATION_RE = re.compile(f"{one_of(wordclass.ORGANISATIONS)}$")
EMPLOYER_RE = re.compile(one_of(wordclass.EMPLOYERS))
PROFESSIONS = frozenset(wordclass.PROFESSIONS.split())
# Before a cue: a clause with a subject of its own, set against the one before
AGAINST_RE = re.compile(f"；(?![又并且还也亦]|同时)|(?<=[^{STOP}][^{STOP}])则(?![^{STOP}]*$)")
OF_COMPANY = one_of(wordclass.OF_COMPANIES)
NOTICE_RE = re.compile("公告|通报|声明|报告|研报")
# Cues that are nouns, too: 报道称, 分析指出, 点评：…
IMPERSONAL_RE = re.compile(f"报[道导]|分析|点评|评论|解读|消息|{NOTICE_RE.pattern}")
PLURALS = frozenset(wordclass.PLURALS.split())
ORGANISATION_NAMES = frozenset(wordclass.ORGANISATION_NAMES.split())
NOT_NAMES = frozenset(wordclass.NOT_NAMES.split())
# A cue names nobody: in 向记者表示 表 is no surname.
NOT_PERSONS = frozenset(wordclass.NOT_PERSONS.split()) | frozenset(reporting_words.PLAIN_CUES.split())
PERSON_RE = re.compile(rf"{SURNAME}(?:[\u4e00-\u9fff]{{1,2}}|某某?)$")

_MONTH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"
_SINCE = rf"(?:{_DATE}|\d{{2,4}}年(?:{_MONTH})?|{_MONTH})(?:[底初末时份]|[上中下]旬){{0,2}}"
LEADING_RE = re.compile(rf"^(?:(?:{one_of(wordclass.LEADING_WORDS)}|{_SINCE})[，、\s]*)+")
# One adverbial at the end of what stands before a cue; peeled off again and again.
PEEL_RE = re.compile(
    rf"(?P<venue>(?:在|于){_PHRASE}{{1,40}}?{one_of(wordclass.TIME_ENDS)})$"
    rf"|(?:对|向|跟|同|致|和|给)(?:《[^》]*》|{_PHRASE}{{0,24}}{one_of(wordclass.AUDIENCES)})(?:们)?{BRACKETED}*$"
    r"|(?<![反绝针应相面核派校敌双一方意取倾走转导])[对向](?![方手岸面来上下于])"
    rf"[A-Za-z][\w .&'-]{{0,30}}{BRACKETED}*$"
    rf"|(?:在|于|通过|经(?:由|(?![济营理历验典常过纪]))|借助?|透过){_PHRASE}{{0,24}}{one_of(wordclass.VENUES)}{BRACKETED}*[上中里内]?$"
    rf"|(?:在|于|通过|经(?:由|(?![济营理历验典常过纪]))|透过)(?:社交)?(?:平台|媒体|网站)? ?"
    rf"{one_of(wordclass.PLATFORMS)}{BRACKETED}*[上中里内]?$"
    rf"|(?:通过|经(?:由|(?![济营理历验典常过纪]))|透过){_PHRASE}{{0,12}}{one_of(wordclass.DEPUTIES)}$"
    rf"|{one_of(wordclass.OCCASIONS)}{_PHRASE}{{1,40}}{one_of(wordclass.OCCASION_ENDS)}$"
    rf"|[以用](?:[\u4e00-\u9fff]{{1,2}}[文语]|普通话|广东话)$"
    rf"|作为[^{STOP}]{{2,14}}(?:{one_of(wordclass.TITLES)}|一员)$"
    rf"|(?:在|于)(?:[\d一二三四五六七八九十]{{1,4}}[年月日号]|[上本下这]?{_WEEKDAY}|[昨今当同前]日|日前|近日|凌晨|清晨|傍晚|深夜|午夜|[上本下]个?月|[去今前]年)"
    rf"{_HOURS}$"
    rf"|(?:{_DATE}|[上本下这]?{_WEEKDAY}|\d{{4}}年){_HOURS}{BRACKETED}*(?:在{_PHRASE}{{1,6}})?$"
    rf"|一[边面]{_PHRASE}{{1,12}}一[边面]$|(?:[\u4e00-\u9fff]着[\u4e00-\u9fff]{{1,2}}|[压放]低了?(?:声音|嗓门)|提高了?(?:声音|嗓门|音量))$"
    rf"|{_NEITHER}[，,]?(?=[也又亦]?$)"
    rf"|(?:{one_of(wordclass.ADVERBS)}{BRACKETED}*|{_MANNER}地|(?P<manner>[^{STOP}的A-Za-z]{{2,6}})(?<!{_PLAIN_MANNER})地)$"
)
AUDIENCE_RE = re.compile("(?:记者|媒体|[报社网])$")  # 研究员/向财联社记者 names nobody called 向
# 对 in 沈屿对某某广播公司表示, not in 反对 or 对外
PREPOSITION_RE = re.compile(
    "[在于]|(?<![反绝针应相面核派校敌双一])对(?![方手岸外华美台应策])|(?<![一方意取倾走转导动志])向(?![来上下])|(?<=[^，])[跟给](?=[A-Za-z《])"
)
TIME_RE = re.compile(rf"(?:{_DATE}|{_WEEKDAY}|近日|日前|近期|最近|今日|昨日|当日){_HOURS}$")
OF_DOCUMENT_RE = re.compile(
    rf"(?<=..)(?:官网|官方|最新|日前|今日|昨日|首轮|第?[一二三四]轮)*(?:(?:发布|发表|公布|刊登|出具|撰写|发)了?)?的?(?:最新|一份|一篇)?(?:{one_of(wordclass.DOCUMENTS)}[中里]?)$|(?<=..)的?(?:说法|观点|看法|消息|话)$"
)
# The site or account of somebody, who speaks there
OF_SITE_RE = re.compile(
    "(?<=..)(?:官方|微信)*(?:官网|官微|官博|公众号|微博|账号)$|(?<=[委部局署厅会行司府院社团所])(?:官方)?网站$"
)
# Whose account it is stands before, in quotation marks
ANYBODYS_SITE_RE = re.compile("(?:微信|微博|抖音|知乎|头条|官方)*(?:公众号|账号|官微|博客)")
SETTING_RE = re.compile("[，, ]*(?:(?:在|当|随着|对于|针对|面对|就|为|于|目前|近日|日前)[^，。]*[，,]?)*")
# 对…的说法予以(否认): the view stands before the cue
VIEW_BEFORE_RE = re.compile(
    rf"(?:对于?)(?P<view>{_PHRASE}{{2,40}}的{_VIEW})(?:(?:予以|表示|加以|进行|[作做]出|提出)了?)?(?:坚决|严正|强烈)?$"
)
DISPOSAL_RE = re.compile(rf"(?:将|把){_PHRASE}{{1,24}}$")
VENUE_RE = re.compile(
    rf"(?:在|于){_PHRASE}{{0,36}}?{one_of(wordclass.VENUES)}+(?:间隙|期间|现场)?[上中里内时]?"
)
ELLIPSIS_RE = re.compile(f"^(?:{one_of(wordclass.ELLIPSES)}){{0,2}}$")
