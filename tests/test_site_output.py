"""What stands in the files: links that resolve, feeds that validate, data that parses, weights that hold."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import lxml.etree
import lxml.html
import pytest

from openrace.records import Article, Claim, Span, Speaker
from openrace.site import day_parts, list_pages
from openrace.site.name_lookup import is_name
from openrace.site.snapshot import ArticleFacts, Statement
from site_editions import NOW, Whole, make_edition, publish, with_paraphrase

ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture(scope="module")
def edition() -> Whole:
    return with_paraphrase(make_edition(1700, days=300))


@pytest.fixture(scope="module")
def site(edition: Whole, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    publish(edition, folder, now=NOW)
    return folder


def test_every_internal_link_resolves(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) >= 3000
    found = re.compile(r'(?:href|src)="([^"]*)"')
    ids: dict[Path, set[str]] = {}
    broken = set()
    for path in pages:
        for link in set(found.findall(path.read_text())):
            parts = urlsplit(link.replace("&amp;", "&"))
            if parts.scheme:
                continue
            target = Path(f"{path.parent}/{unquote(parts.path)}") if parts.path else path
            if not target.is_file():
                broken.add(link)
            elif parts.fragment:
                ids.setdefault(target.resolve(), set(re.findall(r'id="([^"]+)"', target.read_text())))
                if parts.fragment not in ids[target.resolve()]:
                    broken.add(link)
    assert broken == set()


def test_atom_feeds_validate(site: Path) -> None:
    feeds = list(site.rglob("feed.xml"))
    assert len(feeds) > 100
    for path in feeds[:200]:
        root = lxml.etree.fromstring(path.read_bytes())
        for node in (root, *root.findall(f"{ATOM}entry")):  # what RFC 4287 asks of feeds and entries
            assert all(len(node.findall(f"{ATOM}{name}")) == 1 for name in ("id", "title", "updated")), path
            assert INSTANT.fullmatch(node.findtext(f"{ATOM}updated"))
        ids = [node.text for node in root.iter(f"{ATOM}id")]
        assert len(set(ids)) == len(ids)
        assert root.find(f"{ATOM}author/{ATOM}name") is not None
        assert root.xpath("count(*[local-name()='link'][@rel='self'])") == 1
        parsed = feedparser.parse(path.read_bytes())
        assert not parsed.bozo, path
        assert len(parsed.entries) == len(root.findall(f"{ATOM}entry"))


def test_json_feeds_have_the_form(site: Path) -> None:
    for path in list(site.rglob("feed.json"))[:200]:
        feed = json.loads(path.read_bytes())
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        ids = [item["id"] for item in feed["items"]]
        assert len(set(ids)) == len(ids)
        assert all(item["content_html"] and item["url"].startswith("https://") for item in feed["items"])


def test_quote_pages_carry_linked_data(site: Path, edition: Whole) -> None:
    said = {s.text: s for s in edition.statements}
    for path in list(site.glob("q/*/index.html"))[:300]:
        scripts = lxml.html.document_fromstring(path.read_bytes()).xpath("//script/text()")
        graph, annotation = (json.loads(script) for script in scripts)
        *quotations, claim = graph["@graph"]
        statement = said[claim["text"]]
        assert claim["@type"] == "Claim"
        assert [q["@type"] for q in quotations] == ["Quotation"] * (statement.kind != "indirect")
        assert all(q["text"] in claim["text"] and q["text"][0] == "“" for q in quotations)
        assert claim["firstAppearance"]["@type"] == "Article"
        assert annotation["target"]["selector"]["type"] == "TextQuoteSelector"
        assert "ClaimReview" not in path.read_text()


def test_every_json_names_its_schema(site: Path) -> None:
    for path in site.rglob("index.json"):
        assert re.fullmatch(r"openrace/[a-z]+/\d+", json.loads(path.read_bytes())["schema"]), path


def test_site_map_lists_every_page(site: Path) -> None:
    def listed_in(name: str) -> list[str]:
        root = lxml.etree.fromstring((site / name).read_bytes())
        return [node.text.removeprefix("https://observatory.example/site/") for node in root.iter("{*}loc")]

    maps = listed_in("sitemap.xml")
    listed = {address for name in maps for address in listed_in(name)}
    assert len(maps) > 10
    pages = {p.parent.relative_to(site).as_posix() for p in site.rglob("index.html")}
    assert listed == {"" if page == "." else f"{page}/" for page in pages}


def weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


def test_pages_are_light(site: Path) -> None:
    assert weight(site / "index.html") <= 30_000
    assert max(map(weight, site.glob("q/*/index.html"))) <= 12_000
    assert weight(site / "static/site.css") <= 6_000


def test_charts_are_light(site: Path) -> None:
    drawn = [
        svg
        for path in site.rglob("index.html")
        for svg in re.findall(r"<svg viewBox=.*?</svg>", path.read_text(), re.DOTALL)
    ]
    assert len(drawn) > 250
    assert max(len(gzip.compress(svg.encode())) for svg in drawn) <= 1_500


def test_no_script_but_data(site: Path) -> None:
    for path in site.rglob("index.html"):
        if path.parent.name != "search":
            kinds = set(re.findall(r"<script([^>]*)>", path.read_text()))
            assert kinds <= {' type="application/ld+json"'}, path


TEXT = "A first sentence. “We ship it, now,” she said. “Then we rest.” Nobody knew the secret third sentence."


def claim(article: Article) -> Claim:
    first, second = TEXT.index("We ship"), TEXT.index("Then we")
    spans = (Span(first, first + len("We ship it, now,")), Span(second, second + len("Then we rest.")))
    said = Speaker(span=Span(TEXT.index("she"), TEXT.index("she") + 3), text="she", name="Ada Byte")
    return Claim(
        id="c1",
        article_id=article.id,
        kind="direct",
        spans=spans,
        quoted=spans,
        text="We ship it, now, Then we rest.",
        cue=None,
        speaker=said,
        context=Span(TEXT.index("“We"), TEXT.index(" Nobody")),
        confidence=0.9,
        reason="she said",
        extractor="test",
    )


def test_a_statement_keeps_words_and_their_sentence_but_no_more() -> None:
    article = Article(id="a1", text=TEXT, url="https://a.example/1")
    statement = Statement.of(claim(article), article)
    assert statement.text == "“We ship it, now” … “Then we rest.”"
    assert [statement.context[s.start : s.end] for s in statement.marked] == [
        "We ship it, now,",
        "Then we rest.",
    ]
    assert statement.exact == "We ship it, now,"
    kept = statement.model_dump_json() + ArticleFacts.of(article).model_dump_json()
    assert "secret third" not in kept


def test_long_contexts_are_cut() -> None:
    long = "x " * 2000 + TEXT + " y" * 2000
    article = Article(id="a1", text=long)
    moved = claim(Article(id="a1", text=TEXT)).model_dump()
    shift = 4000
    for span in ("spans", "quoted"):
        moved[span] = [[s[0] + shift, s[1] + shift] for s in moved[span]]
    moved |= {"speaker": None, "context": [0, len(long)]}
    statement = Statement.of(Claim.model_validate(moved), article)
    assert len(statement.context) < 700
    assert statement.context.startswith("…")
    assert statement.context.endswith("…")
    assert [statement.context[s.start : s.end] for s in statement.marked] == [
        "We ship it, now,",
        "Then we rest.",
    ]


@pytest.mark.parametrize(
    ("called", "named"),
    [
        ("Ada Byte", True),
        ("Ursa von der Linden", True),
        ("J. D. Almgren", True),
        ("O’Dorn Kelly", True),
        ("贝特", True),
        ("Bureau of Weights", True),
        ("the regulators", False),
        ("The founder of Byte Labs", False),
        ("Byte Labs chief", False),
        ("Ten ways", False),
        ("Byte", False),
        ("open weights’", False),
        ("", False),
    ],
)
def test_a_description_is_no_name(called: str, named: bool) -> None:
    assert is_name(called) is named


def test_a_described_speaker_has_no_page_and_two_names_are_left_open(tmp_path: Path) -> None:
    made = make_edition(3)
    story = next(s for s in made.stories if len(s.family.claim_ids) > 1)
    first, second = story.family.claim_ids[:2]

    def published(names: dict[str, str | None], folder: str) -> str:
        said = tuple(
            s.model_copy(update={"speaker_id": None, "speaker_name": names.get(s.claim_id)})
            for s in made.statements
        )
        publish(made.model_copy(update={"statements": said}), tmp_path / folder, now=NOW)
        return (tmp_path / folder / "q" / story.family.id / "index.html").read_text()

    described = published({first: "a company spokesman"}, "described")
    assert "a company spokesman" in described
    assert "full name" in described
    assert not list((tmp_path / "described" / "people").glob("*/index.html"))
    assert "Reports differ: " in published({first: "Ada Byte", second: "Bao Dorn"}, "disputed")
    assert "Speaker unknown" in published({}, "unknown")
    assert ">Ada Byte<" in published({first: "Ada Byte", second: None}, "named")


def test_the_wording_in_another_language_stands_on_the_page(tmp_path: Path) -> None:
    made = make_edition(12)
    one, other = [story for story in made.stories if len(story.family.claim_ids) > 1][:2]
    family = one.family.model_copy(update={"same_utterance": (other.family.id, "gone")})
    linked = one.model_copy(update={"family": family})
    stories = tuple(linked if story is one else story for story in made.stories)
    publish(made.model_copy(update={"stories": stories}), tmp_path, now=NOW)
    page = (tmp_path / "q" / family.id / "index.html").read_text()
    [section] = re.findall(r"The same utterance in another language</h2>(.*?)</section>", page, re.DOTALL)
    assert f"q/{other.family.id}/" in section
    assert section.count("<li>") == 1


def test_an_outlet_tells_who_carried_later_what_it_had_first(tmp_path: Path) -> None:
    made = make_edition(40)
    publish(made, tmp_path, now=NOW)
    followed: Counter[tuple[str, str]] = Counter()
    for story in made.stories:
        outlets = {a.claim_id: a.outlet for a in story.appearances}
        first = {outlets[claim] for claim in story.first}
        if len(first) == 1 and None not in first:
            followed.update((first.copy().pop(), later) for later in {*outlets.values()} - first if later)
    (first_one, later_one), number = followed.most_common(1)[0]
    page = lxml.html.parse(tmp_path / "outlets" / first_one / "index.html")
    rows = page.xpath("//section[@aria-labelledby='followers']//tbody/tr")
    found = {row.xpath(".//a/@href")[0].split("/")[-2]: int(row.xpath("td")[-1].text) for row in rows}
    assert found[later_one] == number


def test_a_side_that_spoke_long_ago_is_not_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(folder: str) -> int:
        publish(make_edition(40), tmp_path / folder, now=NOW)
        return (tmp_path / folder / "topics/weights/index.html").read_text().count("Nobody of this side")

    all_read = silent("all")
    monkeypatch.setattr(list_pages, "FROM_TOPIC", 1)
    assert silent("one") == all_read < len(make_edition(40).beats)


def test_the_search_script_is_light(site: Path) -> None:
    assert weight(site / "static/search.js") <= 8_000


def test_an_old_day_does_not_change_when_its_words_travel_on(tmp_path: Path) -> None:
    made = make_edition(12)
    publish(made, tmp_path, now=NOW)
    before = {p: p.read_bytes() for p in tmp_path.glob("day/*/*")}
    story = next(s for s in made.stories if s.appearances[0].when and len(s.appearances) > 1)
    old = {s.claim_id: s for s in made.statements}[story.family.claim_ids[0]]
    late = "2026-11-20T23:59:00Z"
    card = ArticleFacts(id="late", url="https://paper1.example/late", outlet="paper1.example", published=late)
    said = old.model_copy(update={"claim_id": "late-claim", "article_id": "late"})
    family = story.family.model_copy(update={"claim_ids": (*story.family.claim_ids, "late-claim")})
    seen = story.appearances[0].model_copy(
        update={"claim_id": "late-claim", "article_id": "late", "when": late}
    )
    told = story.model_copy(update={"family": family, "appearances": (*story.appearances, seen)})
    grown = {
        "stories": tuple(told if s is story else s for s in made.stories),
        "statements": (*made.statements, said),
        "articles": (*made.articles, card),
    }
    report = publish(made.model_copy(update=grown), tmp_path, now=NOW)
    assert report.written > 0
    changed = {p.parent.name for p, content in before.items() if p.read_bytes() != content}
    assert changed <= {late[:10], max(p.parent.name for p in before)}


def test_a_long_day_says_what_is_on_which_of_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_parts, "PER_PART", 12)
    publish(make_edition(90, days=3), tmp_path, now=NOW)
    day = max(tmp_path.glob("day/*"), key=lambda folder: len(list(folder.glob("*/index.html"))))
    first = lxml.html.parse(day / "index.html")
    told: Counter[str] = Counter()
    for row in first.xpath("//section[@aria-labelledby='parts']//tbody/tr"):
        name, total = row.xpath("th/text()")[0], int(row.xpath("td[@class='n']/text()")[0])
        spans = row.xpath(".//span[@class='part']")
        parts = [next(iter(span.xpath("a/@href")), "index.html") for span in spans]
        here = f'//h2[text()="{name}"]/ancestor::section'
        shown = [lxml.html.parse(day / part).xpath(f"{here}//article | {here}//tbody/tr") for part in parts]
        assert sum(map(len, shown)) == total
        told.update(parts)
    pages = {f"{page.parent.name}/index.html" for page in day.glob("*/index.html")}
    assert set(told) == {"index.html", *pages}
    assert len(told) > 2


def test_a_topic_tells_how_much_each_side_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_pages, "FROM_TOPIC", 3)
    made = make_edition(60)
    publish(made, tmp_path, now=NOW)
    page = lxml.html.parse(tmp_path / "topics/weights/index.html")
    counts = [int(words.split()[0]) for words in page.xpath("//p[@class='cnt']/text()")]
    assert sum(counts) == len(made.stories) == int(page.xpath("string(//p[@class='lede'])").split()[0])


def test_a_person_has_their_wordings_on_a_topic_over_time(tmp_path: Path) -> None:
    made = make_edition(300)
    publish(made, tmp_path, now=NOW)
    pages = [lxml.html.parse(path) for path in tmp_path.glob("people/*/index.html")]
    told = [
        page.xpath("//section[@aria-labelledby='then']")[0] for page in pages if page.xpath("//*[@id='then']")
    ]
    assert len(told) > 10
    for section in told:
        assert section.xpath("h3/text()") == ["Open weights"]
        days = section.xpath(".//p[@class='soft']/time/@datetime")
        first, last = (datetime.fromisoformat(days[place]) for place in (0, -1))
        assert days == sorted(days)
        assert 2 <= len(days) <= 4
        assert (last.date() - first.date()).days >= 7
        assert set(section.xpath(".//span[contains(@class, 'mk')]/text()")) == {"Verbatim"}
