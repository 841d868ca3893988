"""Editions of invented people, outlets and words, as large as a test wants them, and a hostile one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from openrace.claim_wording import Piece
from openrace.records import Family, Outlet, Span, stable_id
from openrace.seed_records import Beat, Organisation, Person
from openrace.site import Publication, PublishReport, builder
from openrace.site.digest import Morning
from openrace.site.snapshot import (
    Accuracy,
    ArticleFacts,
    ArticleStatements,
    ChangedFamilies,
    CorrectionNote,
    FamilyFacts,
    FeedHealth,
    IdeaFacts,
    IdeaMark,
    NightRun,
    SiteSnapshot,
    Statement,
    StepResult,
    TopicName,
)
from openrace.story import (
    Alert,
    Appearance,
    Comparison,
    FamilyStory,
    Paraphrase,
    Reach,
    Variant,
    WordChange,
)

T = TypeVar("T")
NOW = "2026-11-21T04:00:00Z"
GIVEN = [
    "Ada",
    "Bao",
    "Cleo",
    "Dmitri",
    "Esi",
    "Fumio",
    "Greta",
    "Hassan",
    "Ines",
    "Jun",
    "Kofi",
    "Lena",
    "Mei",
    "Nils",
    "Olu",
    "Priya",
]
SURNAMES = [
    "Almgren",
    "Byte",
    "Castellan",
    "Dorn",
    "Ekweme",
    "Faraday",
    "Guo",
    "Hollis",
    "Iwata",
    "Kessler",
    "Lindqvist",
    "Moyo",
]
WORDS = [
    "open",
    "weights",
    "model",
    "licence",
    "compute",
    "release",
    "lab",
    "export",
    "chips",
    "frontier",
    "benchmark",
    "training",
    "data",
    "public",
    "trust",
    "cheap",
    "safe",
    "faster",
    "country",
    "everyone",
    "nobody",
    "believe",
    "build",
    "share",
    "close",
    "race",
    "standard",
    "market",
    "students",
    "industry",
    "together",
    "before",
    "after",
    "because",
    "must",
    "should",
    "cannot",
    "never",
    "always",
    "next",
    "year",
    "again",
    "without",
    "choice",
]
COUNTRIES = ("US", "CN", "GB", "IN", "HK", "DE", "FR", None)
GROUPS = (("northern-labs", "lab", "US"), ("eastern-labs", "lab", "CN"), ("ministries", "government", "GB"))


def _sentence(dice: random.Random, length: int) -> str:
    words = " ".join(dice.choice(WORDS) for _ in range(length))
    return words[0].upper() + words[1:]


def _people(dice: random.Random, number: int) -> tuple[list[Organisation], list[Person]]:
    organisations = [
        Organisation(
            id=f"org-{n}", name=f"{SURNAMES[n % 12]} {kind.title()} {n}", country=country, group=kind
        )
        for n in range(max(3, number // 4))
        for _, kind, country in [GROUPS[n % 3]]
    ]
    people = []
    for n in range(number):
        name = f"{GIVEN[n % 16]} {SURNAMES[(n // 16 + n) % 12]}" + (f" {n}" if n >= 192 else "")
        home = dice.choice(organisations).id if n % 5 else None
        people.append(Person(id=f"person-{n}", name=name, aliases=(f"{name} Jr", "贝特"), organisation=home))
    return organisations, people


class Whole(SiteSnapshot):
    """An edition and every family of it."""

    stories: tuple[FamilyStory, ...] = ()
    statements: tuple[Statement, ...] = ()
    articles: tuple[ArticleFacts, ...] = ()

    def facts(self) -> dict[str, FamilyFacts]:
        """Every family by its id."""
        said = {statement.claim_id: statement for statement in self.statements}
        articles = {article.id: article for article in self.articles}
        return {story.family.id: _facts(story, said, articles) for story in self.stories}

    def bare(self) -> SiteSnapshot:
        """What is published beside the families."""
        return SiteSnapshot(**{name: getattr(self, name) for name in SiteSnapshot.model_fields})


def _facts(story: FamilyStory, said: dict[str, Statement], articles: dict[str, ArticleFacts]) -> FamilyFacts:
    ids = (*story.family.claim_ids, *(p.claim_id for p in story.paraphrases))
    statements = [said[i] for i in ids if i in said]
    own = {s.article_id: articles[s.article_id] for s in statements if s.article_id in articles}
    return FamilyFacts(story=story, statements=tuple(statements), articles=tuple(own.values()))


class MadeSource:
    """A source of the families of `whole`; of all of them, or only of those that `changed`."""

    def __init__(self, whole: Whole, changed: Sequence[str] | None = None) -> None:
        self._facts, self._whole, self._changed = whole.facts(), whole, changed
        self.failed: dict[str, str] = {}
        self.acknowledged = ""

    def changes(self, token: str) -> ChangedFamilies:
        if self._changed is None:
            return ChangedFamilies(list(self._facts), whole=True, token="all")
        return ChangedFamilies(self._changed, whole=False, token="some")

    def done(self, changes: ChangedFamilies) -> None:
        self.acknowledged = changes.token

    def families(self, ids: Sequence[str]) -> Iterator[FamilyFacts]:
        yield from (self._facts[family] for family in ids if family in self._facts)

    def articles(self, ids: Sequence[str]) -> Iterator[ArticleStatements]:
        stories = [facts.story for facts in self._facts.values()]
        family_of = {p.claim_id: story.family.id for story in stories for p in story.paraphrases}
        family_of |= {claim: story.family.id for story in stories for claim in story.family.claim_ids}
        for article in self._whole.articles:
            if article.id in ids:
                said = [s for s in self._whole.statements if s.article_id == article.id]
                own = [s for s in said if s.claim_id in family_of]
                families = tuple(family_of[s.claim_id] for s in own)
                yield ArticleStatements(article=article, statements=tuple(own), families=families)

    def recording(self, article_id: str, spans: Sequence[Span]) -> None:
        return None

    def attempt(self, family: str, work: Callable[[], T]) -> T | None:
        return work()


def publish(whole: Whole, folder: Path, *, now: str, **how: Any) -> PublishReport:
    """Publish all of `whole`."""
    return builder.publish(whole.bare(), MadeSource(whole), folder, Publication(now, **how))


def morning(whole: Whole, now: str = NOW) -> Morning:
    """The digest of `whole`."""
    with builder.morning(whole.bare(), MadeSource(whole), Path("nowhere"), now) as found:
        return found


def make_edition(
    families: int = 40, *, seed: int = 7, days: int = 60, single: bool = False, **given: Any
) -> Whole:
    """An edition with `families` utterances over the `days` before `NOW`; `single`: one report of each."""
    dice = random.Random(seed)
    organisations, people = _people(dice, max(6, families // 10))
    outlets = [
        Outlet(domain=f"paper{n}.example", name=f"The {SURNAMES[n % 12]} Post {n}", country=COUNTRIES[n % 8])
        for n in range(max(8, families // 20))
    ]
    stories, statements, articles = [], [], []
    for n in range(families):
        story, said, cards = _story(dice, n, people, outlets, days, single)
        stories.append(story)
        statements += said
        articles += cards
    whole: dict[str, Any] = {
        "title": "openrace",
        "base_url": "https://observatory.example/site/",
        "contact": "https://observatory.example/objections",
        "stories": stories,
        "statements": statements,
        "articles": articles,
        "people": people,
        "organisations": organisations,
        "outlets": outlets,
        "beats": [
            Beat(id=i, name=i.replace("-", " ").capitalize(), groups=(g,), countries=(c,))
            for i, g, c in GROUPS
        ],
        "topics": [TopicName(id="weights", name="Open weights")],
        "corrections": [
            CorrectionNote(
                when="2026-11-20", what="Speaker withheld", why="misread", families=(stories[0].family.id,)
            )
        ]
        if stories
        else [],
        "feeds": [
            FeedHealth(title=f"{o.name}: all", url=f"https://{o.domain}/rss", outlet=o.domain, state="fine")
            for o in outlets[:5]
        ]
        + [
            FeedHealth(
                title="Dead wire",
                url="https://wire.example/",
                outlet="wire.example",
                state="gone",
                fine=False,
            )
        ],
        "run": NightRun(
            started=NOW, finished=NOW, steps=(StepResult(name="crawl", done=5, failed=1, note="1 gone"),)
        ),
        "accuracy": [Accuracy(what="Quotations found", figure="0.90 F1", measured_on="an invented set")],
    }
    return Whole(**(whole | given))


def _story(
    dice: random.Random, number: int, people: list[Person], outlets: list[Outlet], days: int, single: bool
) -> tuple[FamilyStory, list[Statement], list[ArticleFacts]]:
    """One utterance: who said it, in which outlets, with cut and changed wordings among them."""
    text = _sentence(dice, dice.randint(6, 34))
    speaker = dice.choice(people) if dice.random() < 0.85 else None
    start = datetime(2026, 11, 21, tzinfo=UTC) - timedelta(hours=dice.randint(1, days * 24))
    dated = dice.random() < 0.95
    reports = min(len(outlets), 1 + int(dice.paretovariate(1.1)) if dice.random() < 0.5 else 1)
    reports = 1 if single else reports
    rows, hours = [], 0.0
    for index, outlet in enumerate(dice.sample(outlets, reports)):
        when = (start + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ") if dated else None
        wording = text if index % 3 == 0 else _changed(text) if index % 3 == 1 else " ".join(text.split()[:4])
        rows.append(_report(number, index, outlet, speaker, wording, when, hours if dated else None))
        hours += dice.expovariate(1 / 20)
    statements, cards, appearances = ([row[n] for row in rows] for n in range(3))
    ids = tuple(s.claim_id for s in statements)
    family = Family(id=stable_id("family", str(number), length=8), claim_ids=ids, representative=ids[0])
    story = FamilyStory(
        family=family,
        variants=_variants(statements, appearances),
        appearances=tuple(appearances),
        alerts=_alerts(statements),
        first=ids[:1] if dated else (),
        reach=(Reach(day=start.date().isoformat(), outlets=reports, countries=1, appearances=reports),),
    )
    return story, statements, cards


def _changed(text: str) -> str:
    words = text.split()
    return " ".join([*words[:2], "not", *words[3:]])


def _report(
    number: int,
    index: int,
    outlet: Outlet,
    speaker: Person | None,
    words: str,
    when: str | None,
    lag: float | None,
) -> tuple[Statement, ArticleFacts, Appearance]:
    """One report, its kind by turns: verbatim, partial, paraphrase."""
    kind = ("direct", "mixed", "direct", "indirect")[(number + index) % 4]
    article = ArticleFacts(
        id=stable_id("article", str(number), str(index)),
        url=f"https://{outlet.domain}/{number}/{index}?a=1&b=2",
        title=f"{words[:40]}, says {speaker.name if speaker else 'a guest'}",
        outlet=outlet.domain,
        published=when,
        language="en",
        topics=("weights",),
    )
    middle = max(1, len(words.split()) // 2)
    first, second = " ".join(words.split()[:middle]), " ".join(words.split()[middle:]) or "indeed"
    parts = {
        "direct": (Piece(words, True),),
        "mixed": (Piece(first, False), Piece(second, True, joint=" ")),
        "indirect": (Piece(words, False),),
    }[kind]
    lead = f"{speaker.name if speaker else 'A guest'} said: "
    statement = Statement(
        claim_id=stable_id("claim", str(number), str(index)),
        article_id=article.id,
        kind=kind,
        parts=parts,
        context=f"{lead}“{words}” on Monday & Tuesday.",
        marked=(Span(len(lead) + 1, len(lead) + 1 + len(words)),),
        exact=words,
        prefix=lead,
        suffix="” on Monday",
        cue="said",
        speaker_id=speaker.id if speaker else None,
        speaker_name=speaker.name if speaker else None,
        mention=f"{speaker.name}, the founder" if speaker else None,
        role="founder" if speaker else None,
        venue="on a podcast" if index == 0 else None,
        confidence=(0.95, 0.8, 0.5)[index % 3],
        reason="the verb follows the quotation",
    )
    appearance = Appearance(
        claim_id=statement.claim_id,
        article_id=article.id,
        outlet=outlet.domain,
        country=outlet.country,
        when=when,
        lag_hours=lag,
        kind=kind,
    )
    return statement, article, appearance


def _variants(statements: list[Statement], appearances: list[Appearance]) -> tuple[Variant, ...]:
    texts: dict[str, list[str]] = {}
    for statement in statements:
        texts.setdefault(statement.text, []).append(statement.claim_id)
    base, fullest = statements[0].claim_id, statements[0].text
    made = []
    for text, claim_ids in texts.items():
        change = WordChange(op="changed", base=fullest, variant=text)
        kinds = ("cut",) if len(text) < len(fullest) / 2 else ("substituted",)
        held = None if text == fullest else Comparison(base_claim_id=base, changes=(change,), kinds=kinds)
        when, ids = appearances[0].when, tuple(claim_ids)
        made.append(Variant(text=text, claim_ids=ids, first=when, to_earliest=held, to_representative=held))
    return tuple(made)


def _alerts(statements: list[Statement]) -> tuple[Alert, ...]:
    if len(statements) < 2:
        return ()
    words = statements[0].text.split()
    changes = (
        WordChange(op="same", base=" ".join(words[:2]), variant=" ".join(words[:2])),
        WordChange(op="changed", base=words[2], variant="not"),
        WordChange(op="same", base=" ".join(words[3:]), variant=" ".join(words[3:])),
    )
    return (
        Alert(
            base_claim_id=statements[0].claim_id,
            claim_ids=(statements[1].claim_id,),
            what=("negation",),
            lost=(words[2],),
            gained=("not",),
            changes=changes,
            note="A negation was gained.",
        ),
    )


def with_paraphrase(edition: Whole) -> Whole:
    """`edition` with the statement of its last story turned into a paraphrase of its first."""
    first, last = edition.stories[0], edition.stories[-1]
    told = Paraphrase(claim_id=last.family.claim_ids[0], score=0.8, shared=("open",), softened=("might",))
    first = first.model_copy(update={"paraphrases": (told,)})
    return edition.model_copy(update={"stories": (first, *edition.stories[1:-1])})


def with_idea(edition: Whole) -> Whole:
    """`edition` with an idea: people marked its first stories, the last of them as against it."""
    families = [story.family for story in edition.stories[:6]]
    marks = [
        IdeaMark(
            family=family.id,
            claim=family.representative,
            label="against" if family is families[-1] else "yes",
            when=f"2026-11-{16 + number}",
            by=None if number == 1 else "Ines Dorn",
        )
        for number, family in enumerate(families)
    ]
    idea = IdeaFacts(
        id="give-away",
        name="What is given away wins",
        definition="Whoever gives weights away decides what others build.",
        not_when="It only says that weights are free.",
        marks=tuple(marks),
        unsettled=1,
    )
    other = IdeaFacts(id="nobody-yet", name="Nobody says this", definition="Nobody has been marked for it.")
    return edition.model_copy(update={"ideas": (idea, other)})


PLAIN = {"label", "kind", "polarity", "op", "what[]", "kinds[]", "topics[]", "organisations[]"}
WHEN = {"when", "first", "published", "seen", "day", "started", "finished", "last_success"}
SLUGS = {"speaker_id", "organisation"}
POISON = (
    "\"'><script>window.pwned=1</script><img src=x onerror=window.pwned=1>{{7*7}}{% raw %}${7*7}"
    "</title></style>--><!--]]>&lt;\x00\x1b[31m\x08\u202egnp.exe\u2066\u2028\ufeff\\\n"
)
BAD_LINKS = (
    "javascript:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    'https://ok.example/"onmouseover="window.pwned=1',
    "https://bank.example@evil.example/",
    " java\nscript:window.pwned=1",
    "file:///etc/passwd",
    "https://ok.example/\u202egpj",
    "//evil.example/",
)


def hostile_edition(families: int = 6) -> Whole:
    """An edition with poison in every text of every record, ids included, and links of every bad kind."""
    edition = with_idea(with_paraphrase(make_edition(families)))
    whole = _poison(edition.model_dump(), "") | {"language": edition.language}
    for record in (*whole["people"], *whole["organisations"], *whole["beats"], *whole["topics"]):
        record["name"] = record["name"] * 40
    whole["people"][0]["name"] = "N" * 10_000
    return Whole.model_validate(whole)


def _poison(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        slug = bool({"threshold", "aliases", "groups", "definition"} & set(value)) or set(value) == {
            "id",
            "name",
        }
        return {k: v if slug and k == "id" else _poison(v, k) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_poison(v, f"{name}[]") for v in value]
    if not isinstance(value, str) or name in PLAIN | WHEN | SLUGS:
        return value
    if name in {"url", "contact", "base_url"}:
        return BAD_LINKS[len(value) % len(BAD_LINKS)]
    return value + POISON
