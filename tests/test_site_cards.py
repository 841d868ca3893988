"""The cards of a family: kept in one row, found again, and of them in memory what there is room for."""

from __future__ import annotations

import pytest

from openrace.site import fragments
from openrace.site.fragments import Deck
from openrace.site.site_index import open_catalogue

FAMILIES = [f"f{number}" for number in range(9)] + ["zero\x00byte", "“odd” 'name'"]


@pytest.mark.parametrize("room", [1, 2, 3, 100])
def test_cards_are_found_again(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "KEPT_IN_MIND", room)
    db = open_catalogue(":memory:")
    deck = Deck(db)
    for form in ("json", "atom", "empty"):
        deck.fetch(FAMILIES[3:6])
        for family in FAMILIES:
            assert deck.find(family, form) is None
            deck.add(family, form, b"" if form == "empty" else f"{form} of {family}: é".encode())
    deck.keep()
    for reader in (deck, Deck(db)):
        for family in FAMILIES:
            assert reader.find(family, "json") == f"json of {family}: é".encode()
            assert reader.find(family, "atom") == f"atom of {family}: é".encode()
            assert reader.find(family, "empty") == b""
            assert reader.find(family, "other") is None
    assert db.execute("SELECT count(*) FROM cards").fetchone()[0] == len(FAMILIES)
