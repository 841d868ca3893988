"""The reporting verbs and nouns of English news, by frame: what they take as their content.

Which verbs report, and how, is common knowledge of the language, checked against the annotated cues of
PolNeAR's training articles (Newell et al., LREC 2018). A frame is the pattern of what follows:

    say      "X says (that) CLAUSE", and the verb may follow or split a quotation
    tell     the same with a listener before the content: "X told REPORTERS that CLAUSE"
    ask      questions: "asked whether", "asked: …"
    call     words put on something: "called IT '…'", "described IT as '…'"
    accuse   blame, praise and demand, with an object: "accused THEM of '…'"
    vow      "promised to …"
    stance   a position taken: "opposed PLAN", "endorsed HER"
    think    opinion: "believes that CLAUSE"
    feel     a feeling told: "worries about …"; with it the adjectives of FEELINGS
    show     findings: "the poll found that CLAUSE"
    voice    manner of speaking: "shouted '…'"
    cite     talk about something: "talked about '…'"
"""

from __future__ import annotations

from openrace.extract.english.grammar import ACCORDING, SAID, SAY, SAYING, SAYS

_FRAMES = {
    "say": "say add note write tweet argue explain state declare continue conclude recall acknowledge "
    "insist admit "
    "claim assert suggest reply respond answer remark observe quip joke comment contend concede maintain "
    "stress "
    "emphasize emphasise reiterate repeat warn caution predict announce report reveal confirm deny disclose "
    "allege complain lament boast brag confess counter retort agree post text email emphasise proclaim "
    "muse interject "
    "testify recount relate estimate speculate elaborate clarify mention explain posit opine urge read "
    "articulate imply hint indicate signal point marvel gush deadpan volunteer reflect rejoin reason "
    "reaffirm allude vent scoff pronounce relay recite object concur proffer retort "
    "argue retweet summarize summarise theorize theorise vouch underscore underline highlight "
    "demand promise pledge vow swear affirm attest remember advocate rue foresee envision intone preach "
    "opine",
    "tell": "tell assure remind inform notify advise alert lecture",
    "ask": "ask wonder question inquire query press",
    "call": "call describe label dub brand characterize characterise refer deride dismiss portray hail "
    "slam blast "
    "criticize criticise denounce mock compare liken condemn decry praise tout celebrate bemoan cast "
    "paint deem term nickname trash frame rip assail applaud welcome attack knock pan laud bash "
    "extol commend ridicule lash",
    "accuse": "accuse blame credit thank encourage implore beg call challenge invite order instruct plead "
    "chide "
    "scold chastise berate lambast lambaste rebuke admonish congratulate exhort",
    "vow": "threaten agree propose swear",
    "stance": "oppose endorse defend reject disavow repudiate rebut refute dispute rebuff downplay disagree "
    "contest recommend object apologize apologise",
    "think": "think believe feel hope fear expect consider suspect doubt imagine want know realize "
    "realise guess assume see understand recognize recognise view regard",
    "feel": "worry fret",
    "show": "show find suggest indicate reveal conclude demonstrate project forecast calculate",
    "voice": "shout yell chant cry whisper scream exclaim bark holler growl snap sigh chuckle laugh mutter "
    "sing "
    "declaim thunder intone bellow roar rail",
    "cite": "cite quote speak talk discuss address reference raise echo voice express detail outline "
    "invoke list title entitle",
}

_IRREGULAR = {
    "say": "says said said saying", "tell": "tells told told telling",
    "write": "writes wrote written writing",
    "think": "thinks thought thought thinking", "find": "finds found found finding",
    "speak": "speaks spoke spoken speaking", "swear": "swears swore sworn swearing",
    "feel": "feels felt felt feeling", "know": "knows knew known knowing", "cast": "casts cast cast casting",
    "show": "shows showed shown showing", "read": "reads read read reading",
    "sing": "sings sang sung singing", "forecast": "forecasts forecast forecast forecasting",
    "beg": "begs begged begged begging", "quip": "quips quipped quipped quipping",
    "admit": "admits admitted admitted admitting", "refer": "refers referred referred referring",
    "dub": "dubs dubbed dubbed dubbing", "brag": "brags bragged bragged bragging",
    "slam": "slams slammed slammed slamming", "snap": "snaps snapped snapped snapping",
    "plan": "plans planned planned planning", "rip": "rips ripped ripped ripping",
    "pan": "pans panned panned panning", "see": "sees saw seen seeing",
    "understand": "understands understood understood understanding",
    "rebut": "rebuts rebutted rebutted rebutting", "concur": "concurs concurred concurred concurring",
    "extol": "extols extolled extolled extolling", "make": "makes made made making",
    "give": "gives gave given giving",
}  # fmt: skip


def _inflect(lemma: str) -> tuple[str, str, str, str]:
    """Third person, past, participle and -ing form of `lemma`."""
    if lemma in _IRREGULAR:
        third, past, participle, gerund = _IRREGULAR[lemma].split()
        return third, past, participle, gerund
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies", lemma[:-1] + "ied", lemma[:-1] + "ied", lemma + "ing"
    third = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x")) else "s")
    if lemma.endswith("e"):
        return third, lemma + "d", lemma + "d", lemma[:-1] + "ing"
    return third, lemma + "ed", lemma + "ed", lemma + "ing"


class ReportingForm(tuple[str, str, str]):
    """Class, lemma and frame of one form of a reporting word."""

    __slots__ = ()


def _forms() -> dict[str, ReportingForm]:
    forms: dict[str, ReportingForm] = {}
    for frame, lemmas in _FRAMES.items():
        for lemma in lemmas.split():
            third, past, participle, gerund = _inflect(lemma)
            for cls, form in (
                (SAID, past),
                (SAID, participle),
                (SAYS, third),
                (SAYING, gerund),
                (SAY, lemma),
            ):
                forms.setdefault(form, ReportingForm((cls, lemma, frame)))
    return forms


CUE_FORMS: dict[str, ReportingForm] = {
    **_forms(),
    "according": ReportingForm((ACCORDING, "according", "according")),
}


def _words(lemmas: str, *, verbs: bool) -> frozenset[str]:
    """Return `lemmas` with all their forms as verbs, else with their plurals."""
    return frozenset(form for w in lemmas.split() for form in (w, *_inflect(w)[: 4 if verbs else 1]))


# nouns that report what follows in a clause, a quotation or an "of …": "his claim that …", "fears of …"
NOUN_CUES = _words(
    "statement claim assertion argument warning allegation announcement suggestion belief view idea promise "
    "pledge message comment remark vow insistence accusation concern worry fear hope prediction admission "
    "contention acknowledgment declaration complaint charge report post tweet email text document release "
    "quote list criticism speculation assumption opinion conclusion assessment alarm proposal call demand "
    "praise word theory notion account confidence doubt skepticism scepticism response reply answer question "
    "description denial disclosure revelation testimony objection threat case point",
    verbs=False,
)

# verbs that only carry such a noun: "sounded the alarm about", "made the case that"
CARRIERS = _words("make issue sound raise voice express give deliver repeat reflect release", verbs=True)

# nouns of what is going round, nobody's report: "reports that she said …", "shot down rumours that …"
RUMOURS = _words(
    "rumor rumour gossip claim report allegation suggestion idea notion speculation", verbs=False
)
# what hears such a noun from others: "responded to questions about whether", "faced accusations that"
RECEIVING = _words(
    "respond answer reply react dodge face field avoid duck evade ignore sidestep handle hear receive "
    "investigate follow",
    verbs=True,
)

# lemmas of verbs that say of their content that it is not so, or that it should not be
DENIALS = frozenset(
    """
    deny reject refute dispute rebut disavow repudiate rebuff contest disagree oppose object rule
    """.split()
)
# lemmas of verbs that do so where their content is what others claim: "scoffed at the idea that"
DISMISSALS = frozenset(
    """
    dismiss deride mock ridicule downplay criticize criticise denounce condemn slam blast attack assail
    scoff laugh push brush shrug shoot knock wave bat
    """.split()
)
# what leaves open whether it is so, and whose negation does not
DOUBTS = frozenset("doubt question wonder".split())
# verbs that put a name on a thing: "called the warning absurd" takes no clause, and nobody here warns
LABELLING = frozenset("call describe label dub brand characterize characterise deem term portray".split())
LABELLING_FORMS = _words(" ".join(LABELLING), verbs=True)
DENYING_FORMS = _words(" ".join(DENIALS | DISMISSALS), verbs=True) | {"pushing", "shot"}

# verbs that deny or play down only with a particle: "ruled out", "brushed aside"
_PARTICLES = {
    "rule": "out", "play": "down", "brush": "aside off", "shrug": "off", "wave": "aside off away",
    "laugh": "off", "sweep": "aside", "push": "aside", "bat": "away aside",
}  # fmt: skip
PHRASAL = {
    form: ("rule" if verb == "rule" else "downplay", frozenset(particles.split()))
    for verb, particles in _PARTICLES.items()
    for form in _words(verb, verbs=True)
}

# what somebody is, of whom a clause tells what he thinks: "she is confident that …", "wary of …"
FEELINGS = frozenset(
    """
    confident aware wary skeptical sceptical adamant optimistic pessimistic convinced concerned alarmed
    hopeful doubtful certain sure critical proud glad happy unhappy afraid supportive mindful dismissive
    unsure uncertain unequivocal clear angry upset nervous disappointed frustrated excited pleased
    """.split()
)
SURE = frozenset("confident certain sure convinced clear optimistic aware".split())
UNSURE = frozenset("skeptical sceptical doubtful unsure uncertain".split())
# verbs that report only with a "that" right behind them: "accepted that", "shared that"
THAT_VERBS = _words("accept share convey concede guarantee learn determine decide attest certify", verbs=True)
# where something is posted or filed: who has it there is the one who speaks, never the platform
MEDIA = frozenset(
    "post posts page channel account feed tweet thread filing video livestream podcast blog".split()
)
REFUSING = _words("refuse decline", verbs=True)
