"""Share cards: what stands on them cannot be taken for more than it is; few, small, drawn once."""

from __future__ import annotations

import html
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from openrace.claim_wording import Piece
from openrace.records import KINDS
from openrace.resources import resource
from openrace.site import share_cards
from openrace.site.card_drawing import BODY_ROOM, LEADING, LEFT, RIGHT, Faces, _layout, draw_card
from openrace.site.family_line import FamilyLine, OutletRef, Words
from openrace.site.interface_language import interface_language
from openrace.site.share_cards import INK, WARN, Card
from site_editions import NOW, Whole, make_edition, publish

FONTS = resource("templates") / "static"
MOST_BYTES = 60_000  # of one card
POLARITIES = ("asserted", "denied", "questioned", "conditional")


def card_of(line: FamilyLine, brand: str) -> Card:
    return share_cards.card_of(line, brand, interface_language("en"))


@pytest.fixture(scope="module")
def faces() -> Faces:
    return Faces(FONTS / "serif.woff2", FONTS / "sans.woff2")


def a_line(*parts: tuple[str, bool], **given: Any) -> FamilyLine:
    """The line of a statement of an invented speaker."""
    texts = (
        "address",
        "other_address",
        "claim",
        "speaker",
        "latest",
        "alert",
        "heard",
        "corrected",
        "gone",
        "url",
    )
    empty: dict[str, Any] = dict.fromkeys((*texts, "lead"), "") | {"same_utterance": ()}
    counts = dict.fromkeys(("reports", "outlets", "independent", "wordings"), 3)
    fields = empty | counts | {"other": None, "other_outlets": 0, "more": (), "countries": (), "disputed": ()}
    fields |= {"family": "e76618a6", "who": "Ada Byte", "role": "harbour master", "when": "2026-01-02"}
    fields |= {"kind": 0, "polarity": "asserted", "words": Words(parts, "en"), "described": False}
    fields |= {"first": OutletRef("h", "Harbour Post"), "first_is_certain": True, "verb": "wrote"}
    return FamilyLine(**(fields | given))


@pytest.mark.parametrize("polarity", POLARITIES)
@pytest.mark.parametrize("kind", range(3))
def test_only_what_is_said_so_in_these_words_looks_verbatim(kind: int, polarity: str) -> None:
    lead = "" if (kind, polarity) == (0, "asserted") else "denied that "
    card = card_of(
        a_line(("the yard is shut", kind == 0), kind=kind, polarity=polarity, lead=lead), "openrace"
    )
    assert (card.heading == "Verbatim" and not card.dash) == ((kind, polarity) == (0, "asserted"))
    assert (card.runs[0].style.colour == WARN) == (polarity == "denied")
    assert "".join(run.text for run in card.runs) == f"{lead}the yard is shut"
    assert card.heading.startswith(("Verbatim", "Partly verbatim", "Paraphrase, not a quotation")[kind])
    assert ("wrote" in card.role) == (not lead)


def test_serif_is_for_words_inside_marks_alone() -> None:
    card = card_of(a_line(("the yard is ", False), ("“shut”", True), kind=1, lead="said that "), "openrace")
    assert [run.text for run in card.runs if run.style.serif] == ["“shut”"]
    assert [run.text for run in card.runs if run.style.colour == INK] == ["“shut”"]


def test_a_speaker_whom_reports_dispute_is_no_speaker() -> None:
    card = card_of(
        a_line(("“shut”", True), who="Speaker unknown", disputed=("Ada Byte", "Bo Chen")), "openrace"
    )
    assert card.who == "Reports disagree on the speaker: Ada Byte or Bo Chen"
    assert card.role == ":"


words = st.lists(st.text(st.characters(codec="latin-1", exclude_categories=["C"]), min_size=1), max_size=60)


@given(said=words, lead=st.sampled_from(["", "denied that ", "said that "]), quoted=st.booleans())
def test_any_statement_has_room_and_loses_no_word(said: list[str], lead: str, quoted: bool) -> None:
    text = " ".join(said)[:420]
    faces = Faces(FONTS / "serif.woff2", FONTS / "sans.woff2")
    card = card_of(a_line((text, quoted), lead=lead), "openrace")
    size, lines = _layout(card.runs, faces, "en")
    assert len(lines) * size * LEADING <= BODY_ROOM
    for line in lines:
        assert faces.width(line, size, "en") <= RIGHT - LEFT + faces.width(line[-1:], size, "en") * 0.5
    told = "".join(run.text for run in card.runs)
    shown = "".join(run.text for line in lines for run in line)
    assert told.startswith(shown)
    if len(text) < 300:
        assert shown == told


def test_the_longest_statement_is_a_small_picture(faces: Faces) -> None:
    card = card_of(a_line(("“" + "a statement that goes on and on " * 14 + "…”", True)), "openrace")
    png = draw_card(card, faces)
    assert Image.open(BytesIO(png)).size == (1200, 630)
    assert len(png) < MOST_BYTES


def test_chinese_is_shortened_and_keeps_its_marks() -> None:
    line = a_line((f"「{'我们会把模型开放给所有人。' * 30}」", True), lead="否认", polarity="denied")
    card = card_of(line._replace(words=line.words._replace(language="zh")), "openrace")
    assert card.runs[-1].text.endswith("…」")
    assert card.note.startswith("Shortened.")
    assert "否认" in "".join(run.text for run in card.runs)


@pytest.fixture
def edition() -> Whole:
    return make_edition(12)


def cards(site: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (site / "cards").glob("*.png")}


def reworded(edition: Whole, family: str, words: str) -> Whole:
    """The edition with other words in the report that stands for a family."""
    claim = next(s.family.representative for s in edition.stories if s.family.id == family)
    statements = tuple(
        s.model_copy(update={"parts": (Piece(words, True),), "kind": "direct"}) if s.claim_id == claim else s
        for s in edition.statements
    )
    return edition.model_copy(update={"statements": statements})


def test_a_page_names_its_card_and_only_what_changed_is_drawn(
    edition: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(edition, tmp_path, now=NOW)
    before = cards(tmp_path)
    assert set(before) == {path.parent.name for path in tmp_path.glob("q/*/index.html")} != set()
    one = min(before)
    page = (tmp_path / f"q/{one}/index.html").read_text()
    assert f'property="og:image" content="https://observatory.example/site/cards/{one}.png"' in page
    unfolded = json.loads((tmp_path / f"q/{one}/oembed.json").read_text())
    assert f'href="https://observatory.example/site/q/{one}/oembed.json"' in page
    assert (unfolded["version"], unfolded["type"], unfolded["height"]) == ("1.0", "rich", None)
    assert unfolded["thumbnail_url"].endswith(f"/site/cards/{one}.png")
    assert html.escape(unfolded["html"]) in page.replace("&#39;", "&#x27;").replace("&#34;", "&quot;")
    drawn: list[str] = []
    monkeypatch.setattr(
        share_cards.CardMaker,
        "files",
        _noting(drawn, share_cards.CardMaker.files),  # the real one still runs
    )
    publish(edition, tmp_path, now=NOW)
    assert drawn == []
    publish(reworded(edition, one, "Quite other words"), tmp_path, now=NOW)
    assert drawn == [f"cards/{one}.png"]
    assert {name for name, png in cards(tmp_path).items() if png != before[name]} == {one}


def _noting(drawn: list[str], real: Any) -> Any:
    def files(self: share_cards.CardMaker, address: str, queries: Any) -> dict[str, bytes] | None:
        drawn.append(address)
        made: dict[str, bytes] | None = real(self, address, queries)
        return made

    return files


def test_a_card_that_no_font_can_draw_is_left_out_and_told_once(edition: Whole, tmp_path: Path) -> None:
    publish(edition, tmp_path, now=NOW)
    one = min(cards(tmp_path))
    other = reworded(edition, one, "letters that nobody has: \U0010fffd")
    (note,) = publish(other, tmp_path, now=NOW).notes
    assert note.startswith("1 share card left out: no font here has all of their letters")
    assert one not in cards(tmp_path)
    assert "og:image" not in (tmp_path / f"q/{one}/index.html").read_text()
    assert not (tmp_path / f"q/{one}/oembed.json").exists()
    assert publish(other, tmp_path, now=NOW).notes == ()
    publish(edition, tmp_path, now=NOW)
    assert one in cards(tmp_path)


def test_there_are_never_more_than_so_many(
    edition: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(edition, tmp_path, now=NOW)
    monkeypatch.setattr(share_cards, "MOST_WIDESPREAD", 1)
    monkeypatch.setattr(share_cards, "MOST_RECENT", 2)
    publish(edition, tmp_path, now=NOW)
    kept = set(cards(tmp_path))
    assert 1 <= len(kept) <= 3
    named = {path.parent.name for path in tmp_path.glob("q/*/index.html") if "og:image" in path.read_text()}
    assert named == kept


def test_every_kind_is_drawn_in_its_own_way(faces: Faces) -> None:
    pictures = {
        draw_card(
            card_of(a_line(("shut", False), kind=kind, polarity=polarity, lead="x "), "openrace"), faces
        )
        for kind in range(len(KINDS))
        for polarity in POLARITIES
    }
    assert len(pictures) == len(KINDS) * len(POLARITIES)
