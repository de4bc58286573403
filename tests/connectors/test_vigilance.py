"""Vigilance maps: departments only, every phenomenon, both horizons; where the latest map is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors import vigilance
from connectors.base import FetchSettings, RawFile, RefusedFile, SourceUnavailable
from tests.connectors.partner_files import sample

MakeText = Callable[..., RawFile]
CARD = sample("vigilance", "CDP_CARTE_EXTERNE.json")
TODAY = date(2026, 7, 14)
INDEX = {"2025": {"12": {"31": ["160000"]}}, "2026": {"07": {"13": ["040006", "160121"], "14": []}, "08": {}}}


def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(CARD.path.read_text(encoding="utf-8"))
    return loaded


def test_rows_are_departments_by_phenomenon_and_horizon() -> None:
    (sheet,) = vigilance.read(CARD)
    assert [(r["horizon"], r["department"], r["phenomenon"], r["colour_id"]) for r in sheet.rows] == [
        ("J", "13", "6", 4),
        ("J", "13", "1", 2),
        ("J", "2A", "6", 1),
        ("J", "2B", "1", 1),
        ("J1", "13", "6", 3),
        ("J1", "13", "1", 2),
        ("J1", "2A", "6", 1),
        ("J1", "2B", "1", 1),
    ]
    assert (sheet.rows_in, sheet.rows_ignored, sheet.balanced) == (16, 8, True)


def test_times_are_instants() -> None:
    row = vigilance.read(CARD)[0].rows[0]
    assert row["issued_at"] == datetime(2026, 7, 14, 4, 0, 28, tzinfo=UTC)
    assert (row["valid_from"].hour, row["valid_to"].hour) == (4, 22)


def test_hexagon_and_corsica_only() -> None:
    assert len(vigilance.DEPARTMENTS) == 96
    assert vigilance.DEPARTMENTS.isdisjoint(("20", "96", "99", "FRA", "974", "3010"))


@pytest.mark.parametrize("colour", [0, 5, None, "rouge", [4]])
def test_an_unknown_colour_is_quarantined(make_text: MakeText, colour: object) -> None:
    card = document()
    items = card["product"]["periods"][0]["timelaps"]["domain_ids"][1]["phenomenon_items"]
    items[0]["phenomenon_max_color_id"] = colour
    (sheet,) = vigilance.read(make_text("vigilance", json.dumps(card), name="carte.json"))
    (issue,) = sheet.quarantined
    written = "" if colour is None else str(colour)
    assert (issue.column, issue.value) == ("phenomenon_max_color_id", written)
    assert "département 13, phénomène 6" in issue.reason
    assert sheet.balanced


def test_a_summary_without_domains_is_refused(make_text: MakeText) -> None:
    card = document()
    for period in card["product"]["periods"]:
        del period["timelaps"]
    with pytest.raises(RefusedFile, match="par département"):
        vigilance.read(make_text("vigilance", json.dumps(card), name="carte.json"))


@pytest.mark.parametrize("text", ["", "<html>", "[]", "3", '{"product": {"periods": [], "update_time": ""}}'])
def test_something_else_is_refused(make_text: MakeText, text: str) -> None:
    with pytest.raises(RefusedFile):
        vigilance.read(make_text("vigilance", text, name="carte.json"))


class Shelf:
    """Stands for ``Http``: answers the index and keeps the addresses and headers asked."""

    def __init__(self, index: object = INDEX) -> None:
        self.index, self.asked = index, list[tuple[str, dict[str, str]]]()

    def get(self, url: str, headers: dict[str, str] | None = None, **_: object) -> bytes:
        self.asked.append((url, headers or {}))
        return json.dumps(self.index).encode() if url.endswith(vigilance.INDEX) else b"{}"


def fetched(settings: FetchSettings, shelf: Shelf) -> tuple[str, str]:
    (download,) = vigilance.fetch(shelf, settings)  # type: ignore[arg-type]
    return download.name, download.url


def test_without_a_key_the_latest_map_of_the_archive() -> None:
    shelf = Shelf()
    name, url = fetched(FetchSettings("http://archive/vigilance", TODAY), shelf)
    assert (name, url) == (
        "CDP_CARTE_EXTERNE.json",
        "http://archive/vigilance/metropole/2026/07/13/160121/CDP_CARTE_EXTERNE.json",
    )
    assert shelf.asked[0] == ("http://archive/vigilance/vigilance-hexagone-tree.json", {})


def test_the_times_of_the_index_may_be_an_object() -> None:
    index = deepcopy(INDEX)
    index["2026"]["07"]["14"] = {"040006": ["CDP_CARTE_EXTERNE.json"]}  # type: ignore[assignment]
    assert "/2026/07/14/040006/" in fetched(FetchSettings("http://archive", TODAY), Shelf(index))[1]


def test_with_a_key_the_live_service() -> None:
    shelf = Shelf()
    fetched(FetchSettings("http://archive", TODAY, api_key="cle"), shelf)
    assert shelf.asked == [(vigilance.LIVE_URL, {"apikey": "cle"})]


def test_a_mirror_serves_the_published_name_and_never_sees_the_key() -> None:
    shelf = Shelf()
    fetched(FetchSettings("http://miroir/v/", TODAY, api_key="cle", is_mirror=True), shelf)
    assert shelf.asked == [("http://miroir/v/CDP_CARTE_EXTERNE.json", {})]


@pytest.mark.parametrize("index", [{}, [], {"2026": {"07": {}}}, "2026", {"2026": ["07"]}])
def test_an_index_without_a_map_is_reported(index: object) -> None:
    with pytest.raises(SourceUnavailable, match="index"):
        fetched(FetchSettings("http://archive", TODAY), Shelf(index))


def test_a_phenomenon_left_out_is_named_in_french(make_text: MakeText) -> None:
    card = document()
    items = card["product"]["periods"][0]["timelaps"]["domain_ids"][1]["phenomenon_items"]
    items[0]["phenomenon_id"] = None
    (issue,) = vigilance.read(make_text("vigilance", json.dumps(card), name="carte.json"))[0].quarantined
    assert (issue.value, "phénomène non précisé" in issue.reason) == ("", True)
