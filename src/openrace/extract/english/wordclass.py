"""The closed word classes of English that the grammar needs, and two open ones that name sources.

Each list is written as one readable string; `CLOSED` joins them to a map from word to class (`grammar.py`).
"""

from __future__ import annotations

from openrace.extract.english.grammar import (
    ADVERB,
    AND,
    AUX,
    BE,
    BECAUSE,
    DET,
    DOCUMENT,
    ED,
    INDEFINITE,
    NOT,
    OF,
    PREP,
    PRONOUN,
    ROLE,
    THAT,
    TIME,
    TO,
    VERB,
    WHO,
)

_CLASSES = {
    PRONOUN: "he she they i we you",
    INDEFINITE: "it this these those one some others another many both none anyone everyone someone nobody "
    "each him them us me himself herself themselves itself others' there",
    DET: "the a an his her their our its my your several most few all any every no various "
    "two three four five six seven eight nine ten dozens hundreds thousands other more such",
    BE: "is are was were be been being am 're 'm",
    AUX: "has have had having do does did done will would can could may might "
    "must shall should 've 'll 'd",
    NOT: "not never n't didn't don't doesn't isn't aren't wasn't weren't won't wouldn't can't cannot "
    "couldn't "
    "shouldn't hasn't haven't hadn't neither",
    ED: "familiar close",  # as participles: "people familiar with the talks"
    OF: "of",
    TO: "to",
    PREP: "in on at for from by with about into after before during over under between among through against "
    "without within upon toward towards across behind beyond near despite via amid around outside inside "
    "including regarding above below per alongside throughout than like",
    THAT: "that",
    WHO: "who which whom whose",
    AND: "and or but nor yet plus",
    BECAUSE: "because if when while as since although though unless until whether where whereas once what "
    "how why so whatever whichever",
    ADVERB: "also then later now still just even again often already ever too soon almost here instead twice "
    "once "
    "however meanwhile perhaps maybe rather quite very so far back first further further afterward "
    "afterwards "
    "indeed likewise furthermore moreover additionally nevertheless nonetheless consequently accordingly "
    "similarly conversely otherwise thus hence therefore besides finally lastly firstly secondly overall "
    "initially originally interestingly notably importantly specifically ultimately previously please let "
    "earlier recently sometimes always today yesterday tonight tomorrow ago",
    TIME: "monday tuesday wednesday thursday friday saturday sunday january february march april june july "
    "august "
    "september october november december morning afternoon evening night week weeks month months year years "
    "day days weekend hour hours",
    VERB: "made make makes took take takes got get gets went go goes came come comes gave give gives put "
    "puts won lost lose ran run runs became become becomes began begin held hold holds kept keep led "
    "left let met paid sent set sat stood spent sold bought built brought broke chose drew fell grew "
    "stuck flew threw caught taught fought struck swore tore wore drove rode shook stole swept slid sank "
    "swung hung clung crept dug fed fled forgot forgave froze overcame withdrew underwent woke shrank dealt "
    "blew ate "
    "hit lay lie rose rise sought seek seeks turned used need needs looks look seems seem seemed "
    "appeared appears remains remained works work worked tries tried try needed help helped helps",
    ROLE: "spokesman spokeswoman spokesperson spokesmen official officials aide aides adviser advisers "
    "advisor "
    "advisors senator senators congressman congresswoman lawmaker lawmakers lawyer lawyers attorney expert "
    "experts "
    "analyst analysts critic critics source sources people person man woman men women voter voters supporter "
    "supporters president minister secretary chairman chairwoman chair chief executive director founder "
    "cofounder "
    "co-founder partner investor economist professor researcher researchers scientist scientists author "
    "authors "
    "reporter reporters host anchor moderator journalist editor mayor governor judge justice candidate "
    "candidates "
    "nominee strategist strategists operative consultant pollster leader leaders member members employee "
    "employees "
    "manager coach player activist activists resident residents mother brother sister son daughter "
    "wife "
    "husband friend friends colleague colleagues teacher student students doctor officer officers general "
    "commander soldier prosecutor prosecutors deputy delegate delegates representative representatives "
    "ambassador "
    "diplomat diplomats insider insiders veteran veterans donor donors owner owners worker workers "
    "politician "
    "politicians historian scholar scholars observer observers ceo cto cfo billionaire businessman "
    "entrepreneur "
    "developer developers engineer engineers family crowd audience protesters company companies firm "
    "startup lab labs group groups organization organisation agency agencies ministry department "
    "government campaign "
    "committee commission court party union university newspaper magazine network outlet police military "
    "bureau "
    "institute association board council administration coalition team teams democrats republicans "
    "authorities "
    "lawsuit prosecution defense democrat republican conservatives liberals others opponents",
    DOCUMENT: "statement poll polls survey surveys study studies letter "
    "e-mail e-mails article memo filing transcript book column headline editorial paper "
    "speech remarks sign signs note video ad ads website page analysis data research "
    "memoir essay blog story op-ed caption",
}  # fmt: skip

CLOSED: dict[str, str] = {word: cls for cls, words in _CLASSES.items() for word in words.split()}

PRONOUNS = frozenset("he she they i we you it him her them".split())
OWNERS = frozenset("his her".split())  # "his remarks", "her view": the person speaks
POSSESSIVES = OWNERS | frozenset("their its our my".split())

# Titles and roles that tell he from she, and the relatives that do.
HIS = frozenset(
    "mr mr. sir lord king prince father chairman spokesman congressman businessman salesman".split()
)
HERS = frozenset(
    "ms ms. mrs mrs. miss lady dame queen princess chairwoman spokeswoman congresswoman businesswoman".split()
)
HIS_KIN = frozenset("husband son brother father uncle nephew".split())
HER_KIN = frozenset("wife daughter sister mother aunt niece".split())

# What stands before a name and is no part of it.
TITLES = (
    HIS
    | HERS
    | frozenset(
        """
    dr dr. prof prof. professor sen sen. sens. senator rep rep. reps. representative gov gov. governor gen
    gen. general lt lt. col col. sgt sgt. capt capt. captain rev rev. hon. president minister secretary
    ambassador judge justice director chair ceo cto cfo coo cpo cio evp svp vp chief executive officer
    founder co-founder cofounder editor commissioner mayor premier chancellor prime vice former deputy then
    acting pm mp cm mla
    """.split()
    )
)

# Words in the names of organisations, outlets, laws, prizes and places: a name with one is no person's.
BODIES = frozenset(
    """
    inc inc. corp corp. co co. ltd ltd. llc plc university institute college school department ministry
    agency bureau commission committee council court house office center centre foundation association
    society party group bank fund labs lab laboratories ventures capital partners technologies technology
    systems robotics networks news times post journal magazine press review daily week street states city
    county act plan summit forum conference prize award museum bridge hotel airport building hospital church
    park river lake finance insurance airlines airways energy motors pharma pharmaceuticals
    therapeutics biosciences industries enterprises resources solutions software semiconductor electronics
    communications chemicals investments advisors analytics entertainment logistics holdings exchange
    authority association
    """.split()
)

# Heads of noun phrases that stand for one office or kind of body: "the CEO" is the chief executive.
_ROLES = {
    "ceo": "ceo executive",
    "senator": "sen sen. senator",
    "governor": "gov gov. governor",
    "representative": "rep rep. representative congressman congresswoman lawmaker",
    "general": "gen gen. general",
    "professor": "prof prof. professor",
    "founder": "founder cofounder co-founder",
    "spokesperson": "spokesman spokeswoman spokesperson",
    "company": "company firm startup start-up maker chipmaker lab group business giant",
    "adviser": "adviser advisor aide",
    "researcher": "researcher scientist",
    "chair": "chair chairman chairwoman",
    "judge": "judge justice",
    "lawyer": "lawyer attorney",
}
SAME_ROLE = {word: role for role, words in _ROLES.items() for word in words.split()}
