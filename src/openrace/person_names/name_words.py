"""The words that stand in and around names: titles, offices, particles, groups, Chinese surnames."""

from __future__ import annotations

import re

# Titles, ranks, offices and trades, as they stand before a name; alone they describe somebody.
TITLES = frozenset(
    """
    mr mrs ms miss mx dr prof professor sir madam madame dame lady lord sen sens senator senators rep reps
    representative representatives congressman congresswoman gov govs governor president vice deputy assistant
    acting interim secretary undersecretary minister premier chancellor king queen prince princess duke pope
    archbishop bishop cardinal rev reverend rabbi imam father judge justice general gen lt lieutenant col
    colonel maj major capt captain sgt sergeant cmdr commander admiral adm marshal mayor ambassador former
    republican democratic democrat independent fellow presidential candidate nominee chairman chairwoman
    chairperson chair chief officer executive ceo cto cfo coo founder cofounder co-founder director head
    spokesman spokeswoman spokesperson attorney counsel lawyer analyst strategist economist scientist engineer
    researcher historian author journalist reporter correspondent editor columnist host anchor coach manager
    leader whip speaker treasurer commissioner sheriff detective agent inspector dean provost principal
    partner adviser advisor aide assistant consultant expert critic activist organizer pollster comrade
    """.split()
)
SURNAMES_TOO = frozenset("king pope bishop judge prince dean major duke marshal cardinal page queen".split())
SUFFIXES = frozenset("jr sr ii iii iv phd md esq".split())
COMPANY_FORMS = frozenset("inc incorporated corp corporation co ltd limited llc plc gmbh ag sa nv".split())
PARTICLES = frozenset(
    "al bin bint ibn ben da das de del della der di do dos du el la le ten ter van von y zu".split()
)
PRONOUNS = frozenset(
    """
    i he she they it we you who his her him hers its them their theirs our my me us one ones someone somebody
    anyone anybody nobody everyone everybody many some most few several others other another both all each
    that this these those which what whose there here said says the a an from sources source officials
    official critics critic people person persons unknown anonymous none statement statements report reports
    transcript letter article editorial witnesses experts analysts investors users readers voters
    """.split()
)
GROUPS = frozenset(
    """
    republicans democrats independents conservatives liberals progressives socialists libertarians americans
    europeans africans asians russians ukrainians chinese japanese koreans indians germans britons canadians
    mexicans israelis palestinians iranians muslims christians catholics jews evangelicals hispanics latinos
    women men students teachers workers families lawmakers senators representatives governors
    """.split()
)
CALENDAR = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow january february march
    april may june july august september october november december christmas thanksgiving easter
    """.split()
) - {"april", "may", "june", "august"}  # these are names of people as well
NOT_BEFORE_NAMES = frozenset(
    "many some most few several other more all two three four five six dozens hundreds thousands both".split()
)

# Chinese surnames in Latin letters: the hundred most common, and the form of a given name beside one.
PINYIN_SURNAMES = frozenset(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song
    tang deng han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren lv
    shen yao cui zhong tan fan liao wan jin shi jia xia fu fang zou xiong bai meng qin qiu hou yin xue yan
    lei long tao hao gong shao gu mao qian wen mo kang xi bo ouyang sima zhuge shangguan
    """.split()
)
_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
_FINALS = (
    "iang iong uang ang eng ian iao ing ong uai uan"
    " ai an ao ei en er ia ie in iu ou ua ue ui un uo a e i o u v"
)
PINYIN = re.compile(f"(?:{_INITIAL}(?:{_FINALS.replace(' ', '|')})){{1,2}}")

# Whoever is only described in Chinese, and what follows a name.
HAN_ROLE = re.compile(
    r"^(?:他|她|它|我|你|您|咱|其|谁|有人|某|该|本|一位|一名|多位|多名|不少|部分|许多|众多|上述|相关|有关|知情)"
    r"|(?:人士|人员|分析师|分析人士|专家|发言人|负责人|记者|网友|用户|官员|高管|创始人|学者|消息|消息源|业内|业界|机构"
    r"|市场|投资者|消费者|媒体|报告|研报|公告|声明|文章|数据|图源|来源|工作人员|员工|律师|经理|研究员|首席执行官|们)$"
)
HAN_TITLE = re.compile(
    r"(?:先生|女士|小姐|博士|教授|院士|总统|总理|首相|主席|部长|总裁|董事长|老师|同志|等人|等)$"
)
