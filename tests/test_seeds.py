"""The bundled seeds hold together; the user's lie over them; what is wrong is said with file and line."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import frontmatter
import pytest

from openrace.errors import ConfigError
from openrace.resources import PACKAGE, resource
from openrace.seed_records import Organisation
from openrace.user_files.seed_files import Seeds, load_seeds

ARTICLES = sorted((resource("seeds") / "articles").glob("*.md"))
BRIEF = "brief by openrace: the report is told in our words, the quoted words are as that page prints them"


@pytest.fixture(scope="module")
def bundled() -> Seeds:
    return load_seeds()


def refuse(folder: Path, name: str, text: str) -> str:
    """What load_seeds says of a user's file `name` that holds `text`."""
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_seeds(folder)
    return str(caught.value)


def test_bundled_seeds_know_who_speaks_in_the_briefs(bundled: Seeds) -> None:
    names = {person.name for person in bundled.people}
    assert names >= {
        "Marc Andreessen",
        "Anjney Midha",
        "Martin Casado",
        "Kevin Weil",
        "Jensen Huang",
        "Sam Altman",
    }


def test_no_name_or_alias_means_two_speakers(bundled: Seeds) -> None:
    names = [name for who in (*bundled.people, *bundled.organisations) for name in (who.name, *who.aliases)]
    assert sorted(names) == sorted(set(names))


def test_ids_are_unique_over_people_and_organisations(bundled: Seeds) -> None:
    ids = [who.id for who in (*bundled.people, *bundled.organisations)]
    assert len(ids) == len(set(ids))


def test_every_feed_has_its_outlet_country_and_kind(bundled: Seeds) -> None:
    domains = {outlet.domain for outlet in bundled.outlets}
    assert len(bundled.feeds) > 90
    assert all(feed.outlet in domains and feed.country and feed.kind for feed in bundled.feeds)
    guardian = next(outlet for outlet in bundled.outlets if outlet.domain == "theguardian.com")
    assert (guardian.name, guardian.country, guardian.kind) == ("The Guardian", "GB", "press-general")


def test_every_beat_holds_somebody(bundled: Seeds) -> None:
    for beat in bundled.beats:
        assert any(beat.holds(organisation) for organisation in bundled.organisations), beat.id


def test_a_beat_is_countries_and_groups_or_names(bundled: Seeds) -> None:
    labs = next(beat for beat in bundled.beats if beat.id == "cn-labs")
    assert labs.holds(Organisation(id="x", name="X", country="CN", group="lab"))
    assert not labs.holds(Organisation(id="x", name="X", country="CN", group="government"))
    assert not labs.holds(Organisation(id="x", name="X", country=None, group="lab"))


def test_no_string_of_the_program_names_what_it_observes(bundled: Seeds) -> None:
    """Comments and docstrings may give real examples; what the program works with comes from the seeds."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    strings = [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
    names = {name for who in (*bundled.people, *bundled.organisations) for name in (who.name, *who.aliases)}
    assert len(strings) > 500
    assert names & set(strings) == set()
    assert [text for text in strings if any(person.name in text for person in bundled.people)] == []


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_a_brief_says_what_it_is(path: Path, bundled: Seeds) -> None:
    brief = frontmatter.load(str(path))
    assert set(brief.keys()) - {"published"} == {"url", "outlet", "title", "note"}
    assert brief["note"] == BRIEF
    assert brief["outlet"] in {outlet.domain for outlet in bundled.outlets}
    assert 110 <= len(brief.content.split()) <= 320


def test_users_feeds_lie_over_the_bundled_ones(tmp_path: Path, bundled: Seeds) -> None:
    first, second = bundled.feeds[:2]
    (tmp_path / "feeds.opml").write_text(
        f"""<opml version="2.0" xmlns:o="tag:openrace,2025:opml"><body>
        <outline text="Mine" o:country="SE"><outline text="Deep Field" xmlUrl="https://feeds.example.se/rss"
            htmlUrl="https://www.example.se/"/></outline>
        <outline text="gone" xmlUrl="{first.url}" isComment="true"/>
        <outline text="Another title" xmlUrl="{second.url}"/></body></opml>""",
        encoding="utf-8",
    )
    seeds = load_seeds(tmp_path)
    urls = [feed.url for feed in seeds.feeds]
    assert first.url not in urls
    assert len(urls) == len(bundled.feeds)
    assert seeds.feeds[urls.index(second.url)].title == "Another title"
    mine = seeds.feeds[-1]
    assert (mine.outlet, mine.country, mine.kind) == ("example.se", "SE", None)


def test_users_people_lie_over_the_bundled_ones(tmp_path: Path, bundled: Seeds) -> None:
    (tmp_path / "people.toml").write_text(
        'drop = ["sam-altman"]\n[people]\n'
        'mara-lindqvist = { name = "Mara Lindqvist", organisation = "openai" }\n'
        'kevin-weil = { name = "Kevin Weil", aliases = ["K. Weil"] }\n',
        encoding="utf-8",
    )
    people = {person.id: person for person in load_seeds(tmp_path).people}
    assert "sam-altman" not in people
    assert people["mara-lindqvist"].organisation == "openai"
    assert people["kevin-weil"].aliases == ("K. Weil",)
    assert people["kevin-weil"].organisation is None
    assert len(people) == len(bundled.people)


def test_a_users_topic_replaces_the_bundled_one(tmp_path: Path) -> None:
    (tmp_path / "topics.toml").write_text(
        'drop = ["open-source-ai"]\n[topics.rivers]\nname = "Rivers"\nthreshold = 2\n'
        '[topics.rivers.facets.water]\nat_least = 1\nterms = { "river*" = 2, "dam" = 1 }\n',
        encoding="utf-8",
    )
    (topic,) = load_seeds(tmp_path).topics
    assert topic.facets[0].terms == (("river*", 2.0), ("dam", 1.0))


def test_an_empty_folder_changes_nothing(tmp_path: Path, bundled: Seeds) -> None:
    assert load_seeds(tmp_path) == bundled


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("people.toml", '[people]\nx = { name = "X" }\ny = { name = }\n', 3, "Invalid value"),
        ("people.toml", '[people]\nx = { name = "X" }\nx = { name = "Y" }\n', 3, "overwrite"),
        ("people.toml", '[people]\n\nx = { nam = "X" }\n', 3, "name: Field required"),
        ("people.toml", '[people]\nx = { name = "X", country = "SE" }\n', 2, "country: Extra inputs"),
        ("people.toml", '[people]\nx = "X"\n', 2, "must be a table"),
        ("people.toml", '[people]\nx = { name = "X", organisation = "nowhere" }\n', 2, "no organisation"),
        ("people.toml", '[people.x]\nname = "X"\n[people.y]\n', 3, "name: Field required"),
        ("people.toml", '[organisations]\n"a b" = { name = "X" }\n', 2, "id: String should match"),
        ("topics.toml", '[beats.b]\nname = "B"\norganisations = ["nowhere"]\n', 1, "no organisation"),
        ("topics.toml", '[topics.t]\nname = "T"\nthreshold = 3\n', 1, "facets: Field required"),
        (
            "topics.toml",
            '[topics.t]\nname = "T"\nthreshold = 3\n[topics.t.facets.f]\nat_least = 1\nterms = {"a" = -1}\n',
            1,
            "greater than 0",
        ),
        ("feeds.opml", "<opml><body>\n<outline></body></opml>", 2, "ending tag mismatch"),
        ("feeds.opml", '<opml><body>\n<outline xmlUrl="ftp://x.org"/></body></opml>', 2, "not a web address"),
        ("feeds.opml", '<opml><body>\n<outline xmlUrl="https://[x"/></body></opml>', 2, "not a web address"),
        ("feeds.opml", '<!DOCTYPE opml [\n<!ENTITY a "aaaa">\n]><opml>&a;</opml>', 2, "declares an entity"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, name: str, text: str, line: int, says: str) -> None:
    message = refuse(tmp_path, name, text)
    assert message.startswith(f"{tmp_path / name}:{line}: ")
    assert says in message


def test_what_is_no_opml_is_refused(tmp_path: Path) -> None:
    assert "is no OPML" in refuse(tmp_path, "feeds.opml", "<rss><channel/></rss>")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_bytes(b"\xff\xfe[people]")
    with pytest.raises(ConfigError, match=r"people\.toml: cannot be read"):
        load_seeds(tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder"):
        load_seeds(tmp_path / "missing")


def test_loading_seeds_is_light() -> None:
    """`openrace search` resolves names by the seeds and must start at once."""
    program = "import sys, openrace.user_files.seed_files as seeds; seeds.load_seeds(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not {"feedparser", "httpx", "trafilatura", "rapidfuzz", "jinja2"} & set(run.stdout.split())


def test_everything_bundled_can_be_dropped_at_once(tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text('drop = ["*"]\n[people]\nada = { name = "Ada Byte" }\n', "utf-8")
    (tmp_path / "topics.toml").write_text('drop = ["*"]\n', "utf-8")
    (tmp_path / "feeds.opml").write_text(
        """<opml version="2.0"><body><outline text="Mine" xmlUrl="https://a.example/feed"/>
        <outline text="*" xmlUrl="*" isComment="true"/></body></opml>""",
        encoding="utf-8",
    )
    seeds = load_seeds(tmp_path)
    assert [person.name for person in seeds.people] == ["Ada Byte"]
    assert [feed.url for feed in seeds.feeds] == ["https://a.example/feed"]
    assert [outlet.domain for outlet in seeds.outlets] == ["a.example"]
    assert (seeds.organisations, seeds.topics, seeds.beats) == ((), (), ())


def test_an_organisation_that_is_dropped_leaves_its_people(tmp_path: Path, bundled: Seeds) -> None:
    (tmp_path / "people.toml").write_text('drop = ["openai"]\n', "utf-8")
    seeds = load_seeds(tmp_path)
    assert len(seeds.people) == len(bundled.people)
    assert next(person for person in seeds.people if person.id == "sam-altman").organisation is None
    (tmp_path / "people.toml").write_text(
        'drop = ["openai"]\n[people]\nada = { name = "Ada Byte", organisation = "openai" }\n', "utf-8"
    )
    with pytest.raises(ConfigError, match=r"people\.toml:3: there is no organisation 'openai'"):
        load_seeds(tmp_path)
